#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The same thing again and again, CHAOS_ROUNDS (50) times at random instants,
# while CHAOS_REQUESTS (20,000) requests pass and 500 are in flight: a worker is
# killed, nginx's master, the daemon; nginx is reloaded, or replaced by another
# binary. Each answered request has one record, the roll-ups are the sums of the
# records, and nothing is lost.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use AIProxy::Postgres;
use AIProxy::Process;
use AIProxy::Records;

my $short = $ENV{CHAOS_SECONDS} && $ENV{CHAOS_SECONDS} < 120;
my $rounds = $ENV{CHAOS_ROUNDS} || ($short ? 3 : 50);
my $requests = $ENV{CHAOS_REQUESTS} || ($short ? 600 : 20_000);
my $width = $short ? 10 : 125;	# in flight, in each of four processes
srand($ENV{CHAOS_SEED} //= int rand 1_000_000);
diag("CHAOS_SEED=$ENV{CHAOS_SEED}, $rounds rounds, $requests requests");

# What is done once, and how many workers it kills: without, no caller notices.

my %harm = (
	'a worker killed' => { kills => 1, once => sub {
		my ($t) = @_;
		my @workers = $t->worker_pids();
		kill KILL => $workers[rand @workers] if @workers;
	} },
	'nginx\'s master killed' => { kills => 2, once => \&kill_master },
	'the daemon killed' => { once => \&kill_daemon },
	'the daemon killed, on Postgres' => { once => \&kill_daemon },
	'a reload' => { once => sub { kill HUP => $_[0]->nginx->{pid} } },
	'another binary' => { once => \&upgrade },
);

for my $name (sort keys %harm) {
	next if $ENV{CHAOS_ONLY} && $name ne $ENV{CHAOS_ONLY};
	subtest $name => sub { rounds($name, %{$harm{$name}}) };
}

done_testing();

sub rounds {
	my ($name, %o) = @_;

	my $t = AIProxy->new();
	my $postgres;
	if ($name =~ /Postgres/) {
		$postgres = AIProxy::Postgres->new($t);
		$postgres->start();
		$t->{database} = $postgres->url();
	}
	$t->expect_alert(qr/exited on signal 9/) if $o{kills};
	$t->start_demo();
	$t->start_daemon();
	my $client = $t->client_key([map { $t->provider_key($t->provider()) } 1 .. 2]);
	start_nginx($t, $name eq 'another binary');

	my $load = AIProxy::Load->start($t, 4, sub {
		my ($n) = @_;
		$t->bytes_of($dialects[$n % 3], $client, stream => $n % 2,
			fault => 'event_delay_ms=' . (int rand 20));
	}, $width);
	my $share = int $requests / $rounds;
	for my $round (1 .. $rounds) {
		my $before = int rand $share;
		$load->more($before);
		$o{once}->($t, $load);
		$load->more($share - $before);
	}
	my @sent = $load->stop();
	my @answered = grep { $_->{id} } @sent;
	diag("$name: " . @sent . ' requests, ' . @answered . ' answered, '
		. (grep { $_->{complete} } @answered) . ' whole');
	cmp_ok(scalar @sent, '>=', $requests, 'as many as there should be');
	cmp_ok(scalar @answered, '>', $requests / 2, 'most were answered');
	is(scalar(grep { $_->{status} != 200 || !$_->{complete} } @sent), 0,
		'no caller notices') unless $o{kills};

	settled($t);
	compare($t, \@sent, kills => $rounds * ($o{kills} || 0));
	is(lost($t), '0 0', 'none lost, none refused');
	$t->finish();
	$postgres->stop() if $postgres;
}

# nginx can only be replaced where it is no child of who started it.

sub start_nginx {
	my ($t, $in_background) = @_;

	$t->write_nginx_conf(<<'EOC');
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
	return $t->start_nginx() unless $in_background;

	my $file = "$t->{root}/nginx.conf";
	$t->write_file($file, $t->read_file($file) =~ s/daemon off;/daemon on;/r);
	my $starter = AIProxy::Process->start('starter', $t->{root},
		AIProxy::Nginx::nginx_binary(), '-p', $t->{root}, '-c', $file,
		'-e', "$t->{root}/error.log");
	$starter->wait_end(30) or die "nginx does not start\n";
	adopt($t);
}

# Its workers serve on until whoever watches over nginx ends them and starts it
# again, as systemd does.

sub kill_master {
	my ($t, $load) = @_;

	my @children = keys %{{$t->nginx_children}};
	kill KILL => $t->nginx->{pid};
	$t->nginx->wait_end(10);
	$load->more(int rand 50);
	kill KILL => @children;
	AIProxy::wait_for(sub { !grep { is_alive($_) } @children }, 10)
		or die "a worker survives\n";
	$t->start_nginx();
}

# Whoever has become its parent may not ask what became of it.

sub is_alive {
	open my $fh, '<', "/proc/$_[0]/stat" or return 0;
	return <$fh> !~ /\) Z/;
}

sub kill_daemon {
	my ($t) = @_;
	$t->daemon->kill_now();
	$t->start_daemon();
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
