package AIProxy::Server;

# SPDX-License-Identifier: MIT
#
# A server of somebody else for the daemon to ask: it answers each request with
# what was last set, and counts them.

use warnings;
use strict;

use IO::Socket::INET;

# new(folder): on a free port of the loopback. answer() says what it answers.

sub new {
	my ($class, $folder) = @_;

	my $socket = IO::Socket::INET->new(Listen => 16, ReuseAddr => 1,
		LocalAddr => '127.0.0.1') or die "listen: $!\n";
	my $self = bless { port => $socket->sockport, owner => $$,
		file => "$folder/answer-" . $socket->sockport }, $class;
	$self->answer(404, '');

	$self->{pid} = fork() // die "fork: $!\n";
	if (!$self->{pid}) {
		$SIG{TERM} = sub { POSIX::_exit(0) };
		require POSIX;
		$self->serve($socket) while 1;
	}
	return $self;
}

sub port { return $_[0]{port} }
sub url { return "http://127.0.0.1:$_[0]{port}$_[1]" }

# answer(status, body, header lines...)

sub answer {
	my ($self, $status, $body, @headers) = @_;
	open my $fh, '>:raw', "$self->{file}.new" or die "$self->{file}: $!\n";
	print $fh join("\r\n", "HTTP/1.1 $status X", @headers,
		'Content-Length: ' . length $body, 'Connection: close', '', ''), $body;
	close $fh or die "$self->{file}: $!\n";
	rename "$self->{file}.new", $self->{file} or die "$self->{file}: $!\n";
}

# How many requests came.

sub seen { return -s "$_[0]{file}.seen" || 0 }

sub serve {
	my ($self, $socket) = @_;

	my $client = $socket->accept or return;
	my $head = '';
	while ($head !~ /\r\n\r\n/) {
		sysread $client, $head, 4096, length $head or return;
	}
	open my $seen, '>>', "$self->{file}.seen" or die "seen: $!\n";
	syswrite $seen, '.';
	open my $fh, '<:raw', $self->{file} or die "$self->{file}: $!\n";
	local $/;
	print $client readline $fh;
}

sub stop {
	my ($self) = @_;
	return unless $self->{pid} && $self->{owner} == $$;
	kill TERM => $self->{pid};
	waitpid $self->{pid}, 0;
	delete $self->{pid};
}

sub DESTROY { local $?; $_[0]->stop }

1;
