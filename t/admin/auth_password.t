#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Changing the password ends all other sessions and the file of the first one.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
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

subtest 'status 204' => sub {
	my $other = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
	$other->sign_in('admin', $t->{password});
	is($api->post($path, \%good)->{status}, 204, 'changed');
	is($api->get('/api/auth/me')->{status}, 200, 'this session lives');
	ok(!$api->get('/api/auth/me')->{json}{must_change_password}, 'and knows');
	is($other->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'the others ended');
	ok(!-e "$t->{dir}/admin_password", 'the file is gone');
	is($other->post('/api/auth/login', { username => 'admin',
		password => $t->{password} })->{status}, 401, 'the old one is refused');
	is($other->post('/api/auth/login', { username => 'admin',
		password => $new })->{status}, 200, 'the new one is taken');
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
