package AIProxy::Records;

# SPDX-License-Identifier: MIT
#
# What a harness's ledger and database hold, beside what callers sent: each
# request has one record, the roll-ups are their sums, and what has no record is
# published.

use warnings;
use strict;

use AIProxy;
use Exporter qw(import);
use Test::More;

our @EXPORT = qw(admin_command ledger_of lost settled records_of compare
	sql_rows while_locked);

# admin_command(harness, arguments): status and output of aiproxy-admin on the
# harness's folders and database.

sub admin_command {
	my ($t, @arguments) = @_;
	my $line = join ' ', map { "'$_'" } AIProxy::build() . '/aiproxy-admin',
		@arguments, '--dir', $t->{dir}, '--run-dir', $t->{run},
		'--database', $t->database;
	my $said = `$line 2>&1`;
	return ($? >> 8, $said);
}

# ledger_of(harness): what the status says of it; nothing while it cannot.

sub ledger_of {
	my ($t) = @_;
	my $answer = $t->api->get('/api/system/status');
	return $answer->{status} == 200 ? $answer->{json}{ledger} : {};
}

sub lost {
	my $ledger = ledger_of($_[0]);
	return join ' ', map { $_ // 'unknown' }
		@$ledger{qw(records_lost records_refused)};
}

# settled(harness, n): nothing runs and nothing waits to be taken in. A daemon that
# has just begun does not know what waits: it has seen nginx's segments by then,
# or, where no nginx runs, taken in n records.

sub settled {
	my ($t, $n) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	ok(wait_for(sub {
		my $ledger = ledger_of($t);
		return ($n ? $ledger->{records_ingested} >= $n : $ledger->{segments})
			&& !$ledger->{waiting_bytes}
			&& !@{$t->api->read('/api/logs/running')->{items}};
	}, 120), 'all records are taken in') or diag(explain(ledger_of($t)));
	ok(wait_for(sub {
		!grep { $_->{in_flight} } $t->api->list('/api/provider-keys/keys')
	}, 30), 'nothing in flight');
}

# records_of(harness): all of them, as an export has them: the list has no
# request ids. For records without commas in their texts.

sub records_of {
	my ($t) = @_;
	my $csv = "$t->{root}/all.csv";
	unlink $csv;
	my ($status, $said) = admin_command($t, 'export-records', $csv,
		'--format', 'csv');
	die "no export: $said\n" if $status;
	my ($head, @lines) = split /\r\n/, $t->read_file($csv);
	my @names = split /,/, $head;
	return map {
		my %record;
		@record{@names} = split /,/;
		\%record;
	} @lines;
}

# compare(harness, [sent], kills => n, refused => [sent]): one record for each
# that was answered, at most one for each that was sent, and the roll-ups are
# their sums. Where nobody was killed every request has one, and it is of success;
# those that were refused may have one that says so. A worker that is killed
# between a last byte and its record leaves one whole answer that is said to be
# aborted.

sub compare {
	my ($t, $sent, %o) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	# What was written a moment ago may be taken in a moment later.
	my (%record, %outcome);
	my @answered = grep { $_->{id} } @$sent;
	ok(wait_for(sub {
		%record = ();
		for my $record (records_of($t)) {
			$record{$record->{request_id}}++;
			$outcome{$record->{request_id}} = $record->{outcome};
		}
		return !grep { !$record{$_->{id}} } @answered;
	}, 30), 'a record of each');
	is(scalar(grep { $_ > 1 } values %record), 0, 'and none twice');
	if ($o{kills}) {
		cmp_ok(scalar keys %record, '<=', scalar @$sent,
			'nor more than were sent');
	} else {
		my %known = map { $_->{id} => 1 } @$sent;
		my %refused = map { $_->{id} => 1 } @{$o{refused} || []};
		is(scalar(grep { !$known{$_} && !($refused{$_}
			&& $outcome{$_} eq 'rejected') } keys %record), 0, 'and no other');
	}
	is(scalar(grep { !$_->{complete} && $outcome{$_->{id}} eq 'success' }
		@answered), 0, 'none says that a broken answer was whole');
	my @late = grep { $_->{complete} && $_->{status} == 200
		&& $outcome{$_->{id}} ne 'success' } @answered;
	cmp_ok(scalar @late, '<=', $o{kills} || 0,
		'nor, but for one a kill, that a whole one was broken');

	my ($status, $said) = admin_command($t, 'check-records');
	is($status, 0, 'roll-ups = sums of records') or diag($said);
}

# sql_rows(harness, query): what the database says, each row as text with | in
# between.

sub sql_rows {
	my ($t, $query) = @_;
	local $ENV{PATH} = "$ENV{PATH}:" . join ':', glob '/usr/lib/postgresql/*/bin';
	my @rows = $t->database =~ /^sqlite:(.*)/
		? `sqlite3 -readonly -cmd '.timeout 10000' '$1' "$query"`
		: `psql -At -d '@{[$t->database]}' -c "$query"`;
	chomp @rows;
	return @rows;
}

# while_locked(harness, sub): what is done while another process holds the write
# lock of its SQLite.

sub while_locked {
	my ($t, $meanwhile) = @_;

	open my $lock, '|-', 'sqlite3', "$t->{dir}/aiproxy.db" or die "sqlite3: $!\n";
	$lock->autoflush(1);
	unlink "$t->{root}/locked";
	print $lock ".timeout 20000\nBEGIN IMMEDIATE;\n.shell touch $t->{root}/locked\n";
	wait_for(sub { -e "$t->{root}/locked" }, 30) or die "no lock\n";
	$meanwhile->();
	# Told to go: who was forked meanwhile holds the pipe's end too.
	print $lock "ROLLBACK;\n.quit\n";
	close $lock;
}

1;
