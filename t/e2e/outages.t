#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Under load the database goes away: Postgres is stopped at once and started,
# SQLite is locked, and meanwhile the disk of the spool is full; or the disk that
# holds database and spool is. Each request that was answered has one record, the
# roll-ups are the sums of the records, and nothing is lost. OUTAGE_REQUESTS (200)
# are sent per case, OUTAGE_WIDTH (4) in flight; OUTAGE_SECONDS (2) is how long
# the database is away.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use AIProxy::Postgres;
use AIProxy::Records;
use Time::HiRes qw(time);

my $requests = $ENV{OUTAGE_REQUESTS} || 200;
my $seconds = $ENV{OUTAGE_SECONDS} || 2;
my $width = ($ENV{OUTAGE_WIDTH} || 4) / 4;	# in each of four processes

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
	outage($t, sub { while_locked($t, $_[0]) });
	$t->finish();
};

subtest 'SQLite locked and the disk of the spool full' => sub {
	my $t = AIProxy->new();
	my $spool = "$t->{dir}/spool";
	mkdir $spool;
	on_disk($t, $spool, '64k', sub {
		my ($wait) = @_;
		while_locked($t, sub {
			ok(wait_for(sub { free_kib($spool) < 16 }, 60),
				'the disk is full');
			$wait->();
		});
	});
};

subtest 'the disk full' => sub {
	my $t = AIProxy->new();
	$t->expect_daemon_error(qr/disk|full|space/i);
	on_disk($t, $t->{dir}, '512m', sub {
		my ($wait) = @_;
		my $path = "$t->{dir}/ballast";
		open my $ballast, '>', $path or die "$path: $!\n";
		for my $size (65536, 4096) {
			1 while syswrite $ballast, "\0" x $size;
		}
		is(free_kib($t->{dir}), 0, 'the disk is full');
		$wait->();
		close $ballast;
		unlink $path;
	});
};

done_testing();

# on_disk(harness, folder, size, away): an outage while the folder is a small
# disk of its own.

sub on_disk {
	my ($t, $folder, $size, $away) = @_;

	my $mounted = $> == 0 && system("mount -t tmpfs -o size=$size,mode=2770 "
		. "none '$folder' 2>/dev/null") == 0;
	plan skip_all => 'no file system can be mounted here' unless $mounted;
	chown 0, scalar(getgrnam 'www-data'), $folder;
	eval { outage($t, $away); 1 } or fail("no error: $@");
	is(join(' ', $t->stop()), '', 'all stop');
	system('umount', $folder);
	$t->finish();
}

# free_kib(folder): what its disk has left.

sub free_kib {
	my ($folder) = @_;
	my @line = split ' ', (`df -k '$folder'`)[-1];
	return $line[3];
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
worker_rlimit_nofile 4096;
events { worker_connections 2048; }
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
	}, $width);
	$load->more(20);
	$away->(sub {
		my $end = time() + $seconds;
		$load->more($requests / 2, 600);
		wait_for(sub { time() >= $end }, $seconds + 10);
	});
	$load->more($requests / 2, 600);
	my @sent = $load->stop();
	diag(scalar(@sent) . ' requests');
	cmp_ok(scalar @sent, '>=', $requests, 'as many as there should be');
	my @bad = grep { $_->{status} != 200 || !$_->{complete} } @sent;
	is(scalar @bad, 0, 'no caller notices');

	settled($t);
	compare($t, \@sent);
	is(ledger_of($t)->{records_ingested}, scalar @sent, 'all are counted');
	is(lost($t), '0 0', 'none lost, none refused');
}
