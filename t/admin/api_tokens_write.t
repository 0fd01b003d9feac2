#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Tokens of the API: made, used within their scopes and their user's role,
# revoked, and over.

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

sub in_seconds { strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + $_[0]) }
sub token {
	my ($name, @scopes) = @_;
	return $api->create('/api/api-tokens', { name => $name,
		scopes => \@scopes, expires_at => in_seconds(3600) });
}
sub with {
	my ($token) = @_;
	return AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		token => ref $token ? $token->{token} : $token,
		judge => $api->{judge});
}

my $provider = $t->provider(base_url => 'http://127.0.0.1:81');

subtest 'scopes: status 200, 403' => sub {
	my $read = with(token('read', 'providers:read'));
	my $write = with(token('write', 'providers:write'));
	my $all = with(token('all', '*:read'));
	my $at = "/api/providers/$provider->{id}";
	for (['read', $read, 200, 403, 403], ['write', $write, 200, 200, 403],
		['all', $all, 200, 403, 200])
	{
		my ($name, $by, $reads, $writes, $other) = @$_;
		is($by->get($at)->{status}, $reads, "$name: reads");
		is($by->patch($at, { total_timeout_ms => 60_000 })->{status}, $writes,
			"$name: writes");
		is($by->get('/api/users')->{status}, $other, "$name: another area");
		is($by->get('/api/auth/me')->{json}{username}, 'admin', "$name: who");
	}
};

subtest 'what no token does: status 403' => sub {
	my $by = with(token('everything', '*:write'));
	for (['POST', '/api/api-tokens', { name => 'x', scopes => ['*:write'],
			expires_at => in_seconds(60) }], ['POST', '/api/auth/logout'],
		['POST', '/api/auth/password', { current_password => $t->{password},
			new_password => 'quite another one' }],
		['PATCH', '/api/auth/me', { display_name => 'x' }])
	{
		is($by->call(@$_)->{status}, 403, "$_->[0] $_->[1]");
	}
};

subtest 'create: status 409, 422' => sub {
	my %good = (name => 'new', scopes => ['*:read'],
		expires_at => in_seconds(60));
	for (['name', ''], ['name', undef], ['scopes', []], ['scopes', undef],
		['scopes', ['nothing:read']], ['scopes', ['*:run']], ['scopes', ['*']],
		['scopes', ['providers:read', 'x']], ['scopes', [('*:read') x 65]],
		['expires_at', undef], ['expires_at', in_seconds(-1)],
		['expires_at', in_seconds(367 * 86400)], ['expires_at', 'soon'],
		['user_id', 1])
	{
		my $answer = $api->post('/api/api-tokens', { %good, $_->[0] => $_->[1] });
		is("$answer->{status} " . ($answer->{json}{error}{field} // ''),
			"422 $_->[0]", encode_json([$_->[1]]));
	}
	is($api->post('/api/api-tokens', { %good, name => 'read' })->{status}, 409,
		'a name that is taken');
};

subtest 'a token is its user' => sub {
	my $bob = $api->create('/api/users', { username => 'bob',
		role => 'operator', password => 'the password of bob',
		must_change_password => JSON::PP::false });
	my $his = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
		->sign_in('bob', 'the password of bob');
	my $by = with($his->create('/api/api-tokens', { name => 'ci',
		scopes => ['*:write'], expires_at => in_seconds(60) }));
	is($by->get('/api/users')->{status}, 403, 'an operator sees no users');
	is($by->get('/api/settings')->{status}, 200, 'but settings');
	$api->change("/api/users/$bob->{id}", { role => 'user' });
	is($by->get('/api/settings')->{status}, 403, 'no more as a user');
	$api->change("/api/users/$bob->{id}", { is_enabled => JSON::PP::false });
	is($by->get('/api/auth/me')->{status}, 401, 'nothing when disabled');
	$api->remove("/api/users/$bob->{id}");
	is((grep { $_->{user}{name} eq 'bob' } $api->list('/api/api-tokens')), 0,
		'gone with the user');
};

subtest 'list, read, revoke' => sub {
	my $token = token('to revoke', '*:read');
	my $by = with($token);
	is($token->{last_used_at}, undef, 'not used yet');
	is($by->get('/api/providers')->{status}, 200, 'used');
	my $seen = $api->read("/api/api-tokens/$token->{id}");
	ok($seen->{last_used_at}, 'which is told');
	ok(!exists $seen->{token}, 'the token is not');
	like($token->{token}, qr/^\Q$seen->{prefix}\E/, 'but how it begins');
	is(join(' ', map { $_->{name} } $api->list('/api/api-tokens?sort=name')),
		join(' ', sort map { $_->{name} } $api->list('/api/api-tokens')),
		'by name');
	is($api->delete("/api/api-tokens/$token->{id}")->{status}, 204, 'revoked');
	is($by->get('/api/providers', as_it_is => 1)->{status}, 401, 'at once');
	is($api->delete("/api/api-tokens/$token->{id}")->{status}, 404, 'once');
	is(with($_)->get('/api/providers', as_it_is => 1)->{status}, 401,
		'no token: ' . substr $_, 0, 12) for 'aipt_', 'aipt_' . 'x' x 43,
		'aipt_' . 'x' x 8000;
};

subtest 'its end' => sub {
	my $token = $api->create('/api/api-tokens', { name => 'short',
		scopes => ['*:read'], expires_at => in_seconds(3) });
	my $by = with($token);
	ok(wait_for(sub {
		$by->get('/api/providers', as_it_is => 1)->{status} == 401
	}), 'it is over');
	cmp_ok(strftime('%Y-%m-%dT%H:%M:%SZ', gmtime), 'ge',
		$token->{expires_at} =~ s/\.\d+Z$/Z/r, 'not before its time');
};

$spec->shown('GET /api/api-tokens' => [200], 'POST /api/api-tokens'
	=> [201, 403, 409, 422], 'GET /api/api-tokens/{id}' => [200],
	'DELETE /api/api-tokens/{id}' => [204, 404]);
$t->done();
