#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The record of a request: tokens and cost to the last digit, for every
# dialect, streamed and not, with cached, written and reasoning tokens; and all
# that is to be known of it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use AIProxy::Price qw(cost_of);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider(name => 'priced');
my $key = $t->provider_key($provider, name => 'priced-1');
my $client = $t->client_key([$key], name => 'the caller');
my $unpriced = $t->client_key([$t->provider_key($t->provider(
	price_list => undef))]);

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

my @usages = ('', 'input=1000,tokens=500', 'input=0,tokens=0',
	'input=9,tokens=1', 'input=3000,cache_read=1024,tokens=7',
	'input=1999999,tokens=64000', 'input=4000,tokens=300,reasoning=200');

for my $dialect (@dialects) {
	for my $model (qw(demo-small demo-large)) {
		for my $stream (0, 1) {
			for my $usage (@usages) {
				# Beyond the long-context tier another price
				# holds; see below.
				next if $model eq 'demo-large'
					&& $usage =~ /1999999/;
				exact($dialect, $model, $stream, $usage);
			}
		}
	}
	for my $write ('input=2000,cache_write=800,tokens=20',
		'input=2000,cache_write=800,cache_read=256,tokens=20')
	{
		next if $dialect eq 'gemini_content';
		exact($dialect, 'demo-large', 1, $write);
		exact($dialect, 'demo-large', 0, $write);
	}
}

# The tier of a long context holds for the whole request.

my $long = $t->record($t->ask('openai_chat', $client, model => 'demo-large',
	fault => 'input=200001,tokens=1000,cache_read=0'));
is($long->{cost_usd}, '1.222506', '200,001 tokens at the second tier');
$long = $t->record($t->ask('openai_chat', $client, model => 'demo-large',
	fault => 'input=200000,tokens=1000,cache_read=0'));
is($long->{cost_usd}, '0.615', '200,000 tokens at the first');

# No price is no cost, not a cost of zero.

my $record = $t->record($t->ask('openai_chat', $unpriced));
is($record->{cost_usd}, undef, 'no price list: unpriced');
is($record->{price_version_id}, undef, 'no price version');
is($record->{usage_source}, 'reported', 'its tokens are known');
is($t->record($t->ask('openai_chat', $client, model => 'demo-unheard-of'))
	->{cost_usd}, undef, 'no row: unpriced');

# The model that served is what is paid for; both are kept.

$record = $t->record($t->ask('openai_chat', $client, model => 'demo-large',
	fault => 'model=demo-small,input=1000000,tokens=0,cache_read=0'));
is("$record->{model} $record->{model_served}", 'demo-large demo-small',
	'model asked and served');
is($record->{cost_usd}, '0.15', 'priced as served');

# Neither usage nor text: none, not zero.

$record = $t->record($t->ask('openai_chat', $client,
	fault => 'no_usage,events=0'));
is($record->{usage_source}, 'none', 'no usage was told');
is($record->{input_tokens}, undef, 'so none is known');
is($record->{cost_usd}, undef, 'and no cost');

# All else.

my $answer = $t->ask('anthropic_messages', $client, stream => 1,
	path => '/v1/messages?beta=true',
	headers => [['User-Agent', "agent/1 \xff\x80 end"]]);
$record = $t->record($answer);
my ($attempt) = @{$record->{attempt_list}};
is($record->{request_id}, $answer->{headers}{'x-request-id'}, 'request id');
is($record->{method}, 'POST', 'method');
is($record->{path}, '/v1/messages', 'path without query');
is($record->{client_key}{name}, 'the caller', 'client key');
is($record->{provider}{name}, 'priced', 'provider');
is($record->{provider_key}{name}, 'priced-1', 'provider key');
is($record->{client_ip}, '127.0.0.1', 'client address');
is($record->{user_agent}, "agent/1 \x{fffd}\x{fffd} end",
	'user agent, made valid text');
is($record->{response_bytes}, length $answer->{body}, 'bytes of the answer');
ok($record->{price_version_id}, 'price version');
ok($record->{config_generation}, 'generation');
like($record->{started_at}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
	'when it began');
ok($record->{ended_at} ge $record->{started_at}, 'when it ended');
ok($record->{first_byte_ms} > 0
	&& $record->{first_byte_ms} <= $record->{duration_ms}, 'times');
is($attempt->{address}, '127.0.0.1:' . $t->demo_port, 'address of the attempt');
is($attempt->{provider_key}{id}, $key->{id}, 'key of the attempt');

my $same = $t->api->read("/api/logs/traces/$record->{id}");
is($same->{request_id}, $record->{request_id}, 'found by its number too');

# Hostile texts neither stop the ledger nor are lost.

for my $model ("a\\u0000b", "\\ud83d\\ude00", "\\ud800", "x" x 5000,
	"\xff\xfe", "');drop table proxy_tracing;--")
{
	$answer = $t->ask('openai_chat', $client, body =>
		qq({"model":"$model","messages":[{"role":"user","content":"x"}]}));
	ok($t->record($answer), 'a record for a hostile model name');
}
$answer = request($t->proxy_port, 'GET', '/v1/models/' . ('%ff%00' x 200)
	. '/' . ('y' x 3000), headers => [['x-api-key', $client->{key}]]);
ok(!$answer->{headers}{'x-request-id'} || $t->record($answer),
	'a record for a hostile path');

my $status = $t->api->read('/api/system/status');
is($status->{ledger}{records_lost}, 0, 'none lost');
is($status->{ledger}{records_refused}, 0, 'none refused');

$t->done();

sub exact {
	my ($dialect, $model, $stream, $usage) = @_;
	my $label = "$dialect, $model, " . ($stream ? 'stream' : 'whole')
		. ", $usage";

	$t->forget_demo_requests();
	my $answer = $t->ask($dialect, $client, model => $model,
		stream => $stream, fault => join ',', 'event_delay_ms=0',
		$usage || ());
	my $sent = ($t->demo_requests())[0]{usage};
	my $record = $t->record($answer);
	my $cost = cost_of($t->tree, $model, $sent);

	is(join(' ', map { $_ // 'null' } @$record{qw(status outcome
		usage_source streaming attempts input_tokens output_tokens
		cost_usd)}),
		"200 success reported $stream 1 $sent->{input_tokens} "
		. "$sent->{output_tokens} $cost", $label);

	my $detail = $record->{usage};
	for my $name (grep { /cache|reasoning/ } keys %$sent) {
		is($detail->{$name} || 0, $sent->{$name}, "$label: $name")
			if $sent->{$name};
	}
}
