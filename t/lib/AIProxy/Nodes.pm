package AIProxy::Nodes;

# SPDX-License-Identifier: MIT
#
# Several nodes on one machine, each an nginx and a daemon with folders of their
# own, over one Postgres and one Redis, with one demo provider.

use warnings;
use strict;

use AIProxy;
use AIProxy::Postgres;
use AIProxy::Redis;
use POSIX ();

# What all nodes' nginx says; %%REDIS%% is there only with Redis.

our $conf = <<'EOC';
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 8192;
events { worker_connections 2048; }
http {
    %%HTTP%%
    %%SHARED%%
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
        location = /status { aiproxy_status; }
    }
}
EOC

# start(redis => 0 for none, nodes => how many, daemon => [arguments], http =>
# directives). The first node has the harness' demo provider.

sub start {
	my ($class, %o) = @_;

	my $self = bless { o => \%o, nodes => [] }, $class;
	my $first = AIProxy->new();
	$first->expect_daemon_error(qr/database|store|postgres|connect/i);
	$self->{postgres} = AIProxy::Postgres->new($first);
	$self->{postgres}->start();
	$self->{redis} = AIProxy::Redis->new($first) if $o{redis} // 1;
	$first->start_demo();
	$self->add($first);
	$self->add(AIProxy->new()) for 2 .. $o{nodes} || 2;
	return $self;
}

sub add {
	my ($self, $t) = @_;

	my ($first) = @{$self->{nodes}};
	push @{$self->{nodes}}, $t;
	$t->{database} = $self->{postgres}->url();
	$t->{names}{SHARED} = join ' ', $self->{o}{http} // '',
		$self->{redis} ? 'aiproxy_redis ' . $self->{redis}->url . ';' : ();
	if ($first) {
		$t->{$_} = $first->{$_} for qw(demo_port password);
		$t->expect_daemon_error(qr/database|store|postgres|connect/i);
		$t->write_file("$t->{dir}/master.key",
			$first->read_file("$first->{dir}/master.key"));
		chmod 0600, "$t->{dir}/master.key";
	}
	$self->start_daemon($t);
	return $t;
}

sub start_daemon {
	my ($self, $t) = @_;
	my ($n) = grep { $self->{nodes}[$_] == $t } 0 .. $#{$self->{nodes}};
	$t->start_daemon('--node-name', 'node-' . ($n + 1),
		$self->{redis} ? ('--redis', $self->{redis}->url) : (),
		@{$self->{o}{daemon} || []});
}

sub start_nginx {
	my ($self) = @_;
	$_->start_nginx($conf) for @{$self->{nodes}};
}

sub nodes { return @{$_[0]{nodes}} }

# wait_served(client key): until all nodes answer it, with limits in Redis.

sub wait_served {
	my ($self, $client) = @_;
	for my $t ($self->nodes) {
		AIProxy::wait_for(sub {
			$t->ask('openai_chat', $client)->{status} == 200 })
			or die "a node does not serve\n";
	}
}

# in_parallel(sub of a node that returns a number): on all nodes at once.

sub in_parallel {
	my ($self, $work) = @_;

	my @children = map {
		my $t = $_;
		pipe my $from, my $to or die "pipe: $!\n";
		my $pid = fork;
		die "fork: $!\n" unless defined $pid;
		if (!$pid) {
			close $from;
			my $n = eval { $work->($t) } // "died: $@";
			syswrite $to, "$n\n";
			POSIX::_exit(0);
		}
		close $to;
		[$pid, $from];
	} $self->nodes;
	return map {
		my $n = readline $_->[1];
		waitpid $_->[0], 0;
		chomp $n;
		$n;
	} @children;
}

# done(): all end in peace, the database last.

sub done {
	my ($self) = @_;
	my ($first, @others) = $self->nodes;
	for my $t (@others) {
		$t->finish;
	}
	my @killed = $first->stop;
	$self->{postgres}->stop();
	Test::More::is("@killed", '', 'all stopped by themselves');
	$first->finish;
	Test::More::done_testing();
}

1;
