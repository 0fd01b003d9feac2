#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Limits of provider keys in Redis: the script picks the first of the order that
# has room, over two nodes, in the one round trip that charges client key and
# user; a retry books the next of the order; what it did not use goes back.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(parallel);
use AIProxy::Redis;

my $t = AIProxy->new();
my $redis = AIProxy::Redis->new($t);
$t->start_demo();
$t->start_daemon('--redis', $redis->url);

my $provider = $t->provider();
my $five = $t->provider_key($provider, requests_per_minute => 5,
	priority => 1);
my $seven = $t->provider_key($provider, requests_per_minute => 7,
	priority => 2);
my $free = $t->provider_key($provider, priority => 3);
my $flight = $t->provider_key($provider, max_in_flight => 1, priority => 1);
my $failing = $t->provider_key($provider, tokens_per_minute => 100000,
	priority => 1, secret => 'demo-key-fails?status=500');
my $saved = $t->provider_key($provider, tokens_per_minute => 100000,
	priority => 2);
my $in_turn = $t->client_key([$five, $seven, $free], strategy => 'priority',
	requests_per_minute => 1000);
my $narrow = $t->client_key([$five, $seven], strategy => 'priority');
my $alone = $t->client_key([$flight], strategy => 'priority');
my $retried = $t->client_key([$failing, $saved], strategy => 'priority',
	tokens_per_minute => 100000);

my $conf = <<'EOC';
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 8192;
events { worker_connections 2048; }
http {
    %%HTTP%%
    aiproxy_redis REDIS;
    aiproxy_redis_timeout 10s;
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
    }
}
EOC
$conf =~ s/REDIS/$redis->url/e;
$t->start_nginx($conf);

my $other = AIProxy->new();
$other->{database} = "sqlite:$t->{dir}/aiproxy.db";
$other->{password} = $t->{password};
$other->start_daemon('--redis', $redis->url,
	'--master-key-file', "$t->{dir}/master.key");
$other->start_nginx($conf);

my $first = $t->client_key([$free], requests_per_minute => 1000);
for my $node ($t, $other) {
	ok(AIProxy::wait_for(sub {
		$node->ask('openai_chat', $first)->{status} == 200 }),
		'the node serves');
}

sub field {
	my ($key, $field) = @_;
	my $value = $redis->command('HGET', "{aiproxy}:k:$key->{id}", $field);
	return $value =~ /(\d+)/ ? $1 : 0;
}

sub calls {
	my ($calls) = $redis->command('INFO', 'commandstats')
		=~ /cmdstat_evalsha:calls=(\d+)/;
	return $calls || 0;
}

sub settled { return $redis->command('--scan', '--pattern',
	'{aiproxy}:q:*') !~ /:q:/ }

# Forty at once over two nodes: five, seven, and the rest.

$t->forget_demo_requests();
my $before = calls();
pipe(my $from, my $to) or die;
my $child = fork;
if (!$child) {
	my $bytes = $other->bytes_of('openai_chat', $in_turn);
	my @answers = parallel($other->proxy_port, [($bytes) x 20]);
	syswrite $to, scalar(grep { $_->{status} == 200 } @answers) . "\n";
	POSIX::_exit(0);
}
my $bytes = $t->bytes_of('openai_chat', $in_turn);
my @answers = parallel($t->proxy_port, [($bytes) x 20]);
my $there = readline $from;
waitpid $child, 0;
is(scalar(grep { $_->{status} == 200 } @answers) + $there, 40, 'all pass');
ok(AIProxy::wait_for(\&settled), 'all are settled');
my $calls = calls() - $before;
cmp_ok($calls, '<=', 40 * 2 + 8, "$calls calls for 40: one to ask, one to settle");

my %by;
my @records = $t->wait_records(40, "client_key_id=$in_turn->{id}");
$by{$_->{provider_key}{id}}++ for @records;
is($by{$five->{id}}, 5, 'five with the first key');
is($by{$seven->{id}}, 7, 'seven with the second');
is($by{$free->{id}}, 28, 'the others with the one that has no limit');
is(field($five, 'dr'), 5, 'as Redis counts');
my ($late) = grep { $_->{provider_key}{id} == $free->{id} } @records;
my %why = map { ($_->{provider_key}{id} // $_->{provider_key_id})
	=> $_->{reason} }
	@{$t->api->read("/api/logs/traces/$late->{id}")->{decision}{excluded}};
is($why{$five->{id}}, 'own_limit', 'why the first was left out');

my $answer = $other->ask('openai_chat', $narrow);
is($answer->{status}, 429, 'no key of the pool has room');
cmp_ok($answer->{headers}{'retry-after'} || 0, '>', 0, 'until when');
is($other->record($answer)->{error_code}, 'pool.resting', 'its record');

# In flight, over both nodes.

my $open = $t->begin('openai_chat', $alone, stream => 1, fault => 'stall=1');
$open->until_head;
is($other->ask('openai_chat', $alone)->{status}, 429, 'one is in flight');
$open->leave;
ok(AIProxy::wait_for(sub {
	$other->ask('openai_chat', $alone)->{status} == 200 }), 'room again');

# A retry: what the first key was charged goes back, and the next has it.

$answer = $t->ask('openai_chat', $retried, fields => { max_tokens => 3000 });
is($answer->{status}, 200, 'the next key serves');
my $record = $t->record($answer);
is($record->{attempts}, 2, 'it is the second attempt');
is($record->{provider_key}{id}, $saved->{id}, 'of the second key');
ok(AIProxy::wait_for(\&settled), 'it is settled');
is(field($failing, 'dt'), 0, 'the first key was charged no tokens');
is(field($failing, 'dr'), 1, 'but a request');
my $used = field($saved, 'dt');
is($used, $record->{usage}{input_tokens} + $record->{usage}{output_tokens},
	'the second key what was used') or diag(explain($record->{usage}));

# While Redis is away each node holds them by itself.

$redis->kill;
my $own = $t->provider_key($provider, requests_per_minute => 2);
my $away = $t->client_key([$own]);
is(scalar(grep { $t->ask('openai_chat', $away)->{status} == 200 } 1 .. 5), 2,
	'two of five without Redis');

$other->stop();
$t->done();
