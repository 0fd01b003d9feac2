package AIProxy::Redis;

# SPDX-License-Identifier: MIT
#
# A Redis of the test's own: on a free port, in memory alone.

use warnings;
use strict;

use AIProxy;

sub new {
	my ($class, $t) = @_;
	my $self = bless { t => $t, port => AIProxy::free_port() }, $class;
	$self->start;
	return $self;
}

# start(): empty. Also after kill.

sub start {
	my ($self) = @_;
	$self->{process} = $self->{t}->spawn('redis', 'redis-server',
		'--port', $self->{port}, '--bind', '127.0.0.1', '--save', '',
		'--appendonly', 'no', '--maxmemory-policy', 'noeviction',
		'--dir', $self->{t}{root});
	$self->{process}->wait_port($self->{port});
}

sub url { return "redis://127.0.0.1:$_[0]{port}/1" }

# command(words): what redis-cli prints.

sub command {
	my ($self, @words) = @_;
	open my $cli, '-|', 'redis-cli', '-p', $self->{port}, '-n', 1, @words
		or die "redis-cli: $!\n";
	local $/;
	return readline($cli) // '';
}

sub kill {
	my ($self) = @_;
	$self->{process}->kill_now;
}

sub pause { CORE::kill STOP => $_[0]{process}{pid} }
sub go_on { CORE::kill CONT => $_[0]{process}{pid} }

1;
