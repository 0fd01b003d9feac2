#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Every kind of list, filter, search and chart has an index on Postgres: none reads
# more records than a page may look at, however many there are. (SQLite's plans:
# t/unit/admin_daemon/service/plans_test.cpp. What Postgres chooses of what it
# could do, and how long that takes, is measured by scripts/bench records.)

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Pages;
use AIProxy::Postgres;
use JSON::PP;

# A page looks at 15,000 records at most, and at one to see that there are more.
my ($records, $days, $most) = (60_000, 4, 15_100);

my $t = AIProxy->new();
my $postgres = AIProxy::Postgres->new($t, settings => {
	session_preload_libraries => 'auto_explain',
	'auto_explain.log_min_duration' => 0,
	'auto_explain.log_format' => 'json',
	'auto_explain.log_analyze' => 'on',
	'auto_explain.log_timing' => 'off',
	# For so few it would not take the trouble of using an index.
	enable_seqscan => 'off',
	log_line_prefix => '',
});
$postgres->start();
$t->{database} = $postgres->url();

is(system(AIProxy::build() . '/record_generator', "$t->{dir}/spool", $records,
	$days), 0, 'a backlog');
$t->start_daemon();
my $api = $t->api;
ok(wait_for(sub { $api->read('/api/system/status')->{ledger}{records_ingested}
	== $records }, 120), 'is taken in');
$postgres->value('ANALYZE');

my @pages = AIProxy::Pages::pages($t);
my $at = length $postgres->log;
for (@pages) {
	my ($name, $path) = @$_;
	$api->read($path);
	my ($plans, @wrong) = (0);
	# What background tasks do at the same moment may be among them.
	for my $plan (plans()) {
		my ($read, @how) = (0);
		each_node($plan->{Plan}, sub {
			my ($node) = @_;
			return unless ($node->{'Relation Name'} // '') =~ /^proxy_tracing/;
			$read += $node->{'Actual Loops'} * ($node->{'Actual Rows'}
				+ ($node->{'Rows Removed by Filter'} // 0)
				+ ($node->{'Rows Removed by Index Recheck'} // 0));
			push @how, $node->{'Index Name'} // $node->{'Node Type'};
		});
		$plans++ if @how;
		push @wrong, "$read by @how: $plan->{'Query Text'}" if $read > $most;
	}
	is(join("\n", @wrong), '', "$name: no more is read than must be");
	ok($plans, "$name: its plan was seen")
		if $name !~ /^chart/ || $name =~ /minutes|unpriced/;
}

# All that may be asked is among them.

my $spec = JSON::PP->new->utf8->decode($t->read_file(AIProxy::tree()
	. '/admin_daemon/openapi.json'))->{paths};
my $asked = join "\n", map { $_->[1] } @pages;
for my $parameter (@{$spec->{'/api/logs/traces'}{get}{parameters}}) {
	my $name = $parameter->{name} // next;
	like($asked, qr/^\/api\/logs\/traces\?.*\b$name=/m, "asked: $name");
}
for my $path (grep { m{^/api/statistics/|/(stats|trends)$} } keys %$spec) {
	my $like = quotemeta($path) =~ s/\\\{id\\\}/\\d+/r;
	like($asked, qr/^$like/m, "asked: $path");
}

$t->finish();
$postgres->stop();
done_testing();

# plans(): those that the log has since it was asked last. A statement's plan is
# written before its end is told.

sub plans {
	my $new = substr $postgres->log, $at;
	$at += length $new;
	my @plans;
	while ($new =~ /^LOG:  duration: [\d.]+ ms  plan:\n((?:\t.*\n)+)/mg) {
		push @plans, decode_json($1);
	}
	return @plans;
}

sub each_node {
	my ($node, $look) = @_;
	$look->($node);
	each_node($_, $look) for @{$node->{Plans} || []};
}
