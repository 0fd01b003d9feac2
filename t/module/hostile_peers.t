#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Slow and hostile peers on both sides: whatever they do, memory and time stay
# within what is stated, and everybody else is served.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of);
use AIProxy::Http qw(request message);
use AIProxy::RawServer;
use Time::HiRes qw(time sleep);

my $t = AIProxy->new();

# A provider that says one thing for ever.

my %endless = (
	headers => ["HTTP/1.1 200 OK\r\n", "X-More: and more\r\n", 0],
	'slow-headers' => ["HTTP/1.1 200 OK\r\n", 'x', 0.2],
	interim => ['', "HTTP/1.1 100 Continue\r\n\r\n", 0],
	'status-line' => ['HTTP/1.1 ', '2', 0],
	extensions => ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. "Transfer-Encoding: chunked\r\n\r\n1;", 'x' x 1000, 0],
	trailers => ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n",
		"X-More: and more\r\n", 0],
	'slow-body' => ["HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
		': ' , 0.1],
);
my $server = AIProxy::RawServer->start($t, sub {
	my ($socket, $head) = @_;
	my ($name) = $head =~ m{^\S+ \S*[?&]what=([a-z-]+)};
	my ($begin, $again, $pause) = @{$endless{$name}};
	$SIG{ALRM} = sub { die "enough\n" };
	alarm 30;
	AIProxy::RawServer::write_all($socket, $begin);
	1 while AIProxy::RawServer::write_all($socket,
		$pause ? $again : $again x 100) && (!$pause || sleep $pause);
	return undef;
});

my %certificate = map { $_ => "$t->{root}/$_" } qw(cert key);
system('openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes '
	. "-days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 "
	. "-keyout $certificate{key} -out $certificate{cert} "
	. "2>$t->{root}/openssl") == 0 or die "openssl failed\n";
my $tls_port = $t->start_demo('--tls-cert', $certificate{cert}, '--tls-key',
	$certificate{key});
$t->start_demo();
$t->start_daemon();

my %time = (first_byte_timeout_ms => 1500, idle_timeout_ms => 1000,
	total_timeout_ms => 3000);
# One of its own for each, so that none finds the key resting.
my %hostile = map { $_ => $t->client_key([$t->provider_key($t->provider(
	base_url => $server->url, %time))]) } sort keys %endless;
my $client = $t->client_key([$t->provider_key($t->provider())]);
my $tls = $t->client_key([$t->provider_key($t->provider(
	base_url => "https://127.0.0.1:$tls_port"))]);

$t->start_nginx(<<"EOC");
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    aiproxy_trusted_certificate $certificate{cert};
    client_header_timeout 1s;
    client_body_timeout 1s;
    send_timeout 2s;
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my ($worker) = $t->worker_pids;
is($t->ask($_, $client, stream => 1)->{status}, 200, 'warm')
	for @dialects, @dialects;

# Providers. The stated bound is the first byte's time, or the total time.

for my $name (sort keys %endless) {
	my $began = time;
	my $grown = growth(sub {
		my $answer = request($t->proxy_port, 'POST',
			"/v1/chat/completions?what=$name", timeout => 20, headers =>
			[['Authorization', "Bearer $hostile{$name}{key}"]],
			body => '{"model":"m","messages":[],"stream":true}');
		ok(!$answer->{timed_out}, "$name: it ends");
		ok($answer->{status} >= 500 || !$answer->{complete},
			"$name: and not well");
	});
	cmp_ok(time - $began, '<', 4.5, "$name: in time");
	cmp_ok($grown, '<', 8_000, "$name: within memory");
	is($t->ask('openai_chat', $client)->{status}, 200,
		"$name: others are served");
}

# One line of 100 MB in a stream, with usage of ours to hide and without.

for my $dialect (@dialects) {
	my ($size, $grown) = (0);
	$grown = growth(sub {
		my $exchange = AIProxy::Http::open_exchange($t->proxy_port,
			$t->bytes_of($dialect, $client, stream => 1, fault =>
				'big=100000000,event_delay_ms=0,input=5,tokens=6'),
			timeout => 120);
		while ($exchange->more) {
			$size += length $exchange->{body};
			$exchange->{body} = $exchange->{raw} = '';
		}
		$exchange->{body} = $exchange->{raw} = '';
		is($exchange->{complete}, 1, "$dialect: a line of 100 MB is whole");
		$exchange->{headers} && is($t->record($exchange->{headers}
			{'x-request-id'})->{output_tokens}, 6, "$dialect: counted");
	});
	cmp_ok($size, '>', 100_000_000, "$dialect: all of it");
	cmp_ok($grown, '<', 8_000, "$dialect: within memory");
}

# TLS records of one byte.

is($t->ask('openai_chat', $tls, stream => 1, fault =>
	'split=1,split_pause_us=0,event_delay_ms=0')->{complete}, 1,
	'records of one byte');

# Callers.

my ($method, $path, $headers, $body) = ask_of('openai_chat',
	key => $client->{key});
my $whole = message($method, $path, headers => $headers, body => $body);
for my $slow (['header', 40], ['body', length($whole) - 20]) {
	my ($what, $at) = @$slow;
	my $began = time;
	my $exchange = AIProxy::Http::open_exchange($t->proxy_port,
		substr($whole, 0, $at), timeout => 15);
	my $answer = $exchange->finish;
	ok(!$answer->{timed_out} && $answer->{status} != 200
		&& time - $began < 10, "a $what that stalls is cut");
}
my $half = AIProxy::Http::open_exchange($t->proxy_port, $whole, timeout => 10);
shutdown $half->{socket}, 1;
$half->finish;
is($t->ask('openai_chat', $client)->{status}, 200, 'a half-closed caller');

# Fifty callers who read nothing of a large answer.

$t->forget_demo_requests();
my $grown = growth(sub {
	my @lazy = map { $t->begin('openai_chat', $client, stream => 1, fault =>
		'big=20000000,event_delay_ms=0') } 1 .. 50;
	wait_for(sub { !grep { !$_->{ended} } $t->demo_requests() }, 20);
	is(scalar(grep { !$_->{ended} } $t->demo_requests()), 0,
		'who reads nothing is left');
	$_->leave for @lazy;
});
cmp_ok($grown, '<', 20_000, 'and costs little memory meanwhile');
is($t->ask('openai_chat', $client)->{status}, 200, 'others are served');

$t->done();

# The most KiB that the worker had more, while it ran.

sub growth {
	my ($run) = @_;
	$t->write_file("/proc/$worker/clear_refs", '5');
	my $before = memory('VmRSS');
	$run->();
	is(($t->worker_pids)[0], $worker, 'the same worker');
	return memory('VmHWM') - $before;
}

sub memory {
	my ($name) = @_;
	return ($t->read_file("/proc/$worker/status") =~ /^$name:\s+(\d+)/m)[0];
}
