package AIProxy::RawServer;

# SPDX-License-Identifier: MIT
#
# A provider that says exactly what a test wants, byte for byte, and keeps
# exactly what it was sent: for what the demo provider is too well-behaved for.

use warnings;
use strict;

use IO::Socket::INET;
use Time::HiRes ();

# start(test, script): script is called for each request, in a process of its
# connection, with the socket, the request's head and body; what it returns is
# written. An undefined value closes the connection.

sub start {
	my ($class, $t, $script) = @_;

	my $listener = IO::Socket::INET->new(Listen => 128, ReuseAddr => 1,
		LocalAddr => '127.0.0.1') or die "cannot listen: $!\n";
	my $log = "$t->{root}/raw-" . $listener->sockport;
	my $self = bless { port => $listener->sockport, log => $log,
		owner => $$ }, $class;

	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if (!$pid) {
		$SIG{CHLD} = 'IGNORE';
		$SIG{TERM} = 'DEFAULT';
		setpgrp;
		while (my $socket = $listener->accept) {
			my $child = fork;
			next if $child;
			close $listener;
			eval { serve($socket, $log, $script) };
			close $socket;
			require POSIX;
			POSIX::_exit(0);
		}
		require POSIX;
		POSIX::_exit(0);
	}

	$self->{pid} = $pid;
	close $listener;
	return $self;
}

sub url { return "http://127.0.0.1:$_[0]{port}" }

sub serve {
	my ($socket, $log, $script) = @_;

	$socket->autoflush(1);
	binmode $socket;
	my $rest = '';

	while (my ($head, $body) = take($socket, \$rest)) {
		open my $fh, '>>:raw', $log or die "$log: $!\n";
		syswrite $fh, pack('N/a* N/a*', $head, $body);
		close $fh;
		my $bytes = $script->($socket, $head, $body);
		return unless defined $bytes;
		write_all($socket, $bytes);
	}
}

sub write_all {
	my ($socket, $bytes) = @_;
	my $at = 0;
	while ($at < length $bytes) {
		my $n = syswrite $socket, $bytes, 65536, $at or return 0;
		$at += $n;
	}
	return 1;
}

sub take {
	my ($socket, $rest) = @_;

	while ($$rest !~ /\r\n\r\n/) {
		sysread $socket, $$rest, 65536, length $$rest or return;
	}
	$$rest =~ s/\A(.*?\r\n\r\n)//s;
	my $head = $1;
	my ($length) = $head =~ /^content-length: (\d+)\r$/mi;
	$length ||= 0;
	while (length $$rest < $length) {
		sysread $socket, $$rest, 65536, length $$rest or return;
	}
	return ($head, substr $$rest, 0, $length, '');
}

# requests(): [head, body] of all so far, and forgets them.

sub requests {
	my ($self) = @_;

	open my $fh, '<:raw', $self->{log} or return ();
	local $/;
	my $bytes = readline $fh;
	unlink $self->{log};
	my @parts = unpack '(N/a*)*', $bytes;
	my @requests;
	push @requests, [splice @parts, 0, 2] while @parts;
	return @requests;
}

sub DESTROY {
	my ($self) = @_;
	return unless $self->{owner} == $$;
	local ($?, $!);
	kill TERM => -$self->{pid};
	kill TERM => $self->{pid};
	waitpid $self->{pid}, 0;
}

1;
