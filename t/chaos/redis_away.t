#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Redis is paused, stopped, back without anything and slow, REDIS_ROUNDS (20)
# times each, while requests come: each client key's policy holds, no request
# waits longer than the deadline and 50 ms, and two seconds after Redis answers
# again all is as before. How long a request waited is what its record says.

use warnings;
use strict;

use Test::More;
use Time::HiRes qw(time);

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(parallel);
use AIProxy::Redis;
use AIProxy::SlowLink;

# With little time it runs beside much else, which takes its own.
my $short = $ENV{CHAOS_SECONDS} && $ENV{CHAOS_SECONDS} < 120;
my $rounds = $ENV{REDIS_ROUNDS} || ($short ? 2 : 20);
my $busy_ms = $short ? 450 : 0;
my $deadline_ms = 200;

my $t = AIProxy->new();
my $redis = AIProxy::Redis->new($t);
my $link = AIProxy::SlowLink->start($redis->{port});
$t->start_demo();
$t->start_daemon('--redis', $redis->url);

my $key = $t->provider_key($t->provider());
my $probe = $t->client_key([$key], requests_per_minute => 1000000);
$t->start_nginx(<<"EOC");
%%MAIN%%
worker_processes 2;
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
back('at first', time());

my (%longest, %latest);
for my $round (1 .. $rounds) {
	harm($round, 'paused', sub { $redis->pause }, sub { $redis->go_on });
	harm($round, 'stopped', sub { $redis->kill }, sub { $redis->start });
	harm($round, 'slow', sub { $link->delay(2 * $deadline_ms) },
		sub { $link->delay(0) });
}
diag(sprintf '%s: longest wait %d ms, back after %d ms', $_, $longest{$_},
	1000 * $latest{$_}) for sort keys %longest;
$t->done();

sub harm {
	my ($round, $name, $begin, $end) = @_;
	my $label = "$name, round $round";
	my %client = (
		closed => $t->client_key([$key], requests_per_minute => 100000),
		open => $t->client_key([$key], requests_per_minute => 2,
			when_unknown => 'open'),
		half => $t->client_key([$key], requests_per_minute => 6,
			when_unknown => 'fraction', local_percent => 50));

	$begin->();
	my @who = (('closed') x 30, ('open') x 10, ('half') x 10);
	my @answers = parallel($t->proxy_port,
		[map { $t->bytes_of('openai_chat', $client{$_}) } @who]);
	my (%count, $longest);
	for my $i (0 .. $#who) {
		$count{"$who[$i] $answers[$i]{status}"}++;
		my $record = $t->record($answers[$i]);
		my $waited = $record->{attempts}
			? $record->{attempt_list}[0]{started_ms} : $record->{duration_ms};
		$longest = $waited if $waited > ($longest // 0);
	}
	is_deeply(\%count, { 'closed 503' => 30, 'open 200' => 10,
		'half 200' => 3, 'half 429' => 7 }, "$label: as each says")
		or diag(explain(\%count));
	cmp_ok($longest, '<=', $deadline_ms + 50 + $busy_ms,
		"$label: none waits longer: $longest ms");
	$longest{$name} = $longest if $longest > ($longest{$name} // 0);

	my $begun = time();
	$end->();
	my $took = back($label, $begun);
	$latest{$name} = $took if $took > ($latest{$name} // 0);
}

sub back {
	my ($label, $begun) = @_;
	ok(wait_for(sub { $t->ask('openai_chat', $probe)->{status} == 200 }),
		"$label: it serves");
	my $took = time() - $begun;
	cmp_ok($took, '<=', 2 + $busy_ms / 1000,
		sprintf "$label: after %.2f s", $took);
	return $took;
}
