#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# scripts/run: starts in the background, says so, keeps its client key over a
# restart, loses no record on a stop, leaves nothing behind; and says clearly
# what is wrong when a port is in use or a child dies.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Api;
use AIProxy::Dialect qw(ask_of);
use AIProxy::Http qw(request);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use JSON::PP;

my $tree = AIProxy::tree();
$ENV{AIPROXY_BUILD} ||= AIProxy::build();
my $dir = tempdir('aiproxy-run-XXXXXX', DIR => '/tmp', CLEANUP => 1);
my ($port, $admin_port) = (free_port(), free_port());
my @ports = ('--port', $port, '--admin-port', $admin_port);
END {
	local $?;
	system("$tree/scripts/run --stop --dir $dir >/dev/null 2>&1") if $dir;
}

# Mistakes.

for my $case (
	[qr/unknown option: --nonsense/, '--nonsense'],
	[qr/--port takes a port number/, '--port', 'x'],
	[qr/--port needs a value|--port takes a port number/, '--port'],
	[qr/are the same/, '--port', 9000, '--admin-port', 9000],
	[qr/--redis takes a URL/, '--redis', 'nonsense'],
	[qr/--nodes takes a number from 1 to 8/, '--nodes', 9],
	[qr/--nodes 2 needs what the nodes share; add: --postgres \S+ --redis \S+$/m,
		'--nodes', 2],
	[qr/share; add: --redis \S+$/m, '--nodes', 2, '--postgres',
		'postgres://a@127.0.0.1/b'],
	[qr/closer than --nodes 2/, '--nodes', 2, '--port', 9000, '--admin-port',
		9001],
	[qr/--smoke runs one node/, '--nodes', 2, '--smoke'],
	[qr/--postgres takes a URL/, '--postgres', 'nonsense'])
{
	my ($wanted, @arguments) = @$case;
	my ($status, $out, $err) = run(@arguments);
	isnt($status, 0, "refused: @arguments");
	like($err, $wanted, "and why: @arguments");
	is($out, '', "nothing on stdout: @arguments");
}
like((run('--help'))[1], qr/usage: scripts\/run/, '--help');

my $taken = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1,
	LocalAddr => '0.0.0.0', LocalPort => $port) or die "listen: $!\n";
my ($status, $out, $err) = run('--detach', @ports);
isnt($status, 0, 'a port in use');
like($err, qr/port $port is in use/, 'is named');
close $taken;

is((run('--status'))[0], 1, 'it does not run');
is((run('--stop'))[0], 0, '--stop of nothing is no error');

# Start.

($status, $out, $err) = run('--detach', @ports);
is($status, 0, '--detach') or diag($err);
my $run = run_json();
is($run->{proxy_url}, "http://127.0.0.1:$port", 'proxy_url');
is($run->{admin_url}, "http://127.0.0.1:$admin_port", 'admin_url');
is($run->{admin_user}, 'admin', 'admin_user');
like($run->{demo_client_key}, qr/^aip_/, 'demo_client_key');
is((stat "$dir/run.json")[2] & 0777, 0600, 'run.json is private');
is(join(' ', sort keys %{$run->{pids}}),
	'daemon demo_provider nginx supervisor', 'pids');
for my $what ($run->{proxy_url}, $run->{admin_url}, $run->{admin_password},
	$run->{demo_client_key})
{
	like($out, qr/\Q$what\E/, 'the banner names it');
}

my ($curl) = $out =~ /^try\s+(curl .*)$/m;
like(scalar(`$curl -s`), qr/^data: \[DONE\]/m, 'the curl line works');
is((run('--status'))[0], 0, 'it runs');
like((run('--status'))[1], qr/\Q$run->{proxy_url}\E/, 'and where');
like((run('--detach', @ports))[2], qr/runs already|in use/, 'not twice');
like(scalar(request($admin_port, 'GET', '/')->{body}), qr/<html/i,
	'the console is served');

# Stop, at once behind a request: its record is not lost.

my $id = ask()->{headers}{'x-request-id'};
is((run('--stop'))[0], 0, '--stop');
ok(!-e "$dir/run.json", 'run.json is gone');
is((run('--status'))[0], 1, 'it does not run');
ok(gone($run), 'its processes are gone');
my $shm = '/dev/shm/aiproxy-' . $> . '-'
	. substr(scalar(`printf %s '$dir' | sha256sum`), 0, 12);
ok(!-e $shm, 'the live files are gone');

# Again, on the same folder.

my ($status, undef, $said) = run('--detach', @ports);
is($status, 0, 'started again') or diag($said);
my $again = run_json();
is($again->{demo_client_key}, $run->{demo_client_key}, 'the same client key');
is($again->{admin_password}, $run->{admin_password}, 'the same password');
is($again->{demo_provider_url}, $run->{demo_provider_url},
	'the same demo provider');
is(ask()->{status}, 200, 'which works');

# The password is no longer told once it was changed.

my $api = AIProxy::Api->new(port => $admin_port)
	->sign_in('admin', $run->{admin_password});
$api->change_password('another-long-password');
ok(wait_for(sub { !defined run_json()->{admin_password} }),
	'admin_password is null once it was changed');
is($api->get("/api/logs/traces/$id")->{status}, 200,
	'the record of before the stop is there');
is(join(' ', sort map { $_->{name} } grep { $_->{name} =~ /^demo-/ }
	$api->list('/api/providers')), 'demo-anthropic demo-gemini demo-openai',
	'three demo providers');
is(scalar(grep { $_->{name} =~ /^demo-/ }
	$api->list('/api/provider-keys/keys')), 6, 'six provider keys');
is(join(' ', map { $_->{username} } $api->list('/api/users')), 'admin',
	'nobody but the admin');

# A child that dies is named.

kill KILL => $again->{pids}{daemon};
ok(wait_for(sub { (run('--status'))[0] == 1 }, 30),
	'without its daemon it ends');
open my $log, '<', "$dir/log/run.log" or die "run.log: $!\n";
like(join('', <$log>), qr/daemon has ended/, 'and says who died');
ok(gone($again), 'the others were stopped');

# After a changed password it starts again, on what is configured.

is((run('--detach', @ports))[0], 0, 'started with a changed password');
is(ask()->{status}, 200, 'the demo still works');

# A supervisor that was killed: --stop cleans up.

my $orphans = run_json();
kill KILL => $orphans->{pids}{supervisor};
wait_for(sub { !kill 0, $orphans->{pids}{supervisor} });
is((run('--stop'))[0], 0, '--stop after a kill');
ok(gone($orphans), 'nothing runs any more');
ok(!-e $shm, 'and the live files are gone');

# Without the demo.

my $bare = tempdir('aiproxy-run-XXXXXX', DIR => '/tmp', CLEANUP => 1);
is((run_in($bare, '--detach', '--no-demo', @ports))[0], 0, '--no-demo');
my $bare_run = run_json($bare);
is($bare_run->{demo_client_key}, undef, 'no demo client key');
ok(!exists $bare_run->{pids}{demo_provider}, 'no demo provider');
is((run_in($bare, '--stop'))[0], 0, 'stopped');

done_testing();

sub run { return run_in($dir, @_) }

sub run_in {
	my ($dir, @arguments) = @_;
	my $out = `'$tree/scripts/run' --dir '$dir' @arguments 2>'$dir/stderr'`;
	my $status = $? >> 8;
	open my $fh, '<', "$dir/stderr" or die "stderr: $!\n";
	return ($status, $out, join '', <$fh>);
}

sub run_json {
	my ($of) = @_;
	$of ||= $dir;
	open my $fh, '<', "$of/run.json" or return {};
	return decode_json(join '', <$fh>);
}

# A process that ended stays in the list until init has looked at it.

sub gone {
	my ($of) = @_;
	return wait_for(sub { !grep { kill 0, $_ } values %{$of->{pids}} });
}

sub ask {
	my ($method, $path, $headers, $body) = ask_of('openai_chat',
		key => $run->{demo_client_key});
	return request($port, $method, $path, headers => $headers,
		body => $body);
}
