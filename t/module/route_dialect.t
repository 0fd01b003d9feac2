#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Which provider a path means. With several providers the dialect of the path
# decides; with one, path and query pass as they are. A path that no dialect
# knows passes, and our own errors about it have OpenAI's shape.

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

my %key = map { $_ => $t->provider_key($t->provider(dialects => [$_],
	name => $_ =~ s/_/-/gr), secret => "demo-key-$_") } @dialects;
my $all = $t->client_key([values %key]);
my $openai = $t->client_key([$key{openai_chat}]);

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
        location /off/ { aiproxy off; return 200 off; }
        location /plain { return 200 plain; }
    }
}
EOC

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		$t->forget_demo_requests();
		my $answer = $t->ask($dialect, $all, stream => $stream);
		is($answer->{status}, 200, "$dialect, stream $stream");
		my @seen = $t->demo_requests();
		is("$seen[0]{credential} $seen[0]{dialect}",
			"demo-key-$dialect $dialect", "$dialect: its provider");
		is($t->record($answer)->{dialect}, $dialect,
			"$dialect: in the record");
	}
}

# A client key bound to one provider, asked for another's dialect.

for my $dialect (qw(anthropic_messages gemini_content)) {
	my $answer = $t->ask($dialect, $openai);
	$t->refused($dialect, $answer, 403, "$dialect is not bound");
	is($t->record($answer)->{error_code}, 'auth.no_provider',
		"$dialect: record");
}

# Paths and queries pass as they are.

for my $path ('/v1/models', '/v1/models/demo-small', '/v1/unknown/path',
	'/v1/models?limit=3&after=a%20b', '/v1/models/a%2Fb', '/v1//models',
	'/v1/./models', '/v1/x/../models', '/v1/models?', '/v1/%E4%BD%A0',
	'/v1/models/demo+small?q=1%2B1', '/')
{
	$t->forget_demo_requests();
	my $answer = request($t->proxy_port, 'GET', $path, headers =>
		[['Authorization', "Bearer $openai->{key}"]]);
	my @seen = $t->demo_requests();
	is($seen[0] && $seen[0]{path}, $path, "$path passes as it is");
	is($answer->{status}, $seen[0] && $seen[0]{status},
		"$path: its answer passes");
}

# Behind the prefix of a base URL none may climb out of it, in no reading.

my $prefixed = $t->client_key([$t->provider_key($t->provider(name => 'prefixed',
	base_url => 'http://127.0.0.1:' . $t->demo_port . '/tenant/7'))]);
my @auth = (headers => [['Authorization', "Bearer $prefixed->{key}"]]);
for my $path ('/../x', '/v1/../../x', '/%2e%2e/x', '/v1/..;/..;/x',
	'/v1/..%2f..%2fx', '/v1/..\\..\\x', '/v1#/../../x')
{
	$t->forget_demo_requests();
	is(request($t->proxy_port, 'GET', $path, @auth)->{status}, 400,
		"$path is refused");
	is(scalar(my @none = $t->demo_requests()), 0, "$path goes nowhere");
}
is(request($t->proxy_port, 'GET', '/v1/x/../models', @auth)->{status}, 200,
	'what stays below passes');
is(($t->demo_requests())[-1]{path}, '/tenant/7/v1/x/../models',
	'behind the prefix, as it was sent');

for my $method (qw(GET POST PUT PATCH DELETE)) {
	$t->forget_demo_requests();
	request($t->proxy_port, $method, '/v1/files/7',
		headers => [['Authorization', "Bearer $openai->{key}"]],
		$method =~ /P/ ? (body => 'any body, {not json') : ());
	my ($seen) = $t->demo_requests();
	is($seen && $seen->{method}, $method, "$method passes");
	is($seen->{body}, 'any body, {not json', "$method: its body")
		if $method =~ /P/;
}

my $head = request($t->proxy_port, 'HEAD', '/v1/models',
	headers => [['Authorization', "Bearer $openai->{key}"]]);
is(length $head->{body}, 0, 'HEAD has no body');
ok($head->{status}, 'HEAD is answered');

# Our errors on a path of no dialect.

my $answer = request($t->proxy_port, 'GET', '/no/dialect');
$t->refused('openai_chat', $answer, 401, 'no dialect: OpenAI\'s shape');
is($t->record($answer)->{dialect}, 'other', 'its record');

$answer = request($t->proxy_port, 'GET', '/v1/models',
	headers => [['anthropic-version', '2023-06-01']]);
$t->refused('anthropic_messages', $answer, 401,
	'a shared path: the header tells the family');

is(request($t->proxy_port, 'GET', '/plain')->{body}, 'plain',
	'other locations are left alone');
is(request($t->proxy_port, 'GET', '/off/')->{body}, 'off', 'and those off');

# Hop-by-hop business of the caller.

for my $bytes ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
	. "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
	. "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
	"GET / HTTP/1.1\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
	"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
{
	$t->forget_demo_requests();
	my $bad = AIProxy::Http::open_exchange($t->proxy_port, $bytes)->finish;
	is($bad->{status}, 400, 'an ambiguous or broken request is 400');
	is(scalar(my @none = $t->demo_requests()), 0, 'and goes nowhere');
}

is($t->ask('openai_chat', $all)->{status}, 200, 'it serves on');

$t->done();
