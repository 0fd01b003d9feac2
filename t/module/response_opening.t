#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A stream that says nothing before its error is served by the next key, also
# when what opens every stream came first and the error a moment later. Such an
# opening is held back for a moment only: without an error it goes on as it
# came, and before the content if that takes its time.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects text_of);
use AIProxy::Http;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider(ask_usage => \0);
my $good = $t->provider_key($provider, secret => 'demo-key-good');
my $other = $t->provider_key($provider, secret => 'demo-key-other');
my $client = $t->client_key([$good, $other]);

my %opening = (openai_chat => qr/"role":"assistant"/,
	anthropic_messages => qr/message_start/);
my %content = (openai_chat => qr/"delta":\{"content":"[^"]/,
	anthropic_messages => qr/text_delta/);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

sub fate {
	my $record = $t->record($_[0]);
	return join ' ', map { $_ // 'null' }
		@$record{qw(status outcome error_code usage_source)};
}

# The error comes 50 ms behind what opens the stream.

for my $dialect (@dialects) {
	my $bad = $t->provider_key($provider, priority => 1, secret =>
		"demo-key-$dialect?events=0,error_event,event_delay_ms=50");
	my $pool = $t->client_key([$bad, $good], strategy => 'priority');
	my $answer = $t->ask($dialect, $pool, stream => 1);
	my $record = $t->record($answer);
	is("$answer->{status} $record->{attempts} $record->{outcome}",
		'200 2 success', "$dialect: the next key serves");
	unlike($answer->{body}, qr/error/, "$dialect: nobody saw the error");
	ok(length text_of($dialect, $answer), "$dialect: its content");
	is($record->{attempt_list}[0]{result}, 'next', "$dialect: attempt");

	# Nobody is left who could serve: it passes as it came.

	my $lone = $t->provider_key($provider, secret =>
		"demo-key-$dialect-lone?events=0,error_event,event_delay_ms=50");
	$answer = $t->ask($dialect, $t->client_key([$lone]), stream => 1);
	like($answer->{body}, qr/error/, "$dialect: the last one passes");
	is(fate($answer), '200 failed upstream.error_event '
		. ($dialect eq 'anthropic_messages' ? 'partial' : 'none'),
		"$dialect: as what it was");
}

# Behind content it cannot be taken back, and what was written is counted.

for my $dialect (@dialects) {
	my $answer = $t->ask($dialect, $client, stream => 1,
		fault => 'events=40,error_event,event_delay_ms=0');
	like($answer->{body}, qr/error/, "$dialect: an error in the middle");
	like(fate($answer), qr/^200 failed upstream.error_event (estimated|partial)$/,
		"$dialect: it failed in the middle");
	cmp_ok($t->record($answer)->{output_tokens}, '>', 0,
		"$dialect: what was written");
}

# The same bytes, however they come.

for my $dialect (@dialects) {
	for my $form ('event_delay_ms=0', 'event_delay_ms=20', 'split=1',
		'split=7', 'crlf', 'comments', 'no_done', 'chunked=0')
	{
		my $fault = "seed=$dialect-$form,events=3,$form";
		$t->forget_demo_requests();
		my $answer = $t->ask($dialect, $client, stream => 1,
			fault => $fault);
		my ($seen) = grep { $_->{method} eq 'POST' }
			reverse $t->demo_requests();
		is("$answer->{status} " . length $answer->{body},
			"200 $seen->{sent_bytes}", "$dialect, $form: as it came");
		is($t->record($answer)->{attempts}, 1, "$dialect, $form: once");
	}
}

# The content takes its time: what opens the stream does not wait for it.

for my $dialect (sort keys %opening) {
	my $exchange = $t->begin($dialect, $client, stream => 1,
		fault => 'event_delay_ms=3000,events=1');
	ok($exchange->until_body($opening{$dialect}), "$dialect: it opens");
	unlike($exchange->answer->{body}, $content{$dialect},
		"$dialect: before its content");
	ok($exchange->until_body($content{$dialect}), "$dialect: then it");
	is($exchange->finish->{complete}, 1, "$dialect: to its end");
}

# A provider that closes behind the opening: nothing is lost, nobody hangs.

for my $dialect (sort keys %opening) {
	my $answer = $t->ask($dialect, $client, stream => 1, timeout => 20,
		fault => 'event_delay_ms=5000,cut=40');
	is(length $answer->{body}, 40, "$dialect: cut short, as it came");
	is($answer->{complete}, 0, "$dialect: and not whole");
}

# A caller who leaves meanwhile.

for my $dialect (sort keys %opening) {
	my $exchange = $t->begin($dialect, $client, stream => 1,
		fault => "event_delay_ms=3000,tag=left-$dialect");
	wait_for(sub { grep { ($_->{sent_bytes} || 0) > 0 && !$_->{ended}
		&& $_->{dialect} eq $dialect } $t->demo_requests() });
	$exchange->leave();
}
is(scalar(grep { $_->{outcome} eq 'aborted' }
	$t->wait_records(2, 'outcome=aborted')), 2, 'callers who left');

$t->done();
