#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Records by the API: filters, pages, one record whole, what runs now.

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

my $provider = $t->provider();
my ($good, $bad) = map { $t->provider_key($provider) } 1, 2;
my $me = $t->api->read('/api/auth/me')->{id};
my $client = $t->client_key([$good], name => 'mine', user_id => $me);
my $other = $t->client_key([$bad], name => 'other');

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/logs/traces';
my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);

$t->ask('openai_chat', $client, model => 'demo-small');
$t->ask('anthropic_messages', $client, model => 'demo-large');
$t->ask('gemini_content', $other, model => 'demo-small');
$t->ask('openai_chat', $other, model => 'demo-small', fault => 'status=400');
$t->ask('openai_chat', 'aip_nobody', model => 'demo-small');
my @all = $t->wait_records(5);

subtest 'list: status 200' => sub {
	is(scalar @all, 5, 'each once');
	my @times = map { $_->{started_at} } @all;
	is_deeply(\@times, [sort { $b cmp $a } @times], 'newest first');
	is($all[4]{client_key}{name}, 'mine', 'with names');
	is($all[0]{client_key}, undef, 'an unknown key is nobody\'s');

	my ($cursor, @paged) = ('');
	do {
		my $page = $api->read("$path?limit=2$cursor");
		push @paged, @{$page->{items}};
		$cursor = defined $page->{next} ? "&cursor=$page->{next}" : undef;
	} while (defined $cursor);
	is_deeply(\@paged, \@all, 'page after page');
	is_deeply([$api->list("$path?sort=started_at")], [reverse @all],
		'or oldest first');
};

subtest 'list: filters' => sub {
	# Two may have begun in the same millisecond.
	my $when = $all[2]{started_at};
	my $since = grep { $_->{started_at} ge $when } @all;
	for (["client_key_id=$client->{id}", 2], ["client_key_id=999999", 0],
		["provider_id=$provider->{id}", 4],
		["provider_key_id=$bad->{id}", 2], ['model=demo-large', 1],
		['model=demo', 0], ['status=400', 1], ['status=401', 1],
		['outcome=success', 3], ['outcome=rejected', 1],
		['outcome=failed', 1], ["from=$when", $since], ["to=$when", @all - $since],
		["from=$when&to=$when", 0], ['search=/v1/chat', 3],
		['search=demo-l', 1], ['search=%25', 0], ['search=_', 0],
		["client_key_id=$other->{id}&outcome=failed", 1],
		["user_id=$me", 2], ['user_id=999999', 0], ['class=auth', 1],
		['class=refused', 1], ['usage_source=reported', 3],
		['usage_source=none', 2], ['contains=CHAT/', 3],
		['contains=o_l', 0], ['contains=o-l', 1],
		["contains=chat&outcome=failed", 1], ['outcome=running', 0])
	{
		my ($query, $n) = @$_;
		is(scalar $api->list("$path?$query"), $n, $query);
	}

	my $whole = $api->read("$path/$all[1]{id}");
	is_deeply([map { $_->{id} } $api->list(
		"$path?search=$whole->{request_id}")], [$all[1]{id}],
		'search finds a request id');
};

subtest 'list: status 400' => sub {
	for (['from', 'yesterday'], ['to', '2026'], ['client_key_id', 'x'],
		['provider_id', 0], ['provider_key_id', -1], ['status', 1000],
		['outcome', 'fine'], ['model', 'x' x 257], ['search', ''],
		['cursor', '5'], ['cursor', '5-'], ['cursor', '-5-1'],
		['limit', 201], ['bogus', 1], ['user_id', 'me'], ['class', ''],
		['usage_source', 'guessed'], ['contains', ''], ['sort', 'cost'],
		['running', 'yes'], ['tail', 'then'], ['tail', '-1'])
	{
		my ($name, $value) = @$_;
		my $answer = $api->get("$path?$name=$value");
		is($answer->{status}, 400, "$name refused");
		is($answer->{json}{error}{field}, $name, "$name named");
	}
};

subtest 'one: status 200' => sub {
	my $record = $api->read("$path/$all[3]{id}");
	is_deeply($api->read("$path/$record->{request_id}"), $record,
		'by id and by request id');
	is($record->{model}, 'demo-large', 'it is the one');
	is(scalar @{$record->{attempt_list}}, 1, 'its attempts');
	is($record->{attempt_list}[0]{provider_key}{name}, $good->{name},
		'with names');
	cmp_ok($record->{usage}{output_tokens}, '>', 0, 'its usage');
	is($api->read("$path/$all[0]{id}")->{error_code}, 'auth.unknown_key',
		'why it was refused');
};

# A record outlives what it names.

subtest 'one: of a deleted key' => sub {
	$api->remove("/api/client-keys/$other->{id}");
	is($api->read("$path/$all[1]{id}")->{client_key}{name}, 'other',
		'the name stays');
};

subtest 'one: status 404' => sub {
	is($api->get("$path/$_")->{status}, 404, "none: $_")
		for 999999, 'x', '-1', '0', '9' x 30,
		'01999999-9999-7999-8999-999999999999', '%00', "1'--";
};

subtest 'running' => sub {
	my $slow = $t->begin('openai_chat', $client, stream => 1,
		fault => 'events=1000,event_delay_ms=20');
	ok($slow->until_body(qr/data: /), 'one runs');
	my $running = $api->read('/api/logs/running');
	is(scalar @{$running->{items}}, 1, 'it is listed');
	is($running->{items}[0]{client_key}{name}, 'mine', 'whose');
	is($running->{items}[0]{request_id}, $slow->{headers}{'x-request-id'},
		'by its id');
	is($api->read('/api/system/status')->{state}{in_flight}, 1, 'counted');
	$slow->leave;
	ok(wait_for(sub { !@{$api->read('/api/logs/running')->{items}} }), 'over');
	is($api->get('/api/logs/running?bogus=1')->{status}, 400, 'bad query');
};

# What runs is in the list before it ends, and becomes its record.

subtest 'list: what runs' => sub {
	$t->wait_records(6);
	my $before = $api->read("$path?tail=now");
	is_deeply($before->{items}, [], 'a tail begins with nothing');
	my $sent = time;
	my $slow = $t->begin('openai_chat', $client, stream => 1,
		fault => 'events=1000,event_delay_ms=20');
	my $first;
	ok(wait_for(sub {
		$first = $api->read($path)->{items}[0];
		return $first->{outcome} eq 'running' && $first->{provider_key};
	}), 'one runs, and is the first of the list');
	cmp_ok(time - $sent, '<', 1, 'within a second');
	is($first->{id}, undef, 'without a number');
	is("$first->{client_key}{name} $first->{provider_key}{name}",
		"mine $good->{name}", 'with its keys');
	for (["client_key_id=$client->{id}", 1], ["user_id=$me", 1],
		['user_id=999999', 0], ["client_key_id=$other->{id}", 0], ['outcome=running', 1],
		['outcome=failed', 0], ['running=false', 0], ['search=/v1/chat', 1],
		['contains=nowhere', 0], ["from=$first->{started_at}", 1],
		["to=$first->{started_at}", 0])
	{
		my ($query, $n) = @$_;
		is(scalar(grep { $_->{outcome} eq 'running' }
			@{$api->read("$path?$query")->{items}}), $n, $query);
	}
	for my $sort ('-started_at', 'started_at') {
		my ($cursor, @paged) = ('');
		while (defined $cursor) {
			my $page = $api->read("$path?limit=2&sort=$sort$cursor");
			push @paged, @{$page->{items}};
			$cursor = defined $page->{next} ? "&cursor=$page->{next}" : undef;
		}
		is(scalar(grep { $_->{outcome} eq 'running' } @paged), 1,
			"$sort: on one page of all");
		is(scalar @paged, 7, "$sort: which have each once");
	}
	$slow->leave;
	my ($tail, @new) = ($before->{next});
	ok(wait_for(sub {
		my $answer = $api->read("$path?tail=$tail");
		$tail = $answer->{next};
		push @new, @{$answer->{items}};
		return @new;
	}), 'the tail has it');
	is($new[0]{outcome}, 'aborted', 'as a record');
	is_deeply([grep { $_->{started_at} eq $first->{started_at} }
		@{$api->read($path)->{items}}], [$new[0]], 'as the list has, once');
	is_deeply($api->read("$path?tail=$tail"), { items => [], next => $tail },
		'and nothing twice');
};

subtest 'status 401' => sub {
	is($api->get($_, @nobody)->{status}, 401, "nobody reads $_")
		for $path, "$path/1", '/api/logs/running';
};

$spec->shown("GET $path" => [200, 400, 401],
	"GET $path/{id}" => [200, 401, 404],
	'GET /api/logs/running' => [200, 400, 401]);
$t->done();
