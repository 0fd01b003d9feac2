#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Two nodes over one database: a key that one node saw refused is left out by
# the other before it has asked it, for as long and for the same reason. What
# happened is told as events.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use Time::HiRes qw(time);

my $conf = <<'EOC';
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my $first = AIProxy->new();
$first->start_demo();
$first->start_daemon();

my $provider = $first->provider();
my $spare = $first->provider_key($provider, secret => 'demo-key-spare',
	priority => 9);
my $limited = $first->provider_key($provider, priority => 1,
	secret => 'demo-key-limited?status=429,retry_after=30,times=1');
my $narrow = $first->provider_key($provider, priority => 1,
	secret => 'demo-key-narrow?status=403,times=1');
my $brief = $first->provider_key($provider, priority => 1,
	secret => 'demo-key-brief?status=429,retry_after=1,times=1');
my %client = map { $_->{id} => $first->client_key([$_, $spare],
	strategy => 'priority') } $limited, $narrow, $brief;

# The second node: folders of its own, the same master key and database.

my $second = AIProxy->new();
$second->{$_} = $first->{$_} for qw(demo_port password);
$second->{database} = $ENV{AIPROXY_TEST_DATABASE}
	|| "sqlite:$first->{dir}/aiproxy.db";
$second->write_file("$second->{dir}/master.key",
	$first->read_file("$first->{dir}/master.key"));
chmod 0600, "$second->{dir}/master.key";
$second->start_daemon();
$_->start_nginx($conf) for $first, $second;

# A key's rest.

my $answer = $first->ask('openai_chat', $client{$limited->{id}});
is($first->record($answer)->{attempts}, 2, 'the first node saw it refused');
my $began = time;
is(wait_for(sub { $second->health($limited)->{state} eq 'resting' }), 1,
	'it rests on the second node');
note(sprintf 'after %.0f ms', 1000 * (time - $began));

my $health = $second->health($limited);
is("$health->{class} $health->{status}", 'rate_limited 429', 'for its reason');
cmp_ok($health->{remaining_ms}, '<=', 30_100, 'no longer than stated');
cmp_ok($health->{remaining_ms}, '>', 5_000, 'and not much shorter');

my $record = $second->record($second->ask('openai_chat',
	$client{$limited->{id}}));
is("$record->{attempts} $record->{provider_key}{id}", "1 $spare->{id}",
	'the second node leaves it out');
is(join(' ', map { "$_->{provider_key}{id} $_->{reason}" }
	@{$record->{decision}{excluded}}), "$limited->{id} resting",
	'and says why');

# A person ends it on the one: it is over on both.

is($second->api->post("/api/provider-keys/keys/$limited->{id}/end-rest")
	->{status}, 204, 'a person ends it on the second node');
is($second->health($limited)->{state}, 'ready', 'there at once');
$began = time;
is(wait_for(sub { $first->health($limited)->{state} eq 'ready' }), 1,
	'and on the first one');
note(sprintf 'after %.0f ms', 1000 * (time - $began));

# A key's rest for one model.

$first->ask('openai_chat', $client{$narrow->{id}}, model => 'demo-odd');
is(wait_for(sub {
	my $record = $second->record($second->ask('openai_chat',
		$client{$narrow->{id}}, model => 'demo-odd'));
	return ($record->{decision}{excluded}[0]{reason} // '')
		eq 'model_resting';
}), 1, 'for the model it rests on both');
is($second->record($second->ask('openai_chat', $client{$narrow->{id}}))
	->{provider_key}{id}, $narrow->{id}, 'another model is not concerned');

# What one node does not reach another one may: that one alone rests it. What is
# told later is known there already.

my $far = $first->provider(base_url => 'http://127.0.0.1:' . free_port());
my $lost = $first->provider_key($far);
my $later = $first->provider_key($provider, priority => 1,
	secret => 'demo-key-later?status=429,retry_after=29,times=1');
my $to_later = $first->client_key([$later, $spare], strategy => 'priority');
is(wait_for(sub { !grep { $second->health($_)->{state} eq 'unknown' } $lost,
	$later }), 1, 'both keys are known');
is($first->api->post("/api/provider-keys/keys/$lost->{id}/health-check")
	->{status}, 202, 'a probe by the first node');
is(wait_for(sub { ($first->health($lost)->{class} // '') eq 'unreachable' }),
	1, 'which cannot reach it');
$first->ask('openai_chat', $to_later);
is(wait_for(sub { $second->health($later)->{state} eq 'resting' }), 1,
	'a rest that came later is shared');
isnt($second->health($lost)->{state}, 'resting', 'that one is not');

# A rest that ends by a trial.

$first->ask('openai_chat', $client{$brief->{id}});
is(wait_for(sub { $first->health($brief)->{state} ne 'resting' }), 1,
	'a short rest is over');
is($first->record($first->ask('openai_chat', $client{$brief->{id}}))
	->{attempt_list}[0]{trial}, JSON::PP::true, 'the next request tries it');

# A dead key that a probe on one node finds, and one that it finds good again.

my $dying = $first->provider_key($provider,
	secret => 'demo-key-dying?status=401,times=1');
for my $case (['resting', $first], ['ready', $second]) {
	my ($state, $node) = @$case;
	is(wait_for(sub { $node->health($dying)->{state} ne 'unknown' }), 1,
		'it is served');
	is($node->api->post("/api/provider-keys/keys/$dying->{id}/health-check")
		->{status}, 202, 'a probe on one node');
	is(wait_for(sub { 2 == grep { $_->health($dying)->{state} eq $state }
		$first, $second }), 1, "it is $state on both");
}

# All of it is told.

my %seen;
wait_for(sub {
	%seen = ();
	push @{$seen{($_->{provider_key} || {})->{id} || 0}},
		[@$_{qw(kind detail node_id request_id)}]
		for reverse $second->api->list('/api/system/events');
	return grep { $_->[0] eq 'key.ready' } @{$seen{$brief->{id}} || []};
});
is(join(' ', map { $_->[0] } @{$seen{$brief->{id}}}),
	'attempt.next key.rest key.ready', 'what happened to the key, in order');
is($seen{$limited->{id}}[1][1], 'class: rate_limited, verdict: key_rate, '
	. 'status: 429, error: requests, scope: key, rest_ms: 30000', 'in words');
is($seen{$limited->{id}}[1][3], $answer->{headers}{'x-request-id'},
	'by which request');
is(scalar(grep { $_->[2] ne $seen{$brief->{id}}[0][2] }
	map { @$_ } @seen{map { $_->{id} } $limited, $narrow, $brief}), 0,
	'all of it by the first node');

$second->finish();
$first->done();
