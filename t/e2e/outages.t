#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Under load the database goes away: Postgres is stopped at once and started,
# SQLite is locked, and meanwhile the disk of the spool is full. Each request
# that was answered has one record, the roll-ups are the sums of the records, and
# nothing is lost. OUTAGE_REQUESTS (200) are sent per case, OUTAGE_SECONDS (2) is
# how long the database is away.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use AIProxy::Postgres;
use Time::HiRes qw(time);

my $requests = $ENV{OUTAGE_REQUESTS} || 200;
my $seconds = $ENV{OUTAGE_SECONDS} || 2;

subtest 'Postgres stopped at once' => sub {
	my $t = AIProxy->new();
	my $postgres = AIProxy::Postgres->new($t);
	$postgres->start();
	$t->{database} = $postgres->url();
	outage($t, sub {
		$postgres->stop();
		$_[0]->();
		$postgres->start();
	});
	$t->finish();
	$postgres->stop();
};

subtest 'SQLite locked' => sub {
	my $t = AIProxy->new();
	outage($t, sub { locked($t, $_[0]) });
	$t->finish();
};

subtest 'SQLite locked and the disk full' => sub {
	my $t = AIProxy->new();
	my $spool = "$t->{dir}/spool";
	mkdir $spool;
	my $mounted = $> == 0
		&& system("mount -t tmpfs -o size=64k none '$spool' 2>/dev/null") == 0;
	plan skip_all => 'no file system can be mounted here' unless $mounted;
	eval {
		outage($t, sub {
			my ($wait) = @_;
			locked($t, sub {
				ok(wait_for(sub { free_kib($spool) < 16 }, 60),
					'the disk is full');
				$wait->();
			});
		});
		1;
	} or fail("no error: $@");
	$t->finish();
	system('umount', $spool);
};

done_testing();

# free_kib(folder): what its disk has left.

sub free_kib {
	my ($folder) = @_;
	my @line = split ' ', (`df -k '$folder'`)[-1];
	return $line[3];
}

# locked(harness, subs): what is done while another process has the write lock.

sub locked {
	my ($t, @meanwhile) = @_;

	open my $lock, '|-', 'sqlite3', "$t->{dir}/aiproxy.db" or die "sqlite3: $!\n";
	$lock->autoflush(1);
	print $lock ".timeout 20000\nBEGIN IMMEDIATE;\n.shell touch $t->{root}/locked\n";
	wait_for(sub { -e "$t->{root}/locked" }, 30) or die "no lock\n";
	$_->() for @meanwhile;
	print $lock "ROLLBACK;\n";
	close $lock;
}

sub outage {
	my ($t, $away) = @_;

	$t->expect_daemon_error(qr/database|store|locked|postgres|connect|spool/i);
	$t->start_demo();
	$t->start_daemon();
	my $client = $t->client_key([$t->provider_key($t->provider())]);
	$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 1024; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

	my $load = AIProxy::Load->start($t, 4, sub {
		my ($n) = @_;
		$t->bytes_of($dialects[$n % 3], $client, stream => $n % 2,
			fault => 'event_delay_ms=1');
	});
	$load->more(20);
	$away->(sub {
		my $end = time() + $seconds;
		$load->more($requests / 2);
		wait_for(sub { time() >= $end }, $seconds + 10);
	});
	$load->more($requests / 2);
	my @sent = $load->stop();
	my @bad = grep { $_->{status} != 200 || !$_->{complete} } @sent;
	is(scalar @bad, 0, 'no caller notices');

	my $status;
	ok(wait_for(sub {
		my $answer = $t->api->get('/api/system/status');
		$status = $answer->{json}{ledger} if $answer->{status} == 200;
		return $status && $status->{records_ingested} >= @sent;
	}, 120), 'all records are taken in');
	is("$status->{records_lost} $status->{records_refused}", '0 0',
		'none lost, none refused');
	my %times;
	$times{$_}++ for ids_of($t);
	is(scalar(grep { !$times{$_->{id}} } @sent), 0, 'a record of each');
	is(scalar(grep { $_ > 1 } values %times), 0, 'and none twice');
	is(scalar keys %times, scalar @sent, 'and no other');

	my $said = `'@{[AIProxy::build()]}/aiproxy-admin' check-records \\
		--dir '$t->{dir}' --run-dir '$t->{run}' --database '@{[
		$t->{database} || "sqlite:$t->{dir}/aiproxy.db"]}' 2>&1`;
	is($? >> 8, 0, 'roll-ups = sums of records') or diag($said);
}

# The request ids of all records: the list has none, an export does.

sub ids_of {
	my ($t) = @_;
	my $csv = "$t->{root}/all.csv";
	unlink $csv;
	system("'@{[AIProxy::build()]}/aiproxy-admin' export-records '$csv' "
		. "--format csv --dir '$t->{dir}' --run-dir '$t->{run}' --database '"
		. ($t->{database} || "sqlite:$t->{dir}/aiproxy.db")
		. "' >/dev/null") == 0 or die "no export\n";
	my (undef, @lines) = split /\r\n/, $t->read_file($csv);
	return map { (split /,/)[1] } @lines;
}
