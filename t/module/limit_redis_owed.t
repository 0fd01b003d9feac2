#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What was used while Redis was away is told to it once it is back, out of the
# ledger: what client keys let pass meanwhile, and requests that ended then. To
# the token, once, and also when the daemon was killed before it could tell, or
# Redis came back empty.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Redis;

my $t = AIProxy->new();
my $redis = AIProxy::Redis->new($t);
$t->start_demo();
$t->start_daemon('--redis', $redis->url);

my $key = $t->provider_key($t->provider());
my %day = (requests_per_day => 100000, tokens_per_day => 100000000,
	cost_per_month => '1000');
my $probe = $t->client_key([$key], requests_per_minute => 100000);
my $open = $t->client_key([$key], %day, when_unknown => 'open',
	time_zone => 'Asia/Kathmandu');
my $closed = $t->client_key([$key], %day);

$t->start_nginx(<<"EOC");
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    aiproxy_redis @{[$redis->url]};
    aiproxy_redis_timeout 2s;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

sub status { return $t->ask('openai_chat', @_)->{status} }

ok(wait_for(sub { status($probe) == 200 }), 'it serves');
is(status($open), 200, 'as usual') for 1 .. 3;
is_told($open, 3, 'as usual');

# Paused: three that nobody counts, and one that began before it. Then the same,
# and the daemon is killed.

for my $harm (('paused', 'paused, daemon killed')) {
	my $running = stream();
	$redis->pause;
	away();
	is(status($open), 200, "$harm: let pass") for 1 .. 3;
	$running->leave;
	if ($harm ne 'paused') {
		$t->wait_records(9, "client_key_id=$open->{id}");
		$t->wait_records(2, "client_key_id=$closed->{id}");
		$t->daemon->kill_now;
		$t->start_daemon('--redis', $redis->url);
	}
	$redis->go_on;
	back();
	is_told($open, $harm eq 'paused' ? 6 : 9, $harm);
	is_told($closed, $harm eq 'paused' ? 1 : 2, "$harm: which ran");
}

# Gone, with one that runs until it is back.

my $running = stream();
my $brief = stream();
$redis->kill;
away();
is(status($open), 200, 'gone: let pass') for 1 .. 3;
$brief->leave;
$redis->start;
back();
$running->leave;
is_told($open, 12, 'empty');
is_told($closed, 4, 'empty: which ran');

$t->done();

# A stream that has begun.

sub stream {
	my $stream = $t->begin('openai_chat', $closed, stream => 1,
		fields => { max_tokens => 5000 }, fault => 'events=40,stall=2000');
	$stream->until_body(qr/^data: /m);
	return $stream;
}

sub away { ok(wait_for(sub { status($probe) == 503 }), 'Redis is away') }
sub back { ok(wait_for(sub { status($probe) == 200 }), 'Redis is back') }

# What Redis says of the client key's day and month is what the records say.

sub is_told {
	my ($client, $requests, $label) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my @records = $t->wait_records($requests, "client_key_id=$client->{id}");
	my ($tokens, $least, $most) = (0, 0, 0);
	for (@records) {
		$tokens += ($_->{input_tokens} // 0) + ($_->{output_tokens} // 0);
		# Redis counts micro-USD: of each request, or of all that it is
		# filled with, rounded up.
		$least += ($_->{cost_usd} // 0) * 1e6;
		$most += int(($_->{cost_usd} // 0) * 1e6 + 0.999999);
	}
	my ($told, $cost);
	wait_for(sub {
		($told, $cost) = (join(' ', map { field($client, $_) } qw(dr dt)),
			field($client, 'mc'));
		return $told eq "$requests $tokens" && $cost >= $least - 1e-6;
	});
	is($told, "$requests $tokens", "$label: requests and tokens");
	cmp_ok($cost, '>=', $least - 1e-6, "$label: cost");
	cmp_ok($cost, '<=', $most, "$label: and no more");
}

sub field {
	my ($client, $field) = @_;
	my $value = $redis->command('HGET', "{aiproxy}:c:$client->{id}", $field);
	return $value =~ /(\d+)/ ? $1 : 0;
}
