#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The command line, the environment and the settings file: what is taken, in
# which order, and what is refused with the place where it stands.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
my $binary = AIProxy::build() . '/aiproxy-admin';
my $conf = "$t->{root}/daemon.conf";

subtest 'help' => sub {
	my ($status, $said) = run();
	isnt($status, 0, 'without a command: refused');
	like($said, qr/subcommand.*--help/s, 'and says what to do');
	($status, $said) = run('--version');
	like($said, qr/^aiproxy-admin \d+\.\d+\.\d+$/m, '--version');
	($status, $said) = run('--help');
	is($status, 0, '--help');
	like($said, qr/serve/, 'names the command');
	($status, $said) = run('serve', '--help');
	like($said, qr/--run-dir DIR.*\/run\/aiproxy/, 'settings with defaults');
	like($said, qr/AIPROXY_RUN_DIR/, 'variables');
	like($said, qr/SIGTERM/, 'signals');
};

# What is wrong, and where it stands.

for (
	['name', "# a comment\n\nnonsense = 1\n", qr/line 3: unknown setting nonsense/],
	['no value', "listen\n", qr/line 1: not "name = value"/],
	['twice', "threads = 1\nthreads = 2\n", qr/line 2: threads is there twice/],
	['number', "threads = many\n", qr/line 1: threads: .*from 1 to 256/],
	['range', "threads = 0\n", qr/line 1: threads: .*from 1 to 256/],
	['bytes', "ledger_bytes = 1x\n", qr/line 1: ledger_bytes: /],
	['few bytes', "spool_bytes = 1k\n", qr/line 1: spool_bytes: less than 16m/],
	['level', "log_level = loud\n", qr/line 1: log_level: not debug/],
	['address', "listen = 0.0.0.0:9091\n", qr/line 1: listen: not a loopback/],
	['port', "listen = 127.0.0.1:x\n", qr/line 1: listen: bad port/],
	['folder', "dir = relative\n", qr/line 1: dir: not an absolute path/],
	['database', "database = mysql://x\n", qr/sqlite:FILE nor postgres:/])
{
	my ($what, $text, $wanted) = @$_;
	$t->write_file($conf, $text);
	my ($status, $said) = run('serve', '--config', $conf, '--run-dir',
		"$t->{root}/none");
	isnt($status, 0, "$what: refused");
	like($said, $wanted, "$what: says what");
	like($said, qr/\Q$conf\E: /, "$what: and in which file")
		unless $what eq 'database';
}

{
	local $ENV{AIPROXY_THREADS} = 'x';
	my ($status, $said) = run('serve');
	like($said, qr/AIPROXY_THREADS: threads: /, 'a variable is named');
	($status, $said) = run('serve', '--spool-bytes', '1');
	like($said, qr/AIPROXY_THREADS/, 'the file and variables count first');
}
like((run('serve', '--threads', 'x'))[1], qr/--threads: threads: /,
	'a flag is named');
isnt((run('serve', '--nonsense', 'x'))[0], 0, 'an unknown flag is refused');
like((run('serve', '--config', "$t->{root}/no.conf"))[1], qr/no\.conf: No such/,
	'a file that is not there');

# What keeps it from serving.

my @folders = ('--dir', $t->{dir}, '--run-dir', $t->{run});
like((run('serve', '--dir', $t->{dir}, '--run-dir', $t->{root}))[1],
	qr/not on tmpfs: choose a folder below \/run/, 'no tmpfs');
like((run('serve', '--dir', "$t->{root}/a/b", '--run-dir', $t->{run}))[1],
	qr{mkdir: .*/a/b: No such file.*make it}, 'no folder');

# A flag counts before the environment, that before the file.

$t->write_file($conf, "log_level = error\nready_segments = 3\nthreads = 2\n");
{
	local $ENV{AIPROXY_READY_SEGMENTS} = 2;
	local $ENV{AIPROXY_LOG_LEVEL} = 'error';
	$t->start_daemon('--config', $conf, '--threads', '3');
}
is(scalar(() = glob "$t->{run}/ledger/*.ready"), 2, 'variable before file');
my $tasks = () = glob '/proc/' . $t->daemon->{pid} . '/task/*';
# The default of 16 API threads would make more than thirty of them.
cmp_ok($tasks, '<', 27, 'flag before file and default');

like((run('serve', @folders))[1], qr/another daemon serves/, 'a second one');
$t->daemon->stop();

my $port = free_port();
my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1',
	LocalPort => $port) or die "listen: $!\n";
like((run('serve', @folders, '--listen', "127.0.0.1:$port"))[1],
	qr/listen: 127\.0\.0\.1:$port: .*in use/i, 'an address that is taken');
close $socket;

$t->done();

sub run {
	my @command = map { s/'/'\\''/gr } @_;
	my $said = `'$binary' @{[map { "'$_'" } @command]} 2>&1 </dev/null`;
	return ($? >> 8, $said);
}
