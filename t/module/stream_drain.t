#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A caller leaves, and its client key says "drain": the answer is read to its
# end for its counts, within bounds of bytes and time. Else it is cut.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use JSON::PP;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $key = $t->provider_key($t->provider());
my $drain = $t->client_key([$key], on_abort => 'drain');
my $short = $t->client_key([$key], on_abort => 'drain', drain_ms => 300);
my $small = $t->client_key([$key], on_abort => 'drain', drain_bytes => 2000);
my $cut = $t->client_key([$key], on_abort => 'cut');

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

# The counts of the end are had, whoever leaves how.

for my $dialect (@dialects) {
	for my $way ('close', 'reset') {
		my $record = left($drain, $dialect, $way,
			'events=60,event_delay_ms=10,input=300,tokens=500,plain');
		is("$record->{outcome} $record->{status}", 'aborted 499',
			"$dialect, $way: record");
		is($record->{usage_source}, 'drained', "$dialect, $way: source");
		is("$record->{input_tokens} $record->{output_tokens}",
			$dialect eq 'anthropic_messages' ? '300 64' : '300 500',
			"$dialect, $way: the provider's own counts");
	}
}

# A caller who reads slowly has much in its buffers when it leaves.

my $slow = $t->begin('openai_chat', $drain, stream => 1,
	fault => 'events=40,event_delay_ms=5,big=3000000,tokens=77,plain');
ok($slow->until_body(qr/ the/), 'slow: it streams');
ok(wait_for(sub { ($t->demo_requests)[-1]{ended} || stats()->{answers_open} }),
	'slow: under way');
$slow->leave;
my $record = $t->record($slow->answer->{headers}{'x-request-id'});
is("$record->{usage_source} $record->{output_tokens}", 'drained 77',
	'slow: read to its end');

# Before the first byte.

my $before = $t->begin('openai_chat', $drain,
	fault => 'delay_ms=500,tokens=55,input=44');
ok(wait_for(sub { stats()->{answers_open} == 1 }), 'the provider is asked');
$before->leave;
my ($left) = $t->wait_records(8, 'outcome=aborted');
is("$left->{usage_source} $left->{input_tokens} $left->{output_tokens}",
	'drained 44 55', 'left before the first byte: its counts are had');

# The bounds.

my $began = time;
$record = left($short, 'openai_chat', 'close',
	'events=1000,event_delay_ms=20,plain');
is($record->{usage_source}, 'estimated', 'time: estimated');
cmp_ok($record->{output_tokens}, '>', 10, 'time: what came was counted');
cmp_ok($record->{output_tokens}, '<', 1000, 'time: it did not go on');
cmp_ok($record->{duration_ms}, '>=', 250, 'time: not before its time');
cmp_ok($record->{duration_ms}, '<', 10_000, 'time: nor long after');

$record = left($small, 'openai_chat', 'close',
	'events=1000,event_delay_ms=5,plain');
is($record->{usage_source}, 'estimated', 'bytes: estimated');
cmp_ok($record->{output_tokens}, '<', 1000, 'bytes: it did not go on');

# An error is not asked for again for somebody who is gone.

$t->forget_demo_requests;
my @two = map { $t->provider_key($t->provider()) } 1 .. 2;
my $gone = $t->begin('openai_chat',
	$t->client_key(\@two, on_abort => 'drain'),
	fault => 'delay_ms=300,status=500');
ok(wait_for(sub { stats()->{answers_open} == 1 }), 'gone: asked');
$gone->leave;
ok(wait_for(sub { stats()->{answers_open} == 0 }), 'gone: answered');
$t->wait_records(11, 'outcome=aborted');
is(scalar(() = $t->demo_requests), 1, 'gone: no second attempt');

# "cut" closes at once.

$record = left($cut, 'openai_chat', 'close',
	'events=1000,event_delay_ms=20,plain');
is($record->{usage_source}, 'estimated', 'cut: estimated');
cmp_ok($record->{output_tokens}, '<', 1000, 'cut: closed');

ok(wait_for(sub { stats()->{answers_open} == 0 }), 'nothing open upstream');
is(scalar @{$t->api->read('/api/logs/running')->{items}}, 0,
	'nothing running');
is($t->ask('openai_chat', $drain)->{status}, 200, 'it serves on');

$t->done();

# The record of a stream whose caller left after its first words.

sub left {
	my ($client, $dialect, $way, $fault) = @_;

	my $exchange = $t->begin($dialect, $client, stream => 1,
		model => 'gpt-4o', fault => $fault);
	ok($exchange->until_body(qr/ the/), "$dialect: it streams");
	my $id = $exchange->answer->{headers}{'x-request-id'};
	$exchange->leave(reset => $way eq 'reset');
	return $t->record($id);
}

sub stats {
	return decode_json(request($t->demo_port, 'GET', '/demo/stats')->{body});
}
