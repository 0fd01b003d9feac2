#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A provider that speaks no known dialect, entered only as data: its usage is
# read by rules, from an answer or a stream, within a second of a change.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::RawServer;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my @events = ('{"stats":{"read":40}}', '{"piece":"good day"}',
	'{"stats":{"wrote":5,"thought":2}}');
my $whole = '{"kind":"chat","who":"m1","piece":"good day","stats":'
	. '{"read":40,"hit":16,"wrote":5,"thought":2,"lookups":3}}';
my $raw = AIProxy::RawServer->start($t, sub {
	my ($socket, $head, $body) = @_;
	my $stream = $head =~ m{/stream };
	my $answer = $stream ? join '', map { "data: $_\n\n" } @events : $whole;
	return "HTTP/1.1 200 OK\r\ncontent-type: "
		. ($stream ? 'text/event-stream' : 'application/json')
		. "\r\ncontent-length: " . length($answer) . "\r\n\r\n$answer";
});

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my %rules = (input => 'stats.read', cache_read => 'stats.hit',
	output => 'sum(stats.wrote, stats.thought)',
	reasoning => 'stats.thought', web_searches => 'default(stats.lookups, 0)',
	model => 'who', text => 'piece');
my $provider = $t->provider(base_url => $raw->url, usage_mapping => \%rules);
my $client = $t->client_key([$t->provider_key($provider)]);
my $entered = time;

# What it says, by the rules.

my $record = ask('/v1/talk');
cmp_ok(time - $entered, '<', 15, 'metered soon after it was entered');
is("$record->{usage_source} $record->{model_served}", 'reported m1', 'answer');
is(join(' ', map { $record->{usage}{$_} // '-' } qw(input_tokens
	cache_read_tokens output_tokens reasoning_tokens)), '40 16 7 2',
	'answer: the counts');
is_deeply($record->{usage}{more}, { web_searches => 3 },
	'answer: a rare count');

$record = ask('/v1/stream');
is(join(' ', map { $record->{usage}{$_} // '-' } qw(input_tokens
	output_tokens reasoning_tokens)), '40 7 2',
	'stream: over its events');

# Other rules are in force when the change is answered.

$t->api->change("/api/providers/$provider->{id}", { usage_mapping => {
	input => 'when(kind, "chat", 11, 22)', output => 'first(no.such, stats.hit)' } });
$record = ask('/v1/talk');
is("$record->{input_tokens} $record->{output_tokens}", '11 16',
	'changed rules: a condition, and the first that is there');

# Without rules its dialect is asked, which finds nothing.

$t->api->change("/api/providers/$provider->{id}", { usage_mapping => undef });
is(ask('/v1/talk')->{usage_source}, 'none', 'no rules: nothing is known');

$t->done();

sub ask {
	my ($path) = @_;
	my $answer = $t->ask('openai_chat', $client, path => $path,
		body => '{"say":"hello"}');
	is($answer->{status}, 200, $path);
	return $t->record($answer);
}
