#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A backlog in the spool is taken in once and wholly, on both databases: also
# when the daemon is killed in the middle, when a spool holds the same records
# again, and beside bytes that are no records. What the roll-ups say is what
# the records add up to.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;
use AIProxy::Records;

my $records = 30_000;
my $begun = int(time * 1000);

AIProxy::Postgres::on_both(\&backlog);

# More than is read at once: what waits was told as what had been read of it.

subtest 'what waits' => sub {
	my $t = AIProxy->new();
	$t->expect_daemon_error(qr/not_spooled|locked/);
	$t->start_daemon();
	while_locked($t, sub {
		my $made = "$t->{dir}/made";
		system(AIProxy::build() . '/record_generator', $made, 70_000) == 0
			or die "no backlog\n";
		my ($bytes, $waits) = (0);
		for (glob "$made/*") {
			$bytes += -s;
			rename $_, "$t->{dir}/spool/" . s{.*/}{}r or die "$_: $!\n";
		}
		wait_for(sub { ($waits = ledger($t)->{waiting_bytes}) == $bytes }, 60);
		is($waits, $bytes, 'all of it is told');
	});
	settled($t, 70_000);
	is(ledger($t)->{waiting_bytes}, 0, 'then nothing');
	$t->finish();
};

done_testing();

sub backlog {
	my ($t, $postgres) = @_;
	$t->expect_daemon_error(qr/record_refused/);

	my $spool = "$t->{dir}/spool";
	my $ask = sub { (sql_rows($t, @_))[0] };
	# Twice the same records, as after a restored backup.
	for (1 .. 2) {
		is(system(AIProxy::build() . '/record_generator', $spool,
			$records, 2, $begun), 0, 'a backlog of two days');
	}

	# Killed in the middle, at whatever instant.
	for my $round (1 .. 3) {
		my $daemon = $t->start_daemon();
		$daemon->wait_line(qr/"event":\s*"ready"/);
		wait_for(sub { $ask->('SELECT count(*) FROM proxy_tracing') > 0 });
		kill KILL => $daemon->{pid};
		$daemon->stop();
	}

	# No record, and nobody will ever complete it.
	$t->write_file("$spool/" . 'ab' x 16, garbage((glob "$spool/*")[0]));
	$t->start_daemon();
	ok(wait_for(sub { my @left = glob "$spool/*"; !@left }, 60),
		'all segments are taken in');
	is($ask->('SELECT count(*) FROM proxy_tracing'), $records,
		'each record once');
	cmp_ok(ledger($t)->{records_refused}, '>', 0, 'what is none is set aside');
	ok(wait_for(sub { ledger($t)->{waiting_bytes} == 0 }), 'nothing waits');
	agree($ask, 'after the backlog');

	# In many pages each.
	for my $command ('check-records', 'rebuild-rollups', 'check-records') {
		my ($status, $said) = admin_command($t, $command);
		is($status, 0, $command) or diag($said);
		is(sum_of($said), $records, "$command: of all records");
	}
	agree($ask, 'made anew');
	is(scalar(records_of($t)), $records, 'an export has all');

	is($ask->('SELECT count(*) FROM proxy_tracing_default'), 0,
		'each day has a partition') if $postgres;
	is($ask->('SELECT count(*) FROM proxy_tracing WHERE error_class IS NULL '
		. "AND outcome <> 'success'"), 0, 'each failure has a class');
}

# What a command said of the days, added up.

sub sum_of {
	my ($said) = @_;
	my $sum = 0;
	$sum += $1 while $said =~ /^\d{4}-\d\d-\d\d: (\d+) records/mg;
	return $sum;
}

# The segment's header says another id than its name: its frames do not fit.

sub garbage {
	my ($path) = @_;
	my $bytes = '';
	if ($path) {
		open my $fh, '<:raw', $path or die "$path: $!";
		read $fh, $bytes, 4096;
	}
	return $bytes . "\xff" x 4096;
}

sub ledger { return $_[0]->api->read('/api/system/status')->{ledger} }

sub agree {
	my ($ask, $when) = @_;

	for my $dimension (['client_key', 'client_key_id'],
		['provider_key', 'provider_key_id'], ['user', 'user_id'],
		['provider', 'provider_id'], ['model', 'model'],
		['class', "COALESCE(error_class, 'success')"])
	{
		my ($name, $column) = @$dimension;
		for my $span (['15', 900_000], ['1440', 86_400_000]) {
			my ($minutes, $ms) = @$span;
			my $rolled = $ask->("SELECT count(*), sum(requests), "
				. "sum(successes), sum(cost), sum(input_tokens + "
				. "output_tokens), sum(duration_us), sum(unpriced) "
				. "FROM rollup_$name WHERE span = $minutes");
			my $summed = $ask->("SELECT count(DISTINCT COALESCE(CAST("
				. "$column AS TEXT), '') || ' ' || (started_at / $ms)), "
				. "count(*), sum(CASE WHEN outcome = 'success' THEN 1 "
				. "ELSE 0 END), sum(cost), sum(COALESCE(input_tokens, 0) "
				. "+ COALESCE(output_tokens, 0)), sum(CASE WHEN outcome = "
				. "'success' THEN duration_us END), sum(CASE WHEN cost IS "
				. "NULL AND input_tokens IS NOT NULL THEN 1 ELSE 0 END) "
				. "FROM proxy_tracing");
			is($rolled, $summed, "$when: $name, span $minutes");
			is($ask->("SELECT sum(n) FROM rollup_${name}_counts WHERE "
				. "span = $minutes AND kind <> 2"), $records,
				"$when: $name, span $minutes: latencies and errors");
		}
	}
}
