#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Users: made, changed, refused and removed; what a change means for the user's
# session and client keys; the profile.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $password = 'correct horse battery';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);

my $bob = $api->create('/api/users', { username => 'bob', role => 'user',
	password => $password, display_name => 'Bob', email => 'bob@example.com' });

subtest 'create: status 201' => sub {
	ok($bob->{must_change_password}, 'has to change the password');
	ok($bob->{is_enabled}, 'is enabled');
	ok(!exists $bob->{password}, 'no password comes back');
	my $answer = $api->post('/api/users', { username => 'ann@example.com',
		role => 'viewer', password => $password });
	is($answer->{status}, 201, 'an address is a name too');
	is($answer->{headers}{location}, "/api/users/$answer->{json}{id}",
		'where it is');
};

subtest 'create: status 409, 422' => sub {
	my %good = (username => 'new', role => 'user', password => $password);
	for (['username', ''], ['username', 'Bob'], ['username', '-x'],
		['username', "b\x{f6}b"], ['username', 'x' x 65], ['role', 'root'],
		['role', ''], ['password', 'short'], ['password', 'x' x 20],
		['password', 'x' x 1025], ['password', undef], ['email', 'nobody'],
		['email', 'a@b@c'], ['display_name', ' '], ['display_name', "a\nb"],
		['is_enabled', 1], ['bogus', 1])
	{
		my $answer = $api->post('/api/users', { %good, $_->[0] => $_->[1] });
		is("$answer->{status} " . ($answer->{json}{error}{field} // ''),
			"422 $_->[0]", "$_->[0]: " . substr $_->[1] // 'null', 0, 20);
	}
	my $answer = $api->post('/api/users', { %good, username => 'bob' });
	is($answer->{status}, 409, 'a name that is taken');
	is($answer->{json}{error}{field}, 'username', 'is told');
};

subtest 'list: status 200, 400' => sub {
	my $all = sub { join ' ', map { $_->{username} } $api->list($_[0]) };
	is($all->('/api/users'), 'admin bob ann@example.com', 'by id');
	is($all->('/api/users?sort=-username'), 'bob ann@example.com admin',
		'by name, backwards');
	is($all->('/api/users?search=BOB%40EXAMPLE'), 'bob', 'by address');
	is($all->('/api/users?search=%25'), '', 'no patterns');
	is($all->('/api/users?role=viewer'), 'ann@example.com', 'by role');
	is($all->('/api/users?is_enabled=false'), '', 'by what they are');
	for my $sort ('username', '-username', 'created_at', '-created_at', '-id') {
		my ($cursor, @pages);
		do {
			my $page = $api->read("/api/users?limit=1&sort=$sort"
				. ($cursor ? "&cursor=$cursor" : ''));
			push @pages, map { $_->{username} } @{$page->{items}};
			$cursor = $page->{next};
		} while ($cursor);
		is("@pages", $all->("/api/users?sort=$sort"), "pages by $sort");
	}
	for my $query ('sort=password_hash', 'sort=--id', 'role=root', 'cursor=x',
		'cursor=1.1', 'sort=username&cursor=1', 'sort=username&cursor=_w.1',
		'is_enabled=1', 'search=', 'limit=201')
	{
		is($api->get("/api/users?$query")->{status}, 400, $query);
	}
};

my $his = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
	judge => $api->{judge});
$his->sign_in('bob', $password);
$password = $his->change_password('a password of his own');

subtest 'profile: status 200, 422' => sub {
	my $me = $his->change('/api/auth/me', { display_name => 'Robert' });
	is($me->{display_name}, 'Robert', 'the name');
	ok($me->{last_login_at}, 'the last login');
	for my $field (qw(role is_enabled username must_change_password)) {
		my $answer = $his->patch('/api/auth/me', { $field => 'admin' });
		is($answer->{status}, 422, "not: $field");
	}
	is($his->read('/api/auth/me')->{role}, 'user', 'still a user');
};

subtest 'update: a role counts at once' => sub {
	is($his->get('/api/system/status')->{status}, 403, 'a user');
	$api->change("/api/users/$bob->{id}", { role => 'viewer' });
	is($his->get('/api/system/status')->{status}, 200, 'a viewer');
	$api->change("/api/users/$bob->{id}", { role => 'user' });
	is($his->get('/api/system/status')->{status}, 403, 'a user again');
};

# nginx holds to it too.

my $client = $t->client_key([$t->provider_key($t->provider())],
	user_id => $bob->{id});
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
is($t->ask('openai_chat', $client)->{status}, 200, 'served');

subtest 'update: disabled' => sub {
	my $answer = $api->patch("/api/users/$bob->{id}", { is_enabled => $false });
	is($answer->{status}, 200, 'status');
	ok($answer->{headers}{'x-config-generation'}, 'published');
	my $refused = $t->ask('openai_chat', $client);
	is($refused->{status}, 403, "the user's client keys are refused");
	like($refused->{body}, qr/user is disabled/, 'and it is told why');
	is($his->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'the session is over');
	is($his->post('/api/auth/login', { username => 'bob',
		password => $password })->{status}, 401, 'nor a new one');
	$api->change("/api/users/$bob->{id}", { is_enabled => $true });
	is($t->ask('openai_chat', $client)->{status}, 200, 'served again');
	is($his->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'the old session stays over');
};

subtest 'update: a new password' => sub {
	$his->sign_in('bob', $password);
	$api->change("/api/users/$bob->{id}", { password => 'quite another one' });
	is($his->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'the session is over');
	$his->sign_in('bob', 'quite another one');
	ok($his->read('/api/auth/me')->{must_change_password}, 'and to change');
};

subtest 'the last admin: status 409' => sub {
	my $me = $api->read('/api/auth/me');
	for my $change ({ role => 'operator' }, { is_enabled => $false }) {
		is($api->patch("/api/users/$me->{id}", $change)->{status}, 409,
			join ' ', keys %$change);
	}
	is($api->delete("/api/users/$me->{id}")->{status}, 409, 'delete');
	is($api->read('/api/auth/me')->{role}, 'admin', 'is still one');
};

subtest 'delete: status 204, 404, 409' => sub {
	is($api->delete("/api/users/$bob->{id}")->{status}, 409, 'with keys');
	$api->remove("/api/client-keys/$client->{id}");
	is($api->delete("/api/users/$bob->{id}")->{status}, 204, 'without');
	is($api->delete("/api/users/$bob->{id}")->{status}, 404, 'once');
	is($api->get("/api/users/$bob->{id}")->{status}, 404, 'gone');
	is($his->get('/api/auth/me', as_it_is => 1)->{status}, 401, 'signed out');
	is($api->post('/api/users', { username => 'bob', role => 'user',
		password => $password })->{status}, 201, 'the name is free');
};

$spec->shown('GET /api/users' => [200, 400],
	'POST /api/users' => [201, 409, 422], 'GET /api/users/{id}' => [404],
	'PATCH /api/users/{id}' => [200, 409],
	'DELETE /api/users/{id}' => [204, 404, 409],
	'PATCH /api/auth/me' => [200, 422]);
$t->done();
