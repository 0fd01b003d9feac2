#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Which Redis is used: the one of the URL, with its password and in its
# database; none that may evict counters, and none that does not let us in.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Redis;

my $t = AIProxy->new();
my $redis = AIProxy::Redis->new($t, password => 'the-password', database => 3);
$t->start_demo();
$t->start_daemon('--redis', $redis->url);
my $key = $t->provider_key($t->provider());
my $client = $t->client_key([$key], requests_per_minute => 1000);

my $url = $redis->url;
start($url);
ok(wait_for(sub { status() == 200 }), 'with its password');
like($redis->command('KEYS', '{aiproxy}:c:*'), qr/:c:$client->{id}$/m,
	'in its database');
$redis->{database} = 0;
unlike($redis->command('KEYS', '*'), qr/aiproxy/, 'and in no other');
$redis->{database} = 3;

# It is looked at again with each connection.

is($redis->command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'),
	"OK\n", 'from now on it may evict');
$redis->command('CLIENT', 'KILL', 'TYPE', 'normal');
ok(wait_for(sub { $t->error_log =~ /maxmemory-policy: allkeys-lru/ }),
	'said in the log');
ok(wait_for(sub { status() == 503 }), 'and not used');
is(join(' ', map { status() } 1 .. 20), join(' ', (503) x 20),
	'however often it is asked');
$redis->command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
ok(wait_for(sub { status() == 200 }), 'used again');

$t->nginx->stop;
start($url =~ s/the-password/another/r);
ok(wait_for(sub { status() == 503 }), 'a wrong password');
like($t->error_log, qr/redis refused AUTH/, 'said in the log');

$t->done();

sub start {
	my ($url) = @_;
	$t->start_nginx(<<"EOC");
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    aiproxy_redis $url;
    aiproxy_redis_timeout 2s;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC
}

sub status { return $t->ask('openai_chat', $client)->{status} }
