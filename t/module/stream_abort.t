#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Streams that do not end well: the caller leaves, the provider breaks off or
# falls silent. The upstream connection is closed, nothing stays taken, and the
# record says what happened with the usage seen so far.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $key = $t->provider_key($t->provider(idle_timeout_ms => 600));
my $client = $t->client_key([$key]);
my $short = $t->client_key([$t->provider_key($t->provider(
	total_timeout_ms => 700))]);

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

# The caller leaves.

for my $dialect (@dialects) {
	for my $way ('close', 'reset') {
		my $exchange = $t->begin($dialect, $client, stream => 1,
			fault => 'events=1000,event_delay_ms=20');
		ok($exchange->until_body(qr/^data: /m), "$dialect: it streams");
		my $id = $exchange->answer->{headers}{'x-request-id'};

		my ($running) = grep { $_->{request_id} eq $id }
			@{$t->api->read('/api/logs/running')->{items}};
		is($running->{dialect}, $dialect, "$dialect: listed as running");

		$exchange->leave(reset => $way eq 'reset');
		my $record = $t->record($id);
		is("$record->{outcome} $record->{status}", 'aborted 499',
			"$dialect, caller's $way: record");
		like($record->{usage_source}, qr/^(partial|estimated)$/,
			"$dialect, caller's $way: usage is not whole");
		ok(wait_for(sub { stats()->{answers_open} == 0 }),
			"$dialect, caller's $way: upstream closed");
	}
}

# Before the first byte.

my $waiting = $t->begin('openai_chat', $client, fault => 'hang');
ok(wait_for(sub { stats()->{answers_open} == 1 }), 'the provider is asked');
$waiting->leave;
ok(wait_for(sub { stats()->{answers_open} == 0 }), 'and left again');
my ($left) = $t->wait_records(7, 'outcome=aborted');
is("$left->{status} $left->{streaming}", '499 0', 'left before the first byte');

# The provider breaks off.

for my $case (['cut=300', 'cut'], ['cut=300,reset', 'reset'],
	['stall=300', 'silent'])
{
	my ($fault, $label) = @$case;
	for my $dialect (@dialects) {
		my $answer = $t->ask($dialect, $client, stream => 1,
			fault => $fault);
		is($answer->{status}, 200, "$dialect, $label: it had begun");
		is($answer->{complete}, 0, "$dialect, $label: not passed as whole");
		my $record = $t->record($answer);
		is($record->{outcome}, 'failed', "$dialect, $label: record");
		like($record->{usage_source}, qr/^(partial|estimated|none)$/,
			"$dialect, $label: usage is not whole");
		is($record->{attempts}, 1, "$dialect, $label: never tried again");
	}
}

# Where the provider tells the end by closing, a break looks like an end: but
# the dialect's own is missing.

for my $dialect (@dialects) {
	my $answer = $t->ask($dialect, $client, stream => 1,
		fault => 'chunked=0,cut=300');
	is($answer->{status}, 200, "$dialect, closed: it had begun");
	my $record = $t->record($answer);
	is("$record->{outcome} $record->{error_class}", 'failed upstream',
		"$dialect, closed: record");
	$record = $t->record($t->ask($dialect, $client, stream => 1,
		fault => 'chunked=0'));
	is("$record->{outcome} $record->{usage_source}", 'success reported',
		"$dialect, closed at the end: record");
}

# A total time is a total time, whatever trickles.

my $answer = $t->ask('openai_chat', $short, stream => 1,
	fault => 'events=1000,event_delay_ms=50');
is($answer->{complete}, 0, 'cut at the total time');
my $record = $t->record($answer);
is($record->{outcome}, 'failed', 'total time: record');
cmp_ok($record->{duration_ms}, '>=', 600, 'not before its time');
cmp_ok($record->{duration_ms}, '<', 5000, 'nor long after');

# Nothing stays taken.

is($t->api->read("/api/provider-keys/keys/$key->{id}")->{in_flight}, 0,
	'nothing in flight');
is(scalar @{$t->api->read('/api/logs/running')->{items}}, 0,
	'nothing running');
is(stats()->{answers_open}, 0, 'nothing open upstream');
is($t->ask('openai_chat', $client)->{status}, 200, 'it serves on');

$t->done();

sub stats {
	return decode_json(request($t->demo_port, 'GET', '/demo/stats')->{body});
}
