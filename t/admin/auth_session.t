#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A session: who one is, and how it ends.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->{first_password} = 1;
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;

subtest 'me: status 200' => sub {
	my $me = $api->get('/api/auth/me');
	is($me->{status}, 200, 'status');
	is($me->{json}{role}, 'admin', 'role');
	ok($me->{json}{must_change_password}, 'the first password is to go');
	my $head = $api->call('HEAD', '/api/auth/me');
	is($head->{status}, 200, 'HEAD as GET');
	is($head->{body}, '', 'without a body');
};

subtest 'me: status 401' => sub {
	my ($h, $p, $s) = split /\./, $api->{token};
	for (['none', ''], ['no scheme', $api->{token}],
		['another scheme', "Basic $api->{token}"],
		['unsigned', "Bearer $h.$p."], ['cut', "Bearer $h.$p"],
		['changed', "Bearer $h.$p." . reverse $s],
		['alg none', 'Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.' . "$p."],
		['very long', 'Bearer ' . 'x' x 6000], ['empty', 'Bearer '])
	{
		my ($what, $value) = @$_;
		my $answer = $api->get('/api/auth/me', as_it_is => 1,
			headers => [['Authorization', $value]]);
		is($answer->{status}, 401, $what);
		is($answer->{json}{error}{code}, 'token.invalid', "$what: code");
	}
};

subtest 'logout: status 403' => sub {
	is($api->call('POST', '/api/auth/logout', undef,
		headers => [['Origin', 'http://evil.example']])->{status}, 403,
		'not from elsewhere');
	is($api->get('/api/auth/me')->{status}, 200, 'still signed in');
};

subtest 'logout: status 204' => sub {
	my $answer = $api->call('POST', '/api/auth/logout', undef);
	is($answer->{status}, 204, 'status');
	like($answer->{headers}{'set-cookie'}, qr/^sid=;.*Max-Age=0/, 'cookie gone');
	is($api->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'the access token is dead');
};

subtest 'logout: status 401' => sub {
	is($api->call('POST', '/api/auth/logout', undef, as_it_is => 1)->{status},
		401, 'once');
};

# What is signed survives the daemon; a session that ended stays ended.

my $dead = $api->{token};
$api->sign_in('admin', $t->{password});
my $alive = $api->{token};
$t->daemon->stop();
$t->{api_sign_in} = 0;
$t->start_daemon();
$api->{token} = $alive;
is($api->get('/api/auth/me', as_it_is => 1)->{status}, 200,
	'a restart ends no session');
$api->{token} = $dead;
is($api->get('/api/auth/me', as_it_is => 1)->{status}, 401,
	'nor does it bring one back');

$spec->shown('GET /api/auth/me' => [200, 401],
	'POST /api/auth/logout' => [204, 401, 403]);
$t->done();
