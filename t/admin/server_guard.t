#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What a hostile peer does to an HTTP server: through nginx as conf/ sets it
# up, and, where it can be done, to the daemon itself. Each of these once hung
# or killed the HTTP library, or gave one caller another's answer.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_daemon();
$t->start_nginx_from_tree();
my $api = $t->api;
my @to_daemon = (['X-Aiproxy-Console', '1'], ['Connection', 'keep-alive'],
	['Authorization', "Bearer $api->{token}"]);

subtest 'nobody but nginx' => sub {
	for my $value (undef, '', '0', 'yes') {
		my $answer = request($t->{daemon_port}, 'GET', '/api/openapi.json',
			headers => [['Connection', 'keep-alive'], defined $value
				? ['X-Aiproxy-Console', $value] : ()]);
		is($answer->{status}, 403, 'the console\'s header: '
			. ($value // 'none'));
	}
	isnt(request($t->proxy_port, 'GET', '/api/openapi.json')->{status}, 200,
		'nor by the callers\' port');
};

# Answers were queued by descriptor: one to a caller that had left went to the
# next caller with the same number.

subtest 'callers that leave get nobody else\'s answer' => sub {
	my @ids = map { $t->client_key([], name => "own-$_")->{id} } 1 .. 4;
	my @children;
	for my $id (@ids) {
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			my $bytes = AIProxy::Http::message('GET',
				"/api/client-keys/$id", headers => \@to_daemon);
			my $wrong = 0;
			for my $n (1 .. 2500) {
				my $exchange = AIProxy::Http::open_exchange(
					$t->{daemon_port}, $bytes);
				if ($n % 4) {
					$exchange->leave(reset => $n % 2);
					next;
				}
				my $answer = $exchange->finish;
				$wrong++ unless $answer->{status} == 200
					&& $answer->{body} =~ /"id":$id,/;
			}
			POSIX::_exit($wrong ? 1 : 0);
		}
		push @children, $pid;
	}
	my $wrong = 0;
	for (@children) {
		waitpid $_, 0;
		$wrong++ if $?;
	}
	is($wrong, 0, 'each its own');
};

subtest 'a chunked body, cut between CR and LF' => sub {
	my $socket = IO::Socket::INET->new('127.0.0.1:' . $t->console_port)
		or die "connect: $!\n";
	$socket->autoflush(1);
	my $body = '{"username":"x","password":"y"}';
	print $socket "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\n"
		. "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
		. sprintf('%x', length $body), "\r";
	select undef, undef, undef, 0.05;
	print $socket "\n$body\r";
	select undef, undef, undef, 0.05;
	print $socket "\n0\r\n\r\n";
	local $/;
	like(scalar readline $socket, qr{^HTTP/1.1 401 }, 'is read as one');
	alive();
};

subtest 'answers that nobody reads' => sub {
	my @deaf = map { AIProxy::Http::open_exchange($t->console_port,
		AIProxy::Http::message('GET', '/api/openapi.json')) } 1 .. 64;
	alive();
	$_->leave(reset => 1) for @deaf;
	alive();
};

subtest 'a caller that closes its side' => sub {
	my $exchange = AIProxy::Http::open_exchange($t->console_port,
		AIProxy::Http::message('GET', '/api/openapi.json'));
	shutdown $exchange->{socket}, 1;
	is($exchange->finish->{status}, 200, 'is answered');
};

subtest 'headers that the library takes badly' => sub {
	for (['Cookie', 'foo'], ['Cookie', 'a="x;y"; sid=z'], ['Cookie', 'sid'],
		['Cache-Control', 'stale-while-revalidate=5'], ['Accept', '///'],
		['Date', 'once upon a time'], ['Content-Type', ';;'],
		['Content-Encoding', '?'], ['User-Agent', ''], ['Server', "\x80"], ['Host', 'localhost:notaport'],
		['Host', 'localhost:99999999'], ['Expect', '100-continue'],
		['Range', 'bytes=0-'], ['X-Forwarded-For', "\xff" x 100],
		['Authorization', 'Bearer ' . 'x' x 7000], ['Upgrade', 'websocket'])
	{
		my ($name, $value) = @$_;
		my $answer = request($t->console_port, 'GET', '/api/openapi.json',
			headers => [[$name, $value]]);
		ok($answer->{status} == 200 || $answer->{status} == 400,
			"$name: " . substr $value, 0, 20) or diag($answer->{status});
	}
	for my $raw ("GET /api/openapi.json HTTP/1.1\r\nno colon\r\n\r\n",
		"GET /api/openapi.json HTTP/1.1\nHost: x\n\n", "\0\1\2\3\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
		"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
			. "Content-Length: 2\r\n\r\nxx",
		"FOO /api/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	{
		my $exchange = AIProxy::Http::open_exchange($t->console_port, $raw,
			timeout => 3);
		$exchange->finish;
		pass('it was not a request');
	}
	alive();
};

subtest 'long paths and queries' => sub {
	for my $port ($t->console_port, $t->{daemon_port}) {
		for my $path ('/api/' . '/' x 14_500, '/api/x?' . 'a&' x 3000,
			'/api/providers?limit=' . '1' x 7000)
		{
			my $status = request($port, 'GET', $path,
				headers => \@to_daemon)->{status};
			ok($status >= 400 && $status < 500,
				substr($path, 0, 30) . ": $status");
		}
	}
	alive();
};

# A stop lets running requests end.

subtest 'a stop in the middle of requests' => sub {
	my @messages = map { AIProxy::Http::message('POST', '/api/client-keys',
		headers => [@to_daemon, ['Content-Type', 'application/json']],
		body => qq({"name":"late $_","provider_key_ids":[]})) } 1 .. 8;
	my @running = map { AIProxy::Http::open_exchange($t->{daemon_port}, $_) }
		@messages;
	ok($running[0]->until_head, 'they run');
	kill TERM => $t->daemon->{pid};
	my @status = map { $_->finish->{status} } @running;
	is(scalar(grep { $_ != 201 && $_ != 503 } @status), 0,
		"each is answered: @status");
	ok($t->daemon->wait_end(20), 'and it ends');
	is($t->daemon->{status}, 0, 'in peace');
};

$t->done();

# An honest caller is served, by every thread, and soon.

sub alive {
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $begun = time();
	my @bytes = (AIProxy::Http::message('GET', '/api/auth/me',
		headers => [['Authorization', "Bearer $api->{token}"]])) x 32;
	my @answers = AIProxy::Http::parallel($t->console_port, \@bytes, 10);
	is(scalar(grep { $_->{status} == 200 && $_->{complete} } @answers), 32,
		'others are served');
	cmp_ok(time() - $begun, '<', 5, 'and soon');
}
