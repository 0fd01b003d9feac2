package AIProxy::Redis;

# SPDX-License-Identifier: MIT
#
# A Redis of the test's own: on a free port, in memory alone.

use warnings;
use strict;

use AIProxy;

# new(t, password => none, database => 1, policy => 'noeviction')

sub new {
	my ($class, $t, %o) = @_;
	my $self = bless { t => $t, port => AIProxy::free_port(), database => 1,
		policy => 'noeviction', %o }, $class;
	$self->start;
	return $self;
}

# start(): empty. Also after kill.

sub start {
	my ($self) = @_;
	$self->{process} = $self->{t}->spawn('redis', 'redis-server',
		'--port', $self->{port}, '--bind', '127.0.0.1', '--save', '',
		'--appendonly', 'no', '--maxmemory-policy', $self->{policy},
		'--dir', $self->{t}{root}, $self->{password}
			? ('--requirepass', $self->{password}) : ());
	$self->{process}->wait_port($self->{port});
}

sub url {
	my ($self) = @_;
	my $password = $self->{password} ? ":$self->{password}@" : '';
	return "redis://${password}127.0.0.1:$self->{port}/$self->{database}";
}

# command(words): what redis-cli prints.

sub command {
	my ($self, @words) = @_;
	open my $cli, '-|', 'redis-cli', '-p', $self->{port}, '-n',
		$self->{database}, $self->{password}
			? ('-a', $self->{password}, '--no-auth-warning') : (), @words
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
