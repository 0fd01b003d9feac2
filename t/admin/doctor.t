#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# aiproxy-admin doctor: all is well, and each thing that is not is found.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use JSON::PP;

my $t = AIProxy->new();
$t->start_daemon();
my $provider = $t->provider(base_url => 'http://127.0.0.1:81');
$t->provider_key($provider);
$t->write_nginx_conf(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

sub doctor {
	my (@arguments) = @_;
	local $ENV{AIPROXY_DATABASE} = "sqlite:$t->{dir}/aiproxy.db";
	my %o = ('--dir' => $t->{dir}, '--run-dir' => $t->{run},
		'--listen' => "127.0.0.1:$t->{daemon_port}",
		'--nginx-conf' => "$t->{root}/nginx.conf");
	while (@arguments && $arguments[0] =~ /^--(?!json)/) {
		my ($name, $value) = splice @arguments, 0, 2;
		$o{$name} = $value;
	}
	my $command = join ' ', AIProxy::build() . '/aiproxy-admin', 'doctor', %o,
		@arguments;
	my $text = qx{$command 2>&1};
	return ($? >> 8, $text);
}

# What it says of one thing.
sub said {
	my ($name, @arguments) = @_;
	my ($status, $text) = doctor(@arguments, '--json');
	my ($row) = grep { $_->{name} eq $name } @{decode_json($text)->{checks}};
	return ($row ? "$row->{state} $row->{text}" : 'nothing',
		$row ? $row->{advice} // '' : '', $status);
}

# found(name, how it stands, advice): after something was broken; mended puts it
# right again.
sub found {
	my ($name, $state, $advice, @arguments) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($text, $what, $status) = said($name, @arguments);
	like($text, $state, $name);
	like($what, $advice, 'and what to do');
	is($status, $text =~ /^FAIL/ ? 1 : 0, 'status');
}

sub rename_away { rename $_[0], "$_[0].away" or die "$_[0]: $!" }
sub rename_back { rename "$_[0].away", $_[0] or die "$_[0]: $!" }

my ($status, $text) = doctor();
is($status, 0, 'all is well') or diag($text);
unlike($text, qr/^FAIL/m, 'nothing fails');
for ('database: schema (\d+) of \1', 'master key: opens all \d+ secrets',
	'data directory: ', 'run directory: ', 'node key: ',
	'snapshot: generation \d+, \d+ s old', 'spool: ', 'ledger: ',
	'nginx configuration: .* loads the module',
	'nginx module: .*ngx_aiproxy_module\.so, of nginx \d+\.\d+\.\d+',
	'daemon: 127\.0\.0\.1:\d+ answers')
{
	like($text, qr/^OK    $_/m, $_);
}
like($text, qr/^(?:OK  |WARN)  clock: \d{4}-/m, 'the clock');
unlike($text, qr/redis/, 'no Redis where none is set');
ok(decode_json((doctor('--json'))[1])->{ok}, 'as JSON');

# The database and the keys.

my $key = "$t->{dir}/master.key";
rename_away($key);
found('master key', qr/^FAIL .*not there/, qr/from its copy/);
$t->write_file($key, 'A' x 43 . "\n");
chmod 0600, $key;
found('master key', qr/^FAIL opens 0 of \d+ secrets/, qr/reseal/);
unlink $key;
rename_back($key);
chmod 0644, $key;
found('master key', qr/^FAIL .*read by others/, qr/chmod 0600/);
chmod 0600, $key;
found('node key', qr/^OK /, qr/^$/);
chmod 0644, "$t->{dir}/node.key";
found('node key', qr/^FAIL .*mode 0644/, qr/0640/);
chmod 0640, "$t->{dir}/node.key";
found('database', qr/^FAIL .*not there/, qr/Start the daemon/, '--database',
	"sqlite:$t->{root}/none.db");
found('database', qr/^FAIL cannot be read/, qr/setting database/,
	'--database', 'postgres://127.0.0.1:1/x');

# The folders, the snapshot, and what waits.

chmod 02775, $t->{run};
found('run directory', qr/^FAIL /, qr/Others may enter/);
chmod 0700, $t->{run};
found('run directory', qr/^FAIL /, qr/chmod 2770/);
chmod 02770, $t->{run};
found('snapshot', qr/^FAIL .*cannot be read/, qr/Start the daemon/, '--dir',
	"$t->{root}/nowhere");
my $snapshot = "$t->{dir}/snapshot";
my $whole = $t->read_file($snapshot);
my $bytes = $whole;
$t->write_file($snapshot, substr $bytes, 0, -8);
found('snapshot', qr/^FAIL /, qr/publishes another/);
substr($bytes, 24, 8) = pack 'Q<', 1;
rename_away("$t->{run}/snapshots");
$t->write_file($snapshot, $bytes);
found('snapshot', qr/^(?:WARN|FAIL) /, qr/./);
rename_back("$t->{run}/snapshots");
$t->write_file($snapshot, $whole);
$t->write_file("$t->{dir}/spool/x", 'x' x (16 * 1024 * 1024));
found('spool', qr/^FAIL 1 files, 16 MiB of 16 MiB/, qr/database/,
	'--spool-bytes', '16m');
unlink "$t->{dir}/spool/x";

# nginx.

my $conf = $t->read_file("$t->{root}/nginx.conf");
$t->write_file("$t->{root}/nginx.conf", $conf =~ s/^.*load_module.*\n//mr);
found('nginx configuration', qr/^FAIL .*does not load/, qr/load_module/);
$t->write_file("$t->{root}/nginx.conf",
	$conf =~ s{aiproxy_run_dir \S+;}{aiproxy_run_dir /run/other;}r);
found('nginx configuration', qr{^FAIL aiproxy_run_dir is /run/other}, qr/same/);
$t->write_file("$t->{root}/part.conf", $conf =~ /^(.*load_module.*)$/m);
$t->write_file("$t->{root}/nginx.conf",
	$conf =~ s/^.*load_module.*\n/include part*.conf; # load_module no;\n/mr);
found('nginx configuration', qr/^OK /, qr/^$/);
my $module = $t->read_file(AIProxy::build() . '/ngx_aiproxy_module.so');
my $at = index $module, "\xff" x 16 . "\0" x 24;
cmp_ok($at, '>', 0, 'the version of the module');
substr($module, $at + 40, 8) = pack 'Q<', 1_018_000;
$t->write_file("$t->{root}/ngx_aiproxy_module.so", $module);
$t->write_file("$t->{root}/nginx.conf",
	$conf =~ s{load_module \S+;}{load_module $t->{root}/ngx_aiproxy_module.so;}r);
found('nginx module', qr/^FAIL .*of nginx 1\.18\.0, and nginx is/, qr/Build/);
found('nginx configuration', qr/^WARN /, qr/--nginx-conf/, '--nginx-conf',
	"$t->{root}/none.conf");
$t->write_file("$t->{root}/nginx.conf", $conf);

# What answers.

found('redis', qr/^FAIL redis: /, qr/setting redis/, '--redis',
	'redis://127.0.0.1:1');
my $port = free_port();
my $redis = $t->spawn('redis', 'redis-server', '--port', $port, '--save', '',
	'--maxmemory-policy', 'allkeys-lru', '--bind', '127.0.0.1');
$redis->wait_port($port);
found('redis', qr/^FAIL maxmemory-policy is allkeys-lru/, qr/noeviction/,
	'--redis', "redis://127.0.0.1:$port");
$redis->stop();
$redis = $t->spawn('redis2', 'redis-server', '--port', $port, '--save', '',
	'--maxmemory-policy', 'noeviction', '--bind', '127.0.0.1');
$redis->wait_port($port);
found('redis', qr/^OK /, qr/^$/, '--redis', "redis://127.0.0.1:$port");
$redis->stop();
$t->daemon->stop();
found('daemon', qr/^FAIL .*does not answer/, qr/Start/);

$t->done();
