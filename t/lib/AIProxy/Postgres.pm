package AIProxy::Postgres;

# SPDX-License-Identifier: MIT
#
# A Postgres of a test's own, in its folder, on a free port of the loopback.
# As root it runs as the user postgres: it refuses to run as root.

use warnings;
use strict;

use AIProxy;
use IO::Socket::INET;
use Test::More ();

my ($bin) = reverse sort glob '/usr/lib/postgresql/*/bin';

# new(harness, fsync => 1, settings => { name => value }): its cluster, not
# started. Its superuser is aiproxy; everybody on the loopback is trusted.

sub new {
	my ($class, $t, %o) = @_;

	die "no Postgres is installed (package postgresql-15)\n" unless $bin;
	my $self = bless { t => $t, fsync => $o{fsync},
		settings => $o{settings} || {}, port => AIProxy::free_port(),
		dir => File::Temp::tempdir('aiproxy-postgres-XXXXXX',
			DIR => '/tmp', CLEANUP => 1) }, $class;
	chown scalar(getpwnam 'postgres'), scalar(getgrnam 'postgres'),
		$self->{dir} if $> == 0;
	chmod 0700, $self->{dir};
	$self->run("$bin/initdb", '-D', "$self->{dir}/data", '-U', 'aiproxy',
		'-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
	return $self;
}

# on_both(sub): a subtest of each database, with a harness that uses it and, on
# Postgres, the server. It ends by finish.

sub on_both {
	my ($run) = @_;

	for my $database (qw(sqlite postgres)) {
		Test::More::subtest($database => sub {
			my $t = AIProxy->new();
			my $postgres;
			if ($database eq 'postgres') {
				$postgres = AIProxy::Postgres->new($t);
				$postgres->start();
				$t->{database} = $postgres->url();
			}
			$run->($t, $postgres);
			$t->finish();
			$postgres->stop() if $postgres;
		});
	}
}

# url(database, user): of the one that is there from the start, or of another.

sub url {
	my ($self, $database, $user) = @_;
	return 'postgres://' . ($user || 'aiproxy')
		. "\@127.0.0.1:$self->{port}/" . ($database || 'postgres');
}

# script(file of the tree, database, name => value...): by psql, as superuser.

sub script {
	my ($self, $file, $database, %variables) = @_;
	$self->run("$bin/psql", '-q', '-d', $self->url($database), '-v',
		'ON_ERROR_STOP=1', (map { ('-v', "$_=$variables{$_}") }
		sort keys %variables), '-f', $self->copy_of($file));
}

# refused(query, database, user): what the server says against it; '' if it
# does it.

sub refused {
	my ($self, $query, $database, $user) = @_;
	my $url = $self->url($database, $user);
	my $said = `'$bin/psql' -At -d '$url' -c "$query" 2>&1`;
	return $? ? $said : '';
}

# The user postgres may not be able to read the tree.

sub copy_of {
	my ($self, $file) = @_;
	my $copy = "$self->{dir}/" . $file =~ s{.*/}{}r;
	$self->{t}->write_file($copy, $self->{t}->read_file(
		AIProxy::tree() . "/$file"));
	return $copy;
}

sub log { return $_[0]{t}->read_file("$_[0]{dir}/log") }

# create_database(name): an empty one; its URL.

sub create_database {
	my ($self, $name) = @_;
	$self->run("$bin/psql", '-q', '-d', $self->url, '-c',
		"CREATE DATABASE $name");
	return $self->url($name);
}

# value(query): the only column of its only row.

sub value {
	my ($self, $query) = @_;
	my $value = `'$bin/psql' -At -d '@{[$self->url]}' -c "$query"`;
	chomp $value;
	return $value;
}

sub start {
	my ($self) = @_;
	$self->run("$bin/pg_ctl", '-D', "$self->{dir}/data", '-w', '-l',
		"$self->{dir}/log", '-o', "-p $self->{port} -k $self->{dir} "
		. '-c listen_addresses=127.0.0.1'
		. ($self->{fsync} ? '' : ' -c fsync=off')
		. join('', map { " -c $_=$self->{settings}{$_}" }
		sort keys %{$self->{settings}}), 'start');
	$self->{runs} = $$;
}

# pids(): of the server and all that it started.

sub pids {
	my ($self) = @_;
	my ($server) = $self->{t}->read_file("$self->{dir}/data/postmaster.pid")
		=~ /^(\d+)/;
	return ($server, split ' ', `pgrep -P $server`);
}

sub stop {
	my ($self) = @_;
	return unless ($self->{runs} || 0) == $$;
	$self->run("$bin/pg_ctl", '-D', "$self->{dir}/data", '-w', '-m',
		'immediate', 'stop');
	$self->{runs} = 0;
}

sub run {
	my ($self, @command) = @_;

	my $pid = fork;
	die "fork: $!\n" unless defined $pid;
	if (!$pid) {
		if ($> == 0) {
			my ($uid, $gid) = (getpwnam 'postgres')[2, 3];
			$) = "$gid $gid";
			$( = $gid;
			($<, $>) = ($uid, $uid);
		}
		chdir $self->{dir};
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', "$self->{dir}/commands";
		open STDERR, '>&', \*STDOUT;
		exec @command or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	return unless $?;
	die "@command failed:\n" . `cat $self->{dir}/commands $self->{dir}/log`;
}

# run_again(folder, names): a whole test of its own, which is the files of that
# folder once more, each with a database of its own as AIPROXY_TEST_DATABASE.

sub run_again {
	my ($class, $folder, @names) = @_;

	my $t = AIProxy->new();
	my $self = $class->new($t);
	$self->start();
	for my $name (@names) {
		local $ENV{AIPROXY_TEST_DATABASE} = $self->create_database($name);
		my $output = `$^X -I'$folder/../lib' '$folder/$name.t' 2>&1`;
		Test::More::ok($? == 0, "$name.t") or Test::More::diag($output);
		Test::More::unlike($output, qr/^\s*not ok/m, "$name.t: all of it");
	}
	$self->stop();
	$t->done();
}

sub DESTROY {
	local $?;
	eval { $_[0]->stop };
}

1;
