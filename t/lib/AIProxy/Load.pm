package AIProxy::Load;

# SPDX-License-Identifier: MIT
#
# Callers that send one request after the other in processes of their own,
# until they are told to stop, and remember what became of each.

use warnings;
use strict;

use AIProxy;
use IO::Select;
use JSON::PP;
use POSIX ();

# start(harness, processes, sub { bytes of request n }, width): each process has
# width (1) requests at a time.

sub start {
	my ($class, $t, $processes, $bytes, $width) = @_;
	my $self = bless { t => $t, children => [], port => $t->proxy_port },
		$class;

	for my $process (1 .. $processes) {
		my $file = "$t->{root}/load." . (++$t->{loads});
		my $pid = fork;
		die "fork: $!\n" unless defined $pid;

		if (!$pid) {
			my $stop = 0;
			$SIG{TERM} = sub { $stop = 1 };
			open my $out, '>', $file or POSIX::_exit(1);
			$out->autoflush(1);

			play($self->{port}, $bytes, $width || 1, \$stop, sub {
				print $out encode_json(what_became($_[0])), "\n";
			});
			POSIX::_exit(0);
		}

		push @{$self->{children}}, { pid => $pid, file => $file };
	}

	return $self;
}

# Keeps width requests going until it is to stop; each that ended goes to the
# sub. Who is refused a connection waits a moment, as callers do.

sub play {
	my ($port, $bytes, $width, $stop, $ended) = @_;
	my ($n, %open) = (0);
	my $select = IO::Select->new();

	while (!$$stop || %open) {
		while (!$$stop && keys %open < $width) {
			my $exchange = eval {
				AIProxy::Http::open_exchange($port, $bytes->($n++));
			};
			if (!$exchange) {
				$ended->(undef);
				select undef, undef, undef, 0.01;
				last;
			}
			$open{$exchange->{socket}} = $exchange;
			$select->add($exchange->{socket});
		}
		for my $socket ($select->can_read(0.1)) {
			my $exchange = $open{$socket};
			next if eval { $exchange->more };
			$select->remove($socket);
			delete $open{$socket};
			close $socket;
			$ended->($exchange->answer);
		}
	}
}

# What became of one request. A refused or broken connection is a status of 0;
# of an error the body is kept.

sub what_became {
	my $answer = $_[0] || { status => 0, headers => {}, complete => 0 };
	return { id => $answer->{headers}{'x-request-id'},
		$answer->{status} < 400 ? () : (body => $answer->{body}),
		map { $_ => $answer->{$_} } qw(status complete) };
}

# How many there are so far. What was counted is not read again.

sub count {
	my ($self) = @_;
	my $lines = 0;

	for my $child (@{$self->{children}}) {
		my $fh = $child->{read};
		if (!$fh) {
			open $fh, '<', $child->{file} or next;
			$child->{read} = $fh;
		}
		while (sysread $fh, my $text, 65536) {
			$child->{lines} += $text =~ tr/\n//;
		}
		$lines += $child->{lines} || 0;
	}

	return $lines;
}

# Waits until n more have ended, for so many seconds (60) at most.

sub more {
	my ($self, $n, $seconds) = @_;
	my $wanted = $self->count + $n;
	return AIProxy::wait_for(sub { $self->count >= $wanted }, $seconds || 60);
}

# stop(): lets each end its request; all of them.

sub stop {
	my ($self) = @_;
	my @all;

	for my $child (@{$self->{children}}) {
		kill TERM => $child->{pid};
		waitpid $child->{pid}, 0;
		open my $fh, '<', $child->{file} or die "$child->{file}: $!\n";
		push @all, map { decode_json($_) } <$fh>;
	}

	return @all;
}

1;
