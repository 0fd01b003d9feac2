#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Bodies of any size reach the provider byte for byte: held in memory, spilled
# to a file, with a length and in chunks; and again, whole, for the next key.
# Over nginx's limit they are refused in the caller's dialect.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use Digest::SHA qw(sha256_hex);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $client = $t->client_key([$t->provider_key($provider)]);
my $failing = $t->client_key([map { $t->provider_key($provider,
	secret => "demo-key-$_") } 'bad?status=429,retry_after=1', 'good']);

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    client_max_body_size 32m;
    client_body_buffer_size 64k;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my %sizes = ('1 KiB' => 1024, 'just in memory' => 65536, 'spilled' => 65537,
	'1 MiB' => 1048576, '20 MiB' => 20 * 1048576);

for my $label (sort { $sizes{$a} <=> $sizes{$b} } keys %sizes) {
	my $body = body_of($sizes{$label});

	for my $form ('length', 'chunks') {
		$t->forget_demo_requests();
		my $answer = $t->ask('openai_chat', $client, $form eq 'chunks'
			? (chunks => [unpack '(a100000)*', $body])
			: (body => $body), timeout => 120);
		is($answer->{status}, 200, "$label, $form");
		is(($t->demo_requests())[0]{body_sha256}, sha256_hex($body),
			"$label, $form: same bytes upstream");
		cmp_ok($t->record($answer)->{request_bytes}, '>=',
			length $body, "$label, $form: bytes in the record");
	}
}

# The second attempt sends all of it again.

for my $size (1024, 1048576, 20 * 1048576) {
	my $body = body_of($size);
	$t->forget_demo_requests();
	my $answer = $t->ask('anthropic_messages', $failing, body => $body,
		timeout => 120);
	is($answer->{status}, 200, "$size bytes over two attempts");
	my @seen = $t->demo_requests();
	my %sums = map { $_->{body_sha256} => 1 } @seen;
	is("@{[sort keys %sums]}", sha256_hex($body),
		"$size bytes: the same at each attempt");
	is($seen[-1]{credential}, 'demo-key-good', "$size bytes: the good key");
	is(scalar @seen, $t->record($answer)->{attempts},
		"$size bytes: as many attempts as the record says");
}

# Too large.

for my $dialect (qw(openai_chat anthropic_messages gemini_content)) {
	my $answer = $t->ask($dialect, $client, body => 'x',
		headers => [['Content-Length', 40 * 1048576]]);
	$t->refused($dialect, $answer, 413, "$dialect, 40 MiB");
	my $record = $t->record($answer);
	is("$record->{status} $record->{outcome} $record->{error_code}",
		'413 rejected request.too_large', "$dialect, 40 MiB: record");
}

my $late = $t->ask('openai_chat', $client,
	chunks => [unpack '(a1000000)*', 'x' x (33 * 1048576)]);
$t->refused('openai_chat', $late, 413, '33 MiB in chunks');

$t->done();

sub body_of {
	my ($size) = @_;
	my $frame = '{"model":"demo-small","max_tokens":8,"messages":'
		. '[{"role":"user","content":"%s"}]}';
	my $fill = $size - length sprintf $frame, '';
	my $text = '';
	# Not the same letter all over: a piece lost or moved must show.
	$text .= sprintf '%08x', $_ * 2654435761 % 4294967296
		for 1 .. $fill / 8 + 1;
	return sprintf $frame, substr $text, 0, $fill;
}
