#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The refresh token: used once, then replaced; used again, its session ends.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $path = '/api/auth/refresh';

sub session {
	my $user = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		judge => $t->api->{judge});
	take($user, $user->post('/api/auth/login',
		{ username => 'admin', password => $t->{password} }));
	return $user;
}

# Takes over what a sign-in or a refresh gave.
sub take {
	my ($user, $answer) = @_;
	$user->{token} = $answer->{json}{access_token};
	($user->{sid}) = $answer->{headers}{'set-cookie'} =~ /^sid=([^;]*)/;
}

sub refresh {
	my ($user, $sid, @headers) = @_;
	return $user->call('POST', $path, undef, as_it_is => 1,
		headers => [['Cookie', "sid=$sid"], ['Authorization', ''], @headers]);
}

subtest 'status 200' => sub {
	my $user = session();
	my $first = $user->{sid};
	my $answer = refresh($user, $first);
	is($answer->{status}, 200, 'status');
	take($user, $answer);
	isnt($user->{sid}, $first, 'another refresh token');
	is($user->get('/api/auth/me')->{status}, 200, 'the access token is good');

	# Two tabs that wake up at once come with the same one.
	is(refresh($user, $first)->{status}, 200, 'a second tab is let through');
	is(refresh($user, $user->{sid})->{status}, 200, 'and so is the first');
};

subtest 'status 401' => sub {
	my $user = session();
	is($user->call('POST', $path, undef, as_it_is => 1)->{status}, 401,
		'no cookie');
	is(refresh($user, $_)->{status}, 401, 'not a token')
		for 'x', 'x' x 43, 'x' x 4000, '%00';

	# A thief uses the token after its owner did, or before: the session ends.
	my $stolen = $user->{sid};
	take($user, refresh($user, $stolen));
	take($user, refresh($user, $user->{sid}));
	is(refresh($user, $stolen)->{status}, 401, 'a used token');
	is(refresh($user, $user->{sid})->{status}, 401,
		'ends the session: the refresh token');
	is($user->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'and the access token');
};

subtest 'status 403' => sub {
	my $user = session();
	is(refresh($user, $user->{sid}, ['Origin', 'http://evil.example'])
		->{status}, 403, 'from elsewhere');
	is(refresh($user, $user->{sid})->{status}, 200, 'and it was not used up');
};

$spec->shown("POST $path" => [200, 401, 403]);
$t->done();
