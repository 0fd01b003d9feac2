#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# scripts/run --nodes 2: two nodes over one Postgres and one Redis, with folders
# and ports of their own. What one is told the other does, what one counts the
# other counts, and --stop ends all of it, also after its supervisor was killed.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Api;
use AIProxy::Dialect qw(ask_of);
use AIProxy::Http qw(request);
use AIProxy::Postgres;
use AIProxy::Redis;
use File::Temp qw(tempdir);
use JSON::PP;

my $tree = AIProxy::tree();
$ENV{AIPROXY_BUILD} ||= AIProxy::build();
my $t = AIProxy->new();
my $postgres = AIProxy::Postgres->new($t);
$postgres->start();
my $redis = AIProxy::Redis->new($t);
my $dir = tempdir('aiproxy-run-XXXXXX', DIR => '/tmp', CLEANUP => 1);
my ($port, $admin_port) = (pair(), pair());
my @options = ('--nodes', 2, '--port', $port, '--admin-port', $admin_port,
	'--postgres', $postgres->url, '--redis', $redis->url);
END {
	local $?;
	system("$tree/scripts/run --stop --dir $dir >/dev/null 2>&1") if $dir;
}

my ($status, $out, $err) = run('--detach', @options);
is($status, 0, '--detach') or diag($err);
my $run = run_json();
is(join(' ', sort keys %{$run->{pids}}), 'daemon daemon_2 demo_provider nginx '
	. 'nginx_2 supervisor', 'two of each');
is("$run->{proxy_url_2} $run->{admin_url_2}", 'http://127.0.0.1:'
	. ($port + 1) . ' http://127.0.0.1:' . ($admin_port + 1), 'the next ports');
for my $what (qw(proxy_url admin_url proxy_url_2 admin_url_2)) {
	like($out, qr/\Q$run->{$what}\E/, "the banner names $what");
}
like((run('--status'))[1], qr/\Q$run->{proxy_url}\E .*\Q$run->{proxy_url_2}\E/,
	'--status names both');

my $one = AIProxy::Api->new(port => $admin_port)
	->sign_in('admin', $run->{admin_password});
my $password = 'a password of our own';
$one->change_password($password);
my @api = ($one, AIProxy::Api->new(port => $admin_port + 1)
	->sign_in('admin', $password));
for my $n (0, 1) {
	my $me = $api[$n]->read('/api/system/status');
	is("$me->{node_name} $me->{database}", 'node-' . ($n + 1) . ' postgres',
		'each is a node of its own');
	my $list;
	ok(wait_for(sub {
		$list = $api[$n]->read('/api/system/nodes')->{items};
		return @$list == 2
			&& $list->[0]{config_version} == $list->[1]{config_version};
	}), 'which knows the other, and both have one configuration');
	is(join(' ', map { $_->{name} } @$list), 'node-1 node-2', 'by their names');
	is(join(' ', map { $_->{is_this} ? 1 : 0 } @$list), $n ? '0 1' : '1 0',
		'and which it is');
	cmp_ok($list->[$_]{generation}, '>=', 1, 'with its generation') for 0, 1;
	is(ask($n)->{status}, 200, 'it serves the demo key');
}
isnt($api[0]->read('/api/system/status')->{node_id},
	$api[1]->read('/api/system/status')->{node_id}, 'two ids');

# What one counts the other counts.

my ($client) = $api[0]->list('/api/client-keys');
$api[0]->change("/api/client-keys/$client->{id}", { requests_per_minute => 3 });
ok(wait_for(sub { ask(1)->{status} == 429 }), 'the limit holds on the other');
ok(wait_for(sub { ask(0)->{status} == 429 }), 'for both together');

# And it ends.

kill KILL => $run->{pids}{supervisor};
wait_for(sub { !kill 0, $run->{pids}{supervisor} });
is((run('--stop'))[0], 0, '--stop after a kill');
ok(wait_for(sub { !grep { kill 0, $_ } values %{$run->{pids}} }),
	'nothing runs any more');

is((run('--detach', @options))[0], 0, 'started again');
is(ask($_)->{status} =~ /200|429/, 1, 'both serve') for 0, 1;
$run = run_json();
kill KILL => $run->{pids}{daemon_2};
ok(wait_for(sub { (run('--status'))[0] == 1 }, 30), 'with a dead child it ends');
open my $log, '<', "$dir/log/run.log" or die "run.log: $!\n";
like(join('', <$log>), qr{daemon_2 has ended; see \S+/node-2/log},
	'and says who died');
ok(wait_for(sub { !grep { kill 0, $_ } values %{$run->{pids}} }),
	'the others were stopped');

# What the killed one had not taken in the next start takes in.

is((run('--detach', @options))[0], 0, 'started once more');
is((run('--stop'))[0], 0, 'and stopped');
my @left = grep { -e } map { '/dev/shm/aiproxy-' . $> . '-'
	. substr(scalar(`printf %s '$_' | sha256sum`), 0, 12) } $dir,
	"$dir/node-2";
is("@left", '', 'the live files are gone');

$t->stop();
$postgres->stop();
$t->done();

# Two free ports in a row.

sub pair {
	for (1 .. 100) {
		my $port = free_port();
		return $port if IO::Socket::INET->new(Listen => 1,
			LocalAddr => '0.0.0.0', LocalPort => $port + 1);
	}
	die "no two ports in a row\n";
}

sub run {
	my $out = `'$tree/scripts/run' --dir '$dir' @_ 2>'$dir/stderr'`;
	my $status = $? >> 8;
	open my $fh, '<', "$dir/stderr" or die "stderr: $!\n";
	return ($status, $out, join '', <$fh>);
}

sub run_json {
	open my $fh, '<', "$dir/run.json" or return {};
	return decode_json(join '', <$fh>);
}

sub ask {
	my ($n) = @_;
	my ($method, $path, $headers, $body) = ask_of('openai_chat',
		key => $run->{demo_client_key});
	return request($port + $n, $method, $path, headers => $headers,
		body => $body);
}
