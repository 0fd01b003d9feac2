package AIProxy::Load;

# SPDX-License-Identifier: MIT
#
# Callers that send one request after the other in processes of their own,
# until they are told to stop, and remember what became of each.

use warnings;
use strict;

use AIProxy;
use JSON::PP;
use POSIX ();

# start(harness, processes, sub { bytes of request n })

sub start {
	my ($class, $t, $processes, $bytes) = @_;
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

			for (my $n = 0; !$stop; $n++) {
				print $out encode_json(one($self->{port},
					$bytes->($n))), "\n";
			}
			POSIX::_exit(0);
		}

		push @{$self->{children}}, { pid => $pid, file => $file };
	}

	return $self;
}

# What became of one request. A refused or broken connection is a status of 0;
# of an error the body is kept.

sub one {
	my ($port, $bytes) = @_;

	my $answer = eval {
		AIProxy::Http::open_exchange($port, $bytes)->finish;
	} || { status => 0, headers => {}, complete => 0 };
	return { id => $answer->{headers}{'x-request-id'},
		$answer->{status} < 400 ? () : (body => $answer->{body}),
		map { $_ => $answer->{$_} } qw(status complete) };
}

# How many there are so far.

sub count {
	my ($self) = @_;
	my $lines = 0;

	for my $child (@{$self->{children}}) {
		open my $fh, '<', $child->{file} or next;
		$lines++ while <$fh>;
	}

	return $lines;
}

# Waits until n more have ended.

sub more {
	my ($self, $n) = @_;
	my $wanted = $self->count + $n;
	return AIProxy::wait_for(sub { $self->count >= $wanted }, 60);
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
