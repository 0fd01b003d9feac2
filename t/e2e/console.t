#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The console's nginx: files, routes of the page, security headers, and the
# guards before the daemon; what nginx refuses itself has the API's form.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Api;
use AIProxy::Http qw(request open_exchange parallel message);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
$t->start_nginx_from_tree();
my $port = $t->console_port;

# Files.

my $page = request($port, 'GET', '/');
is($page->{status}, 200, 'the page');
like($page->{body}, qr/<div id="root">/, 'is the console');
is(request($port, 'GET', '/logs/some/route')->{body}, $page->{body},
	'so is any route of it');
my ($script) = $page->{body} =~ m{src="(/assets/[^"]+\.js)"};
ok($script, 'it names its script');
my $asset = request($port, 'GET', $script);
is($asset->{status}, 200, 'which is there');
like($asset->{headers}{'cache-control'}, qr/immutable/, 'and cached for ever');
like($page->{headers}{'cache-control'}, qr/no-cache/, 'unlike the page');
is(request($port, 'GET', $script,
	headers => [['Accept-Encoding', 'gzip']])->{headers}{'content-encoding'},
	'gzip', 'compressed beforehand');
is(request($port, 'GET', '/assets/none.js')->{status}, 404,
	'a missing file is no page');
is(request($port, 'GET', '/../../etc/passwd')->{status}, 400,
	'no way out of the folder');

for my $answer ($page, $asset) {
	is($answer->{headers}{'x-content-type-options'}, 'nosniff', 'nosniff');
}
like($page->{headers}{'content-security-policy'}, qr/script-src 'self'(;|$)/,
	'no foreign scripts');
is($page->{headers}{'x-frame-options'}, 'DENY', 'no frames');

# The API behind it.

my $api = AIProxy::Api->new(port => $port)->sign_in('admin', $t->{password});
is($api->get('/api/auth/me')->{json}{username}, 'admin', 'signed in');
is(request($port, 'GET', '/api/auth/me')->{status}, 401, 'not for everybody');
is(request($t->{daemon_port}, 'GET', '/api/openapi.json')->{status}, 403,
	'the daemon answers nobody but nginx');

# What is known to break the HTTP library behind it: each is answered, and it
# lives on.

my $long = '/api/' . ('/' x 16000);
my @hostile = (
	['many slashes', message('GET', $long)],
	['chunked, split between CR and LF',
		"POST /api/auth/login HTTP/1.1\r\nHost: x\r\n"
		. "Transfer-Encoding: chunked\r\n\r\n2\r", "\n{}\r", "\n0\r",
		"\n\r\n"],
	(map { my ($name, $value) = @$_;
		["an odd $name", message('GET', '/api/auth/me', headers => [$_])] }
		['Cookie', 'foo'], ['Cookie', 'sid="a;b"'], ['Cookie', '=;='],
		['Cache-Control', 'stale-while-revalidate=5'],
		['Accept', 'nonsense'], ['Date', 'yesterday'],
		['Content-Type', '///;='], ['Accept-Encoding', ';q=x'],
		['Content-Encoding', 'nonsense'], ['Authorization', ' '],
		['Authorization', 'Basic %%%'], ['Connection', 'nonsense'],
		['Access-Control-Request-Method', '?'], ['Range', 'bytes=9-1'],
		['Origin', 'null'], ['Server', ''], ['Location', "\x80"]),
	['an odd Host', message('GET', '/api/auth/me', host => 'x:abc')],
	['Expect', message('POST', '/api/auth/login',
		headers => [['Expect', '100-continue']], body => '{}')],
	['bare LF', "GET /api/auth/me HTTP/1.1\nHost: x\n\n"],
	['a header without a colon',
		"GET /api/auth/me HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n"],
	['NUL', "GET /api/\0 HTTP/1.1\r\nHost: x\r\n\r\n"],
	['two lengths', "POST /api/auth/login HTTP/1.1\r\nHost: x\r\n"
		. "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"],
	['an odd length', "POST /api/auth/login HTTP/1.1\r\nHost: x\r\n"
		. "Content-Length: abc\r\n\r\n{}"],
	['percent nonsense', message('GET', '/api/providers?cursor=%zz%00')],
	['the console header forged twice', message('GET', '/api/auth/me',
		headers => [['X-Aiproxy-Console', '0']])],
);
for my $case (@hostile) {
	my ($label, @parts) = @$case;
	my $exchange = open_exchange($port, shift @parts, timeout => 10);
	$exchange->send($_) for @parts;
	my $answer = $exchange->finish;
	cmp_ok($answer->{status}, '>=', 400, "$label: refused");
	cmp_ok($answer->{status}, '<', 500, "$label: as the caller's fault");
	is(request($port, 'GET', '/api/openapi.json')->{status}, 200,
		"$label: it lives on");
}

# Callers who leave at once, in numbers, and nobody gets another's answer.

for (1 .. 300) {
	open_exchange($port, message('GET', '/api/openapi.json'))
		->leave(reset => $_ % 2);
	next if $_ % 10;
	is($api->get('/api/auth/me')->{json}{username}, 'admin',
		'its own answer');
}

# Limits: bodies and logins.

my $large = request($port, 'POST', '/api/providers', body => 'x',
	headers => [['Content-Length', 9 * 1048576]]);
is($large->{status}, 413, 'a body beyond 8 MiB');
is($large->{json}{error}{code}, 'request.too_large', "in the API's form");

my @logins = parallel($port, [(message('POST', '/api/auth/login',
	headers => [['Content-Type', 'application/json']],
	body => '{"username":"nobody","password":"wrong-password"}')) x 60]);
my @throttled = grep { $_->{status} == 429 } @logins;
cmp_ok(scalar @throttled, '>=', 30, 'a flood of logins is throttled');
ok(defined $throttled[0]{json}{error}{code}, "in the API's form");
ok($throttled[0]{headers}{'retry-after'}, 'with Retry-After');

# Without the daemon.

$t->daemon->stop();
my $away = request($port, 'GET', '/api/auth/me');
is($away->{status}, 503, 'the daemon is away');
is($away->{json}{error}{code}, 'busy', "in the API's form");
is(request($port, 'GET', '/')->{status}, 200, 'the page is still served');
$t->start_daemon();
is($api->get('/api/auth/me')->{status}, 200, 'and back');

$t->done();
