#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Changing the password ends all other sessions and the file of the first one.
# A password that somebody else knows opens nothing else.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use POSIX qw(strftime);

my $t = AIProxy->new();
$t->{first_password} = 1;
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/auth/password';
my $new = 'correct horse battery';
my %good = (current_password => $t->{password}, new_password => $new);

subtest 'status 400' => sub {
	is($api->call('POST', $path, undef, raw => '{"a":1,"a":2}')->{status}, 400,
		'malformed');
};

subtest 'status 401' => sub {
	is($api->post($path, \%good, as_it_is => 1,
		headers => [['Authorization', 'Bearer x']])->{status}, 401,
		'not signed in');
};

subtest 'status 413' => sub {
	is($api->post($path, { %good, new_password => 'x' x 1_100_000 })->{status},
		413, 'too large');
};

subtest 'status 422' => sub {
	for (['new_password', 'eleven chrs'], ['new_password', 'x' x 1025],
		['new_password', undef], ['new_password', $t->{password}],
		['current_password', ''], ['current_password', 'wrong password'],
		['bogus', 1])
	{
		my ($field, $value) = @$_;
		my $answer = $api->post($path, { %good, $field => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
	is($api->get('/api/auth/me')->{status}, 200, 'nothing changed');
	ok(-e "$t->{dir}/admin_password", 'the file is there');
};

# Every operation that asks who one is, but for the three that lead out.

subtest 'status 403, until it is changed' => sub {
	my %open = map { $_ => 1 } 'GET /api/auth/me', 'POST /api/auth/password',
		'POST /api/auth/logout';
	my $paths = $spec->{spec}{paths};
	my $refused = 0;
	for my $at (sort keys %$paths) {
		for my $method (grep { !/parameters/ } sort keys %{$paths->{$at}}) {
			my $name = uc($method) . " $at";
			next if $paths->{$at}{$method}{'x-access'} eq 'public'
				|| $open{$name};
			my $answer = $api->call(uc $method, $at =~ s/\{\w+\}/1/r,
				$method =~ /post|patch/ ? {} : undef);
			next if $answer->{status} == 403
				&& $answer->{json}{error}{code} eq 'password.initial'
				&& ++$refused;
			fail("$name: $answer->{status}");
		}
	}
	cmp_ok($refused, '>', 60, 'refused');
	is($api->get('/api/auth/me')->{status}, 200, 'who one is');
	my $user = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		judge => $api->{judge});
	$user->sign_in('admin', $t->{password});
	is($user->call('POST', '/api/auth/logout', undef)->{status}, 204,
		'and out again');
};

subtest 'status 204' => sub {
	my $other = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
	$other->sign_in('admin', $t->{password});
	is($api->post($path, \%good)->{status}, 204, 'changed');
	is($api->get('/api/auth/me')->{status}, 200, 'this session lives');
	is($api->get('/api/users')->{status}, 200, 'and may do all that it may');
	ok(!$api->get('/api/auth/me')->{json}{must_change_password}, 'and knows');
	is($other->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'the others ended');
	ok(!-e "$t->{dir}/admin_password", 'the file is gone');
	is($other->post('/api/auth/login', { username => 'admin',
		password => $t->{password} })->{status}, 401, 'the old one is refused');
	is($other->post('/api/auth/login', { username => 'admin',
		password => $new })->{status}, 200, 'the new one is taken');
};

# What an admin gives is known to two.

subtest 'a password that was given' => sub {
	my $bob = $api->create('/api/users', { username => 'bob',
		role => 'operator', password => 'what the admin chose' });
	my $his = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		judge => $api->{judge});
	$his->sign_in('bob', 'what the admin chose');
	is($his->get('/api/providers')->{status}, 403, 'is to be changed');
	my $own = $his->change_password('what bob chose himself');
	is($his->get('/api/providers')->{status}, 200, 'and is');
	my $token = $his->create('/api/api-tokens', { name => 't', 
		scopes => ['providers:read'], expires_at =>
			strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + 3600) });
	$api->change("/api/users/$bob->{id}", { password => 'chosen once more' });
	$his->sign_in('bob', 'chosen once more');
	is($his->get('/api/providers')->{json}{error}{code}, 'password.initial',
		'reset: again');
	is($api->get('/api/providers', headers => [['Authorization',
		"Bearer $token->{token}"]])->{status}, 200,
		'a token was made when it was his own');
};

# Guessing the present password is guessing.

subtest 'status 429' => sub {
	my $answer;
	for (1 .. 20) {
		$answer = $api->post($path, { current_password => "guess $_",
			new_password => 'another password' });
		last if $answer->{status} != 422;
	}
	is($answer->{status}, 429, 'no more guesses');
};

$spec->shown("POST $path" => [204, 400, 401, 413, 422, 429]);
$t->done();
