#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Signing in: who may, who is refused, and how often one may guess.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $nobody = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
	judge => $t->api->{judge});
my $path = '/api/auth/login';
my %good = (username => 'admin', password => $t->{password});

subtest 'status 200' => sub {
	my $answer = $nobody->post($path, \%good);
	is($answer->{status}, 200, 'status');
	is($answer->{json}{user}{username}, 'admin', 'who');
	is($answer->{json}{expires_in}, 600, 'for ten minutes');
	my $cookie = $answer->{headers}{'set-cookie'};
	like($cookie, qr/^sid=[\w-]{43};/, 'refresh token');
	like($cookie, qr/; $_(;|$)/, $_)
		for 'HttpOnly', 'SameSite=Strict', 'Path=/api/auth';
	unlike($cookie, qr/Secure/, 'not Secure without TLS');
	is($answer->{headers}{'cache-control'}, 'no-store', 'kept nowhere');

	$answer = $nobody->post($path, \%good,
		headers => [['X-Forwarded-Proto', 'https']]);
	like($answer->{headers}{'set-cookie'}, qr/; Secure/, 'Secure with TLS');

	my $user = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		token => $answer->{json}{access_token});
	is($user->get('/api/auth/me')->{status}, 200, 'the token is good');
};

subtest 'status 400' => sub {
	is($nobody->call('POST', $path, undef, raw => $_)->{status}, 400,
		'malformed') for '', '{', '[]', '"x"', qq({"username":"\xff"});
};

subtest 'status 401' => sub {
	for (['admin', 'wrong'], ['nobody', $t->{password}],
		["admin' OR 1=1 --", 'x'], ['Admin', $t->{password}])
	{
		my $answer = $nobody->post($path,
			{ username => $_->[0], password => $_->[1] });
		is($answer->{status}, 401, $_->[0]);
		is($answer->{json}{error}{code}, 'login.failed', 'one reason for all');
		ok(!$answer->{headers}{'set-cookie'}, 'no cookie');
	}
};

subtest 'status 403' => sub {
	for my $origin ('http://evil.example', 'null', 'http://localhost.evil',
		'https://localhost:1@evil')
	{
		is($nobody->post($path, \%good, headers => [['Origin', $origin]])
			->{status}, 403, "from $origin");
	}
	is($nobody->post($path, \%good, headers => [['Origin',
		'http://localhost']])->{status}, 200, 'from here');
};

subtest 'status 413' => sub {
	is($nobody->post($path, { %good, password => 'x' x 1_100_000 })->{status},
		413, 'too large');
};

subtest 'status 422' => sub {
	for (['username', ''], ['username', 'x' x 65], ['username', 5],
		['password', ''], ['password', 'x' x 1025], ['password', undef],
		['role', 'admin'])
	{
		my ($field, $value) = @$_;
		my $answer = $nobody->post($path, { %good, $field => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
};

subtest 'status 429' => sub {
	my ($answer, $guesses);
	for ($guesses = 0; $guesses < 20; $guesses++) {
		$answer = $nobody->post($path,
			{ username => 'victim', password => "guess $guesses" });
		last if $answer->{status} != 401;
	}
	is($answer->{status}, 429, 'no more guesses');
	is($answer->{json}{error}{code}, 'login.locked', 'code');
	cmp_ok($guesses, '<=', 8, 'after a few');
	ok($answer->{headers}{'retry-after'}, 'Retry-After');
	is($nobody->post($path, \%good)->{status}, 200, 'others are not locked');
};

$spec->shown("POST $path" => [200, 400, 401, 403, 413, 422, 429]);
$t->done();
