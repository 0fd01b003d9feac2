#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What traffic tells of keys: a dead one gets no request until its trial, and
# then one; a quota that runs low lowers a key's share before anything is
# refused; a limit of the address is told from that of a key. And what a caller
# hears when all fail for different reasons.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $spare = $t->provider_key($provider, secret => 'demo-key-spare',
	priority => 9);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 4;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# A dead key: one request, however many follow, in whichever worker.

my $dead = $t->provider_key($provider, secret => 'demo-dead-key',
	priority => 1);
my $client = $t->client_key([$dead, $spare], strategy => 'priority');
is($t->ask('openai_chat', $client)->{status}, 200, 'a dead key: served');
is(statuses($client, 60), '200:60', 'a dead key: so are all others');
is(asked('demo-dead-key'), 1, 'a dead key: was asked once');

# After its rest one request tries it, and the others go on meanwhile.

my $back = $t->provider_key($provider, priority => 1, secret =>
	'demo-key-back?delay_ms=3000');
$client = $t->client_key([$back, $spare], strategy => 'priority');
is($t->ask('openai_chat', $client,
	fault => 'status=429,retry_after=1,delay_ms=0,times=1')->{status}, 200,
	'a key rests');
is(wait_for(sub { $t->health($back)->{state} ne 'resting' }), 1,
	'its rest is over');
$t->forget_demo_requests();
is(statuses($client, 20), '200:20', 'all are served');
is(asked('demo-key-back?delay_ms=3000'), 1, 'one of them is its trial');
is(statuses($client, 5), '200:5', 'after it');
is(asked('demo-key-back?delay_ms=3000'), 6, 'the key is back for all');

# Of its quota a tenth is left: it is asked less, and never refused.

my %quota = map { $_ => $t->provider_key($provider, secret =>
	"demo-key-$_?header=x-ratelimit-limit-requests:1000"
	. ",header=x-ratelimit-remaining-requests:$_"
	. ',header=x-ratelimit-reset-requests:60s') } qw(900 100);
$client = $t->client_key([@quota{qw(900 100)}]);
is(statuses($client, 8), '200:8', 'both tell their quotas');
$t->forget_demo_requests();
is(statuses($client, 90), '200:90', 'nothing is refused');
my %asked = map { $_ => asked("demo-key-$_?") } qw(900 100);
is($asked{900} + $asked{100}, 90, 'by those two');
cmp_ok($asked{100}, '<', 36, 'the one with little left is asked less');
cmp_ok($asked{100}, '>', 10, 'but it is asked');

# Three keys of one address, refused within a second: it is the address, and
# none rests for longer than stated.

my $crowd = $t->provider();
my @crowd = map { $t->provider_key($crowd, priority => $_,
	secret => "demo-key-crowd-$_?status=429,retry_after=2,times=1,tag=$_") } 1 .. 4;
$client = $t->client_key([@crowd], strategy => 'priority', park_ms => 20_000);
my $answer = $t->ask('openai_chat', $client);
my $record = $t->record($answer);
is($answer->{status}, 200, 'a crowd: served in the end');
is(join(' ', map { ($_->{scope} // '-') . ':' . ($_->{rest_ms} // '-') }
	@{$record->{attempt_list}}[0 .. 2]), 'key:2000 key:2000 egress:2000',
	'a crowd: the third tells that it is the address');
is(scalar(grep { ($_->{rest_ms} // 0) > 2000 } @{$record->{attempt_list}}), 0,
	'a crowd: no rest is longer than stated');
is(wait_for(sub { !grep { $t->health($_)->{state} eq 'resting' } @crowd }), 1,
	'a crowd: all are back');

# All fail, for more than one reason: that it may come again tells the most.

for my $case (['status=401', 0], ['status=403', 1], ['status=503', 0],
	['status=500', 1], ['status=503', 1])
{
	my ($other, $order) = @$case;
	my @faults = ('status=429,retry_after=20', $other);
	@faults = reverse @faults if $order;

	for my $dialect ($order ? $dialects[0] : @dialects) {
		my $n = 0;
		my $own = $t->provider();
		my @keys = map { $n++; $t->provider_key($own,
			priority => $n, secret =>
			"demo-key-$dialect-$order-$n?$_") } @faults;
		my $answer = $t->ask($dialect, $t->client_key(\@keys,
			strategy => 'priority'));
		is("$answer->{status} $answer->{headers}{'retry-after'}",
			'429 20', "$dialect: @faults");
		$t->refused($dialect, $answer, 429, "$dialect: in its shape")
			if !$order;
	}
}

$t->done();

sub asked {
	my ($credential) = @_;
	return scalar grep { index($_->{credential}, $credential) == 0 }
		$t->demo_requests();
}

sub statuses {
	my ($client, $n) = @_;
	my %count;
	$count{$_->{status}}++ for AIProxy::Http::parallel($t->proxy_port,
		[map { $t->bytes_of('openai_chat', $client) } 1 .. $n]);
	return join ' ', map { "$_:$count{$_}" } sort keys %count;
}
