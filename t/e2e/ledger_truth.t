#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The ledger against the provider's own count: mixed requests of several client
# keys, with faults, cuts and callers who leave. Where usage was reported or
# drained, tokens of each key equal the provider's exactly, and so does their
# cost; where they were estimated, they come within two in a hundred. The demo
# says as many words as it bills tokens.
#
# AIPROXY_TRUTH_REQUESTS: how many (2,000; the long run has 50,000).

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use AIProxy::Price qw(cost_of);
use JSON::PP;
use Math::BigInt;

my $total = $ENV{AIPROXY_TRUTH_REQUESTS} || 2000;
my $clients = 4;
my $json = JSON::PP->new->utf8;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my @keys = map { $t->provider_key($t->provider()) } 1 .. 2;
my @clients = map { $t->client_key(\@keys,
	on_abort => $_ % 2 ? 'drain' : 'cut') } 1 .. $clients;

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 512; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# What a request may be: weight, streaming, fault, what becomes of it.

my @kinds = (
	[30, 0, 'plain', 'told'],
	[20, 1, 'plain,event_delay_ms=0', 'told'],
	[10, 1, 'plain,event_delay_ms=0,gzip', 'told'],
	[10, 1, 'plain,event_delay_ms=0,split=7,split_pause_us=0', 'told'],
	[10, 0, 'no_usage,plain,tokens=90', 'counted'],
	[10, 1, 'no_usage,plain,tokens=90,event_delay_ms=0', 'counted'],
	[5, 1, 'plain,events=60,event_delay_ms=2', 'left'],
	[5, 1, 'plain,events=60,event_delay_ms=0,cut=5000', 'cut'],
);

my (%told, %counted, %seen);
my $done = 0;
srand 7;

# In rounds, so that the provider's log (8,192 requests) holds all of one.

while ($done < $total) {
	my $round = $total - $done < 1000 ? $total - $done : 1000;
	run($round);
	$done += $round;
}

for my $n (0 .. $clients - 1) {
	my ($exact, $near) = ($told{$n} || {}, $counted{$n} || {});
	ok($exact->{requests}, "key $n: requests were told");
	for my $what (qw(input output cache cost)) {
		is($exact->{ledger}{$what}, $exact->{truth}{$what},
			"key $n, told: $what ($exact->{requests} requests)");
	}
	ok($near->{requests}, "key $n: requests were estimated");
	for my $what (qw(input output)) {
		my ($is, $truth) = ($near->{ledger}{$what}, $near->{truth}{$what});
		my $off = $truth ? abs($is - $truth) / $truth : 1;
		cmp_ok($off, '<=', 0.02, sprintf 'key %d, estimated: %s %d of %d, '
			. 'off by %.2f %% (%d requests)', $n, $what, $is, $truth,
			100 * $off, $near->{requests});
	}
}

is(join(' ', sort grep { !/^(reported|drained|estimated|partial)$/ }
	keys %seen), '', 'each record says where its counts are from');
ok($seen{drained} && $seen{estimated} && $seen{reported},
	'all ways were met');

$t->done();

# One round: asked by one process for each key, compared by the seed that
# names a request in both books.

sub run {
	my ($round) = @_;

	$t->forget_demo_requests;
	my @pids;
	for my $n (0 .. $clients - 1) {
		my @plan = map { pick() } 1 .. $round / $clients;
		my $file = "$t->{root}/asked-$n";
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			eval { $t->write_file($file, ask_all($n, @plan)) };
			print STDERR $@ if $@;
			require POSIX;
			POSIX::_exit($@ ? 1 : 0);
		}
		push @pids, $pid;
	}
	for (@pids) {
		waitpid $_, 0;
		is($?, 0, 'a round was asked') if $?;
	}

	ok(wait_for(sub { $json->decode(request($t->demo_port, 'GET',
		'/demo/stats')->{body})->{answers_open} == 0 }, 60),
		'the provider has answered all') or return;
	my %truth;
	for my $exchange ($t->demo_requests) {
		my ($tag) = map { $_->[1] =~ /tag=([\w-]+)/ }
			grep { $_->[0] eq 'x-demo-fault' } @{$exchange->{headers}};
		$truth{$tag} = $exchange;
	}
	for my $n (0 .. $clients - 1) {
		for (split /\n/, $t->read_file("$t->{root}/asked-$n")) {
			my ($tag, $id) = split / /;
			compare($n, $t->record($id), $truth{$tag});
		}
	}
}

sub pick {
	my $at = rand 100;
	for (@kinds) {
		return [$_, int rand 60, $dialects[rand @dialects]]
			if ($at -= $_->[0]) < 0;
	}
	return [$kinds[0], 1, $dialects[0]];
}

sub ask_all {
	my ($n, @plan) = @_;
	my ($lines, $i) = ('', 0);

	for (@plan) {
		my ($kind, $size, $dialect) = @$_;
		my ($weight, $stream, $fault, $fate) = @$kind;
		my $tag = join '-', $$, $n, $i++;
		my %o = (stream => $stream, model => $fate eq 'told'
			? 'demo-small' : 'gpt-4o', fault => "$fault,tag=$tag",
			prompt => substr(' the' x (20 + $size), 1), timeout => 60,
			$dialect eq 'anthropic_messages'
				? (fields => { max_tokens => 1000 }) : ());
		my $exchange = $t->begin($dialect, $clients[$n], %o);
		my $id;
		if ($fate eq 'left') {
			$exchange->until_body(qr/ the.* the/s);
			$id = $exchange->answer->{headers}{'x-request-id'};
			$exchange->leave;
		} else {
			$id = $exchange->finish->{headers}{'x-request-id'};
		}
		die "no request id, kind: $fault\n" unless $id;
		$lines .= "$tag $id\n";
	}

	return $lines;
}

# What was cut is billed as far as it was said.

sub compare {
	my ($n, $record, $exchange) = @_;

	my $source = $record->{usage_source};
	$seen{$source}++;
	my $whole = $source =~ /^(reported|drained)$/;
	my $sum = ($whole ? \%told : \%counted)->{$n} ||= {
		ledger => { cost => Math::BigInt->new(0) },
		truth => { cost => Math::BigInt->new(0) } };
	my $usage = $exchange->{usage};
	$sum->{requests}++;
	$sum->{ledger}{input} += $record->{input_tokens} || 0;
	$sum->{truth}{input} += $usage->{input_tokens};
	$sum->{ledger}{output} += $record->{output_tokens} || 0;
	$sum->{truth}{output} += $whole ? $usage->{output_tokens}
		: $exchange->{spoken_tokens};
	return unless $whole;
	$sum->{ledger}{cache} += $record->{usage}{cache_read_tokens} || 0;
	$sum->{truth}{cache} += $usage->{cache_read_tokens};
	$sum->{ledger}{cost} += pico($record->{cost_usd});
	$sum->{truth}{cost} += pico(cost_of($t->tree, $record->{model}, $usage));
}

sub pico {
	my ($usd) = @_;
	my ($whole, $part) = split /\./, $usd // '0';
	return Math::BigInt->new($whole . substr(($part || '') . '0' x 12, 0, 12));
}
