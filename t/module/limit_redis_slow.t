#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A Redis behind a slow link: who waits in vain is answered as its client key
# says, no later than the deadline; then nobody waits until Redis answers in
# time; and all is as before soon after.

use warnings;
use strict;

use Test::More;
use Time::HiRes qw(time);

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(parallel);
use AIProxy::Redis;
use AIProxy::SlowLink;

my $deadline_ms = 200;

# Beyond the 50 ms that are promised: what a machine may take that does much
# else at the same time.
my $busy_ms = 450;

my $t = AIProxy->new();
my $redis = AIProxy::Redis->new($t);
my $link = AIProxy::SlowLink->start($redis->{port});
$t->start_demo();
$t->start_daemon('--redis', $redis->url);

my $key = $t->provider_key($t->provider());
my $closed = $t->client_key([$key], requests_per_minute => 100000);
my $open = $t->client_key([$key], requests_per_minute => 2,
	when_unknown => 'open');
my $half = $t->client_key([$key], requests_per_minute => 6,
	when_unknown => 'fraction', local_percent => 50);

$t->start_nginx(<<"EOC");
%%MAIN%%
worker_processes 1;
events { worker_connections 1024; }
http {
    %%HTTP%%
    aiproxy_redis redis://127.0.0.1:$link->{port}/1;
    aiproxy_redis_timeout ${deadline_ms}ms;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

sub ask { return $t->ask('openai_chat', @_) }

sub back {
	my ($label) = @_;
	my $begun = time();
	ok(AIProxy::wait_for(sub { ask($closed)->{status} == 200 }),
		"$label: it serves");
	my $took = time() - $begun;
	cmp_ok($took, '<', 2 + $busy_ms / 1000, sprintf(
		"$label: after %.2f s", $took));
}

back('at first');

# Each way. An answer that takes more than a second would end the connection.
for my $delay (20, 250) {
	$link->delay($delay);
	my $bytes = $t->bytes_of('openai_chat', $closed);
	my @answers = parallel($t->proxy_port, [($bytes) x 50]);
	my %count;
	$count{$_->{status}}++ for @answers;
	if ($delay < $deadline_ms / 2) {
		is($count{200}, 50, 'a little slow: all pass');
		next;
	}
	is($count{503}, 50, 'too slow: closed');
	my @waits = sort { $a <=> $b }
		map { $t->record($_)->{duration_ms} } @answers;
	cmp_ok($waits[-1], '<=', $deadline_ms + 50 + $busy_ms,
		"none waits longer: $waits[-1] ms");

	# From now on nobody waits.
	my $answer = ask($closed);
	is($answer->{status}, 503, 'closed still');
	cmp_ok($t->record($answer)->{duration_ms}, '<', $deadline_ms,
		'and not after a wait');
	is(ask($open)->{status}, 200, "open, $_") for 1 .. 4;
	is(scalar(grep { ask($half)->{status} == 200 } 1 .. 6), 3,
		'half of six');
	$link->delay(0);
	back('quick again');
}

# What came late was taken back: nothing is in flight, and no charge is left.

ok(AIProxy::wait_for(sub { $redis->command('--scan', '--pattern',
	'{aiproxy}:q:*') !~ /:q:/ }), 'no charge is left');

# Paused.

$redis->pause;
my $bytes = $t->bytes_of('openai_chat', $closed);
my @answers = parallel($t->proxy_port, [($bytes) x 50]);
is(scalar(grep { $_->{status} == 503 } @answers), 50, 'paused: closed');
my ($longest) = sort { $b <=> $a } map { $t->record($_)->{duration_ms} } @answers;
cmp_ok($longest, '<=', $deadline_ms + 50 + $busy_ms,
	"none waits longer: $longest ms");
$redis->go_on;
back('goes on');

# Stopped, and started without anything.

$redis->kill;
is(ask($closed)->{status}, 503, 'stopped: closed');
$redis->start;
back('empty');

$t->done();
