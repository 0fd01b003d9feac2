#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What the provider sends is what the caller gets, byte for byte, however the
# bytes are split, streamed or whole; what we asked for ourselves (OpenAI's
# usage event) is hidden, and only that. And it is sent on at once.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of usage_of);
use AIProxy::Http qw(request);
use Digest::SHA qw(sha256_hex);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $client = $t->client_key([$t->provider_key($t->provider())]);
my $quiet = $t->client_key([$t->provider_key($t->provider(
	ask_usage => JSON::PP::false))]);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my $usage = { fields => { stream_options =>
	{ include_usage => JSON::PP::true } } };
my %gemini_array = (path => '/v1beta/models/demo-small:streamGenerateContent');
my @shapes = (
	['whole', {}, @dialects],
	['stream', { stream => 1 }, @dialects],
	['stream, usage asked', { stream => 1, %$usage }, 'openai_chat'],
	['array', { stream => 1, %gemini_array }, 'gemini_content'],
);
my @forms = ('event_delay_ms=0', 'event_delay_ms=1',
	(map { "event_delay_ms=0,split_pause_us=0,split=$_" } 1, 2, 3, 7, 61,
		1000),
	'event_delay_ms=0,crlf=1', 'event_delay_ms=0,crlf=0,comments',
	'event_delay_ms=0,usage_every', 'event_delay_ms=0,chunked=0',
	'event_delay_ms=0,chunked=1', 'event_delay_ms=0,events=300',
	'event_delay_ms=0,big=300000', 'event_delay_ms=0,big=70000,split=4096',
	'event_delay_ms=0,no_done', 'event_delay_ms=0,no_usage',
	'event_delay_ms=0,error_event');

for my $shape (@shapes) {
	my ($label, $options, @of) = @$shape;

	for my $dialect (@of) {
		for my $form (@forms) {
			same($dialect, "$dialect, $label, $form", $options,
				"$form,seed=s");
		}
	}
}

# Hidden is what we asked for: the provider was asked, the caller sees nothing,
# the record has the numbers.

for my $case (['we ask', $client, {}, 1, 0, 'reported'],
	['the caller asks', $client, $usage, 1, 1, 'reported'],
	['nobody asks', $quiet, {}, 0, 0, 'estimated'])
{
	my ($label, $key, $options, $upstream, $seen, $source) = @$case;
	$t->forget_demo_requests();
	my $answer = $t->ask('openai_chat', $key, stream => 1, %$options);
	my $request = ($t->demo_requests())[0];
	is($request->{body} =~ /"include_usage":true/ ? 1 : 0, $upstream,
		"$label: upstream");
	is(usage_of($answer) ? 1 : 0, $seen, "$label: caller");
	like($answer->{body}, qr/data: \[DONE\]\n\n\z/, "$label: the end");
	my $record = $t->record($answer);
	is($record->{usage_source}, $source, "$label: record");
	my $wrong = abs($record->{output_tokens} - $request->{usage}{output_tokens});
	cmp_ok($wrong, '<=', $source eq 'reported' ? 0
		: 0.1 * $request->{usage}{output_tokens}, "$label: tokens");
}

# stream_options with other members keeps them.

$t->forget_demo_requests();
my $kept = $t->ask('openai_chat', $client, stream => 1,
	body => '{"model":"demo-small","stream":true,"stream_options":'
	. '{"include_obfuscation":false},"messages":'
	. '[{"role":"user","content":"hi"}]}');
is($kept->{status}, 200, 'stream_options with something else');
my $body = JSON::PP::decode_json(($t->demo_requests())[0]{body});
is_deeply([map { "$_ " . ($body->{stream_options}{$_} ? 1 : 0) }
	sort keys %{$body->{stream_options}}],
	['include_obfuscation 0', 'include_usage 1'], 'both members upstream');
is(usage_of($kept), undef, 'usage hidden there too');

# At once: the first event is here while the provider still holds the others.

for my $dialect (@dialects) {
	my $exchange = $t->begin($dialect, $client, stream => 1,
		fault => 'events=3,event_delay_ms=1500');
	ok($exchange->until_body(qr/^data: .*\n\r?\n/m),
		"$dialect: first event");
	my ($state) = grep { !$_->{ended} } $t->demo_requests();
	ok($state, "$dialect: before the provider has ended");
	is($exchange->finish->{complete}, 1, "$dialect: whole in the end");
}

# Compressed answers: not asked for, but passed if they come. What we asked for
# cannot be taken out of them, so this caller asks for its usage itself.

for my $dialect (@dialects) {
	same($dialect, "$dialect, gzip", { stream => 1,
		$dialect eq 'openai_chat' ? %$usage : () },
		'event_delay_ms=0,gzip,seed=s');
}

# Headers of the answer.

my $answer = $t->ask('openai_chat', $client,
	fault => 'header=X-Accel-Redirect:/secret,header=X-Custom:kept,'
	. 'header=X-Request-Id:of-the-provider,header=Set-Cookie:a=b');
is($answer->{status}, 200, 'X-Accel-Redirect is not obeyed');
is($answer->{headers}{'x-custom'}, 'kept', 'headers pass');
is($answer->{headers}{'x-provider-request-id'}, 'of-the-provider',
	"the provider's request id has another name");
is(scalar(grep { lc $_->[0] eq 'x-request-id' } @{$answer->{header_list}}), 1,
	'ours is the only X-Request-Id');
is($t->record($answer)->{provider_request_id}, 'of-the-provider',
	'and is in the record');

# A worker remembers what names mean, in a table that these are too many for;
# some are too long for it.

my $long = 'X' . '-Long' x 9;
my $hidden = 'X-Envoy-' . 'Upstream-' x 4 . 'Time';

for my $round (1 .. 3) {
	my @names = map { "X-Of-Many-$round-$_" } 1 .. 180;
	my $many = $t->ask('openai_chat', $client, fault => join ',',
		(map { "header=$_:of $_" } @names), "header=$long:kept",
		"header=$hidden:hidden", 'header=CF-Ray:hidden');
	is(scalar(grep { ($many->{headers}{lc $_} // '') eq "of $_" } @names), 180,
		"many names, round $round: all pass");
	is($many->{headers}{lc $long}, 'kept', 'a long one passes');
	is_deeply([grep { defined } @{$many->{headers}}{lc $hidden, 'cf-ray'}], [],
		'and what is hidden does not');
}

my $large = $t->ask('openai_chat', $client, fault => 'header_bytes=200000');
$t->refused('openai_chat', $large, 502, 'a header beyond all bounds');
is($t->record($large)->{status}, 502, 'its record');

$t->done();

# The same request direct and through the gateway: equal status, type, bytes.

sub same {
	my ($dialect, $label, $options, $fault) = @_;

	my $headers = [$t->fault($fault)];
	my ($method, $path, $given, $body) = ask_of($dialect, %$options,
		key => 'demo-key-direct', headers => $headers);
	my $direct = request($t->demo_port, $method, $path, headers => $given,
		body => $body);
	my $through = $t->ask($dialect, $client, %$options,
		headers => $headers);

	my @a = map { join ' ', $_->{status}, $_->{complete},
		$_->{headers}{'content-type'} // 'none',
		length $_->{body}, sha256_hex($_->{body}) } $direct, $through;
	is($a[1], $a[0], $label) or diag(first_difference($direct->{body},
		$through->{body}));
}

sub first_difference {
	my ($a, $b) = @_;
	my $at = 0;
	$at++ while $at < length $a && $at < length $b
		&& substr($a, $at, 1) eq substr($b, $at, 1);
	return "at $at, direct:  " . substr($a, $at, 200)
		. "\n        gateway: " . substr($b, $at, 200);
}
