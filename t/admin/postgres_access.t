#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The daemon on Postgres with the rights that sql/postgres/roles.sql gives and no
# more: it migrates, records, makes and drops partitions; what it may not do, it
# cannot. A reader sees history and no secret. TLS is as the URL says it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;

my $conf = <<'EOC';
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my $t = AIProxy->new();
my $postgres = AIProxy::Postgres->new($t);
my %certificate = certificates($postgres);
$postgres->start();
$postgres->script('sql/postgres/roles.sql', 'postgres', role => 'gateway',
	reader => 'gateway_reader', database => 'gateway', password => 'secret');
$postgres->create_database('other');

# As it is used.

$t->{database} = $postgres->url('gateway', 'gateway');
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);
$t->start_nginx($conf);
my $answer = $t->ask('openai_chat', $client);
is($answer->{status}, 200, 'it serves');
is($t->record($answer)->{outcome}, 'success', 'and records');
my $value = sub { my ($query) = @_; my $url = $postgres->url('gateway');
	my ($bin) = reverse sort glob '/usr/lib/postgresql/*/bin';
	my $said = `'$bin/psql' -At -d '$url' -c "$query"`; chomp $said; $said };
is($value->("SELECT count(DISTINCT schemaname) FROM pg_tables WHERE tableowner "
	. "= 'gateway' AND schemaname NOT LIKE 'pg_temp%'"), 1, 'in a schema of its own');
ok(wait_for(sub { $value->("SELECT count(*) FROM pg_tables WHERE tablename "
	. "LIKE 'proxy_tracing_day%' AND tableowner = 'gateway'") >= 1 }, 20),
	'it makes the partitions of days');
is($value->('SELECT count(*) FROM aiproxy.proxy_tracing_default'), 0,
	'into which records go');

# What it may not do.

is($value->("SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication "
	. "OR rolbypassrls FROM pg_roles WHERE rolname = 'gateway'"), 'f',
	'it has none of the great rights');
for ('CREATE DATABASE mine', 'CREATE ROLE mine', 'CREATE TABLE public.t (a int)',
	'SELECT * FROM pg_authid', "COPY (SELECT 1) TO '/tmp/x'",
	"SELECT pg_read_file('/etc/passwd')", 'ALTER SYSTEM SET port = 1')
{
	like($postgres->refused($_, 'gateway', 'gateway'),
		qr/permission denied|must be superuser|not allowed/i, "not: $_");
}

# The reader.

$postgres->script('sql/postgres/reader.sql', 'gateway',
	reader => 'gateway_reader');
$postgres->refused('ALTER ROLE gateway_reader LOGIN');
my @reader = ('gateway', 'gateway_reader');
is($postgres->refused($_, @reader), '', "it may: $_")
	for 'SELECT count(*) FROM proxy_tracing', 'SELECT * FROM rollup_model',
	'SELECT id, name FROM provider_keys', 'SELECT id, username FROM users',
	'SELECT * FROM prices', 'SELECT * FROM nodes';
like($postgres->refused($_, @reader), qr/permission denied/, "it may not: $_")
	for 'SELECT secret FROM provider_keys', 'SELECT digest FROM client_keys',
	'SELECT password_hash FROM users', 'SELECT * FROM sessions',
	'SELECT * FROM refresh_tokens', 'SELECT * FROM token_signing_keys',
	'SELECT client_secret FROM identity_provider',
	'SELECT * FROM provider_key_tokens', 'SELECT * FROM settings',
	'DELETE FROM proxy_tracing', "INSERT INTO events VALUES (1)";

# TLS, by the URL: a server that is who it should be, and one that is not.

$t->nginx->stop();
$t->daemon->stop();
my $url = $postgres->url('gateway', 'gateway');
$t->{database} = "$url?sslmode=verify-full&sslrootcert=$certificate{ca}";
$t->start_daemon();
is($value->("SELECT bool_and(ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a "
	. "USING (pid) WHERE a.usename = 'gateway'"), 't',
	'all its connections are encrypted');
$t->daemon->stop();
for my $case (["$url?sslmode=verify-full&sslrootcert=$certificate{other}",
		qr/certificate verify failed/, 'another authority'],
	["$url?sslmode=verify-full&sslrootcert=$certificate{none}",
		qr/root certificate file .* does not exist/, 'no authority'],
	["$url?sslmode=perhaps", qr/invalid sslmode value/, 'no such mode'])
{
	my ($database, $why, $label) = @$case;
	my $process = $t->spawn('refused', AIProxy::build() . '/aiproxy-admin',
		'serve', '--listen', "127.0.0.1:$t->{daemon_port}", '--dir', $t->{dir},
		'--run-dir', $t->{run}, '--database', $database);
	ok($process->wait_end(30) && $process->{status}, "$label: refused");
	like($process->output('stderr'), $why, "$label: why");
}

$t->stop();
$postgres->stop();
$t->done();

# Of an authority of the test's own, for the server at 127.0.0.1; Postgres reads
# them where its data are.

sub certificates {
	my ($postgres) = @_;
	my ($root, $data) = ($t->{root}, "$postgres->{dir}/data");
	for my $name ('ca', 'other') {
		openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$name "
			. "-keyout $root/$name.key -out $root/$name.pem");
	}
	$t->write_file("$root/names", 'subjectAltName=IP:127.0.0.1');
	openssl("req -newkey rsa:2048 -nodes -subj /CN=database -keyout "
		. "$root/server.key -out $root/server.csr");
	openssl("x509 -req -in $root/server.csr -CA $root/ca.pem -CAkey "
		. "$root/ca.key -CAcreateserial -days 2 -extfile $root/names -out "
		. "$root/server.pem");
	for (['server.pem', 'server.crt'], ['server.key', 'server.key']) {
		my $to = "$data/$_->[1]";
		$t->write_file($to, $t->read_file("$root/$_->[0]"));
		chown scalar(getpwnam 'postgres'), scalar(getgrnam 'postgres'), $to
			if $> == 0;
		chmod 0600, $to;
	}
	$postgres->{settings}{ssl} = 'on';
	return (ca => "$root/ca.pem", other => "$root/other.pem",
		none => "$root/none.pem");
}

sub openssl {
	system("openssl $_[0] >$t->{root}/openssl.log 2>&1") == 0
		or die "openssl: " . $t->read_file("$t->{root}/openssl.log");
}
