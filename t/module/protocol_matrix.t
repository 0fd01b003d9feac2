#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# HTTP as it comes: interim answers, statuses without a body, HEAD, lengths,
# chunks with extensions and trailers, ends by closing; Expect and trailers of
# callers; forms, coded bodies both ways; HTTP/2 and TLS in front.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of usage_of);
use AIProxy::Http qw(request message);
use AIProxy::RawServer;
use Compress::Zlib qw(memGzip compress);
use Digest::SHA qw(sha256_hex);
use JSON::PP;

my $t = AIProxy->new();
my $usage = '{"id":"x","model":"m","choices":[],"usage":{"prompt_tokens":11,'
	. '"completion_tokens":7,"total_tokens":18}}';

# What the provider says is named by the path.

my %answers = (
	continue => "HTTP/1.1 100 Continue\r\n\r\n" . whole($usage),
	hints => "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n"
		. "Content-Length: 7\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
		. whole($usage),
	length => whole($usage),
	chunks => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
		. join('', map { sprintf "%X;ext=\"a b\"\r\n%s\r\n", length, $_ }
			unpack '(a10)*', $usage)
		. "0\r\nX-Sum: 1\r\n\r\n",
	'no-content' => "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n",
	'not-modified' => "HTTP/1.1 304 Not Modified\r\nETag: \"e\"\r\n"
		. "Content-Length: 99\r\n\r\n",
	head => "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. "Content-Length: 12345\r\n\r\n",
	'head-chunks' => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
	created => "HTTP/1.1 201 Created\r\nLocation: /v1/files/7\r\n"
		. "Content-Length: 0\r\n\r\n",
	redirect => "HTTP/1.1 302 Found\r\nLocation: https://x.example/\r\n"
		. "Content-Length: 0\r\n\r\n",
	gzip => coded('gzip', memGzip($usage)),
	deflate => coded('deflate', compress($usage)),
	br => coded('br', "\x0b\x02\x80not really\x03"),
	'bad-gzip' => coded('gzip', substr(memGzip($usage), 0, 30)),
	'both-lengths' => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
		. "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
);
my $server = AIProxy::RawServer->start($t, sub {
	my ($socket, $head) = @_;
	my ($name) = $head =~ m{^\S+ \S*/(?:raw-)?([a-z-]+)};
	if ($name eq 'close') {
		AIProxy::RawServer::write_all($socket, "HTTP/1.0 200 OK\r\n"
			. "Content-Type: application/json\r\n\r\n$usage");
		return undef;
	}
	return $answers{$name} // whole($usage);
});

$t->start_demo();
$t->start_daemon();
my $raw = $t->client_key([$t->provider_key($t->provider(
	base_url => $server->url))]);
my $client = $t->client_key([$t->provider_key($t->provider())]);
my $strict = $t->client_key([$t->provider_key($t->provider())],
	allowed_models => ['demo-small']);

my ($pem, $ssl_port, $h2_port) = ("$t->{root}/front.pem", free_port(),
	free_port());
system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
	. "-days 2 -subj /CN=front -keyout $pem.key -out $pem 2>$t->{root}/openssl")
	== 0 or die "openssl failed\n";

$t->start_nginx(<<"EOC");
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    client_max_body_size 32m;
    client_body_buffer_size 64k;
    server {
        listen %%PROXY%%;
        listen 127.0.0.1:$h2_port http2;
        location / { aiproxy on; }
    }
    server {
        listen 127.0.0.1:$ssl_port ssl http2;
        ssl_certificate $pem;
        ssl_certificate_key $pem.key;
        location / { aiproxy on; }
    }
}
EOC

# Answers, each twice over kept connections: one must not poison the next.

for my $name (qw(continue hints length chunks close length)) {
	for (1, 2) {
		my $answer = post("/v1/chat/completions/$name");
		is("$answer->{status} $answer->{complete} $answer->{body}",
			"200 1 $usage", "$name: whole");
		ok(!$answer->{headers}{link}, "$name: its own headers only");
	}
}
for my $name (qw(no-content not-modified created redirect)) {
	my ($status) = $answers{$name} =~ /^HTTP\S+ (\d+)/;
	for (1, 2) {
		my $answer = get("/v1/$name");
		is("$answer->{status} $answer->{complete} [$answer->{body}]",
			"$status 1 []", $name);
	}
}
is(get('/v1/created')->{headers}{location}, '/v1/files/7', 'location passes');
is(get('/v1/not-modified')->{headers}{etag}, '"e"', 'etag passes');
for my $name (qw(head head-chunks length)) {
	my $answer = get("/v1/$name", 'HEAD');
	is("$answer->{status} [$answer->{body}]", '200 []', "HEAD, $name");
}
is(get('/v1/head', 'HEAD')->{headers}{'content-length'}, 12345,
	'HEAD: the length that GET would have');
is(get('/v1/length')->{body}, $usage, 'GET after HEAD');
is(post('/v1/chat/completions/both-lengths')->{status}, 502,
	'two lengths are an attack');
wait_for(sub { get('/v1/length')->{status} == 200 });

# Coded answers: asked for identity, the bytes pass, a copy is read.

my ($method, $path, $headers, $body) = ask_of('openai_chat');
for my $name (qw(gzip deflate br bad-gzip)) {
	my ($bytes) = $answers{$name} =~ /\r\n\r\n(.*)\z/s;
	$server->requests();
	my $answer = post("/v1/chat/completions?raw=/$name", undef,
		['Accept-Encoding', 'gzip, br']);
	is(sha256_hex($answer->{body}), sha256_hex($bytes), "$name passes coded");
	my $record = $t->record($answer);
	my $readable = $name =~ /^(gzip|deflate)$/;
	is($record->{output_tokens}, $readable ? 7 : undef,
		"$name: " . ($readable ? 'counted' : 'cannot be read'));
	like(($server->requests())[0][0], qr/^accept-encoding: identity\r$/m,
		"$name: was not asked for");
}
for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $answer = $t->ask($dialect, $client, stream => $stream,
			fault => 'gzip,input=100,tokens=20');
		is($t->record($answer)->{output_tokens}, 20,
			"$dialect, stream $stream: gzip is counted")
			unless $dialect eq 'openai_chat' && $stream
				&& $answer->{body} eq '';
	}
}

# Coded requests pass as they are; what they say is known all the same.

for my $coding (['gzip', memGzip($body)], ['deflate', compress($body)]) {
	my ($name, $bytes) = @$coding;
	for my $key ($raw, $strict) {
		$server->requests();
		my $answer = post($path, $bytes, ['Content-Encoding', $name], $key);
		is($t->record($answer)->{model}, 'demo-small', "$name: its model");
		next if $key != $raw;
		my ($seen) = $server->requests();
		is($seen->[1], $bytes, "$name: the bytes pass");
		like($seen->[0], qr/^content-encoding: $name\r$/m, "$name: named");
	}
}
(my $large = $body) =~ s/demo-small/demo-large/;
is(post($path, memGzip($large), ['Content-Encoding', 'gzip'], $strict)
	->{status}, 403, 'a model that is not allowed, coded');
is(post($path, 'unreadable', ['Content-Encoding', 'br'], $strict)->{status},
	403, 'a model that cannot be told');
is(post($path, 'unreadable', ['Content-Encoding', 'zstd'])->{status}, 200,
	'passes where models do not matter');
is(post($path, memGzip('{"model":' . ' ' x 60_000_000), ['Content-Encoding',
	'gzip'], $strict)->{status}, 403, 'a bomb is given up');

# Forms: the model is one of their fields.

my $form = join '', map { "--b\r\nContent-Disposition: form-data; $_\r\n" }
	"name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\n"
		. join('', map { chr rand 256 } 1 .. 300_000),
	"name=\"model\"\r\n\r\nwhisper-1", "name=\"language\"\r\n\r\nde";
$form .= "--b--\r\n";
$server->requests();
my $answer = post('/v1/audio/transcriptions', $form,
	['Content-Type', 'multipart/form-data; boundary=b']);
my ($seen) = $server->requests();
is(sha256_hex($seen->[1]), sha256_hex($form), 'a form passes as it is');
like($seen->[0], qr{^content-type: multipart/form-data; boundary=b\r$}m,
	'with its boundary');
is($t->record($answer)->{model}, 'whisper-1', 'its model is known');
is(post('/v1/audio/transcriptions', $form, ['Content-Type',
	'multipart/form-data; boundary=b'], $strict)->{status}, 403,
	'and matters');

# Expect, trailers of a caller, and one that goes half-way.

$server->requests();
my $exchange = AIProxy::Http::open_exchange($t->proxy_port,
	"POST $path HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $raw->{key}\r\n"
	. 'Content-Length: ' . length($body) . "\r\nExpect: 100-continue\r\n"
	. "Connection: close\r\n\r\n");
$exchange->more until $exchange->{interim} || $exchange->{status};
is($exchange->{interim}, 1, 'go on, says nginx');
$exchange->send($body);
is($exchange->finish->{status}, 200, 'and it goes on');
unlike(($server->requests())[0][0], qr/expect/i, 'the provider hears nothing');

$answer = AIProxy::Http::open_exchange($t->proxy_port,
	"POST $path HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $raw->{key}\r\n"
	. "Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n"
	. "\r\n" . join('', map { sprintf "%x;a=b\r\n%s\r\n", length, $_ }
		unpack '(a7)*', $body) . "0\r\nX-Sum: 1\r\n\r\n")->finish;
is($answer->{status}, 200, 'a body in chunks with trailers');
($seen) = $server->requests();
is($seen->[1], $body, 'arrives with a length');
unlike($seen->[0], qr/x-sum|trailer|chunked/i, 'and no trailer');

# HTTP/2 and TLS in front.

my $json = JSON::PP->new->canonical;
for my $front (['h2c',
	"--http2-prior-knowledge http://127.0.0.1:$h2_port"], ['h2 over TLS', "--http2 -k https://127.0.0.1:$ssl_port"],
	['1.1 over TLS', "--http1.1 -k https://127.0.0.1:$ssl_port"])
{
	my ($name, $options) = @$front;
	for my $dialect (@dialects) {
		for my $stream (0, 1) {
			my $got = curl($options, $client, ask_of($dialect,
				stream => $stream,
				headers => [$t->fault('seed=a,event_delay_ms=0')]));
			my $plain = $t->ask($dialect, $client, stream => $stream,
				fault => 'seed=a,event_delay_ms=0');
			is("$got->{status} $got->{body}", "200 $plain->{body}",
				"$name, $dialect, stream $stream: the same bytes");
			ok($t->record($got)->{output_tokens}, "$name: counted");
		}
	}
	my ($method, $path, $headers) = ask_of('openai_chat');
	my $big = $json->encode({ model => 'demo-small', messages =>
		[{ role => 'user', content => 'x' x 5_000_000 }] });
	$t->forget_demo_requests();
	is(curl($options, $client, $method, $path, $headers, $big)->{status}, 200,
		"$name: 5 MB");
	is(($t->demo_requests())[0]{body_sha256}, sha256_hex($big),
		"$name: arrive whole");
	# Without a body: curl 7 gives up on an answer that overtakes one.
	my $refused = curl($options, { key => 'aip_x' },
		(ask_of('openai_chat'))[0 .. 2]);
	is($refused->{status}, 401, "$name: refused");
	ok($json->decode($refused->{body})->{error}, "$name: in its dialect");
	is(curl($options, $raw, 'HEAD', '/v1/head', [])->{status}, 200,
		"$name: HEAD");
}

$t->done();

sub whole {
	my ($body) = @_;
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}

sub coded {
	my ($coding, $body) = @_;
	return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
		. "Content-Encoding: $coding\r\nContent-Length: " . length($body)
		. "\r\n\r\n$body";
}

sub post {
	my ($path, $bytes, $header, $key) = @_;
	return request($t->proxy_port, 'POST', $path, headers =>
		[['Authorization', 'Bearer ' . ($key || $raw)->{key}],
			$header || ()], body => $bytes // $body // '{"model":"m",'
				. '"messages":[]}');
}

sub get {
	my ($path, $method) = @_;
	return request($t->proxy_port, $method || 'GET', $path,
		headers => [['Authorization', "Bearer $raw->{key}"]]);
}

sub curl {
	my ($options, $client, $method, $path, $headers, $body) = @_;

	$t->write_file("$t->{root}/curl.body", $body // '');
	my $given = join ' ', map { "-H '$_->[0]: $_->[1]'" } @$headers,
		['Authorization', "Bearer $client->{key}"];
	my ($where) = $options =~ s/ (\S+)$// ? $1 : '';
	my $how = $method eq 'HEAD' ? '-I' : "-X $method "
		. (defined $body ? "--data-binary \@$t->{root}/curl.body" : '');
	system("curl -s $options $how $given -D $t->{root}/curl.head "
		. "-o $t->{root}/curl.out '$where$path'");
	my $head = $t->read_file("$t->{root}/curl.head");
	$head =~ s/\AHTTP\S+ 1\d\d.*?\r\n\r\n//s;
	return { status => ($head =~ m{^HTTP/\S+ (\d+)})[0] || 0,
		headers => { map { lc $_ } $head =~ /^([\w-]+): (.*?)\r$/mg },
		body => $method eq 'HEAD' ? '' : $t->read_file("$t->{root}/curl.out") };
}
