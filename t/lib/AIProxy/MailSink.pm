package AIProxy::MailSink;

# SPDX-License-Identifier: MIT
#
# A mail server that takes what it gets and keeps it: who signed in, envelope
# and message. It can refuse the first so many messages for now.

use warnings;
use strict;

use IO::Socket::INET;
use MIME::Base64 qw(decode_base64);
use Socket qw(IPPROTO_TCP TCP_NODELAY);

# start(test, refuse => N, hello => lines that EHLO tells)

sub start {
	my ($class, $t, %o) = @_;

	my $listener = IO::Socket::INET->new(Listen => 32, ReuseAddr => 1,
		LocalAddr => '127.0.0.1') or die "cannot listen: $!\n";
	my $self = bless { port => $listener->sockport, owner => $$,
		log => "$t->{root}/mail-" . $listener->sockport }, $class;

	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if (!$pid) {
		$SIG{TERM} = 'DEFAULT';
		my $refuse = $o{refuse} || 0;
		while (my $socket = $listener->accept) {
			setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
			$socket->autoflush(1);
			my $mail = eval { talk($socket, \$refuse, $o{hello} || []) };
			keep($self->{log}, $mail) if $mail;
			close $socket;
		}
		require POSIX;
		POSIX::_exit(0);
	}

	$self->{pid} = $pid;
	close $listener;
	return $self;
}

sub url { return "smtp://127.0.0.1:$_[0]{port}" }

sub keep {
	my ($log, $mail) = @_;
	open my $fh, '>>:raw', $log or die "$log: $!\n";
	syswrite $fh, join '', map { pack 'N/a*', $_ } map { $_ // '' }
		@$mail{qw(auth from to data said)};
	close $fh;
}

# One conversation (RFC 5321, RFC 4954); undef when no message came of it, but
# for what was said before.

sub talk {
	my ($socket, $refuse, $hello) = @_;
	my %mail = (to => '', said => '');

	print $socket "220 sink\r\n";
	while (my $line = <$socket>) {
		$mail{said} .= $line;
		$line =~ s/\r\n\z//;
		if ($line =~ /^EHLO/i) {
			my @lines = ('sink', @$hello, 'AUTH PLAIN');
			print $socket join('', map { "250-$_\r\n" } @lines),
				"250 8BITMIME\r\n";
		} elsif ($line =~ /^AUTH PLAIN ?(.*)/i) {
			my $said = $1;
			if (!length $said) {
				print $socket "334 \r\n";
				$said = <$socket>;
			}
			$mail{auth} = join ' ', grep { length }
				split /\0/, decode_base64($said);
			print $socket "235 ok\r\n";
		} elsif ($line =~ /^MAIL FROM:<(.*?)>/i) {
			$mail{from} = $1;
			print $socket $$refuse > 0 ? "451 later\r\n" : "250 ok\r\n";
			$$refuse-- if $$refuse > 0;
		} elsif ($line =~ /^RCPT TO:<(.*?)>/i) {
			$mail{to} .= ($mail{to} ? ' ' : '') . $1;
			print $socket "250 ok\r\n";
		} elsif ($line =~ /^DATA/i) {
			print $socket "354 go on\r\n";
			while (my $data = <$socket>) {
				last if $data eq ".\r\n";
				$data =~ s/^\.//;
				$mail{data} .= $data;
			}
			print $socket "250 taken\r\n";
		} elsif ($line =~ /^QUIT/i) {
			print $socket "221 bye\r\n";
			last;
		} else {
			print $socket "502 what?\r\n";
		}
	}
	return \%mail;
}

# mails(): what came so far, and forgets it.

sub mails {
	my ($self) = @_;

	open my $fh, '<:raw', $self->{log} or return ();
	local $/;
	my $bytes = readline $fh;
	unlink $self->{log};
	my @parts = unpack '(N/a*)*', $bytes;
	my @mails;
	while (@parts) {
		my %mail;
		@mail{qw(auth from to data said)} = splice @parts, 0, 5;
		push @mails, \%mail;
	}
	return @mails;
}

sub DESTROY {
	my ($self) = @_;
	return unless $self->{owner} == $$;
	local ($?, $!);
	kill TERM => $self->{pid};
	waitpid $self->{pid}, 0;
}

1;
