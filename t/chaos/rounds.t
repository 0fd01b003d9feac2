#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The same thing again and again, CHAOS_ROUNDS (50) times at random instants,
# while CHAOS_REQUESTS (20,000) requests pass and 500 are in flight: a worker is
# killed, all of nginx, the daemon; nginx is reloaded, or replaced by another
# binary. And the memory and the spool for records are full while the database
# is away. Each answered request has one record, the roll-ups are the sums of
# the records, and nothing is lost but what the policy publishes.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use AIProxy::Process;

my $short = $ENV{CHAOS_SECONDS} && $ENV{CHAOS_SECONDS} < 120;
my $rounds = $ENV{CHAOS_ROUNDS} || ($short ? 3 : 50);
my $requests = $ENV{CHAOS_REQUESTS} || ($short ? 600 : 20_000);
my $width = $short ? 10 : 125;	# in flight, in each of four processes
srand($ENV{CHAOS_SEED} //= int rand 1_000_000);
diag("CHAOS_SEED=$ENV{CHAOS_SEED}, $rounds rounds, $requests requests");

my $conf = <<'EOC';
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

my %harm = (
	'a worker killed' => sub {
		my ($t) = @_;
		my @workers = $t->worker_pids();
		kill KILL => $workers[rand @workers] if @workers;
	},
	'nginx killed' => sub {
		my ($t) = @_;
		my $master = $t->nginx->{pid};
		kill KILL => $master, $t->worker_pids();
		$t->nginx->wait_end(10);
		$t->start_nginx();
	},
	'the daemon killed' => sub {
		my ($t) = @_;
		$t->daemon->kill_now();
		$t->start_daemon();
	},
	'a reload' => sub { kill HUP => $_[0]->nginx->{pid} },
	'another binary' => \&upgrade,
);

for my $name (sort keys %harm) {
	next if $ENV{CHAOS_ONLY} && $name ne $ENV{CHAOS_ONLY};
	subtest $name => sub { rounds($name, $harm{$name}) };
}
for my $policy ($short ? () : qw(refuse count)) {
	next if $ENV{CHAOS_ONLY} && $policy ne $ENV{CHAOS_ONLY};
	subtest "memory and spool full: $policy" => sub { full($policy) };
}

done_testing();

sub begin {
	my ($conf, @daemon) = @_;

	my $t = AIProxy->new();
	$t->start_demo();
	$t->start_daemon(@daemon);
	my $client = $t->client_key([map { $t->provider_key($t->provider()) } 1 .. 2]);
	$t->write_nginx_conf($conf);
	return ($t, $client);
}

sub load {
	my ($t, $client) = @_;
	return AIProxy::Load->start($t, 4, sub {
		my ($n) = @_;
		$t->bytes_of($dialects[$n % 3], $client, stream => $n % 2,
			fault => 'event_delay_ms=' . (int rand 20));
	}, $width);
}

sub rounds {
	my ($name, $harm) = @_;

	my ($t, $client) = begin($conf);
	$t->expect_alert(qr/exited on signal 9/) if $name =~ /worker/;
	if ($name eq 'another binary') {
		start_in_background($t);
	} else {
		$t->start_nginx();
	}

	my $load = load($t, $client);
	my $share = int $requests / $rounds;
	for my $round (1 .. $rounds) {
		my $before = int rand $share;
		$load->more($before);
		$harm->($t);
		$load->more($share - $before);
	}
	my @sent = $load->stop();
	my @answered = grep { $_->{id} } @sent;
	diag("$name: " . @sent . ' requests, ' . @answered . ' answered, '
		. (grep { $_->{complete} } @answered) . ' whole');
	cmp_ok(scalar @answered, '>', $requests / 2, 'most were answered');
	is(scalar(grep { $_->{status} != 200 || !$_->{complete} } @sent), 0,
		'no caller notices') if $name !~ /worker|nginx killed/;

	settled($t);
	is(lost($t), '0 0', 'none lost, none refused');
	compare($t, \@answered, \@sent);
	$t->finish();
}

# Nothing runs and nothing waits to be taken in.

sub settled {
	my ($t) = @_;

	ok(AIProxy::wait_for(sub {
		my $ledger = status($t);
		return defined $ledger->{waiting_bytes} && !$ledger->{waiting_bytes}
			&& !@{$t->api->read('/api/logs/running')->{items}};
	}, 120), 'all records are taken in') or diag(explain(status($t)));
	ok(AIProxy::wait_for(sub {
		!grep { $_->{in_flight} } $t->api->list('/api/provider-keys/keys')
	}, 30), 'nothing in flight');
}

sub lost {
	my $ledger = status($_[0]);
	return "$ledger->{records_lost} $ledger->{records_refused}";
}

# One record for each that was answered, and at most one for each that was sent.

sub compare {
	my ($t, $answered, $sent) = @_;

	my (%record, %outcome);
	for my $record (records($t)) {
		$record{$record->{request_id}}++;
		$outcome{$record->{request_id}} = $record->{outcome};
	}
	is(scalar(grep { !$record{$_->{id}} } @$answered), 0, 'a record of each');
	is(scalar(grep { $_ > 1 } values %record), 0, 'and none twice');
	cmp_ok(scalar keys %record, '<=', scalar @$sent, 'nor more than were sent');
	is(scalar(grep { !$_->{complete} && $outcome{$_->{id}} eq 'success' }
		@$answered), 0, 'none says that a broken answer was whole');

	my $said = `'@{[AIProxy::build()]}/aiproxy-admin' check-records \\
		--dir '$t->{dir}' --run-dir '$t->{run}' \\
		--database 'sqlite:$t->{dir}/aiproxy.db' 2>&1`;
	is($? >> 8, 0, 'roll-ups = sums of records') or diag($said);
}

# The list has no request ids, an export does.

sub records {
	my ($t) = @_;
	my $csv = "$t->{root}/all.csv";
	unlink $csv;
	system("'@{[AIProxy::build()]}/aiproxy-admin' export-records '$csv' "
		. "--format csv --dir '$t->{dir}' --run-dir '$t->{run}' "
		. "--database 'sqlite:$t->{dir}/aiproxy.db' >/dev/null") == 0
		or die "no export\n";
	my ($head, @lines) = split /\r\n/, $t->read_file($csv);
	my @names = split /,/, $head;
	return map {
		my %record;
		@record{@names} = split /,/;
		\%record;
	} @lines;
}

# nginx can only be replaced where it is no child of who started it.

sub start_in_background {
	my ($t) = @_;

	my $file = "$t->{root}/nginx.conf";
	$t->write_file($file, $t->read_file($file) =~ s/daemon off;/daemon on;/r);
	my $starter = AIProxy::Process->start('starter', $t->{root},
		AIProxy::nginx_binary(), '-p', $t->{root}, '-c', $file,
		'-e', "$t->{root}/error.log");
	$starter->wait_end(30) or die "nginx does not start\n";
	adopt($t);
}

sub adopt {
	my ($t) = @_;
	my $pid = $t->read_file("$t->{root}/nginx.pid") + 0;
	$t->{nginx} = AIProxy::Process->adopt('nginx', $pid);
	push @{$t->{processes}}, $t->{nginx};
	$t->nginx->wait_port($t->proxy_port);
	$t->wait_workers();
}

# https://nginx.org/en/docs/control.html#upgrade

sub upgrade {
	my ($t) = @_;
	my ($old, $file) = ($t->nginx, "$t->{root}/nginx.pid");

	kill USR2 => $old->{pid};
	AIProxy::wait_for(sub {
		-s $file && -s "$file.oldbin" && $t->read_file($file) != $old->{pid}
	}, 30) or die "no new binary\n";
	adopt($t);
	kill QUIT => $old->{pid};
	$old->wait_end(60) or die "the old binary stays\n";
}

# The database is locked until no record finds room any more.

sub full {
	my ($policy) = @_;

	my ($t, $client) = begin($conf =~ s/(%%HTTP%%)/$1 aiproxy_ledger_full $policy;/r,
		'--ledger-bytes', '16m', '--spool-bytes', '16m');
	$t->expect_daemon_error(qr/database|store|locked|spool|ledger/i);
	$t->expect_alert(qr/ledger/);
	$t->start_nginx();

	open my $lock, '|-', 'sqlite3', "$t->{dir}/aiproxy.db" or die "sqlite3: $!\n";
	$lock->autoflush(1);
	print $lock ".timeout 20000\nBEGIN IMMEDIATE;\n.shell touch $t->{root}/locked\n";
	AIProxy::wait_for(sub { -e "$t->{root}/locked" }, 30) or die "no lock\n";

	my $load = load($t, $client);
	ok(AIProxy::wait_for(sub { $t->error_log =~ /the quota is used up/ }, 300),
		'there is no room left');
	$load->more(500);
	print $lock "ROLLBACK;\n";
	close $lock;
	AIProxy::wait_for(sub { (status($t)->{waiting_bytes} // 1e9) < 8 << 20 }, 120);
	$load->more(500);
	my @sent = $load->stop();

	my @served = grep { $_->{status} == 200 } @sent;
	my %status;
	$status{$_->{status}}++ for @sent;
	diag("full, $policy: ", join ', ', map { "$_: $status{$_}" } sort keys %status);
	settled($t);
	my $ledger = $t->api->read('/api/system/status')->{ledger};
	my @records = grep { $_->{outcome} eq 'success' } records($t);
	if ($policy eq 'refuse') {
		is(lost($t), '0 0', 'none lost, none refused');
		is($ledger->{requests_refused}, $status{503}, 'as many 503 as published');
		compare($t, \@served, \@sent);
	} else {
		is(scalar(@served), scalar(@sent), 'all are served');
		is(@records + $ledger->{records_lost}, scalar @sent,
			'what has no record is published');
	}
	$t->finish();
}

sub status {
	my ($t) = @_;
	return $t->api->get('/api/system/status')->{json}{ledger} || {};
}
