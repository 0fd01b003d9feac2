#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Under the same load for SOAK_SECONDS (600) the memory of nginx's workers and
# of the daemon, and the files on tmpfs, stop growing.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $provider = $t->provider();
my $client = $t->client_key([map { $t->provider_key($provider) } 1 .. 3]);

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

my $load = AIProxy::Load->start($t, 8, sub {
	my ($n) = @_;
	$t->bytes_of($dialects[$n % 3], $client, stream => $n % 2,
		prompt => 'x' x ($n % 50 * 1000), fault => 'event_delay_ms=0');
});

my $seconds = $ENV{SOAK_SECONDS} || 600;
my $began = time();
my (%early, %late);
while ((my $age = time() - $began) < $seconds) {
	$load->more(100);
	my %now = sizes();
	for my $name (keys %now) {
		# The second quarter against the last.
		push @{$early{$name}}, $now{$name}
			if $age > $seconds / 4 && $age < $seconds / 2;
		push @{$late{$name}}, $now{$name} if $age > $seconds * 3 / 4;
	}
}
my @sent = $load->stop();
is(scalar(grep { $_->{status} != 200 || !$_->{complete} } @sent), 0,
	'no request failed, of ' . @sent);

for my $name (sort keys %late) {
	my ($before, $after) = map { median(@$_) } $early{$name}, $late{$name};
	cmp_ok($after, '<=', $before * 1.05 + 1024,
		"$name: $before KiB, then $after KiB");
}

$t->done();

# KiB of each process and of the files on tmpfs.

sub sizes {
	my %pids = ('daemon' => $t->daemon->{pid});
	my $n = 0;
	$pids{'worker ' . ++$n} = $_ for $t->worker_pids();
	my %sizes;

	for my $name (keys %pids) {
		open my $fh, '<', "/proc/$pids{$name}/status" or next;
		($sizes{$name}) = join('', <$fh>) =~ /^RssAnon:\s+(\d+)/m;
	}

	($sizes{'files on tmpfs'}) = `du -sk $t->{run}` =~ /^(\d+)/;
	return %sizes;
}

sub median {
	my @sorted = sort { $a <=> $b } @_;
	return $sorted[@sorted / 2];
}
