package AIProxy::SlowLink;

# SPDX-License-Identifier: MIT
#
# A TCP link to a port of this machine that holds back what it carries, either
# way, for as long as it is told.

use warnings;
use strict;

use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

# start(port): {port} is where it listens. Holds nothing back at first.

sub start {
	my ($class, $to) = @_;
	my $listener = IO::Socket::INET->new(Listen => 16, Proto => 'tcp',
		LocalAddr => '127.0.0.1:0', ReuseAddr => 1) or die "listen: $!\n";
	pipe(my $orders, my $tell) or die "pipe: $!\n";
	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if (!$pid) {
		close $tell;
		carry($listener, $to, $orders);
		require POSIX;
		POSIX::_exit(0);
	}
	$tell->autoflush(1);
	return bless { port => $listener->sockport, pid => $pid,
		tell => $tell }, $class;
}

# delay(ms): of all that comes from now on, each way.

sub delay { my ($self, $ms) = @_; print { $self->{tell} } "$ms\n" }

sub stop {
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;
	kill KILL => $pid;
	waitpid $pid, 0;
}

sub DESTROY { local $?; $_[0]->stop }

# Until the orders end.

sub carry {
	my ($listener, $to, $orders) = @_;
	my $select = IO::Select->new($listener, $orders);
	my ($delay, %peer, @held) = (0);

	while (1) {
		my $wait = @held ? $held[0][0] - time() : undef;
		$wait = 0 if defined $wait && $wait < 0;
		for my $from ($select->can_read($wait)) {
			if ($from == $listener) {
				my $near = $listener->accept or next;
				my $far = IO::Socket::INET->new(Proto => 'tcp',
					PeerAddr => "127.0.0.1:$to");
				next unless $far;
				$peer{$near} = $far;
				$peer{$far} = $near;
				$select->add($near, $far);
				next;
			}
			my $n = sysread $from, my $bytes, 65536;
			if ($from == $orders) {
				return unless $n;
				($delay) = $bytes =~ /(\d+)\n\z/;
				next;
			}
			push @held, [time() + $delay / 1000, $from,
				$n ? $bytes : undef];
			$select->remove($from) unless $n;
		}
		while (@held && $held[0][0] <= time()) {
			my (undef, $from, $bytes) = @{shift @held};
			my $peer = $peer{$from} or next;
			if (defined $bytes) {
				syswrite $peer, $bytes;
				next;
			}
			$select->remove($peer);
			delete @peer{$from, $peer};
			close $_ for $from, $peer;
		}
	}
}

1;
