#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A thousand requests at once against sixty a minute, over two nodes with one
# Redis: sixty pass, again and again.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(parallel);
use AIProxy::Nodes;

my $rounds = $ENV{AIPROXY_ROUNDS} || 3;
my $nodes = AIProxy::Nodes->start(http => 'aiproxy_redis_timeout 5s;');
my ($first) = $nodes->nodes;
my $key = $first->provider_key($first->provider());
my $open = $first->client_key([$key], requests_per_minute => 100_000);
my @clients = map { $first->client_key([$key], requests_per_minute => 60) }
	1 .. $rounds;
$nodes->start_nginx();
$nodes->wait_served($open);

for my $client (@clients) {
	my @passed = $nodes->in_parallel(sub {
		my ($t) = @_;
		my $bytes = $t->bytes_of('openai_chat', $client);
		my %status;
		$status{$_->{status}}++
			for parallel($t->proxy_port, [($bytes) x 500]);
		my $other = join ' ', grep { $_ != 200 && $_ != 429 } keys %status;
		die "status $other\n" if $other;
		return $status{200} || 0;
	});
	is($passed[0] + $passed[1], 60, "sixty of a thousand: @passed");
	is($_->ask('openai_chat', $client)->{status}, 429, 'and no more')
		for $nodes->nodes;
}

$nodes->done();
