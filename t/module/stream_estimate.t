#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Tokens where the provider told none: what the model wrote is counted as it
# comes, the prompt when the answer is over. The demo says as many words as it
# bills tokens, and the prompts here are of the same words: where the model's
# encoding is known, the estimate must be the truth.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use JSON::PP;

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
    server {
        listen %%PROXY%%;
        location / {
            aiproxy on;
            client_body_buffer_size 16k;
            client_max_body_size 16m;
        }
    }
}
EOC

sub prompt { return substr ' the' x $_[0], 1 }

# Whole answers and streams, without usage.

for my $case ([0, 'whole'], [1, 'stream'], [1, 'coded stream', 'gzip,']) {
	my ($stream, $label, $more) = @$case;
	$t->forget_demo_requests;
	my $record = $t->record($t->ask('openai_chat', $client,
		stream => $stream, model => 'gpt-4o', prompt => prompt(300),
		fault => ($more || '')
			. 'no_usage,plain,events=40,event_delay_ms=0'));
	my ($seen) = $t->demo_requests;
	is($record->{outcome}, 'success', "$label: outcome");
	is($record->{usage_source}, 'estimated', "$label: source");
	is($record->{output_tokens}, 80, "$label: output");
	is($record->{input_tokens}, $seen->{usage}{input_tokens},
		"$label: input");
	is($record->{input_tokens}, 307, "$label: by the rule");
}

# What was told stays as it was told.

my $record = $t->record($t->ask('openai_chat', $client, model => 'gpt-4o',
	fault => 'input=7,tokens=9,plain'));
is("$record->{usage_source} $record->{input_tokens} $record->{output_tokens}",
	'reported 7 9', 'told counts are taken as they are');

# A stream that breaks off: all that came is counted, nothing more.

my $answer = $t->ask('openai_chat', $client, stream => 1, model => 'gpt-4o',
	prompt => prompt(10), fault => 'plain,events=50,cut=6000');
$record = $t->record($answer);
my $words = () = $answer->{body} =~ / the/g;
cmp_ok($words, '>', 10, 'cut: something came');
is("$record->{outcome} $record->{usage_source}", 'failed estimated',
	'cut: record');
is($record->{output_tokens}, $words, 'cut: output');
is($record->{input_tokens}, 17, 'cut: input');

# Anthropic tells the input at the beginning; the output is ours.

$answer = $t->ask('anthropic_messages', $client, stream => 1,
	prompt => prompt(10), fields => { max_tokens => 1000 },
	fault => 'plain,events=50,cut=4000,input=123,cache_read=0');
$record = $t->record($answer);
$words = () = $answer->{body} =~ / the/g;
is("$record->{usage_source} $record->{input_tokens}", 'estimated 123',
	'Anthropic, cut: input as told');
is($record->{output_tokens}, $words, 'Anthropic, cut: four bytes a token');

# Prompts in files; beyond a megabyte they are measured, which comes to the
# same for these words. Others are served meanwhile, and the connection of the
# caller stays of use.

for my $case ([60_000, 'a file'], [400_000, 'more than a megabyte']) {
	my ($tokens, $label) = @$case;
	$record = $t->record($t->ask('openai_chat', $client, model => 'gpt-4o',
		prompt => prompt($tokens), timeout => 60,
		fault => 'no_usage,plain,events=10'));
	is("$record->{usage_source} $record->{output_tokens}", 'estimated 20',
		"$label: record");
	is($record->{input_tokens}, $tokens + 7, "$label: input");
}

# A file that ends where a page of memory does: nothing behind it is read.

my %paged = (model => 'some-model', fields => { zone => { last => 'one' } },
	fault => 'no_usage,plain,events=10');
my $size = length +($t->bytes_of('openai_chat', $client, %paged,
	prompt => '') =~ /\r\n\r\n(.*)/s)[0];
for my $behind (0, 5) {
	$record = $t->record($t->ask('openai_chat', $client, %paged,
		prompt => 'a' x (10 * 4096 - $size - $behind)));
	is($record->{usage_source}, 'estimated', "ends at a page, $behind: record");
}

# The caller leaves while its prompt is counted: the record is made all the
# same.

for my $way ('close', 'reset') {
	my $exchange = $t->begin('openai_chat', $client, stream => 1,
		model => 'gpt-4o', prompt => prompt(200_000), timeout => 60,
		fault => 'no_usage,plain,events=100,event_delay_ms=20');
	ok($exchange->until_body(qr/ the/), "$way: it streams");
	$exchange->leave(reset => $way eq 'reset');
	$record = $t->record($exchange->answer->{headers}{'x-request-id'});
	is("$record->{outcome} $record->{usage_source}", 'aborted estimated',
		"$way: record");
	is($record->{input_tokens}, 200_007, "$way: input");
}

# Nothing was said yet, but the answer had begun: the prompt is billed.

my $silent = $t->begin('openai_chat', $client, stream => 1, model => 'gpt-4o',
	prompt => prompt(50), fault => 'event_delay_ms=2000,plain');
ok($silent->until_body(qr/^data: /m), 'before any word: it streams');
$silent->leave;
$record = $t->record($silent->answer->{headers}{'x-request-id'});
is("$record->{usage_source} $record->{input_tokens} $record->{output_tokens}",
	'estimated 57 0', 'before any word: the prompt');

# Errors have no tokens, and a body that is not JSON no prompt.

$record = $t->record($t->ask('openai_chat', $client, model => 'gpt-4o',
	fault => 'status=400'));
is("$record->{usage_source} " . ($record->{input_tokens} // 'unknown'),
	'none unknown', 'an error used nothing');

is(scalar @{$t->api->read('/api/logs/running')->{items}}, 0,
	'nothing runs on');

$t->done();
