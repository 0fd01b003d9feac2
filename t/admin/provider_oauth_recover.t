#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A refresh token that rotated is not lost: a daemon that is killed between the
# provider's answer and its own write finds the answer again, and who takes over
# from another one waits for a write that may still come.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OAuthServer;
use AIProxy::Sqlite qw(sql lock_database);

plan skip_all => 'locks the file of SQLite' if $ENV{AIPROXY_TEST_DATABASE};

my $t = AIProxy->new();
my $paste = 'http://127.0.0.1:1/copy';
my $oauth = AIProxy::OAuthServer->start($t, 'oauth_server',
	redirect_uris => [$paste], token_ms => 1500);
$t->start_daemon();
my $api = $t->api;
my $provider = $t->provider(base_url => 'http://127.0.0.1:81',
	oauth => { grant => 'authorization_code', client_id => 'public',
		authorize_url => $oauth->url('/auth'),
		token_url => $oauth->url('/token'), scopes => ['openid'],
		redirect_url => $paste });
my $key = $api->create('/api/provider-keys/keys', { name => 'rotating',
	provider_id => $provider->{id}, kind => 'oauth' });
my $path = "/api/provider-keys/keys/$key->{id}";
my $begun = $api->create('/api/oauth/sign-ins',
	{ provider_key_id => $key->{id} });
$api->post("/api/oauth/sign-ins/$begun->{id}/code",
	{ code => $oauth->browse($begun->{authorize_url})->{location} });
ok(wait_for(sub { $api->read("/api/oauth/sign-ins/$begun->{id}")->{state}
	eq 'done' }), 'signed in');

subtest 'killed behind the answer' => sub {
	my $before = $api->read($path)->{oauth}{obtained_at};
	is($api->post("$path/refresh")->{status}, 202, 'asked for');
	ok(wait_for(sub { $oauth->test('stats')->{at_once} }), 'on its way');
	my $release = lock_database($t);
	ok(wait_for(sub { $oauth->test('stats')->{given}{refresh_token} }),
		'the provider has answered');
	my @kept;
	ok(wait_for(sub { @kept = glob "$t->{dir}/tokens/*" }), 'it is kept');
	is((stat $kept[0])[2] & 07777, 0600, 'in a private file');
	unlike($t->read_file($kept[0]), qr/refresh|access/, 'sealed');
	$t->daemon->kill_now;
	$release->();

	$t->start_daemon();
	ok(wait_for(sub { $api->read($path)->{oauth}{obtained_at} gt $before }),
		'the next daemon has it');
	ok(wait_for(sub { !(() = glob "$t->{dir}/tokens/*") }), 'and keeps it no more');
	like($t->daemon->output('stderr'), qr/token_recovered/, 'the log tells');
	$before = $api->read($path)->{oauth}{obtained_at};
	is($api->post("$path/refresh")->{status}, 202, 'asked for again');
	ok(wait_for(sub { $api->read($path)->{oauth}{obtained_at} gt $before }),
		'with the token that was found');
	is($api->read($path)->{credential_state}, 'good', 'the key is good');
	is_deeply($oauth->test('stats')->{refused}, {}, 'none was used twice');
	is_deeply([glob "$t->{dir}/tokens/*"], [], 'nothing is left');
};

subtest 'a file that nobody can open' => sub {
	$t->daemon->stop;
	$t->write_file("$t->{dir}/tokens/$key->{id}", 'x' x 100);
	$t->write_file("$t->{dir}/tokens/17", '');
	$t->start_daemon();
	ok(wait_for(sub { !(() = glob "$t->{dir}/tokens/*") }), 'goes');
	is($api->read($path)->{credential_state}, 'good', 'nothing else does');
};

subtest 'a lease that another node left' => sub {
	my $given = $oauth->test('stats')->{given}{refresh_token};
	sql($t, "UPDATE leases SET node_id = 'another', held_until = 1 "
		. "WHERE name = 'refresh:$key->{id}'");
	is($api->post("$path/refresh")->{status}, 202, 'due');
	my $mine = "SELECT count(*) FROM leases WHERE name = 'refresh:$key->{id}' "
		. "AND node_id <> 'another'";
	ok(wait_for(sub { sql($t, $mine) }), 'it is taken over');
	# The other one's write comes now.
	sql($t, 'UPDATE provider_key_tokens SET refresh_at = '
		. (time + 3600) * 1000);
	ok(wait_for(sub { sql($t, "$mine AND held_until = 0") }), 'and given back');
	my $stats = $oauth->test('stats');
	is("$stats->{at_once} $stats->{given}{refresh_token}", "0 $given",
		'nothing was asked');
	my $before = $api->read($path)->{oauth}{obtained_at};
	is($api->post("$path/refresh")->{status}, 202, 'due once more');
	ok(wait_for(sub { $api->read($path)->{oauth}{obtained_at} gt $before }),
		'then it is');
};

$t->done();
