#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What a record tells of its metering: the split of the usage, the arithmetic
# of its cost, how it was counted; and that an answer which is fetched again is
# charged once.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::RawServer;
use JSON::PP;
use Math::BigInt;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

# A provider that keeps its answers; the first counts come when it is done.

my %asked;
my $stored = AIProxy::RawServer->start($t, sub {
	my ($socket, $head, $body) = @_;
	my ($method, $path) = $head =~ m{^(\S+) (\S+)};
	my $json = $method eq 'POST' && $body =~ /"background": ?true/
		? '{"id":"resp_bg","object":"response","status":"queued","model":"gpt-4o","usage":null}'
		: '{"id":"' . ($path =~ m{/(resp_\w+)$} ? $1 : 'resp_now')
			. '","object":"response","status":"completed","model":"gpt-4o",'
			. '"output":[],"usage":{"input_tokens":1000,"output_tokens":50,'
			. '"total_tokens":1050,"input_tokens_details":{"cached_tokens":200},'
			. '"output_tokens_details":{"reasoning_tokens":10}}}';
	return "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
		. 'content-length: ' . length($json) . "\r\n\r\n$json";
});

my $client = $t->client_key([$t->provider_key($t->provider())],
	on_abort => 'drain');
my $keeper = $t->client_key([$t->provider_key($t->provider(
	base_url => $stored->url, price_list => 'openai'))]);

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

sub detail {
	my ($answer) = @_;
	$t->record($answer);
	return $t->api->read("/api/logs/traces/$answer->{headers}{'x-request-id'}");
}

# The lines of a bill add up to the cost.

my $record = detail($t->ask('anthropic_messages', $client,
	model => 'demo-large', fault => 'input=2000,cache_read=500,tokens=60'));
is($record->{usage_source}, 'reported', 'told counts');
is($record->{bill}{state}, 'priced', 'a bill');
my @lines = @{$record->{bill}{lines}};
is_deeply([map { "$_->{what} $_->{quantity}" } @lines],
	['input 1500', 'cache_read 500', 'output 60'], 'its lines');
my $sum = 0;
$sum += pico($_->{amount_usd}) for @lines;
is($sum, pico($record->{cost_usd}), 'they add up to the cost');
is($record->{usage}{tier}, 'standard', 'the class of service');
is_deeply([@$record{qw(on_abort calibration stored)}],
	[undef, undef, JSON::PP::false], 'nothing out of the way');

# Without usage: by which calibration.

$record = detail($t->ask('anthropic_messages', $client,
	fault => 'no_usage,plain'));
is($record->{usage_source}, 'estimated', 'no usage: estimated');
is($record->{calibration}{ppm}, 1_000_000, 'as measured');

# A caller who left.

my $exchange = $t->begin('openai_chat', $client, stream => 1,
	fault => 'events=40,event_delay_ms=10,plain');
ok($exchange->until_body(qr/ the/), 'it streams');
$exchange->leave;
$record = $t->record($exchange->answer->{headers}{'x-request-id'});
is("$record->{on_abort} $record->{usage_source}", 'drained drained',
	'drained: record');
cmp_ok($record->{drained_bytes}, '>', 100, 'drained: bytes');

# In the background: nothing when it is asked, all when it is fetched first,
# nothing when it is fetched again.

my @bg = map { detail($t->ask('openai_chat', $keeper, @$_)) }
	[path => '/v1/responses', body =>
		'{"model":"gpt-4o","input":"hi","background":true}'];
is("$bg[0]{usage_source} $bg[0]{response_id}", 'none resp_bg', 'begun');

my @fetched = map { fetch('resp_bg') } 1 .. 3;
is("$fetched[0]{usage_source} $fetched[0]{input_tokens}", 'reported 1000',
	'fetched: charged');
ok($fetched[0]{stored} && $fetched[0]{cost_usd}, 'fetched: its cost');
is(join(' ', map { $_->{usage_source} } @fetched[1, 2]), 'repeated repeated',
	'fetched again: told');
is_deeply([map { @$_{qw(input_tokens cost_usd)} } @fetched[1, 2]],
	[undef, undef, undef, undef], 'fetched again: not charged');

# One that was charged when it was made.

my $made = detail($t->ask('openai_chat', $keeper, path => '/v1/responses',
	body => '{"model":"gpt-4o","input":"hi"}'));
is("$made->{usage_source} $made->{usage}{reasoning_tokens}", 'reported 10',
	'made: charged');
is(fetch('resp_now')->{usage_source}, 'repeated', 'made: not again');

$t->done();

sub fetch {
	my ($id) = @_;
	my $answer = AIProxy::Http::request($t->proxy_port, 'GET',
		"/v1/responses/$id",
		headers => [['Authorization', "Bearer $keeper->{key}"]]);
	is($answer->{status}, 200, "GET $id");
	return detail($answer);
}

sub pico {
	my ($usd) = @_;
	my ($whole, $part) = split /\./, $usd;
	return Math::BigInt->new($whole . substr(($part || '') . '0' x 12, 0, 12));
}
