#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The master key replaced while requests run and keys are written: no request
# fails, nothing is left under the old key, and the old key opens nothing.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use Encode qw(encode_utf8);
use IO::Select;
use JSON::PP;
use MIME::Base64 qw(decode_base64url);

plan skip_all => 'reads the file of SQLite' if $ENV{AIPROXY_TEST_DATABASE};

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $api = $t->api;
my $provider = $t->provider();
my @keys = map { $t->provider_key($provider) } 1 .. 3;
my $client = $t->client_key([@keys], payload_log => {});
$api->create('/api/alert-channels', { name => 'a', kind => 'webhook',
	url => 'http://127.0.0.1:1/' });
$api->create('/api/settings/issuers', { name => 'i',
	issuer => 'https://i.example', audiences => ['a'], claim => 'sub',
	keys => [{ secret => 's' x 40 }] });
my $create = { name => 'twice', base_url => 'http://127.0.0.1:81',
	dialects => ['openai_chat'] };
my @once = (headers => [['Idempotency-Key', 'k']]);
my $first = $api->post('/api/providers', $create, @once);
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my $said_before = $t->ask('openai_chat', $client);
my $payload = "/api/logs/traces/$said_before->{headers}{'x-request-id'}/payload";
ok(wait_for(sub { $api->get($payload)->{status} == 200 }), 'a text is kept');
my $file = "$t->{dir}/master.key";
my $old = $t->read_file($file);
my %sealed = sealed();
my ($old_id) = values %sealed;
cmp_ok(keys %sealed, '>=', 8, 'secrets of all kinds');
is((grep { $_ ne $old_id } values %sealed), 0, 'all under one key');

# Beside it requests run, and provider keys are made and changed.

open my $command, '-|', AIProxy::build() . '/aiproxy-admin', 'reseal', '--json',
	'--dir', $t->{dir}, '--run-dir', $t->{run},
	'--database', "sqlite:$t->{dir}/aiproxy.db" or die "reseal: $!";
my ($asked, $failed, $written) = (0, 0, 0);
my $poll = IO::Select->new($command);
until ($poll->can_read(0)) {
	$failed++ if $t->ask('openai_chat', $client)->{status} != 200;
	$asked++;
	my $key = $t->provider_key($provider);
	$t->change_client_key($client,
		provider_key_ids => [$keys[0]{id}, $key->{id}]);
	$written++;
}
my $said = decode_json(join '', readline $command);
close $command;
is($? >> 8, 0, 'it succeeds');
cmp_ok($said->{resealed}, '>=', keys %sealed, 'it sealed all of them again');
cmp_ok($asked, '>', 5, "meanwhile $asked requests and $written keys");
is($failed, 0, 'no request failed');

my $new = $t->read_file($file);
is(length $new, length $old, 'the file holds one key');
isnt($new, $old, 'another one');
is((stat $file)[2] & 07777, 0600, 'with tight rights');
%sealed = sealed();
is((grep { $_ eq $old_id } values %sealed), 0, 'nothing under the old key');
my %ids = map { $_ => 1 } values %sealed;
is(keys %ids, 1, 'but all under one');

# It goes on, now and after a restart.

is($t->ask('openai_chat', $client)->{status}, 200, 'served');
is(encode_utf8($api->read($payload)->{answer}{text}), $said_before->{body},
	'a kept text opens');
is_deeply($api->post('/api/providers', $create, @once)->{json},
	$first->{json}, 'a kept answer opens');
$t->daemon->stop;
$t->start_daemon();
$api->change("/api/provider-keys/keys/$keys[0]{id}", { weight => 2 });
is($t->ask('openai_chat', $client)->{status}, 200, 'after a restart too');

# The old key opens nothing.

$t->daemon->stop;
$t->write_file($file, $old);
chmod 0600, $file;
my $process = $t->spawn('daemon', AIProxy::build() . '/aiproxy-admin', 'serve',
	'--listen', "127.0.0.1:$t->{daemon_port}", '--dir', $t->{dir},
	'--run-dir', $t->{run}, '--database', "sqlite:$t->{dir}/aiproxy.db");
$process->wait_line(qr/sealed under another key/);
$t->expect_daemon_error(qr/sealed under another key/);
pass('the old key opens nothing');
$t->done();

# sealed(): by which key each secret is sealed: the four bytes behind the first.

sub sealed {
	my $query = join ' UNION ALL ', map {
		"SELECT '$_->[0].$_->[1]' || rowid, $_->[1] "
		. "FROM $_->[0] WHERE $_->[1] <> ''" } ['provider_keys', 'secret'],
		['verification_keys', 'secret'], ['token_signing_keys', 'secret'],
		['idempotent_creates', 'reply'], ['alert_channels', 'url'],
		['alert_channels', 'secret'], ['payloads', 'sealed'];
	my @lines = `sqlite3 -readonly -cmd '.timeout 5000' $t->{dir}/aiproxy.db "$query"`;
	chomp @lines;
	return map { my ($row, $blob) = split /\|/;
		$row => unpack 'H8', substr decode_base64url($blob), 1, 4 } @lines;
}
