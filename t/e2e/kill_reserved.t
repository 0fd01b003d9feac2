#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# kill -9 of a worker with reservations open: afterwards what is reserved is
# that of the requests that still run, in the state file and in Redis. What the
# dead ones had really sent stays counted. AIPROXY_ROUNDS says how often.

use warnings;
use strict;

use Test::More;
use Time::HiRes qw(time);

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Redis;

my $rounds = $ENV{AIPROXY_ROUNDS} || 2;
my $streams = 200;
my $most = 5000;

for my $backend (qw(state redis)) {
	my $t = AIProxy->new();
	my $redis = $backend eq 'redis' ? AIProxy::Redis->new($t) : undef;
	$t->expect_alert(qr/exited on signal 9/);
	$t->start_demo();
	$t->start_daemon($redis ? ('--redis', $redis->url) : ());
	my $key = $t->provider_key($t->provider(), tokens_per_minute => 1000000000);
	my $conf = <<'EOC';
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 4096;
events { worker_connections 1024; accept_mutex off; }
http {
    %%HTTP%%
    REDIS
    server {
        listen %%PROXY%% reuseport;
        location / { aiproxy on; }
    }
}
EOC
	my $directives = $redis ? 'aiproxy_redis ' . $redis->url
		. '; aiproxy_redis_timeout 10s;' : '';
	$conf =~ s/REDIS/$directives/;
	$t->start_nginx($conf);

	for my $round (1 .. $rounds) {
		round($t, $redis, $key, "$backend, round $round");
	}
	$t->finish();
}

done_testing();

sub round {
	my ($t, $redis, $key, $label) = @_;
	my $client = $t->client_key([$key], tokens_per_day => 1000000000,
		max_in_flight => 100000);
	my %use = (use_of($t, $client));

	my @open = map { $t->begin('openai_chat', $client, stream => 1,
		fields => { max_tokens => $most },
		fault => 'events=4000,event_delay_ms=100') } 1 .. $streams;
	$_->until_body(qr/^data: /m) for @open;
	%use = use_of($t, $client);
	my $each = $use{tokens} / $streams;
	cmp_ok($each, '>', $most, "$label: all is reserved");
	is($use{in_flight}, $streams, "$label: in flight");
	is(charges($redis), $streams, "$label: charges in Redis") if $redis;

	my ($victim) = $t->worker_pids();
	kill KILL => $victim;
	ok(AIProxy::wait_for(sub { $t->worker_pids() == 2 }), "$label: killed");
	my $dead = cut(@open);
	my $alive = $streams - $dead;
	cmp_ok($dead, '>', 0, "$label: $dead died");
	cmp_ok($alive, '>', 0, "$label: $alive go on");

	# Each of the dead had come to its prompt and a few events.
	my $spent = ($each - $most) + 200;
	ok(AIProxy::wait_for(sub {
		%use = use_of($t, $client);
		return $use{in_flight} == $alive
			&& $use{tokens} < $alive * $each + $dead * $spent;
	}), "$label: what is reserved is what runs")
		or diag("tokens $use{tokens}, in flight $use{in_flight}, each $each");
	cmp_ok($use{tokens}, '>=', $alive * $each + $dead,
		"$label: and what was sent stays counted");
	ok(AIProxy::wait_for(sub { charges($redis) == $alive }),
		"$label: a charge for each that runs") if $redis;

	$_->leave for @open;
	ok(AIProxy::wait_for(sub {
		%use = use_of($t, $client);
		return $use{in_flight} == 0 && $use{tokens} < $streams * $spent;
	}), "$label: at the end nothing is reserved")
		or diag("tokens $use{tokens}, in flight $use{in_flight}");
	ok(AIProxy::wait_for(sub { charges($redis) == 0 }),
		"$label: nor is a charge left") if $redis;
}

sub use_of {
	my ($t, $client) = @_;
	my %used = map { $_->{limit_name} => $_->{used} } @{
		$t->api->read("/api/client-keys/$client->{id}/limits")->{limits}};
	return (tokens => $used{tokens_per_day},
		in_flight => $used{in_flight});
}

sub charges {
	my ($redis) = @_;
	return scalar grep { /:q:/ }
		split /\n/, $redis->command('--scan', '--pattern', '{aiproxy}:q:*');
}

# How many of the exchanges were cut, once each has either ended or gone on.

sub cut {
	my @open = @_;
	my $end = time() + 5;
	while (time() < $end) {
		for my $one (@open) {
			while (!$one->{eof} && $one->{select}->can_read(0)) {
				last unless $one->more;
			}
		}
		select undef, undef, undef, 0.2;
	}
	return scalar grep { $_->{eof} } @open;
}
