#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Limits that nodes share in Redis: exact over two nodes; a request that was
# refused consumed nothing; what was not used comes back. While Redis is
# paused, gone or empty each client key's policy holds, nobody waits for long,
# and all is as before by itself once it is back, days and months included.

use warnings;
use strict;

use Test::More;
use Time::HiRes qw(time);

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(error_of);
use AIProxy::Http qw(parallel);
use AIProxy::Redis;

my $t = AIProxy->new();
my $redis = AIProxy::Redis->new($t);
$t->start_demo();
$t->start_daemon('--redis', $redis->url);

my $key = $t->provider_key($t->provider());
my $sixty = $t->client_key([$key], requests_per_minute => 60);
my $tokens = $t->client_key([$key], tokens_per_minute => 4000);
my $flight = $t->client_key([$key], max_in_flight => 2);
my $day = $t->client_key([$key], requests_per_day => 3);
my $closed = $t->client_key([$key], requests_per_minute => 1000);
my $open = $t->client_key([$key], requests_per_minute => 2,
	when_unknown => 'open');
my $half = $t->client_key([$key], requests_per_minute => 6,
	when_unknown => 'fraction', local_percent => 50);
my $free = $t->client_key([$key]);

my $conf = <<'EOC';
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 8192;
events { worker_connections 2048; }
http {
    %%HTTP%%
    aiproxy_redis REDIS;
    aiproxy_redis_timeout 200ms;
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
    }
}
EOC
$conf =~ s/REDIS/$redis->url/e;

$t->start_nginx($conf);

# Another node: its own folders and daemon, the same database and Redis.

my $other = AIProxy->new();
$other->{database} = "sqlite:$t->{dir}/aiproxy.db";
$other->{password} = $t->{password};
$other->start_daemon('--redis', $redis->url,
	'--master-key-file', "$t->{dir}/master.key");
$other->start_nginx($conf);

sub ask { return $t->ask('openai_chat', @_) }

for my $node ($t, $other) {
	ok(AIProxy::wait_for(sub {
		$node->ask('openai_chat', $closed)->{status} == 200 }),
		'the node serves, and Redis is filled');
}

sub passed {
	my ($node, $number, $client, %o) = @_;
	my $bytes = $node->bytes_of('openai_chat', $client, %o);
	my @answers = parallel($node->proxy_port, [($bytes) x $number]);
	return scalar grep { $_->{status} == 200 } @answers;
}

# Exactly sixty, over two nodes.

pipe(my $from, my $to) or die;
my $child = fork;
if (!$child) {
	my $n = passed($other, 200, $sixty);
	syswrite $to, "$n\n";
	POSIX::_exit(0);
}
my $here = passed($t, 200, $sixty);
my $there = readline $from;
waitpid $child, 0;
is($here + $there, 60, "60 of 400 on two nodes: $here and " . (0 + $there));
my $refused = ask($sixty);
is($refused->{status}, 429, 'none is left');
like(error_of('openai_chat', $refused),
	qr/requests_per_minute of the client key: 60 of 60 used/, 'by name');
cmp_ok($refused->{headers}{'retry-after'}, '<=', 64, 'until when');
is($other->ask('openai_chat', $sixty)->{status}, 429, 'nor on the other');

# Tokens are reserved and come back.

is(ask($tokens, fields => { max_tokens => 5000 })->{status}, 429,
	'more than the limit');
for (1 .. 5) {
	my $answer;
	ok(AIProxy::wait_for(sub {
		$answer = ask($tokens, fields => { max_tokens => 3000 });
		$answer->{status} == 200 }, 10), "what was not used is there again");
	cmp_ok($answer->{headers}{'x-ratelimit-remaining-tokens'}, '>', 0,
		'what is left is told') if $_ == 1;
}

# In flight on both nodes together.

my @running = map { $_->begin('openai_chat', $flight, stream => 1,
	fault => 'stall=1') } $t, $other;
$_->until_head() for @running;
is(ask($flight)->{status}, 429, 'two are in flight');
$_->leave() for @running;
ok(AIProxy::wait_for(sub { ask($flight)->{status} == 200 }), 'room again');

# A day that is used up, and in the database.

is(ask($day)->{status}, 200, "$_ of 3 a day") for 1 .. 3;
is(ask($day)->{status}, 429, 'the day is used up');
$t->wait_records(4, "client_key_id=$day->{id}");

# Paused: nobody waits longer than the deadline, and each policy holds.

sub policies {
	my ($why) = @_;
	my $longest = 0;
	my $timed = sub {
		my $begun = time();
		my $answer = ask(@_);
		my $took = time() - $begun;
		$longest = $took if $took > $longest;
		return $answer;
	};
	my $answer = $timed->($closed);
	is($answer->{status}, 503, "$why: closed");
	$t->refused('openai_chat', $answer, 503, "$why: closed, its shape");
	is($t->record($answer)->{error_code}, 'limit.unknown', "$why: recorded");
	is($timed->($open)->{status}, 200, "$why: open, $_") for 1 .. 4;
	my $passed = grep { $timed->($half)->{status} == 200 } 1 .. 6;
	cmp_ok($passed, '<=', 3, "$why: half of six at the most");
	is($timed->($free)->{status}, 200, "$why: without a limit");
	cmp_ok($longest, '<', 1.5, "$why: nobody waits for long");
	return $passed;
}

sub back {
	my ($why) = @_;
	my $begun = time();
	ok(AIProxy::wait_for(sub { ask($closed)->{status} == 200 }), "$why: back");
	note(sprintf '%s: back after %.2f s', $why, time() - $begun);
	is(ask($day)->{status}, 429, "$why: the day is still used up");
}

$redis->pause;
is(policies('paused'), 3, 'half of six pass');
$redis->go_on;
back('paused');

# Gone, and back without anything.

$redis->kill;
policies('gone');
$redis->start;
back('empty');

# Through a reload.

$t->reload_nginx();
is(ask($closed)->{status}, 200, 'after a reload');
is(ask($day)->{status}, 429, 'which forgets nothing');

$other->stop();
$t->done();
