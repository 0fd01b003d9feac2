#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The audit log: what every write leaves in it, who did it, the object before
# and after, and no secret.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;
use POSIX qw(strftime);

my $t = AIProxy->new();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;

sub latest { return $api->read('/api/audit?limit=1')->{items}[0] }

sub is_entry {
	my ($action, $type, $id, $label) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $entry = latest();
	is(join(' ', map { $entry->{$_} // '-' } qw(username action object_type
		object_id)), "admin $action $type " . ($id // '-'), $label);
	return $entry;
}

$api->sign_in('admin', $t->{password});
my $login = latest();
is("$login->{action} $login->{username} $login->{status}", 'login admin 200',
	'a login');
is($api->post('/api/auth/login', { username => 'admin',
	password => 'a guess of mine' })->{status}, 401, 'a guess');
$login = latest();
is("$login->{action} $login->{status}", 'login 401', 'is told too');
is($login->{user_id}, undef, 'of nobody');
$api->post('/api/auth/login', { username => 'my secret, slipped',
	password => 'x' });
is(latest()->{username}, '', 'what is no user\'s name is not kept');

# One object's life.

my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my $entry = is_entry('create', 'providers', $provider->{id}, 'create');
is($entry->{before}, undef, 'nothing before');
is($entry->{after}{name}, 'p', 'after');
is($entry->{status}, 201, 'status');
my $key = $t->provider_key($provider, secret => 'the-first-secret-of-it');
$api->change("/api/provider-keys/keys/$key->{id}",
	{ weight => 7, secret => 'the-second-secret-of-it' });
$entry = is_entry('update', 'provider-keys/keys', $key->{id}, 'update');
is("$entry->{before}{weight} $entry->{after}{weight}", '1 7',
	'before and after');
my $client = $t->client_key([$key]);
my $rotated = $api->must(200, 'POST', "/api/client-keys/$client->{id}/rotate",
	{ grace_ms => 0 });
$entry = is_entry('rotate', 'client-keys', $client->{id}, 'rotate');
is($entry->{after}{key}, '***', 'the key is masked');
isnt($entry->{before}{prefix}, $entry->{after}{prefix}, 'what it changed');
$api->change('/api/settings', { cors_origins => ['https://a.example'] });
$entry = is_entry('update', 'settings', undef, 'settings');
is_deeply([$entry->{before}{cors_origins}, $entry->{after}{cors_origins}],
	[[], ['https://a.example']], 'before and after');
$api->remove("/api/client-keys/$client->{id}");
$entry = is_entry('delete', 'client-keys', $client->{id}, 'delete');
is($entry->{before}{name}, $client->{name}, 'what it was');
is($entry->{after}, undef, 'nothing after');
is_deeply($api->read("/api/audit/$entry->{id}"), $entry, 'a single entry');
is($api->get('/api/audit/999999')->{status}, 404, 'no such entry');

# What was refused changed nothing.

for (['POST', '/api/providers', {}], ['PATCH',
	"/api/provider-keys/keys/$key->{id}", { weight => 0 }],
	['DELETE', '/api/providers/999999'], ['DELETE',
	"/api/client-keys/$client->{id}"])
{
	$api->call(@$_);
	is(latest()->{id}, $entry->{id}, "refused: $_->[0] $_->[1]");
}

# Who, by a token, too.

my $bob = $api->create('/api/users', { username => 'bob', role => 'operator',
	password => 'the password of bob',
	must_change_password => JSON::PP::false });
my $his = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
	->sign_in('bob', 'the password of bob');
my $token = $his->create('/api/api-tokens', { name => 'ci',
	scopes => ['client-keys:write'],
	expires_at => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + 3600) });
my $by = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
	token => $token->{token});
$by->create('/api/client-keys', { name => 'by token',
	provider_key_ids => [$key->{id}] });
$entry = latest();
is("$entry->{username} $entry->{user_id} $entry->{api_token_id}",
	"bob $bob->{id} $token->{id}", 'by whose token');
$his->must(204, 'POST', '/api/auth/password', { current_password =>
	'the password of bob', new_password => 'another one of bob' });
$entry = latest();
is("$entry->{action} $entry->{object_type}", 'password auth', 'a password');

# Filters and pages.

my @all = $api->list('/api/audit');
my $count = sub { scalar(my @l = $api->list("/api/audit?$_[0]")) };
is($count->('object_type=client-keys'), (grep { $_->{object_type} eq
	'client-keys' } @all), 'by type');
is($count->("object_type=client-keys&object_id=$client->{id}"), 3,
	'the story of one object');
is($count->("user_id=$bob->{id}"), (grep { ($_->{user_id} // 0)
	== $bob->{id} } @all), 'by user');
is($count->('action=rotate'), 1, 'by action');
is($count->("to=$all[-1]{occurred_at}"), 0, 'before a time');
is($count->("from=$all[-1]{occurred_at}"), @all, 'from a time');
my ($cursor, @ids);
do {
	my $page = $api->read('/api/audit?limit=3'
		. (defined $cursor ? "&cursor=$cursor" : ''));
	push @ids, map { $_->{id} } @{$page->{items}};
	$cursor = $page->{next};
} while (defined $cursor);
is("@ids", join(' ', map { $_->{id} } @all), 'pages have all, once');
is($api->get("/api/audit?$_")->{status}, 400, $_)
	for 'bogus=1', 'cursor=x', 'user_id=bob', 'from=yesterday';

# No secret in it.

my $text = encode_json(\@all);
unlike($text, qr/\Q$_\E/, 'not in it: ' . substr $_, 0, 8)
	for 'the-first-secret-of-it', 'the-second-secret-of-it', $client->{key},
	$rotated->{key}, $token->{token}, 'the password of bob',
	'another one of bob', 'a guess of mine', $t->{password};

$spec->shown('GET /api/audit' => [200, 400],
	'GET /api/audit/{id}' => [200, 404]);
$t->done();
