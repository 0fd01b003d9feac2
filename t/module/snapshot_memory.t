#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A worker takes up one configuration after the other and does not grow.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

plan skip_all => 'the sanitizers keep what is freed' if $ENV{AIPROXY_SANITIZE};

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);
$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

changes(10);
my $before = private_kib();
changes(40);
cmp_ok(private_kib() - $before, '<', 1024, 'KiB that forty changes cost');

$t->done();

sub changes {
	for my $n (1 .. $_[0]) {
		$t->change_client_key($client,
			is_enabled => $n % 2 ? JSON::PP::false : JSON::PP::true);
		wait_for(sub { $t->ask('openai_chat', $client)->{status}
			== ($n % 2 ? 403 : 200) }) or die "no change in force\n";
	}
}

# Without what workers share.

sub private_kib {
	my ($pid) = $t->worker_pids();
	open my $maps, '<', "/proc/$pid/smaps_rollup" or die "worker $pid: $!\n";
	my $kib = 0;
	/^Private_(?:Clean|Dirty): +(\d+)/ and $kib += $1 while <$maps>;
	return $kib;
}
