#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A provider key's health: what traffic shows is there within a second, a probe
# on demand changes it within two, a person ends a rest. No probe is made but
# those that are asked for.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $root = '/api/provider-keys/keys';
my $provider = $t->provider();
my $spare = $t->provider_key($provider, secret => 'demo-key-spare',
	priority => 9);

sub health { return $api->read("$root/$_[0]{id}/health" . ($_[1] // '')) }

# check(key): a probe now; the health when its job is done.

sub check {
	my ($key) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $began = time;
	my $answer = $api->post("$root/$key->{id}/health-check");
	is($answer->{status}, 202, 'asked for');
	my $job = $answer->{json};
	is($answer->{headers}{location}, "/api/jobs/$job->{id}", 'where it is');
	is("$job->{kind} $job->{provider_key_id}", "health_check $key->{id}",
		'what it is');
	wait_for(sub {
		$job = $api->read("/api/jobs/$job->{id}");
		return $job->{state} !~ /waiting|running/;
	});
	is($job->{state}, 'done', 'done');
	cmp_ok(time - $began, '<', 2, 'within two seconds');
	return health($key);
}

subtest 'status 202' => sub {
	my $key = $t->provider_key($provider, secret => 'demo-key-good');
	my $before = health($key);
	is($before->{state}, 'ready', 'before: it may be used');
	is($before->{score}, undef, 'before: of its score nothing is known');
	is_deeply($before->{history}, { items => [], next => undef },
		'before: nothing happened');
	is($before->{probe}{interval_seconds}, undef, 'before: on demand only');

	my $after = check($key);
	is($after->{score}, 100, 'its score');
	is(scalar @{$after->{history}{items}}, 1, 'its history');
	my $entry = $after->{history}{items}[0];
	is(join(' ', @$entry{qw(source verdict status times)}),
		'probe good 200 1', 'what was found');
	is($after->{probe}{probed_at}, $entry->{last_at}, 'and when');
	my @asked = grep { $_->{credential} eq 'demo-key-good' }
		$t->demo_requests;
	is(scalar @asked, 1, 'a real probe reached the provider');
	is("$asked[0]{method} $asked[0]{path}", 'GET /v1/models', 'the cheapest');
	is($t->health($key)->{score}, 100, 'the list has the score too');
	is(check($key)->{history}{items}[0]{times}, 2,
		'the same again is the same entry');
};

subtest 'a dead key' => sub {
	my $key = $t->provider_key($provider, secret => 'demo-dead-key');
	my $dead = check($key);
	is("$dead->{state} $dead->{class} $dead->{status} $dead->{score}",
		'resting credential 401 0', 'it rests, and why');
	is(scalar @{$dead->{rests}}, 1, 'one rest');
	my $rest = $dead->{rests}[0];
	is($rest->{scope}, 'key', 'of the key');
	cmp_ok($rest->{remaining_ms}, '>', 50_000, 'for a minute');
	ok($rest->{since} lt $rest->{until}, 'since when');
	is_deeply($rest->{ends_by}, [qw(time person)],
		'and what brings it back, without probes');
	$api->change("$root/$key->{id}", { secret => 'demo-key-alive' });
	is(wait_for(sub { $t->health($key)->{state} eq 'ready' }), 1,
		'another secret does not rest');
	is(check($key)->{score}, 100, 'and begins anew');
};

# Traffic rests a key; a probe ends what it disproves, on demand too.

subtest 'what traffic shows' => sub {
	my $key = $t->provider_key($provider, secret => 'demo-key-tried',
		priority => 1);
	my $client = $t->client_key([$key, $spare], strategy => 'priority');
	my $began = time;
	my $answer = $t->ask('openai_chat', $client, fault => 'status=401,times=1');
	is($answer->{status}, 200, 'another key serves');
	is($t->health($key)->{state}, 'resting', 'it rests at once');
	my $health;
	is(wait_for(sub {
		$health = health($key);
		return scalar @{$health->{history}{items}};
	}), 1, 'its history has it');
	note(sprintf 'after %.0f ms', 1000 * (time - $began));
	my $entry = $health->{history}{items}[0];
	is(join(' ', @$entry{qw(source verdict class scope status)}),
		'traffic key_dead credential key 401', 'in words');
	is($entry->{request_id}, $answer->{headers}{'x-request-id'},
		'by which request');
	ok($entry->{rest_until}, 'until when');
	is(wait_for(sub { (health($key)->{score} // 'none') eq '0' }), 1,
		'its score follows');

	$health = check($key);
	is($health->{state}, 'ready', 'a good probe ends it');
	is_deeply($health->{rests}, [], 'nothing rests');
	is($t->record($t->ask('openai_chat', $client))->{provider_key}{id},
		$key->{id}, 'and it serves');
	is(wait_for(sub { health($key)->{traffic}{attempts} == 2 }), 1,
		'its attempts');
	$health = health($key);
	is($health->{traffic}{failed}, 1, 'one of them failed');
	# 20 of the good probe at 100, and 3 × 2 of the traffic at 50.
	is($health->{score}, 88, 'the score is as documented');
};

subtest 'what a probe does not disprove' => sub {
	my $key = $t->provider_key($provider, secret => 'demo-key-limited',
		priority => 1);
	my $client = $t->client_key([$key, $spare], strategy => 'priority');
	$t->ask('openai_chat', $client,
		fault => 'status=429,retry_after=90,times=1');
	my $rested = $t->health($key)->{until};
	wait_for(sub { scalar @{health($key)->{history}{items}} });
	my $health = check($key);
	is("$health->{state} $health->{class}", 'resting rate_limited',
		'a rest that the provider stated stays');
	is(substr($health->{until}, 0, 17), substr($rested, 0, 17),
		'no longer, no shorter');
	is($health->{score}, 50, 'its score is no better meanwhile');

	is($api->post("$root/$key->{id}/end-rest")->{status}, 204,
		'a person ends it');
	is($t->health($key)->{state}, 'ready', 'at once');
	is($t->record($t->ask('openai_chat', $client))->{provider_key}{id},
		$key->{id}, 'and nginx uses it');
	my $entry = health($key)->{history}{items}[0];
	is(join(' ', @$entry{qw(source verdict username)}), 'person ended admin',
		'who did');
	my ($audit) = @{$api->read('/api/audit?limit=1')->{items}};
	is("$audit->{object_type} $audit->{action} $audit->{object_id}",
		"provider-keys/keys end-rest $key->{id}", 'the audit log has it');
	is($api->read("/api/audit/$audit->{id}")->{before}{health}{state},
		'resting', 'as it was');
};

# A key for one model, and a provider, are told apart from a key.

subtest 'what rests' => sub {
	my $own = $t->provider();
	my $key = $t->provider_key($own, secret => 'demo-key-narrow',
		priority => 1);
	my $client = $t->client_key([$key, $spare], strategy => 'priority');
	$t->ask('openai_chat', $client, model => 'demo-odd',
		fault => 'status=403,times=1');
	my $health;
	is(wait_for(sub {
		$health = health($key);
		return scalar @{$health->{rests}};
	}), 1, 'a rest');
	is(join(' ', @{$health->{rests}[0]}{qw(scope model class status)}),
		'key_model demo-odd model 403', 'for one model');
	is($health->{state}, 'ready', 'the key serves others');

	$t->ask('openai_chat', $client, fault => 'status=503,times=1');
	is(wait_for(sub {
		$health = health($key);
		return scalar grep { $_->{scope} eq 'provider' } @{$health->{rests}};
	}), 1, 'the provider rests');
	my ($rest) = grep { $_->{scope} eq 'provider' } @{$health->{rests}};
	is("$rest->{class} $rest->{status}", 'busy 503', 'and why');
	is($api->post("$root/$key->{id}/end-rest")->{status}, 204, 'all end');
	is_deeply(health($key)->{rests}, [], 'at once');
};

subtest 'pages' => sub {
	my $key = $t->provider_key($provider, secret => 'demo-key-paged');
	for (1 .. 5) {
		is($api->post("$root/$key->{id}/end-rest")->{status}, 204,
			"entry $_");
	}
	my ($cursor, @seen) = ('');
	do {
		my $page = health($key, "?limit=2$cursor")->{history};
		push @seen, map { $_->{last_at} } @{$page->{items}};
		$cursor = defined $page->{next} ? "&cursor=$page->{next}" : undef;
	} while defined $cursor;
	is(scalar @seen, 5, 'all of them');
	is_deeply(\@seen, [sort { $b cmp $a } @seen], 'newest first');
	is($api->get("$root/$key->{id}/health?$_")->{status}, 400, $_)
		for qw(limit=0 cursor=x bogus=1);
};

subtest 'status 404' => sub {
	for my $id (999_999, 'x') {
		is($api->get("$root/$id/health")->{status}, 404, "health: $id");
		is($api->post("$root/$id/$_")->{status}, 404, "$_: $id")
			for qw(health-check end-rest);
	}
};

subtest 'a probe goes where it may' => sub {
	# Of its own, whichever the database of this file is.
	delete local $ENV{AIPROXY_TEST_DATABASE};
	my $second = AIProxy->new();
	$second->start_daemon('--allowed-networks', '127.0.0.2/32');
	my $closed = $second->api->create('/api/providers', { name => 'closed',
		base_url => 'http://127.0.0.2:' . free_port(),
		dialects => ['openai_chat'] });
	my $key = $second->provider_key($closed, secret => 'demo-key-closed');
	$second->daemon->stop();
	$second->start_daemon('--allowed-networks', '127.0.0.3/32');
	$second->api->post("$root/$key->{id}/health-check");
	my $entry;
	wait_for(sub {
		($entry) = @{$second->api->read("$root/$key->{id}/health")
			->{history}{items}};
		return $entry;
	});
	is($entry->{verdict}, 'unclear', 'not where networks are closed');
	like($entry->{error}, qr/allowed_networks/, 'and it is told');
	isnt($second->health($key)->{state}, 'resting', 'the key does not rest');
	$second->finish();
};

$spec->shown("GET $root/{id}/health" => [200, 400, 404],
	"POST $root/{id}/health-check" => [202, 404],
	"POST $root/{id}/end-rest" => [204, 404]);
$t->done();
