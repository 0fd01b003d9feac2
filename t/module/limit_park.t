#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# When all keys of the pool rest, a client key may let its requests wait for
# them: until one may be had again, or until the deadline it sets.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $key = $t->provider_key($provider,
	secret => 'demo-key-parked?status=429,retry_after=2,times=1');
my $opener = $t->client_key([$key]);
my $patient = $t->client_key([$key], park_ms => 5000);
my $hasty = $t->client_key([$key], park_ms => 500);

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

is($t->ask('openai_chat', $opener)->{status}, 429, 'the key rests now');

# The deadline comes first.

my $began = time;
my $answer = $t->ask('openai_chat', $hasty);
$t->refused('openai_chat', $answer, 429, 'the deadline comes before the key');
cmp_ok(time - $began, '>=', 0.45, 'it waited until its deadline');
my $record = $t->record($answer);
is($record->{error_code}, 'pool.resting', 'its record');

# The key comes first.

$answer = $t->ask('openai_chat', $patient);
is($answer->{status}, 200, 'served when the key had rested');
cmp_ok(time - $began, '>=', 1.3, 'not before');
cmp_ok(time - $began, '<', 5, 'and before its deadline');
is($t->record($answer)->{outcome}, 'success', 'its record says so');

# A hundred requests of two client keys, one of them long before the other:
# they take turns.

my $shared = $t->provider_key($provider,
	secret => 'demo-key-shared?status=429,retry_after=2,times=1,tag=shared');
my %parked = map { $_ => $t->client_key([$shared], park_ms => 5000) }
	qw(demo-early demo-late);
is($t->ask('openai_chat', $t->client_key([$shared]))->{status}, 429,
	'their key rests');
my @answers = AIProxy::Http::parallel($t->proxy_port, [map {
	my $name = $_;
	map { $t->bytes_of('openai_chat', $parked{$name}, model => $name) }
		1 .. 50;
} qw(demo-early demo-late)]);
is(scalar(grep { $_->{status} == 200 } @answers), 100, 'all are served');

my ($ahead, $most) = (0, 0);
for my $asked (grep { $parked{$_->{model}} } $t->demo_requests()) {
	$ahead += $asked->{model} eq 'demo-early' ? 1 : -1;
	$most = abs $ahead if abs $ahead > $most;
}
is($ahead, 0, 'as many of each');
cmp_ok($most, '<', 15, 'in turns');

# Longer than the deadline: the deadline.

my $long = $t->provider_key($provider,
	secret => 'demo-key-long?status=429,retry_after=60,times=1');
is($t->ask('openai_chat', $t->client_key([$long]))->{status}, 429,
	'a key rests for a minute');
$began = time;
my $second = $t->client_key([$long], park_ms => 1000);
@answers = AIProxy::Http::parallel($t->proxy_port,
	[map { $t->bytes_of('openai_chat', $second) } 1 .. 10]);
is(scalar(grep { $_->{status} == 429
	&& $_->{headers}{'retry-after'} =~ /^(5|60)/ } @answers), 10,
	'429 at the deadline, with the time that is left');
cmp_ok(time - $began, '>=', 0.95, 'not before');

# Nothing to wait for.

$t->change_provider_key($key, is_enabled => \0);
$began = time;
$answer = $t->ask('openai_chat', $patient);
$t->refused('openai_chat', $answer, 503, 'no wait for a disabled key');

$t->done();
