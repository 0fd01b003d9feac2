#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The exact bytes that a provider receives: for each SDK as it speaks, and for
# a browser behind a CDN. No address, cookie, origin, tracing or SDK header, no
# client key; and nothing else than what stands here. The API shows the same
# bytes before anything is sent.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use AIProxy::RawServer;

my $t = AIProxy->new();
my $server = AIProxy::RawServer->start($t, sub {
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. "Content-Length: 2\r\n\r\n{}";
});
$t->start_daemon();

my %row = (
	openai => { dialects => ['openai_chat'], credential =>
		{ location => 'header', name => 'authorization', prefix => 'Bearer ' } },
	azure => { dialects => ['openai_chat'], credential =>
		{ location => 'header', name => 'api-key', prefix => '' } },
	anthropic => { dialects => ['anthropic_messages'], credential =>
		{ location => 'header', name => 'x-api-key', prefix => '' },
		required_headers => [{ name => 'anthropic-version',
			value => '2023-06-01' }] },
	gemini => { dialects => ['gemini_content'], credential =>
		{ location => 'header', name => 'x-goog-api-key', prefix => '' } },
	query => { dialects => ['gemini_content'], credential =>
		{ location => 'query', name => 'key', prefix => '' } },
	open => { dialects => ['openai_chat'],
		allowed_headers => ['X-Title', 'x-stainless-*', 'user-agent'] },
	cohere => { dialects => ['cohere'] },
	ollama => { dialects => ['ollama'] },
	bedrock => { dialects => ['bedrock_converse'] },
);
my (%client, %provider);
for my $name (sort keys %row) {
	$provider{$name} = $t->api->create('/api/providers', { name => "to-$name",
		base_url => $server->url . '/base', %{$row{$name}} });
	$client{$name} = $t->client_key([$t->provider_key($provider{$name},
		secret => "secret-of-$name")]);
}

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

# What comes of a browser and the CDN before us.

my @edge = map { [split /: /, $_, 2] } split /\n/, <<'EOH';
X-Forwarded-For: 198.51.100.7, 203.0.113.1
X-Forwarded-Proto: https
X-Forwarded-Host: ai.example
X-Forwarded-Port: 443
X-Real-IP: 198.51.100.7
X-Client-IP: 198.51.100.7
X-Cluster-Client-IP: 198.51.100.7
True-Client-IP: 198.51.100.7
Fastly-Client-IP: 198.51.100.7
Forwarded: for=198.51.100.7;proto=https
Via: 1.1 edge, 2 cdn
CF-Connecting-IP: 198.51.100.7
CF-IPCountry: DE
CF-Ray: 8a1-FRA
CF-Visitor: {"scheme":"https"}
CDN-Loop: cloudflare
X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678
X-Amz-Cf-Id: abc
X-Cloud-Trace-Context: 105445aa7843bc8bf206b12000100000/1
X-Envoy-External-Address: 198.51.100.7
X-Request-Id: of-the-edge
traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
tracestate: a=b
baggage: user=7
Origin: https://app.example
Referer: https://app.example/chat?user=7
Cookie: session=abc
User-Agent: Mozilla/5.0 (X11; Linux x86_64)
Accept-Language: de-DE,de;q=0.9
Sec-Fetch-Mode: cors
Sec-Fetch-Site: cross-site
Sec-Ch-Ua: "Chromium";v="140"
Sec-Ch-Ua-Platform: "Linux"
DNT: 1
Priority: u=1, i
Pragma: no-cache
Proxy-Authorization: Basic eDp5
Keep-Alive: timeout=5
TE: trailers
Upgrade-Insecure-Requests: 1
Accept-Encoding: gzip, deflate, br, zstd
OpenAI-Organization: org-1
OpenAI-Project: proj-1
X-Goog-User-Project: p
X-App: cli
HTTP-Referer: https://app.example
X-Title: My App
EOH

my @stainless = map { ["X-Stainless-$_->[0]", $_->[1]] } ['Lang', 'js'],
	['Package-Version', '7.57.0'], ['OS', 'Linux'], ['Arch', 'x64'],
	['Runtime', 'node'], ['Runtime-Version', 'v22.1.0'],
	['Retry-Count', '0'], ['Timeout', '600'], ['Helper-Method', 'stream'];

my $chat = '{"model":"gpt-4o","messages":[]}';
my %sdk = (
	'openai' => [openai => 'POST', '/v1/chat/completions', $chat,
		[['Authorization', 'Bearer KEY'], ['Accept', 'application/json'],
			['Content-Type', 'application/json'],
			['User-Agent', 'OpenAI/JS 7.57.0'], @stainless,
			['Idempotency-Key', 'stainless-node-retry-1']],
		"accept: application/json\r\ncontent-type: application/json\r\n"
		. "idempotency-key: stainless-node-retry-1\r\n"],
	'openai beta' => [openai => 'GET', '/v1/models?limit=2&after=a%20b', undef,
		[['Authorization', 'Bearer KEY'], ['OpenAI-Beta', 'assistants=v2'],
			['User-Agent', 'OpenAI/Python 3.1'], @stainless],
		"openai-beta: assistants=v2\r\n"],
	'@anthropic-ai/sdk' => [anthropic => 'POST', '/v1/messages?beta=true',
		'{"model":"claude-x","max_tokens":9,"messages":[]}',
		[['X-Api-Key', 'KEY'], ['anthropic-version', '2023-06-01'],
			['anthropic-beta', 'tools-1,files-2'],
			['anthropic-dangerous-direct-browser-access', 'true'],
			['Accept', 'application/json'],
			['Content-Type', 'application/json'],
			['User-Agent', 'Anthropic/JS 1.12.0'], @stainless],
		"anthropic-beta: tools-1,files-2\r\naccept: application/json\r\n"
		. "content-type: application/json\r\n"],
	'@google/genai' => [gemini => 'POST',
		'/v1beta/models/gemini-x:generateContent', '{"contents":[]}',
		[['x-goog-api-key', 'KEY'], ['Content-Type', 'application/json'],
			['User-Agent', 'google-genai-sdk/3.1.0 gl-node/v22.1.0'],
			['x-goog-api-client', 'google-genai-sdk/3.1.0']],
		"content-type: application/json\r\n"],
	'google in the query' => [query => 'POST',
		'/v1beta/models/gemini-x:generateContent?alt=sse&key=KEY&a=b',
		'{"contents":[]}', [['Content-Type', 'application/json']],
		"content-type: application/json\r\n"],
	'an open row' => [open => 'POST', '/v1/chat/completions', $chat,
		[['Authorization', 'Bearer KEY'],
			['Content-Type', 'application/json'], @stainless[0, 2],
			['X-Title', 'My App'], ['User-Agent', 'OpenAI/JS 7.57.0'],
			['Cookie', 'session=abc']],
		"content-type: application/json\r\nx-stainless-lang: js\r\n"
		. "x-stainless-os: Linux\r\nx-title: My App\r\n"
		. "user-agent: OpenAI/JS 7.57.0\r\n"],
	'openai for Azure' => [azure => 'POST', '/openai/deployments/d/chat/'
		. 'completions?api-version=2025-04-01-preview', $chat,
		[['api-key', 'KEY'], ['Accept', 'application/json'],
			['Content-Type', 'application/json'], @stainless],
		"accept: application/json\r\ncontent-type: application/json\r\n"],
	'groq-sdk' => [openai => 'POST', '/openai/v1/chat/completions', $chat,
		[['authorization', 'Bearer KEY'], ['accept', 'application/json'],
			['content-type', 'application/json'],
			['user-agent', 'groq/javascript 1.6.0'], @stainless],
		"accept: application/json\r\ncontent-type: application/json\r\n"],
	'cohere-ai' => [cohere => 'POST', '/v2/chat',
		'{"model":"command","messages":[]}',
		[['Authorization', 'Bearer KEY'], ['X-Client-Name', 'app'],
			['X-Fern-Language', 'JavaScript'], ['X-Fern-SDK-Name', 'cohere-ai'],
			['X-Fern-SDK-Version', '8.1.0'], ['User-Agent', 'cohere-ai/8.1.0'],
			['Content-Type', 'application/json']],
		"content-type: application/json\r\n"],
	'ollama' => [ollama => 'POST', '/api/chat',
		'{"model":"llama3.2","messages":[]}',
		[['Authorization', 'Bearer KEY'], ['Content-Type', 'application/json'],
			['Accept', 'application/json'],
			['User-Agent', 'ollama-js/0.6.4 (x64 linux Node.js/v22.1.0)']],
		"content-type: application/json\r\naccept: application/json\r\n"],
	'ai with bedrock' => [bedrock => 'POST',
		'/model/amazon.nova-lite-v1%3A0/converse', '{"messages":[]}',
		[['Authorization', 'Bearer KEY'], ['Content-Type', 'application/json'],
			['User-Agent', 'ai/7.0.173 ai-sdk/amazon-bedrock/5.0.101'],
			['X-Amzn-Bedrock-GuardrailIdentifier', 'g1']],
		"content-type: application/json\r\n"
		. "x-amzn-bedrock-guardrailidentifier: g1\r\n"],
	'mistralai' => [openai => 'POST', '/v1/chat/completions', $chat,
		[['authorization', 'Bearer KEY'], ['accept', 'application/json'],
			['content-type', 'application/json'],
			['user-agent', 'speakeasy-sdk/typescript 1.10.0']],
		"accept: application/json\r\ncontent-type: application/json\r\n"],
);

for my $name (sort keys %sdk) {
	my ($to, $method, $path, $body, $headers, $kept) = @{$sdk{$name}};

	for my $edge ([], \@edge) {
		my @sent = map { [$_->[0], $_->[1] =~ s/KEY/$client{$to}{key}/r] }
			@$headers, grep { my $edge = lc $_->[0];
				!grep { lc $_->[0] eq $edge } @$headers } @$edge;
		my $asked = $path =~ s/KEY/$client{$to}{key}/r;
		request($t->proxy_port, $method, $asked, headers => \@sent,
			host => 'ai.example', defined $body ? (body => $body) : ());
		my ($seen) = ($server->requests)[-1];
		my $expected = expected($to, $method, $path, $body, $kept);
		is($seen->[0], $expected, $name . (@$edge ? ' behind a CDN' : ''));
		is($seen->[1], $body // '', "$name: its body");

		my $shown = $t->api->call('POST',
			"/api/providers/$provider{$to}{id}/preview", {
				method => $method, path => $asked,
				headers => [map { { name => $_->[0], value => $_->[1] } } @sent],
				defined $body ? (body_bytes => length $body) : () })->{json};
		is($shown->{head} =~ s/\[provider key\]/secret-of-$to/r, $expected,
			"$name: the API shows it");
		unlike(join("\n", $seen->[0], $shown->{head}),
			qr/\Q$client{$to}{key}\E/, "$name: no client key");
	}
}

$t->done();

sub expected {
	my ($to, $method, $path, $body, $kept) = @_;

	my $credential = $provider{$to}{credential};
	my $query = $credential->{location} eq 'query';
	$path =~ s/&key=KEY//;
	my $required = $to eq 'anthropic'
		? "anthropic-version: 2023-06-01\r\n" : '';
	my $length = defined $body
		? 'content-length: ' . length($body) . "\r\n" : '';

	return "$method /base$path" . ($query ? "&key=secret-of-$to" : '')
		. " HTTP/1.1\r\nhost: 127.0.0.1:$server->{port}\r\n"
		. "$required$kept$length" . ($query ? ''
			: "$credential->{name}: $credential->{prefix}secret-of-$to\r\n")
		. "accept-encoding: identity\r\nconnection: keep-alive\r\n\r\n";
}
