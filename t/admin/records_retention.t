#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Retention on both databases: what is too old goes, archived before, on Postgres
# as whole days; what stays has the numbers that it had, and so have the roll-ups
# of what went, until their own time is over.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;
use AIProxy::Records;
use POSIX qw(strftime);

my ($records, $keep) = (6_000, 3);
my $day_ms = 86_400_000;

AIProxy::Postgres::on_both(\&retention);

done_testing();

sub retention {
	my ($t, $postgres) = @_;

	my $rows = sub { sql_rows($t, $_[0]) };
	# Of six days, and of one that is so old that it has no partition.
	my $now = int(time * 1000);
	for ([$records, 6, $now], [500, 0, $now - 500 * $day_ms]) {
		my ($count, @days) = @$_;
		is(system(AIProxy::build() . '/record_generator', "$t->{dir}/spool",
			$count, @days), 0, 'a backlog');
	}
	$t->start_daemon();
	settled($t, $records + 500);
	is(lost($t), '0 0', 'taken in');

	my $today = int(time / 86_400);
	my $first = $today - $keep;	# of the days that stay
	my $by_day = 'SELECT day, count(*), sum(cost), sum(input_tokens), '
		. 'sum(duration_us) FROM proxy_tracing %s GROUP BY day ORDER BY day';
	my @all = $rows->(sprintf $by_day, '');
	my @stay = $rows->(sprintf $by_day, "WHERE day >= $first");
	my ($old) = $rows->("SELECT count(*) FROM proxy_tracing WHERE day < $first");
	cmp_ok($old, '>', 2000, 'many are too old');
	is(scalar @stay, $keep + 1, 'as many days stay');
	my $sums = sub {
		return join "\n", $rows->('SELECT span, count(*), sum(requests), '
			. 'sum(cost), sum(input_tokens) FROM rollup_client_key '
			. 'GROUP BY span ORDER BY span'),
			$rows->('SELECT span, kind, sum(n) FROM rollup_client_key_counts '
			. 'GROUP BY span, kind ORDER BY span, kind');
	};
	my $trend = sub {
		return $t->api->read('/api/statistics/trends?days=92&time_zone='
			. $_[0])->{items};
	};
	my @before = ($sums->(), map { $trend->($_) } qw(UTC Asia/Kathmandu));

	# Records go, roll-ups stay.

	$t->daemon->stop;
	$t->start_daemon('--keep-records', $keep, '--archive', 'csv');
	ok(wait_for(sub {
		($rows->("SELECT count(*) FROM proxy_tracing WHERE day < $first"))[0]
			== 0;
	}, 60), 'what is too old goes');
	is_deeply([$rows->(sprintf $by_day, '')], \@stay,
		'what stays has the numbers that it had');
	is_deeply([$sums->(), map { $trend->($_) } qw(UTC Asia/Kathmandu)], \@before,
		'the roll-ups have the numbers that they had');
	is_deeply([map { archived($_) } glob "$t->{dir}/archive/*"],
		[grep { (split /\|/)[0] < $first } @all],
		'all that went is in the archive, by day');
	my @days = map { /_day_(\d+)/ } $rows->('SELECT c.relname FROM pg_inherits i '
		. 'JOIN pg_class c ON c.oid = i.inhrelid '
		. "WHERE i.inhparent = 'proxy_tracing'::regclass ORDER BY 1")
		if $postgres;
	is_deeply(\@days, [$first .. $today + 3],
		'whole partitions went, and the next days have theirs') if $postgres;
	my ($status, $said) = admin_command($t, 'check-records');
	is($status, 0, 'the check is content') or diag($said);
	like($t->daemon->output('stderr'), qr/"event":"retention"/, 'and it is said');

	# Roll-ups that are made anew do not forget what went.

	($status, $said) = admin_command($t, 'rebuild-rollups', '--from',
		strftime('%Y-%m-%d', gmtime(86_400 * ($first - 2))));
	is($status, 0, 'made anew') or diag($said);
	is_deeply([$sums->(), map { $trend->($_) } qw(UTC Asia/Kathmandu)], \@before,
		'they have the numbers that they had');

	# Then the quarters, and the days.

	my $edge = $first * $day_ms;
	my $of = sub {
		return [$rows->("SELECT span, count(*), sum(requests) FROM "
			. "rollup_$_[0] WHERE start >= $edge GROUP BY span ORDER BY span")];
	};
	my @names = qw(client_key provider_key user provider model class);
	my %kept = map { $_ => $of->($_) } @names;
	$t->daemon->stop;
	$t->start_daemon('--keep-records', $keep, '--keep-quarters', $keep,
		'--keep-days', 400);
	my $left = sub {
		my ($name, $span, $before) = @_;
		return ($rows->("SELECT count(*) FROM rollup_$name WHERE "
			. "span = $span AND start < $before"))[0];
	};
	my $year = ($today - 400) * $day_ms;
	ok(wait_for(sub { !$left->('class', 15, $edge)
		&& !$left->('class_counts', 1440, $year) }, 60), 'roll-ups go');
	for my $name (@names) {
		is(join(' ', map { $left->($_, 15, $edge) } $name, "${name}_counts"),
			'0 0', "$name: old quarters are gone");
		is(join(' ', map { $left->($_, 1440, $year) } $name, "${name}_counts"),
			'0 0', "$name: days too");
		cmp_ok($left->($name, 1440, $edge), '>', 0, "$name: younger days stay");
		is_deeply($of->($name), $kept{$name}, "$name: what stays is as it was");
	}
}

# archived(file): the day and its sums, as the database had them.

sub archived {
	my ($file) = @_;
	my ($date) = $file =~ /records-(\d{4}-\d\d-\d\d)\.csv$/
		or return "what is $file?";
	my ($y, $m, $d) = split /-/, $date;
	open my $fh, '<', $file or die "$file: $!\n";
	my ($head, @lines) = map { s/\r\n//r } <$fh>;
	my @names = split /,/, $head;
	my ($cost, $tokens, $us) = (0, 0, 0);
	for (@lines) {
		my %record;
		@record{@names} = split /,/;
		my ($usd, $part) = split /\./, $record{cost_usd} || 0;
		$cost += $usd * 1e12 + substr(($part // '') . '0' x 12, 0, 12);
		$tokens += $record{input_tokens} || 0;
		$us += $record{duration_us};
	}
	require Time::Local;
	return join '|', Time::Local::timegm(0, 0, 0, $d, $m - 1, $y) / 86_400,
		scalar @lines, $cost, $tokens, $us;
}
