#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The credential is swapped and nothing else tells who called: the client key
# is nowhere upstream, the provider key nowhere but there, neither is in a log,
# a record or a file; the provider sees the listed headers and no other.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of);
use AIProxy::Http qw(request);
use File::Find qw(find);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $demo = 'http://127.0.0.1:' . $t->demo_port;
my $secret = 'demo-key-never-to-be-seen-7f3a91';
my $client_of = {};
my %ways = (
	openai => { dialects => ['openai_chat'] },
	anthropic => { dialects => ['anthropic_messages'] },
	gemini => { dialects => ['gemini_content'] },
	query => { dialects => [@dialects], credential =>
		{ location => 'query', name => 'key', prefix => '' } },
	custom => { dialects => [@dialects], credential => { location =>
		'header', name => 'x-api-key', prefix => 'Token ' },
		base_url => "$demo/prefix",
		required_headers => [{ name => 'x-org', value => 'org 7' }] },
);
for my $name (sort keys %ways) {
	my $provider = $t->provider(name => "to-$name", required_headers => [],
		%{$ways{$name}});
	$client_of->{$name} = $t->client_key([$t->provider_key($provider,
		secret => "$secret-$name")]);
}

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    log_format everything '$request $request_uri $args $arg_key '
        '$http_authorization $http_x_api_key $http_api_key '
        '$http_x_goog_api_key $uri $upstream_addr';
    %%HTTP%%
    access_log %%ROOT%%/everything.log everything;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my @tell_tales = (
	['User-Agent', 'secret-agent/1.0'],
	['X-Forwarded-For', '203.0.113.9'],
	['X-Real-IP', '203.0.113.9'],
	['Forwarded', 'for=203.0.113.9'],
	['Via', '1.1 caller'],
	['CF-Connecting-IP', '203.0.113.9'],
	['Cookie', 'session=abc'],
	['Origin', 'https://caller.example'],
	['Referer', 'https://caller.example/page'],
	['X-Stainless-Lang', 'js'],
	['X-Stainless-Os', 'Linux'],
	['Traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
	['X-Request-Id', 'caller-1'],
	['X-Anything', 'else'],
	['Proxy-Authorization', 'Basic eHh4'],
	['TE', 'trailers'],
	['X-Demo-Fault', 'status=500'],
);

# Each dialect, with the caller telling as much as it can.

my %allowed = map { $_ => 1 } qw(host content-type content-length accept
	accept-encoding connection user-agent anthropic-version anthropic-beta
	openai-organization openai-project openai-beta);

for my $name (qw(openai anthropic gemini)) {
	my $dialect = $ways{$name}{dialects}[0];
	$t->forget_demo_requests();
	my $answer = $t->ask($dialect, $client_of->{$name},
		headers => [@tell_tales, ['Accept', 'application/json'],
			['anthropic-beta', 'tools-2026']]);
	is($answer->{status}, 200, "$name: served");

	my $seen = ($t->demo_requests())[0];
	my %headers;
	push @{$headers{lc $_->[0]}}, $_->[1] for @{$seen->{headers}};
	is($seen->{credential}, "$secret-$name", "$name: our credential");
	is($headers{host}[0], '127.0.0.1:' . $t->demo_port,
		"$name: the provider's host");

	my @more = grep { !$allowed{$_} }
		grep { !/^(authorization|x-api-key|x-goog-api-key)$/ }
		sort keys %headers;
	is("@more", '', "$name: no header off the list");
	is(scalar(grep { /^(authorization|x-api-key|x-goog-api-key)$/ }
		keys %headers), 1, "$name: one credential");
	unlike(join("\n", map { "$_: @{$headers{$_}}" } keys %headers),
		qr/203\.0\.113|secret-agent|caller|session=/,
		"$name: nothing of the caller");
	is("@{[map { scalar @$_ } grep { @$_ > 1 } values %headers]}", '',
		"$name: no header twice");
}

$t->forget_demo_requests();
$t->ask('anthropic_messages', $client_of->{anthropic},
	headers => [['anthropic-beta', 'tools-2026']]);
is(header(($t->demo_requests())[0], 'anthropic-beta'), 'tools-2026',
	'what the dialect needs passes');
is(header(($t->demo_requests())[0], 'anthropic-version'), '2023-06-01',
	'its version too');

# Query credential of the caller, query credential of ours, path prefix.

$t->forget_demo_requests();
for my $name (qw(query custom gemini)) {
	my ($method, $path, $headers, $body) = ask_of('gemini_content',
		stream => 1);
	my $answer = request($t->proxy_port, $method,
		"$path&key=$client_of->{$name}{key}", headers => $headers,
		body => $body);
	is($answer->{status}, 200, "$name: client key in the query");
}
my ($query, $custom, $gemini) = $t->demo_requests();
like($query->{path}, qr{[?&]key=\Q$secret\E-query(&|$)}, 'our key in the query');
like($query->{path}, qr{[?&]alt=sse}, 'the rest of the query');
is($custom->{path}, '/prefix/v1beta/models/demo-small:streamGenerateContent'
	. '?alt=sse', 'path prefix, and the query without the client key');
is(header($custom, 'x-api-key'), "Token $secret-custom", 'prefix of the credential');
is(header($custom, 'x-org'), 'org 7', 'required header');
is($gemini->{path}, '/v1beta/models/demo-small:streamGenerateContent?alt=sse',
	'the query without the client key');

# Nowhere at all.

my @client_keys = map { $_->{key} } values %$client_of;
for my $request ($t->demo_requests()) {
	for my $key (@client_keys) {
		is(index(join("\n", $request->{path}, $request->{body},
			map { @$_ } @{$request->{headers}}), $key), -1,
			'no client key upstream');
	}
}

# A failing attempt logs most.

my $broken = $t->client_key([$t->provider_key($t->provider(name => 'broken',
	base_url => 'http://127.0.0.1:' . free_port()),
	secret => "$secret-broken")]);
push @client_keys, $broken->{key};
my ($method, $path, $headers, $body) = ask_of('gemini_content');
is(request($t->proxy_port, $method, "$path?key=$broken->{key}",
	headers => $headers, body => $body)->{status}, 502, 'a failing provider');
is(request($t->proxy_port, 'GET', "/v1/models?key=aip_unknown_$broken->{key}",
	)->{status}, 401, 'an unknown key in the query');

# What nginx itself refuses, before any step of ours.

for my $case (['too large a body', 413, '/v1beta/models/m:generateContent',
		'Content-Length: 999999999999'],
	['a bad header', 400, '/v1/models', "Bad\x01Header: x"],
	['no host', 400, '/v1/models', 'X: y'],
	['two lengths', 400, '/v1/models',
		"Content-Length: 1\r\nContent-Length: 2"],
	['a path that climbs', 400, '/../x', 'X: y'])
{
	my ($label, $status, $path, $header) = @$case;
	my $host = $label eq 'no host' ? '' : "Host: x\r\n";
	my $bytes = "POST $path?alt=sse&key=$client_of->{gemini}{key} HTTP/1.1"
		. "\r\n$host$header\r\n\r\n";
	is(AIProxy::Http::open_exchange($t->proxy_port, $bytes)->finish->{status},
		$status, "$label is refused");
}
like($t->error_log, qr/too large body.*key=xxxx/, 'the log quotes such a line');

$t->wait_records(10);
my $records = JSON::PP->new->canonical->encode([map {
	$t->api->read("/api/logs/traces/$_->{id}") } $t->records()]);
for my $what ($secret, @client_keys) {
	is(index($records, $what), -1, 'not in a record');
}

$t->stop();
my $leaks = '';
find({ no_chdir => 1, wanted => sub {
	return unless -f && !/nginx\.conf$/;
	my $bytes = $t->read_file($_);
	for my $what ($secret, @client_keys) {
		$leaks .= "$_ " if index($bytes, $what) >= 0;
	}
} }, $t->{root}, $t->{run});
is($leaks, '', 'in no log, no file, no database');
like($t->read_file("$t->{root}/everything.log"), qr/generateContent/,
	'the access log was written');

$t->done();

sub header {
	my ($request, $name) = @_;
	return join ', ', map { $_->[1] } grep { lc $_->[0] eq $name }
		@{$request->{headers}};
}
