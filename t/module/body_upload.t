#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Uploads, as the SDKs send files: multipart, spilled to disk and passed on
# byte for byte, while the worker's memory stays where it was. AIPROXY_UPLOAD_MB
# sets the size (16; a release is tried with 200, the greatest that passes by
# default). An answer that comes coded, though none was asked for, is metered.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use Digest::SHA qw(sha256_hex);
use JSON::PP;

my $megabytes = $ENV{AIPROXY_UPLOAD_MB} || 16;
my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    client_max_body_size 201m;
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my ($worker) = $t->worker_pids();
my $boundary = '----an-upload';
is(upload('/v1/audio/transcriptions', 1000, model => 'demo-small')->{status},
	200, 'a first one');
my $before = memory();

my $file = 'x' x ($megabytes * 1048576 - 1000);
my $answer = upload('/v1/files', $file, purpose => 'user_data');
is($answer->{status}, 200, "$megabytes MB");
is(decode_json($answer->{body})->{bytes}, length $file, 'the provider has all of it');
my ($seen) = $t->demo_requests();
is($seen->{body_sha256}, sha256_hex($answer->{sent}), 'byte for byte');
cmp_ok($t->record($answer)->{request_bytes}, '>=', length $file,
	'bytes in the record');
cmp_ok(memory() - $before, '<', 4096, 'the worker has not grown by 4 MiB');

# The model of a form, and the usage of its answer.

$answer = upload('/v1/audio/transcriptions', 70_000, model => 'demo-small');
($seen) = $t->demo_requests();
my $record = $t->record($answer);
is("$record->{dialect} $record->{usage}{input_tokens}",
	"openai_audio $seen->{usage}{input_tokens}", 'a transcription is metered');

# Coded answers, whole and as a stream that asked for its usage itself.

my $plain = $t->client_key([$t->provider_key($t->provider(
	ask_usage => JSON::PP::false))]);
for my $stream ('false', 'true,"stream_options":{"include_usage":true}') {
	$t->forget_demo_requests();
	$answer = $t->ask('openai_chat', $plain, fault => 'gzip',
		body => '{"model":"demo-small","messages":[{"role":"user","content":'
		. '"Hello"}],"stream":' . $stream . '}');
	($seen) = $t->demo_requests();
	is($answer->{headers}{'content-encoding'}, 'gzip',
		"stream $stream: it stays coded");
	is(sha256_hex($answer->{body}), $seen->{sent_sha256},
		"stream $stream: the provider's bytes");
	is($t->record($answer)->{usage}{output_tokens},
		$seen->{usage}{output_tokens}, "stream $stream: metered");
}

$t->done();

sub upload {
	my ($path, $content, %fields) = @_;

	$content = 'x' x $content if $content =~ /^\d+$/;
	my $body = join '', map { "--$boundary\r\nContent-Disposition: form-data; "
		. "name=\"$_\"\r\n\r\n$fields{$_}\r\n" } sort keys %fields;
	$body .= "--$boundary\r\nContent-Disposition: form-data; name=\"file\"; "
		. "filename=\"a.mp3\"\r\nContent-Type: application/octet-stream\r\n"
		. "\r\n$content\r\n--$boundary--\r\n";
	$t->forget_demo_requests();
	my $answer = request($t->proxy_port, 'POST', $path, headers =>
		[['Authorization', "Bearer $client->{key}"], ['Content-Type',
			"multipart/form-data; boundary=$boundary"]],
		body => $body, timeout => 300);
	$answer->{sent} = $body;
	return $answer;
}

# Of the worker, in KiB.

sub memory {
	my ($peak) = $t->read_file("/proc/$worker/status") =~ /^VmHWM:\s+(\d+)/m;
	return $peak;
}
