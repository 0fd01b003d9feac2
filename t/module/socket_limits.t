#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A WebSocket is charged turn by turn, in the state file and in Redis: what a
# response used counts when it is done, what was reserved comes back at the end,
# and who has no room left is told behind the turn.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Redis;
use AIProxy::WebSocket;

for my $backend (qw(state redis)) {
	my $t = AIProxy->new();
	my $redis = $backend eq 'redis' ? AIProxy::Redis->new($t) : undef;
	$t->start_demo();
	$t->start_daemon($redis ? ('--redis', $redis->url) : ());
	my $key = $t->provider_key($t->provider());
	my $client = $t->client_key([$key], tokens_per_minute => 10000,
		max_output_tokens => 1000);
	my $conf = <<'EOC';
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    REDIS
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC
	my $directives = $redis ? 'aiproxy_redis ' . $redis->url
		. '; aiproxy_redis_timeout 10s;' : '';
	$conf =~ s/REDIS/$directives/;
	$t->start_nginx($conf);
	my $free = $t->client_key([$key], requests_per_minute => 1000);
	ok(AIProxy::wait_for(sub {
		$t->ask('openai_chat', $free)->{status} == 200 }),
		"$backend: serves");

	my $used = sub {
		return $t->api->read("/api/client-keys/$client->{id}/limits")
			->{limits}[0]{used};
	};
	my $is_used = sub {
		my ($tokens, $label) = @_;
		ok(AIProxy::wait_for(sub { $used->() == $tokens }, 5),
			"$backend: $label") or diag($used->());
	};
	my $open = sub {
		return AIProxy::WebSocket->open($t->proxy_port,
			key => $client->{key}, headers => [$t->fault(
				'event_delay_ms=0,input=1000,tokens=100')]);
	};
	my $turn = sub {
		$_[0]->say({ type => 'response.create' });
		return scalar $_[0]->until_event('response.done');
	};

	my $socket = $open->();
	$is_used->(1001, 'a turn is reserved');
	for my $done (1 .. 3) {
		$turn->($socket);
		$is_used->(1001 + 1100 * $done, "$done turns are charged");
	}
	$socket->close;
	$is_used->(3300, 'at the end only what was used');

	$socket = $open->();
	my $turns = 0;
	while ($turns < 20 && $turn->($socket)) {
		$turns++;
		my $fits = 3300 + 1001 + 1100 * $turns <= 10000;
		$is_used->(3300 + 1001 + 1100 * $turns, "turn $turns") if $fits;
		last unless $fits;
	}
	$turns += $turn->($socket) ? 1 : 0 if $redis;
	my ($last, $late) = (undef, 0);
	while (my $frame = $socket->next) { $last = $frame }
	# The answer about a turn may come behind the next one.
	if ($redis && !$last) {
		$late = $turn->($socket) ? 1 : 0;
		while (my $frame = $socket->next) { $last = $frame }
	}
	$turns += $late;
	is($last && unpack('n', $last->[1]), 1008, "$backend: closed by policy");
	is($last && substr($last->[1], 2), 'limit.tokens_per_minute',
		"$backend: and told why");
	is($turns, $redis ? 7 + $late : 6, "$backend: behind the turn that passed it");
	$is_used->(3300 + 1100 * $turns, 'all of it is counted');
	$t->finish();
}

done_testing();
