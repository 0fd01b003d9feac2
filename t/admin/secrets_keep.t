#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A secret that went in is in no answer, log, list of processes, core or file
# but where it belongs, sealed.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use File::Find qw(find);

my $t = AIProxy->new();
$t->{first_password} = 1;
{
	local $ENV{AIPROXY_TEST_DEBUG} = 1;
	$t->start_daemon();
}
is((stat "$t->{dir}/admin_password")[2] & 07777, 0600,
	'the first password lies in a private file');
my $first = $t->{password};
$t->change_first_password;
AIProxy::OpenApi->watch($t);
my $api = $t->api;

# A marker in every place where a secret can stand.

my %secret = (provider_key => 'sk-MARKER1-0123456789',
	changed => 'sk-MARKER2-0123456789', refused => 'sk MARKER3 with blank',
	malformed => 'sk-MARKER4', password => 'MARKER5 wrong password',
	token => 'MARKER6.token.value', large => 'MARKER7' x 200_000,
	username => 'MARKER8');

my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my $key = $api->create('/api/provider-keys/keys', { name => 'k',
	provider_id => $provider->{id}, secret => $secret{provider_key} });
my $path = "/api/provider-keys/keys/$key->{id}";
$api->change($path, { secret => $secret{changed} });
my $client = $t->client_key([$key]);
my @answers = ($api->patch($path, { secret => $secret{refused} }),
	$api->call('PATCH', $path, undef, raw => qq({"secret":"$secret{malformed}")),
	$api->patch($path, { secret => $secret{large} }),
	$api->post('/api/provider-keys/keys', { name => 'k',
		provider_id => $provider->{id}, secret => $secret{provider_key} }),
	$api->patch($path, { bogus => 1, secret => $secret{provider_key} }),
	$api->post('/api/auth/login', { username => $secret{username},
		password => $secret{password} }),
	$api->get('/api/auth/me', as_it_is => 1,
		headers => [['Authorization', "Bearer $secret{token}"]]),
	map { $api->get($_) } $path, '/api/provider-keys/keys',
		'/api/client-keys', "/api/client-keys/$client->{id}",
		'/api/system/status', '/api/system/events', '/api/logs/traces');

my $said = join "\n", map { $_->{raw} } @answers;
unlike($said, qr/MARKER/, 'no answer tells a secret');
is(index($said, $client->{key}), -1, 'nor a client key');

my $log = $t->daemon->output('stderr') . $t->daemon->output('stdout');
like($log, qr/request_refused/, 'the log has all of it');
for (['what was sent', qr/MARKER/], ['a client key', quotemeta $client->{key}],
	['the password', quotemeta $t->{password}],
	['the first one', quotemeta $first],
	['a token', quotemeta $api->{token}])
{
	unlike($log, qr/$_->[1]/, "but not $_->[0]");
}

# The process.

my $pid = $t->daemon->{pid};
unlike($t->read_file("/proc/$pid/cmdline"), qr/password|MARKER/,
	'nothing in the list of processes');
like($t->read_file("/proc/$pid/limits"), qr/^Max core file size\s+0\s+0\s/m,
	'no core');
is((stat "/proc/$pid/mem")[4], 0, 'and no debugger: not dumpable');

# The files: secrets are sealed, keys are digests, rights are tight.

$t->daemon->stop();
my %clear;
find({ no_chdir => 1, wanted => sub {
	return unless -f $_ && !-l $_;
	my $bytes = $t->read_file($_);
	$clear{$_} = 1 if $bytes =~ /MARKER[1-7]/
		|| index($bytes, $client->{key}) >= 0;
} }, $t->{dir}, $t->{run});
is(join(' ', sort keys %clear), '', 'no file holds a secret in the clear');

my %rights = ("$t->{dir}/master.key" => '0600', "$t->{dir}/node.key" => '0640');
$rights{"$t->{dir}/aiproxy.db"} = '0600' unless $ENV{AIPROXY_TEST_DATABASE};
for my $file (sort keys %rights) {
	is(sprintf('%04o', (stat $file)[2] & 07777), $rights{$file}, $file);
}

# A password in a flag or in a file for everybody is refused.

my @serve = (AIProxy::build() . '/aiproxy-admin', 'serve',
	'--dir', $t->{dir}, '--run-dir', $t->{run});
my $flag = $t->spawn('flag', @serve, '--database',
	'postgres://user:MARKER9@127.0.0.1:1/x');
ok($flag->wait_end(10), 'a flag with a password: it ends');
is($flag->{status} >> 8, 2, 'with an error');
like($flag->output('stderr'), qr/--database: .*AIPROXY_DATABASE/,
	'that says what to do');
unlike($flag->output('stderr'), qr/MARKER9/, 'without the password');

$t->write_file("$t->{root}/open.conf",
	"database = postgres://user:MARKER9\@127.0.0.1:1/x\n");
chmod 0644, "$t->{root}/open.conf";
my $open = $t->spawn('open', @serve, '--config', "$t->{root}/open.conf");
ok($open->wait_end(10), 'a file for everybody: it ends');
like($open->output('stderr'), qr/open\.conf.*chmod/, 'and says what to do');

chmod 0600, "$t->{root}/open.conf";
$t->expect_daemon_error(qr/"event":"failed"/);
my $closed = $t->spawn('closed', @serve, '--config', "$t->{root}/open.conf");
ok($closed->wait_end(20), 'a database that is away: it ends');
like($closed->output('stderr'), qr/store\.unavailable/, 'and says so');
unlike($closed->output('stderr'), qr/MARKER9/, 'without the password');

# A key that others may read is refused, and one that is none.

chmod 0644, "$t->{dir}/master.key";
my $loose = $t->spawn('loose', @serve);
ok($loose->wait_end(10), 'a master key for everybody: it ends');
like($loose->output('stderr'), qr/master\.key.*0600/, 'and says what to do');
chmod 0600, "$t->{dir}/master.key";

$t->done();
