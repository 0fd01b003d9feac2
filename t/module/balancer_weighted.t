#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Weighted: each key exactly its share, and spread, not in a row.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my %weights = (a => 5, b => 3, c => 2);
my %keys = map { $_ => $t->provider_key($provider, weight => $weights{$_},
	secret => "demo-key-$_") } sort keys %weights;
my $client = $t->client_key([@keys{qw(a b c)}], strategy => 'weighted');

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

my $order = served(100);
is(count($order), 'a:50 b:30 c:20', 'exact over a hundred');
is(count(substr $order, 7, 10), 'a:5 b:3 c:2', 'exact over any ten');
unlike($order, qr/aaaa|bbb|cc/, 'spread');

$t->change_provider_key($keys{a}, weight => 1);
is(count(served(60)), 'a:10 b:30 c:20', 'another weight');

$t->change_client_key($client, strategy => 'round_robin');
is(count(served(30)), 'a:10 b:10 c:10', 'another strategy');

$t->done();

sub served {
	my ($n) = @_;
	$t->forget_demo_requests();
	$t->ask('openai_chat', $client) for 1 .. $n;
	return join '', map { $_->{credential} =~ /(\w)$/ ? $1 : '?' }
		$t->demo_requests();
}

sub count {
	my ($order) = @_;
	my %count;
	$count{$_}++ for split //, $order;
	return join ' ', map { "$_:$count{$_}" } sort keys %count;
}
