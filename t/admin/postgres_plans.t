#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Each filter of the records' list on Postgres, as the server itself explains
# what it was asked: by an index of that filter, in each partition alone, and in
# no partition outside of the time asked for.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;
use POSIX qw(strftime);
use Time::HiRes qw(time);

my $records = $ENV{AIPROXY_RECORDS} || 40_000;
my $t = AIProxy->new();
my $postgres = AIProxy::Postgres->new($t, settings => {
	session_preload_libraries => 'auto_explain',
	'auto_explain.log_min_duration' => 0 });
$postgres->start();
$t->{database} = $postgres->url();
$t->start_daemon();
my $api = $t->api;

# Three days of records, as the ledger brings them.

my $day = 86400;
my $until = int(time / $day) * $day;
is(system(AIProxy::build() . '/record_generator', "$t->{dir}/spool", $records,
	3, ($until - 3 * $day) * 1000), 0, 'a backlog of three days');
ok(wait_for(sub { my @left = glob "$t->{dir}/spool/*"; !@left }, 120),
	'is taken in');
$postgres->refused('ANALYZE');
my @days = split /\n/, $postgres->value("SELECT relname FROM pg_class WHERE "
	. "relname LIKE 'proxy_tracing_day%' AND relkind = 'r' AND reltuples > 0 "
	. 'ORDER BY 1');
cmp_ok(scalar @days, '>=', 3, 'in partitions');

my %some = map {
	$_ => $postgres->value("SELECT $_ FROM proxy_tracing WHERE $_ IS NOT NULL "
		. 'GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
} qw(user_id client_key_id provider_id provider_key_id model);
my $failed = $postgres->value("SELECT status FROM proxy_tracing WHERE status "
	. '>= 400 LIMIT 1');
my $class = $postgres->value('SELECT error_class FROM proxy_tracing WHERE '
	. 'error_class IS NOT NULL LIMIT 1');
my $source = $postgres->value("SELECT usage_source FROM proxy_tracing WHERE "
	. "usage_source <> 'reported' LIMIT 1");
my $id = $postgres->value('SELECT request_id FROM proxy_tracing LIMIT 1');
my ($from, $to) = map { strftime '%Y-%m-%dT%H:%M:%SZ', gmtime $_ }
	$until - 2 * $day + 3600, $until - 2 * $day + 7200;

for my $case (
	['no filter', '', 'started_at'],
	['user', "user_id=$some{user_id}", 'user_id'],
	['client key', "client_key_id=$some{client_key_id}", 'client_key_id'],
	['provider', "provider_id=$some{provider_id}", 'provider_id'],
	['provider key', "provider_key_id=$some{provider_key_id}",
		'provider_key_id'],
	['model', "model=$some{model}", 'model'],
	['status', "status=$failed", 'status'],
	['class', "class=$class", 'error_class'],
	['outcome', 'outcome=failed', 'outcome'],
	['usage source', "usage_source=$source", 'usage_source'],
	['request id', "search=$id", 'request_id|id'],
	['a time', "from=$from&to=$to", 'started_at'],
	['a model that begins so', 'search=' . substr($some{model}, 0, 4), 'model'],
	['a path that begins so', 'search=/v1', 'path|started_at'],
	['a part of a text', 'contains=zzz', 'started_at'],
	['a user and a status', "user_id=$some{user_id}&status=200", 'user_id'],
	['oldest first', 'sort=started_at', 'started_at'])
{
	my ($label, $query, $index) = @$case;
	subtest $label => sub { explained($query, $index) };
}

# Of a time the other days are left out.

my ($plan) = grep { /started_at/ } plans("from=$from&to=$to");
my %read = map { $_ => 1 } join("\n", plans("from=$from&to=$to"))
	=~ /proxy_tracing_day_(\d+)/g;
cmp_ok(scalar keys %read, '<', scalar @days, 'partitions are left out: '
	. join ' ', sort keys %read);

$t->stop();
$postgres->stop();
$t->done();

# The plans of what one page asks of the records.

sub plans {
	my ($query) = @_;
	my $before = length $postgres->log;
	$api->read("/api/logs/traces?running=false&limit=50"
		. ($query ? "&$query" : ''));
	my @plans;
	wait_for(sub {
		my $said = substr $postgres->log, $before;
		@plans = grep { /proxy_tracing/ && !/INSERT|DELETE|UPDATE/ }
			split /^\d{4}-\d\d-\d\d .*?plan:\n/m, $said;
		return @plans;
	});
	return @plans;
}

sub explained {
	my ($query, $index) = @_;
	my @plans = plans($query);
	ok(@plans, 'it is asked of Postgres');
	for my $plan (@plans) {
		my ($whole) = $plan =~ /(Seq Scan on proxy_tracing_day\S*)/;
		is($whole, undef, 'no partition is read as a whole')
			or diag($plan);
	}
	my %by;
	for my $name ("@plans" =~ /(?:using|Index Scan on) (proxy_tracing_\S+)/g) {
		$by{$1}++ if $name =~ /^proxy_tracing_(?:day_\d+|default)_(\w+?)(?:_started_at|_id)*_idx\d*$/
			|| $name =~ /^proxy_tracing_(?:day_\d+|default)_(\w+?)_(?:key|idx)\d*$/;
	}
	ok((grep { /^(?:$index)/ } keys %by), "by its index: @{[sort keys %by]}")
		or diag("@plans");
}
