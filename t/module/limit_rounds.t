#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A thousand requests at once against sixty per minute, on four workers, while
# nginx is reloaded: exactly sixty pass, each time, in the state file and in
# Redis. AIPROXY_ROUNDS says how often.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(parallel);
use AIProxy::Redis;

my $rounds = $ENV{AIPROXY_ROUNDS} || 2;

for my $backend (qw(state redis)) {
	my $t = AIProxy->new();
	my $redis = $backend eq 'redis' ? AIProxy::Redis->new($t) : undef;
	$t->start_demo();
	$t->start_daemon($redis ? ('--redis', $redis->url) : ());

	my $key = $t->provider_key($t->provider());
	my $first = $t->client_key([$key], requests_per_minute => 100000);
	my $conf = <<'EOC';
%%MAIN%%
worker_processes 4;
worker_rlimit_nofile 8192;
events { worker_connections 2048; }
http {
    %%HTTP%%
    REDIS
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
    }
}
EOC
	# A machine that does much else answers late, which is no refusal.
	my $directives = $redis ? 'aiproxy_redis ' . $redis->url
		. '; aiproxy_redis_timeout 10s;' : '';
	$conf =~ s/REDIS/$directives/;
	$t->start_nginx($conf);
	ok(AIProxy::wait_for(sub {
		$t->ask('openai_chat', $first)->{status} == 200 }),
		"$backend: serves");

	for my $round (1 .. $rounds) {
		my $sixty = $t->client_key([$key], requests_per_minute => 60);
		my $bytes = $t->bytes_of('openai_chat', $sixty);
		my $reload = fork;
		if (!$reload) {
			AIProxy::wait_for(sub {
				$t->demo_requests() > 5 }, 20);
			kill HUP => $t->nginx->{pid};
			POSIX::_exit(0);
		}
		my @answers = parallel($t->proxy_port, [($bytes) x 1000]);
		waitpid $reload, 0;
		my %count;
		$count{$_->{status} || 0}++ for @answers;
		is_deeply(\%count, { 200 => 60, 429 => 940 },
			"$backend: 60 of 1,000, round $round");
		$t->forget_demo_requests();
	}
	$t->finish();
}

done_testing();
