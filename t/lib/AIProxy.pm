package AIProxy;

# SPDX-License-Identifier: MIT
#
# The tests' harness: real nginx, real daemon, real demo providers in a folder
# of their own, on ports that were free. When a test ends everything it started
# is stopped, and the logs must be clean: no [alert], no [emerg], no report of a
# sanitizer, no error of the daemon that the test did not announce.

use warnings;
use strict;

use AIProxy::Api;
use AIProxy::Dialect qw(@dialects ask_of error_of);
use AIProxy::Http qw(request);
use AIProxy::Process;
use Carp qw(croak);
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use JSON::PP;
use parent qw(AIProxy::Nginx);
use Test::More;
use Time::HiRes qw(time);

our @EXPORT = qw(wait_for free_port);

binmode $_, ':utf8' for map { Test::More->builder->$_ }
	qw(output failure_output todo_output);

my $tree = abs_path(dirname(__FILE__) . '/../..');
my %living;

sub tree { return $tree }

sub build {
	return $ENV{AIPROXY_BUILD} || "$tree/build";
}

# new(): the folders. As root nginx's workers run as www-data and get at the
# daemon's files through their group, as they do in production.

sub new {
	my ($class) = @_;

	my $root = tempdir('aiproxy-test-XXXXXX', DIR => '/tmp');
	my $run = tempdir('aiproxy-test-XXXXXX', DIR => '/dev/shm');
	my $self = bless {
		root => $root, run => $run, dir => "$root/dir",
		owner => $$, processes => [], alerts => [], daemon_errors => [],
		names => {}, api_sign_in => 1,
	}, $class;

	make_path($self->{dir}, "$root/temp");
	if ($> == 0) {
		my $gid = getgrnam 'www-data';
		chown 0, $gid, $root, $run, $self->{dir};
		chmod 0750, $root;
	}
	chmod 02770, $run, $self->{dir};

	$living{$self} = $self;
	return $self;
}

# --- what runs

# start_demo(arguments): a demo provider; its port is demo_port.

sub start_demo {
	my ($self, @arguments) = @_;

	my $name = 'demo' . (++$self->{demos});
	my $process = $self->spawn($name, build() . '/demo_provider',
		(grep { $_ eq '--listen' } @arguments)
			? () : ('--listen', '127.0.0.1:0'), @arguments);
	my $line = $process->wait_line(qr/^listening on 127\.0\.0\.1:(\d+)/,
		'stdout');

	$self->{demo_port} = $line->[0];
	return $line->[0];
}

sub demo_port { return $_[0]{demo_port} }

# What the demo provider received and sent, oldest first.

sub demo_requests {
	my ($self, $port) = @_;
	my $answer = request($port || $self->{demo_port}, 'GET',
		'/demo/requests');
	my $list = decode_json($answer->{body});
	return @{ref $list eq 'HASH' ? $list->{items} : $list};
}

sub forget_demo_requests {
	my ($self, $port) = @_;
	request($port || $self->{demo_port}, 'DELETE', '/demo/requests');
}

# start_daemon(arguments): aiproxy-admin serve, signed in. A second call
# starts it again over the same folders.

sub start_daemon {
	my ($self, @arguments) = @_;

	$self->{daemon_port} ||= free_port();
	$self->{daemon} = $self->spawn('daemon', @{$self->{daemon_under} || []},
		build() . '/aiproxy-admin',
		'serve', '--listen', "127.0.0.1:$self->{daemon_port}",
		'--dir', $self->{dir}, '--run-dir', $self->{run},
		'--database', $self->database,
		(grep { $_ eq '--allowed-networks' } @arguments)
			? () : ('--allowed-networks', '127.0.0.0/8, ::1'),
		# So that the demo provider gets what a test sends, and nothing else.
		(grep { $_ eq '--probe-seconds' } @arguments)
			? () : ('--probe-seconds', 0),
		'--log-level', $ENV{AIPROXY_TEST_DEBUG} ? 'debug' : 'info',
		@arguments);
	$self->{daemon}->wait_line(qr/"event":\s*"ready"/);

	$self->{password} ||= $self->read_file("$self->{dir}/admin_password");
	$self->{password} =~ s/\s+\z//;
	$self->{api} ||= AIProxy::Api->new(port => $self->{daemon_port},
		direct => 1);
	$self->{api}->sign_in('admin', $self->{password})
		if $self->{api_sign_in};
	$self->change_first_password if !$self->{first_password};
	return $self->{daemon};
}

# Until then the API does nothing else. A test of just that sets
# {first_password}.

sub change_first_password {
	my ($self) = @_;
	my $api = $self->{api};

	return unless $self->{api_sign_in}
		&& -e "$self->{dir}/admin_password"
		&& $api->read('/api/auth/me')->{must_change_password};
	$self->{password} = $api->change_password('the password of the tests');
}

# Its URL: {database} and the environment may name another one.

sub database {
	my ($self) = @_;
	return $self->{database} || $ENV{AIPROXY_TEST_DATABASE}
		|| "sqlite:$self->{dir}/aiproxy.db";
}

sub api { return $_[0]{api} }
sub daemon { return $_[0]{daemon} }

# --- what is configured: through the API, as an operator would

# provider(field => value, ...): on the demo provider, all dialects.

sub provider {
	my ($self, %fields) = @_;

	$fields{name} ||= 'demo-' . (++$self->{providers});
	$fields{base_url} ||= "http://127.0.0.1:$self->{demo_port}";
	$fields{dialects} ||= [@dialects];
	$fields{price_list} = 'demo' unless exists $fields{price_list};
	$fields{ask_usage} = JSON::PP::true unless exists $fields{ask_usage};
	$fields{required_headers} ||=
		[{ name => 'x-demo-allow', value => '1' }];
	return $self->{api}->create('/api/providers', \%fields);
}

# provider_key(provider, field => value, ...): secret and name are made up.

sub provider_key {
	my ($self, $provider, %fields) = @_;

	my $n = ++$self->{provider_keys};
	$fields{name} ||= "key-$n";
	$fields{secret} ||= "demo-key-$n-secret";
	my $key = $self->{api}->create('/api/provider-keys/keys',
		{ provider_id => $provider->{id}, %fields });
	$key->{secret} = $fields{secret};
	return $key;
}

# client_key([provider keys], field => value, ...): {key} is what it shows.

sub client_key {
	my ($self, $pool, %fields) = @_;

	$fields{name} ||= 'client-' . (++$self->{client_keys});
	return $self->{api}->create('/api/client-keys',
		{ provider_key_ids => [map { $_->{id} } @$pool], %fields });
}

# A change is in force when the call returns.

sub change_provider_key {
	my ($self, $key, %fields) = @_;
	return $self->{api}->change("/api/provider-keys/keys/$key->{id}",
		\%fields);
}

sub change_client_key {
	my ($self, $key, %fields) = @_;
	return $self->{api}->change("/api/client-keys/$key->{id}", \%fields);
}

# health(provider key): what the API says of it now.

sub health {
	my ($self, $key) = @_;
	return $self->{api}->read("/api/provider-keys/keys/$key->{id}")->{health};
}

# fault(spec): the header that asks the demo provider for it.

sub fault { return ['x-demo-fault', $_[1]] }

# --- what is asked

# ask(dialect, client key, ...): one request through the gateway, to its end.
# Options: those of AIProxy::Dialect::ask_of, fault, timeout.

sub ask {
	my ($self, $dialect, $client, %o) = @_;
	return $self->begin($dialect, $client, %o)->finish;
}

# begin(...): the same, with the exchange still open.

sub begin {
	my ($self, $dialect, $client, %o) = @_;
	return AIProxy::Http::open_exchange($self->proxy_port,
		$self->bytes_of($dialect, $client, %o), timeout => $o{timeout});
}

sub bytes_of {
	my ($self, $dialect, $client, %o) = @_;

	$o{key} = ref $client ? $client->{key} : $client;
	$o{headers} = [@{$o{headers} || []},
		defined $o{fault} ? $self->fault($o{fault}) : ()];
	my ($method, $path, $headers, $body) = ask_of($dialect, %o);
	return AIProxy::Http::message($method, $path, headers => $headers,
		$o{chunks} ? (chunks => $o{chunks}) : (body => $body));
}

# refused(dialect, answer, status, label): an error of ours, as it must look.

sub refused {
	my ($self, $dialect, $answer, $status, $label) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	subtest $label => sub {
		is($answer->{status}, $status, 'status');
		ok(length(error_of($dialect, $answer) || ''), "$dialect shape")
			or diag($answer->{body});
		like($answer->{headers}{'content-type'} || '',
			qr{^application/json}, 'type');
		ok($answer->{headers}{'x-request-id'}, 'request id');
		is($answer->{complete}, 1, 'whole');
	};
}

# --- what was recorded

# record(answer or request id): the record, once it has arrived.

sub record {
	my ($self, $of) = @_;

	my $id = ref $of ? $of->{headers}{'x-request-id'} : $of;
	croak 'no request id' unless $id;
	my $answer;
	wait_for(sub {
		$answer = $self->{api}->get("/api/logs/traces/$id");
		return $answer->{status} == 200;
	}) or croak "no record of $id, status: $answer->{status}";
	return $answer->{json};
}

# records(query): all that are kept, newest first.

sub records {
	my ($self, $query) = @_;
	return $self->{api}->list('/api/logs/traces?running=false'
		. (defined $query ? "&$query" : ''));
}

# wait_records(n, query): waits until there are n, returns what there is.

sub wait_records {
	my ($self, $n, $query, $timeout) = @_;
	my @records;
	wait_for(sub { @records = $self->records($query); @records >= $n },
		$timeout);
	return @records;
}

# --- small things

# wait_for(sub, seconds): asks again and again, 50 times a second; what the
# sub said last.

sub wait_for {
	my ($condition, $timeout) = @_;
	my $end = time() + ($timeout || 15);

	while (1) {
		my $result = $condition->();
		return $result if $result || time() > $end;
		select undef, undef, undef, 0.02;
	}
}

# Below the range from which the kernel takes ports for outgoing connections.

my %given;

sub free_port {
	for (1 .. 1000) {
		my $port = 10000 + int rand 22000;
		next if $given{$port}++;
		my $socket = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1,
			LocalAddr => '127.0.0.1', LocalPort => $port) or next;
		close $socket;
		return $port;
	}

	die "no free port\n";
}

sub read_file {
	my ($self, $path) = @_;
	open my $fh, '<:raw', $path or croak "$path: $!";
	local $/;
	return scalar readline $fh;
}

sub write_file {
	my ($self, $path, $bytes) = @_;
	open my $fh, '>:raw', $path or croak "$path: $!";
	print $fh $bytes;
	close $fh or croak "$path: $!";
}

sub error_log {
	my ($self) = @_;
	return join '', map { -e $_ ? $self->read_file($_) : '' }
		"$self->{root}/error.log", "$self->{root}/log/nginx-error.log";
}

sub spawn {
	my ($self, $name, @command) = @_;
	my $process = AIProxy::Process->start($name, $self->{root}, @command);
	push @{$self->{processes}}, $process;
	return $process;
}

# --- the end

# expect_alert(regex), expect_daemon_error(regex): lines that belong to what
# the test does.

sub expect_alert { push @{$_[0]{alerts}}, $_[1] }
sub expect_daemon_error { push @{$_[0]{daemon_errors}}, $_[1] }

# done(): stops everything, looks at the logs, ends the test.

sub done {
	my ($self) = @_;
	$self->finish;
	Test::More::done_testing();
}

# finish(): the same for a test that goes on with folders of another harness.

sub finish {
	my ($self) = @_;

	my @killed = $self->stop;
	is("@killed", '', 'all stopped by themselves');
	is(join("\n", $self->alerts), '', 'no alerts');
	is(join("\n", $self->daemon_error_lines), '', 'no errors of the daemon');
	$self->clean_up;
}

# In the order in which they depend on each other: nginx finishes its
# requests, the daemon takes in their records.

sub stop {
	my ($self) = @_;
	my %order = (nginx => 0, daemon => 1);
	my @killed;

	for my $process (sort { ($order{$a->{name}} // 2)
		<=> ($order{$b->{name}} // 2) } @{$self->{processes}})
	{
		push @killed, $process->{name} unless $process->stop;
	}

	return @killed;
}

sub alerts {
	my ($self) = @_;

	my @lines = grep { /\[(alert|emerg)\]|AddressSanitizer|LeakSanitizer|runtime error:/ }
		split /\n/, $self->error_log;
	for my $process (@{$self->{processes}}) {
		push @lines, map { "$process->{name}: $_" }
			grep { /AddressSanitizer|LeakSanitizer|runtime error:/ }
			split /\n/, $process->output('stderr');
	}

	for my $expected (@{$self->{alerts}}) {
		@lines = grep { $_ !~ $expected } @lines;
	}

	return @lines;
}

sub daemon_error_lines {
	my ($self) = @_;

	my @lines = grep { /"level":\s*"(error|critical|alert)"/ }
		map { split /\n/, $_->output('stderr') }
		grep { $_->{name} eq 'daemon' } @{$self->{processes}};

	for my $expected (@{$self->{daemon_errors}}) {
		@lines = grep { $_ !~ $expected } @lines;
	}

	return @lines;
}

sub clean_up {
	my ($self) = @_;

	delete $living{$self};
	if ($ENV{AIPROXY_TEST_KEEP}) {
		diag("kept: $self->{root}, $self->{run}");
		return;
	}
	remove_tree($self->{root}, $self->{run});
}

# A test that died half-way leaves nothing behind either.

END {
	my $status = $?;
	for my $self (grep { $_ && $_->{owner} == $$ } values %living) {
		$self->stop;
		diag("the end of $self->{root}/error.log:\n",
			substr $self->error_log, -3000) if $status;
		for my $process ($status ? @{$self->{processes}} : ()) {
			my $said = $process->output('stderr');
			diag("$process->{name} said:\n",
				substr $said, length $said > 3000 ? -3000 : 0)
				if length $said;
		}
		$self->clean_up;
	}
	$? = $status;
}

1;
