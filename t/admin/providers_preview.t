#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What the provider sees: shown without sending anything, the credential never
# among it. That it is what is really sent, t/module/request_source_hidden.t
# shows.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $provider = $api->create('/api/providers', { name => 'one',
	base_url => 'https://api.example/base', dialects => ['openai_chat'] });
$t->provider_key($provider, secret => 'the-very-secret');
my $path = "/api/providers/$provider->{id}/preview";

subtest 'status 200' => sub {
	my $shown = $api->call('POST', $path, { path => '/v1/chat/completions',
		headers => [{ name => 'X-Forwarded-For', value => '198.51.100.7' },
			{ name => 'Content-Type', value => 'application/json' }],
		body_bytes => 12 })->{json};
	is_deeply($shown, { address => 'https://api.example:443',
		dialect => 'openai_chat', removed => ['x-forwarded-for'],
		head => "POST /base/v1/chat/completions HTTP/1.1\r\n"
			. "host: api.example\r\ncontent-type: application/json\r\n"
			. "content-length: 12\r\nauthorization: Bearer [provider key]\r\n"
			. "accept-encoding: identity\r\nconnection: keep-alive\r\n\r\n" },
		'shown');
	like($api->call('POST', $path, { path => '/x', method => 'GET' })
		->{json}{head}, qr{^GET /base/x HTTP/1\.1\r\n}, 'another method');
};

subtest 'status 422' => sub {
	for (['path', {}], ['path', { path => 'x' }], ['path', { path => '/ x' }],
		['path', { path => "/x\r\ny: z" }],
		['method', { path => '/', method => 'get' }],
		['headers', { path => '/', headers => [{ name => 'a b',
			value => '' }] }],
		['headers', { path => '/', headers => [{ name => 'a',
			value => "b\r\nc: d" }] }],
		['headers.value', { path => '/', headers => [{ name => 'a' }] }],
		['headers', { path => '/', headers => 7 }],
		['body_bytes', { path => '/', body_bytes => -1 }],
		['other', { path => '/', other => 1 }])
	{
		my ($field, $body) = @$_;
		my $answer = $api->call('POST', $path, $body);
		is($answer->{status}, 422, "$field is refused");
		is($answer->{json}{error}{field}, $field, "$field is named");
	}
};

subtest 'status 404' => sub {
	is($api->call('POST', '/api/providers/999999/preview', { path => '/' })
		->{status}, 404, 'no such provider');
};

$t->done();
