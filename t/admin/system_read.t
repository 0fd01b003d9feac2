#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# This node by the API: its status, its slots, what happens when it cannot publish.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
sub status { return $api->read('/api/system/status') }

subtest 'status: 200' => sub {
	my $status = status();
	like($status->{node_id}, qr/^[0-9a-f]{32}$/, 'node');
	is($status->{config_generation}, $status->{snapshot}{generation},
		'generation');
	cmp_ok($status->{snapshot}{bytes}, '>', 1000, 'the snapshot\'s size');
	is($status->{snapshot}{error}, undef, 'nothing is wrong');
	cmp_ok($status->{state}{slots}, '>', 0, 'slots');
	cmp_ok($status->{ledger}{bytes}, '>=', 4 * 4 * 1024 * 1024,
		'segments are prepared');
};

subtest 'openapi: 200' => sub {
	is($api->get('/api/openapi.json', @nobody)->{json}{openapi}, '3.1.0',
		'for everybody');
};

subtest 'status 401' => sub {
	is($api->get('/api/system/status', @nobody)->{status}, 401, 'nobody');
};

# Slots of deleted keys were never given back: a sweep followed at once on the
# publication, when every worker still served the generation before.

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

subtest 'slots' => sub {
	my $provider = $t->provider();
	# Providers have slots too: those of the seed and this one.
	my $others = status()->{state}{slots_in_use};
	is($others, scalar(my @all = $api->list('/api/providers')),
		'one for each provider');
	my $key = $t->provider_key($provider);
	my $client = $t->client_key([$key]);
	is(status()->{state}{slots_in_use}, $others + 2, 'one for each key');
	is($t->ask('openai_chat', $client)->{status}, 200, 'in use');

	# One that is used until its stream ends.
	my $stream = $t->begin('openai_chat', $client, stream => 1,
		fault => 'events=1000,event_delay_ms=20');
	ok($stream->until_body(qr/data: /), 'it streams');
	my $idle = $t->client_key([$key]);
	is(status()->{state}{slots_in_use}, $others + 3, 'a third key');
	$api->remove("/api/client-keys/$_->{id}") for $idle, $client;
	ok(wait_for(sub { status()->{state}{slots_in_use} == $others + 2 }),
		'the unused slot is free again');
	is($t->ask('openai_chat', $client)->{status}, 401, 'the key is gone');
	is(status()->{state}{slots_in_use}, $others + 2,
		'the used one is kept');

	$stream->leave;
	ok(wait_for(sub { status()->{state}{in_flight} == 0 }), 'it ended');
	# The next change sweeps again.
	$api->remove("/api/provider-keys/keys/$key->{id}");
	ok(wait_for(sub { status()->{state}{slots_in_use} == $others }),
		'all are free again');
};

# What cannot be published is stored and said; the caller is not kept waiting.

subtest 'publication fails' => sub {
	$t->expect_daemon_error(qr/"event":"not_published"/);
	my $generation = status()->{config_generation};
	rename "$t->{run}/snapshots", "$t->{run}/away" or die "rename: $!\n";
	local $api->{judge};
	my $begun = time;
	my $answer = $api->post('/api/client-keys',
		{ name => 'unpublished', provider_key_ids => [] });
	is($answer->{status}, 201, 'the change is stored');
	is($answer->{headers}{'x-config-generation'}, undef, 'but not served');
	cmp_ok(time - $begun, '<', 5, 'and that is said soon');
	like(status()->{snapshot}{error}, qr/snapshots/, 'the status says why');
	is(status()->{config_generation}, $generation, 'the old one serves');

	rename "$t->{run}/away", "$t->{run}/snapshots" or die "rename: $!\n";
	ok(wait_for(sub { !defined status()->{snapshot}{error} }),
		'tried again until it works');
	cmp_ok(status()->{config_generation}, '>', $generation, 'and served');
	my @said = grep { /"not_published"/ }
		split /\n/, $t->daemon->output('stderr');
	is(scalar @said, 1, 'the log says it once');
	# Served first; the copy on disk and the log come after it.
	ok(wait_for(sub { $t->daemon->output('stderr') =~ /not_published_over/ }),
		'and its end');
};

# A host that is unknown is said once, not in every round.

subtest 'a provider without an address' => sub {
	my $provider = $t->provider(name => 'nowhere',
		base_url => 'http://nowhere.invalid');
	my $of = sub { scalar grep { /"provider_not_resolved"/ && /nowhere/ }
		split /\n/, $t->daemon->output('stderr') };
	ok(wait_for($of), 'said');
	ok(wait_for(sub { defined $api->read("/api/providers/$provider->{id}")
		->{resolve_error} }), 'shown');
	# Each change of a provider is a round.
	for my $n (1 .. 3) {
		my $at = $t->provider(name => "round-$n",
			base_url => "http://round-$n.invalid");
		wait_for(sub { defined $api->read("/api/providers/$at->{id}")
			->{resolve_error} });
	}
	is($of->(), 1, 'once');
};

$spec->shown('GET /api/system/status' => [200, 401],
	'GET /api/openapi.json' => [200]);
$t->done();
