#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Browsers: a preflight of an origin that the settings name is answered
# without a key and without a record; every answer, the provider's and ours,
# can be read from there; from elsewhere none. And a trace goes on, if it may.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my $origin = 'https://app.example:8443';

# By default nobody.

is(preflight($origin)->{status}, 401, 'no origin is let in by default');
ok(!cors($t->ask('openai_chat', $client, headers => [['Origin', $origin]])),
	'and no answer says so');

# Those that are named.

$t->api->change('/api/settings', { cors_origins => [$origin,
	'http://localhost:5173'] });
for my $one ($origin, 'http://localhost:5173') {
	my $answer = preflight($one);
	is($answer->{status}, 204, "$one: answered");
	is(join(' | ', map { "$_: " . ($answer->{headers}{$_} // '') }
		qw(access-control-allow-origin access-control-allow-methods
			access-control-allow-headers vary)),
		"access-control-allow-origin: $one | "
		. 'access-control-allow-methods: POST | '
		. 'access-control-allow-headers: authorization,x-stainless-lang'
		. ' | vary: Origin', "$one: its headers");
	ok($answer->{headers}{'access-control-max-age'} > 0, 'for a while');
	ok(!exists $answer->{headers}{'access-control-allow-credentials'},
		'no cookies');
	is(length $answer->{body}, 0, 'no body');
}
for my $other ('https://app.example', 'https://app.example:8443.evil',
	'http://app.example:8443', 'null', '*', '')
{
	isnt(preflight($other)->{status}, 204, "'$other' is not let in");
	ok(!cors($t->ask('openai_chat', $client,
		headers => [['Origin', $other]])), "'$other' may read nothing");
}
is(request($t->proxy_port, 'OPTIONS', '/v1/models', headers =>
	[['Origin', $origin]])->{status}, 401, 'OPTIONS alone is no preflight');

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $answer = $t->ask($dialect, $client, stream => $stream,
			headers => [['Origin', $origin],
				$t->fault('header=access-control-allow-origin:*')]);
		is($answer->{status}, 200, "$dialect: served");
		is(cors($answer), $origin, "$dialect: once, and ours");
		is($answer->{headers}{'access-control-expose-headers'}, '*',
			"$dialect: headers too");
	}
	is(cors($t->ask($dialect, 'aip_x', headers => [['Origin', $origin]])),
		$origin, "$dialect: a refusal can be read");
	is(cors($t->ask($dialect, $client, headers => [['Origin', $origin],
		$t->fault('status=400')])), $origin,
		"$dialect: a provider's error too");
}
is(scalar(grep { $_->{method} eq 'OPTIONS' && $_->{status} == 204 }
	$t->records()), 0, 'a preflight leaves no record');
is(scalar(grep { $_->[0] =~ /^origin$/i } map { @{$_->{headers}} }
	$t->demo_requests()), 0, 'the provider learns of no origin');

# Everybody.

$t->api->change('/api/settings', { cors_origins => ['*'] });
is(cors(preflight('https://any.example')), 'https://any.example', 'everybody');
$t->api->change('/api/settings', { cors_origins => [] });
is(preflight('https://any.example')->{status}, 401, 'nobody again');

# Traces.

my $trace = '0af7651916cd43dd8448eb211c80319c';
my @headers = (['traceparent', "00-$trace-b7ad6b7169203331-01"],
	['tracestate', 'vendor=1'], ['baggage', 'user=7']);
my ($seen, $answer) = traced(@headers);
is_deeply($seen, {}, 'no trace goes on by default');
ok(!$answer->{headers}{traceparent}, 'nor back');

$t->api->change('/api/settings', { traceparent => JSON::PP::true });
($seen, $answer) = traced(@headers);
like($seen->{traceparent}, qr/^00-$trace-[0-9a-f]{16}-01$/, 'the trace goes on');
unlike($seen->{traceparent}, qr/b7ad6b7169203331/, 'with a span of ours');
is($seen->{tracestate}, 'vendor=1', 'and its state');
ok(!exists $seen->{baggage}, 'but no baggage');
is($answer->{headers}{traceparent}, $seen->{traceparent}, 'and back');
($seen, $answer) = traced(['traceparent', '00-xyz'], ['tracestate', 'a=b']);
(my $id = $answer->{headers}{'x-request-id'}) =~ s/-//g;
like($seen->{traceparent}, qr/^00-$id-[0-9a-f]{16}-00$/,
	'without a valid one it begins here, under the request\'s id');
ok(!exists $seen->{tracestate}, 'without a state');

$t->done();

sub preflight {
	my ($origin) = @_;
	return request($t->proxy_port, 'OPTIONS', '/v1/chat/completions',
		headers => [['Origin', $origin],
			['Access-Control-Request-Method', 'POST'],
			['Access-Control-Request-Headers',
				'authorization,x-stainless-lang']]);
}

sub cors { return $_[0]{headers}{'access-control-allow-origin'} }

sub traced {
	$t->forget_demo_requests();
	my $answer = $t->ask('openai_chat', $client, headers => [@_]);
	my ($request) = $t->demo_requests();
	return ({ map { lc $_->[0] => $_->[1] } grep { $_->[0]
		=~ /^(trace|baggage)/i } @{$request->{headers}} }, $answer);
}
