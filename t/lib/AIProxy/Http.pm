package AIProxy::Http;

# SPDX-License-Identifier: MIT
#
# HTTP/1.1 over a plain socket with nothing hidden: what a test sends is what
# is sent, and what came back is kept byte for byte. One exchange per
# connection unless the caller says otherwise.

use warnings;
use strict;

use Exporter qw(import);
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(time);

our @EXPORT_OK = qw(request message open_exchange parallel);

$SIG{PIPE} = 'IGNORE';

# message(method, path, headers => [[name, value], ...], body => bytes,
# chunks => [bytes, ...], host => name): the bytes of a request.

sub message {
	my ($method, $path, %o) = @_;

	my @headers = @{$o{headers} || []};
	my %given = map { lc $_->[0] => 1 } @headers;

	unshift @headers, ['Host', $o{host} || 'localhost'] unless $given{host};
	push @headers, ['Connection', 'close'] unless $given{connection};

	my $body = defined $o{body} ? $o{body} : '';

	if ($o{chunks}) {
		push @headers, ['Transfer-Encoding', 'chunked'];
		$body = join '', map { sprintf("%x\r\n%s\r\n", length $_, $_) }
			grep { length } @{$o{chunks}};
		$body .= "0\r\n\r\n";

	} elsif (defined $o{body} && !$given{'content-length'}) {
		push @headers, ['Content-Length', length $body];
	}

	return "$method $path HTTP/1.1\r\n"
		. join('', map { "$_->[0]: $_->[1]\r\n" } @headers)
		. "\r\n" . $body;
}

# request(port, method, path, ...): one exchange, to its end.

sub request {
	my ($port, $method, $path, %o) = @_;
	return open_exchange($port, message($method, $path, %o),
		timeout => $o{timeout}, head => $method eq 'HEAD')->finish;
}

sub open_exchange {
	my ($port, $bytes, %o) = @_;
	return AIProxy::Http::Exchange->new($port, $bytes, %o);
}

# parallel(port, [bytes, ...], timeout): sends them all at once, each on its
# own connection, opened before the first byte is sent; answers in the same
# order. Split over processes, for a thousand sockets are more than one may
# hold.

sub parallel {
	my ($port, $messages, $timeout) = @_;
	my ($share, @children, @answers) = (200);

	for (my $from = 0; $from < @$messages; $from += $share) {
		my $to = $from + $share - 1;
		$to = $#$messages if $to > $#$messages;

		pipe my $reader, my $writer or die "pipe: $!\n";
		my $pid = fork;
		die "fork: $!\n" unless defined $pid;

		if (!$pid) {
			close $reader;
			my @exchanges = map { AIProxy::Http::Exchange->new($port,
				'', timeout => $timeout || 60) }
				$from .. $to;
			$exchanges[$_]->send($messages->[$from + $_])
				for 0 .. $#exchanges;
			my @done = map { $_->finish } @exchanges;
			print $writer JSON::PP->new->latin1->encode(\@done);
			close $writer;
			require POSIX;
			POSIX::_exit(0);
		}

		close $writer;
		push @children, [$pid, $reader];
	}

	for my $child (@children) {
		local $/;
		my $text = readline $child->[1];
		waitpid $child->[0], 0;
		push @answers, @{JSON::PP->new->latin1->decode($text)};
	}

	return @answers;
}

###############################################################################

package AIProxy::Http::Exchange;

use warnings;
use strict;

use JSON::PP;
use Time::HiRes qw(time);

sub new {
	my ($class, $port, $bytes, %o) = @_;

	my $socket = IO::Socket::INET->new(
		Proto => 'tcp',
		PeerAddr => "127.0.0.1:$port",
		Timeout => 10,
	) or die "cannot connect to 127.0.0.1:$port: $!\n";
	$socket->autoflush(1);
	binmode $socket;

	my $self = bless {
		socket => $socket,
		select => IO::Select->new($socket),
		deadline => time() + ($o{timeout} || 60),
		no_body => $o{head} || 0,
		switch => $o{switch} || 0,
		raw => '',
		body => '',
		headers => {},
		header_list => [],
		eof => 0,
		complete => 0,
		chunks => 0,
	}, $class;

	$self->send($bytes) if length $bytes;
	return $self;
}

sub send {
	my ($self, $bytes) = @_;
	my $at = 0;

	# A server that refuses early closes: what it said is still read.
	while ($at < length $bytes) {
		my $n = syswrite $self->{socket}, $bytes, 65536, $at;
		last unless $n;
		$at += $n;
	}

	return $self;
}

# Takes in what comes next: false at the end, and when the time is over.

sub more {
	my ($self) = @_;

	return 0 if $self->{eof} || $self->{complete};

	# A signal ends the wait early.
	while (1) {
		my $left = $self->{deadline} - time();
		if ($left <= 0) {
			$self->{timed_out} = 1;
			return 0;
		}
		last if $self->{select}->can_read($left);
	}

	my $n = sysread $self->{socket}, my $bytes, 65536;
	if (!$n) {
		$self->{eof} = 1;
		$self->{complete} = 1 if $self->{status}
			&& !defined $self->{length} && !$self->{chunked};
		return 0;
	}

	$self->{raw} .= $bytes;
	$self->{rest} .= $bytes;
	$self->take_head unless $self->{status};
	$self->take_body if $self->{status};
	return 1;
}

sub take_head {
	my ($self) = @_;

	return unless $self->{rest} =~ s/\A(.*?)\r\n\r\n//s;
	my ($first, @lines) = split /\r\n/, $1;

	if ($first =~ m{^HTTP/1\.\d 1\d\d} && !$self->{switch}) {
		$self->{interim}++;
		return $self->take_head;
	}

	($self->{status}, $self->{reason}) = $first =~ m{^HTTP/1\.\d (\d+) ?(.*)};
	die "not a status line: $first\n" unless $self->{status};
	$self->{first_byte_at} = time();

	for my $line (@lines) {
		my ($name, $value) = $line =~ /^([^:]+):\s*(.*?)\s*$/ or next;
		push @{$self->{header_list}}, [$name, $value];
		my $had = $self->{headers}{lc $name};
		$self->{headers}{lc $name} =
			defined $had ? "$had, $value" : $value;
	}

	$self->{chunked} =
		lc($self->{headers}{'transfer-encoding'} || '') eq 'chunked';
	$self->{length} = $self->{headers}{'content-length'}
		unless $self->{chunked};
	$self->{complete} = 1 if $self->{no_body}
		|| $self->{status} == 204 || $self->{status} == 304;
}

sub take_body {
	my ($self) = @_;

	return if $self->{complete} || $self->{switch};

	if (!$self->{chunked}) {
		$self->{body} .= $self->{rest};
		$self->{rest} = '';
		$self->{complete} = 1 if defined $self->{length}
			&& length $self->{body} >= $self->{length};
		return;
	}

	while ($self->{rest} =~ /\A([0-9a-fA-F]+)[^\r\n]*\r\n/) {
		my ($size, $skip) = (hex $1, $+[0]);

		if ($size == 0) {
			$self->{complete} = 1
				if $self->{rest} =~ /\A0+[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n/;
			return;
		}

		return if length $self->{rest} < $skip + $size + 2;
		$self->{body} .= substr $self->{rest}, $skip, $size;
		substr($self->{rest}, 0, $skip + $size + 2) = '';
		$self->{chunks}++;
	}
}

# Reads until the body matches; false when it ended without.

sub until_body {
	my ($self, $wanted) = @_;

	while (1) {
		return 1 if $self->{body} =~ $wanted;
		return 0 unless $self->more;
	}
}

sub until_head {
	my ($self) = @_;

	while (!$self->{status}) {
		return 0 unless $self->more;
	}

	return 1;
}

# The whole answer as plain data: status (0 when there was none), reason,
# headers by lower-case name, header_list as they came, body, raw, complete.

sub finish {
	my ($self) = @_;

	1 while $self->more;
	close $self->{socket};
	return $self->answer;
}

sub answer {
	my ($self) = @_;

	my $answer = { map { $_ => $self->{$_} } qw(reason headers header_list
		body raw chunks chunked) };
	$answer->{status} = $self->{status} || 0;
	$answer->{complete} = $self->{complete} ? 1 : 0;
	$answer->{timed_out} = $self->{timed_out} ? 1 : 0;

	if (($self->{headers}{'content-type'} || '') =~ m{^application/json}) {
		$answer->{json} = eval { decode_json($self->{body}) };
	}

	return $answer;
}

# Leaves as a caller does that was killed: RST rather than FIN, if asked.

sub leave {
	my ($self, %o) = @_;

	setsockopt $self->{socket}, Socket::SOL_SOCKET(), Socket::SO_LINGER(),
		pack('ii', 1, 0) if $o{reset};
	close $self->{socket};
}

1;
