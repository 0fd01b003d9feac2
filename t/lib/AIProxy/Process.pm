package AIProxy::Process;

# SPDX-License-Identifier: MIT
#
# A program that a test started: its pid, what it said, how it is stopped.

use warnings;
use strict;

use IO::Socket::INET;
use POSIX qw(:sys_wait_h);

# start(name, folder for its output, command...)

my $serial = 0;

sub start {
	my ($class, $name, $folder, @command) = @_;

	my $self = bless { name => $name,
		files => { map { $_ => "$folder/$name." . $serial . ".$_" }
			qw(stdout stderr) } }, $class;
	$serial++;

	my $pid = fork;
	die "fork: $!\n" unless defined $pid;

	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', $self->{files}{stdout};
		open STDERR, '>', $self->{files}{stderr};
		$SIG{PIPE} = 'DEFAULT';
		exec { $command[0] } @command
			or print STDERR "cannot run $command[0]: $!\n";
		POSIX::_exit(127);
	}

	$self->{pid} = $pid;
	return $self;
}

# adopt(name, pid): a program that another one started.

sub adopt {
	my ($class, $name, $pid) = @_;
	return bless { name => $name, pid => $pid, adopted => 1, files => {} },
		$class;
}

sub alive {
	my ($self) = @_;

	return kill 0, $self->{pid} if $self->{adopted};
	return 0 if defined $self->{status};
	my $got = waitpid $self->{pid}, WNOHANG;
	return 1 if $got == 0;
	$self->{status} = $got == $self->{pid} ? $? : -1;
	return 0;
}

sub output {
	my ($self, $which) = @_;
	open my $fh, '<:raw', $self->{files}{$which} or return '';
	local $/;
	return readline($fh) // '';
}

# wait_line(regex, stdout or stderr): the captures of the first line that
# matches; dies with what the program said when it does not come.

sub wait_line {
	my ($self, $wanted, $which, $timeout) = @_;
	$which ||= 'stderr';
	my @found;

	AIProxy::wait_for(sub {
		for my $line (split /\n/, $self->output($which)) {
			return 1 if @found = $line =~ $wanted;
		}
		return !$self->alive;
	}, $timeout || 30);

	return \@found if @found;
	die "$self->{name} did not say $wanted, "
		. ($self->alive ? 'it runs' : "it ended with $self->{status}")
		. ":\n" . $self->output('stdout') . $self->output('stderr');
}

sub wait_port {
	my ($self, $port) = @_;

	my $open = AIProxy::wait_for(sub {
		return 1 if IO::Socket::INET->new("127.0.0.1:$port");
		return !$self->alive;
	}, 30);
	return if $open && $self->alive;
	die "$self->{name} does not listen on $port:\n"
		. $self->output('stderr');
}

# wait_end(seconds): true when it ended by then.

sub wait_end {
	my ($self, $timeout) = @_;
	return AIProxy::wait_for(sub { !$self->alive }, $timeout);
}

# stop(): in peace; false when it had to be killed. nginx is asked to finish
# what it does.

sub stop {
	my ($self) = @_;

	return 1 unless $self->alive;
	kill $self->{name} eq 'nginx' ? 'QUIT' : 'TERM', $self->{pid};
	return 1 if $self->wait_end(20);
	$self->kill_now;
	return 0;
}

sub kill_now {
	my ($self) = @_;

	return unless $self->alive;
	kill KILL => $self->{pid};
	$self->wait_end(10);
}

1;
