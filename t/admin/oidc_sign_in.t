#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Signing in to the console at an OpenID provider: roles by a claim, users that
# are made or linked, what is refused and why. What an attacker brings, of
# another browser, another sign-in or another client, signs nobody in.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use AIProxy::OAuthServer;
use AIProxy::OpenApi;
use JSON::PP;

my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $t = AIProxy->new();
my $there = AIProxy::OAuthServer->start($t, 'oauth_server',
	redirect_uris => ['http://localhost/oidc/callback']);
my $liar = AIProxy::OAuthServer->start($t, 'oauth_faults');
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $nobody = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
my $settings = '/api/settings/oidc';

subtest 'settings' => sub {
	is_deeply($nobody->read('/api/auth/oidc'),
		{ is_enabled => $false, name => undef }, 'off at first');
	is($nobody->post('/api/auth/oidc/start')->{status}, 409, 'nobody begins');
	my %good = (is_enabled => $true, name => 'Our directory',
		issuer => $there->url, client_id => 'confidential',
		client_secret => 'the-clients-secret', role_claim => 'groups',
		roles => [{ value => 'chiefs', role => 'admin' },
			{ value => 'ops', role => 'operator' },
			{ value => 'staff', role => 'viewer' }],
		scopes => ['openid', 'profile', 'email', 'groups'],
		creates_users => $true);
	for (['name', ''], ['issuer', ''], ['issuer', 'http://id.example'],
		['issuer', 'https://10.0.0.1'], ['issuer', 'https://a.example/?x'],
		['client_id', ''], ['client_secret', ''], ['scopes', ['email']],
		['scopes', ['openid', 'a b']], ['role_claim', ''], ['roles', []],
		['roles.role', 'roles', [{ value => 'a', role => 'king' }]],
		['roles.value', 'roles', [{ value => '', role => 'user' }]],
		['email_domains', ['Example.com']], ['bogus', 1])
	{
		my ($field, $name, $value) = @$_ == 3 ? @$_ : ($_->[0], @$_);
		my $answer = $api->patch($settings, { %good, $name => $value });
		is("$answer->{status} " . ($answer->{json}{error}{field} // ''),
			"422 $field", "$field: " . JSON::PP->new->allow_nonref
			->encode($value));
	}
	my $now = $api->change($settings, \%good);
	ok($now->{has_client_secret}, 'a secret is kept');
	unlike(encode_json($api->read($settings)), qr/the-clients-secret/,
		'and not shown');
	is_deeply($nobody->read('/api/auth/oidc'),
		{ is_enabled => $true, name => 'Our directory' }, 'the button');
	ready();
	is($api->patch($settings, { name => 'x' },
		headers => [['If-Match', '"0"']])->{status}, 412, 'an old version');
	$api->create('/api/users', { username => 'bob', role => 'viewer',
		password => 'a password of bob', must_change_password => $false });
	is(as('bob')->patch($settings, { name => 'x' })->{status}, 403,
		'not by a viewer');
};

subtest 'somebody new' => sub {
	person(sub => 'carol-1', preferred_username => 'Carol', name => 'Carol C.',
		email => 'carol@example.com', email_verified => $true,
		groups => ['other', 'staff']);
	my $begun = begin();
	my ($url) = $begun->{json}{authorize_url};
	like($url, qr/[?&]$_/, $_) for 'code_challenge_method=S256',
		'code_challenge=[\w-]{43}', 'state=[\w-]{43}', 'nonce=[\w-]{43}',
		'response_type=code', 'scope=openid%20profile|scope=openid\+profile';
	like($begun->{headers}{'set-cookie'}, qr/^sid=[\w-]{43};.*HttpOnly/,
		'bound to this browser');
	my $answer = finish($begun, browsed($begun));
	is($answer->{status}, 200, 'signed in') or diag($answer->{body});
	my $user = $answer->{json}{user};
	is_deeply([@$user{qw(username role display_name email)}],
		['carol', 'viewer', 'Carol C.', 'carol@example.com'], 'as the claims say');
	my $hers = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		token => $answer->{json}{access_token});
	is($hers->read('/api/auth/me')->{id}, $user->{id}, 'the session is hers');
	my ($sid) = $answer->{headers}{'set-cookie'} =~ /^sid=([\w-]+)/;
	is($nobody->post('/api/auth/refresh', undef,
		headers => [['Cookie', "sid=$sid"]])->{status}, 200, 'and lasts');

	my @audit = grep { ($_->{object_id} // '') eq $user->{id} }
		$api->list('/api/audit?object_type=users');
	is("$audit[0]{action} $audit[0]{username}", 'create (openid)',
		'the audit log has it');
	my ($login) = grep { $_->{action} eq 'return' }
		$api->list('/api/audit');
	is($login->{username}, 'carol', 'and the sign-in');

	person(sub => 'carol-1', preferred_username => 'Carol',
		groups => ['ops', 'staff']);
	my $again = through()->{json}{user};
	is("$again->{id} $again->{role}", "$user->{id} operator",
		'the next time with another role');
	is($nobody->post('/api/auth/login', { username => 'carol',
		password => 'anything at all' })->{status}, 401, 'no password');
};

subtest 'what an attacker brings' => sub {
	my $begun = begin();
	my $back = browsed($begun);
	my $other = begin();
	is(finish({ %$begun, cookie => $other->{cookie} }, $back)->{status}, 401,
		'another browser');
	is(finish({ cookie => '' }, $back)->{status}, 401, 'no browser');
	is(finish($begun, { %$back, state => 'x' x 43 })->{status}, 401,
		'another state');
	is(finish($begun, $back)->{status}, 200, 'the right one');
	is(finish($begun, $back)->{status}, 401, 'twice');

	my $replayed = finish($other, { state => state_of($other),
		code => $back->{code} });
	is($replayed->{status}, 403, 'a code that was used');
	like($replayed->{json}{error}{message}, qr/refused.*invalid_grant/, 'why');

	$begun = begin();
	my $denied = finish($begun, { state => state_of($begun),
		error => 'access_denied' });
	is($denied->{status}, 403, 'the person said no');
	like($denied->{json}{error}{message}, qr/access_denied/, 'which is told');
	is($nobody->post('/api/auth/oidc/start', undef, headers => [['Origin',
		'https://evil.example']])->{status}, 403, 'from a foreign page');
};

subtest 'who may not' => sub {
	person(sub => 'dave-1', preferred_username => 'dave', groups => ['guests']);
	refused(qr/no role here.*claim groups/, 'a group without a role');
	person(sub => 'dave-1', preferred_username => 'dave');
	refused(qr/no role here/, 'no group');
	$api->change($settings, { email_domains => ['example.com'] });
	person(sub => 'dave-1', preferred_username => 'dave', groups => 'staff',
		email => 'dave@other.example', email_verified => $true);
	refused(qr/domain that may sign in/, 'another domain');
	person(sub => 'dave-1', preferred_username => 'dave', groups => 'staff',
		email => 'dave@example.com', email_verified => $false);
	refused(qr/domain that may sign in/, 'an address that is not verified');
	$api->change($settings, { email_domains => [], creates_users => $false });
	refused(qr/Nobody here is known/, 'nobody new');
	person(sub => 'dave-1', preferred_username => 'admin', groups => 'chiefs');
	refused(qr/a user admin here already/, 'the name of somebody else');
	$api->change($settings, { creates_users => $true });
	refused(qr/a user admin here already/, 'never by its name alone');
	is(scalar(grep { $_->{username} eq 'dave' } $api->list('/api/users')), 0,
		'nobody was made');

	person(sub => 'carol-1', groups => 'staff');
	my ($carol) = grep { $_->{username} eq 'carol' } $api->list('/api/users');
	$api->change("/api/users/$carol->{id}", { is_enabled => $false });
	refused(qr/disabled/, 'a disabled user');
	$api->change("/api/users/$carol->{id}", { is_enabled => $true });
	person(sub => 'carol-1', realm => { roles => ['staff'] });
	$api->change($settings, { role_claim => 'realm.roles' });
	is(through()->{json}{user}{role}, 'viewer', 'a claim inside an object');
	$api->change($settings, { role_claim => 'groups' });
};

subtest 'a link' => sub {
	my $bob = as('bob');
	person(sub => 'robert-1', preferred_username => 'robert',
		groups => ['chiefs']);
	my $link = sub {
		my ($who) = @_;
		my $begun = $who->post('/api/auth/oidc/link');
		my $back = returned($there->browse($begun->{json}{authorize_url}));
		my $answer;
		wait_for(sub { $answer = $who->post('/api/auth/oidc/link/return',
			$back); $answer->{status} != 202 });
		return ($answer, $back);
	};
	my ($answer, $back) = $link->($bob);
	is($answer->{status}, 204, 'linked') or diag($answer->{body});
	is($bob->post('/api/auth/oidc/link/return', $back)->{status}, 401, 'once');
	my $user = through()->{json}{user};
	is("$user->{username} $user->{role}", 'bob viewer',
		'it signs in the linked user, with the role that an admin gave');
	($answer) = $link->($bob);
	is($answer->{status}, 204, 'again is no error');
	($answer) = $link->($api);
	is($answer->{status}, 403, 'not for two users');
	like($answer->{json}{error}{message}, qr/another user's/, 'why');
	my $begun = $bob->post('/api/auth/oidc/link');
	$back = returned($there->browse($begun->{json}{authorize_url}));
	is(finish({ cookie => '' }, $back)->{status}, 401,
		'what was begun as a link signs nobody in');
	my ($entry) = grep { $_->{action} eq 'link' } $api->list('/api/audit');
	is($entry->{username}, 'bob', 'the audit log has it');
};

subtest 'a link that is taken away' => sub {
	my $bob = as('bob');
	my $at = '/api/auth/oidc/link';
	my ($mine, @more) = @{$bob->read($at)->{items}};
	is("$mine->{issuer} $mine->{subject}", $there->url . ' robert-1',
		'who one is elsewhere');
	is(scalar @more, 0, 'once');
	my $through = through()->{json};
	my $session = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		token => $through->{access_token});
	is($session->get('/api/auth/me')->{status}, 200, 'signed in by it');
	$bob->must(204, 'DELETE', $at);
	is_deeply($bob->read($at)->{items}, [], 'gone');
	is($session->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'with the sessions that it opened');
	is($bob->get('/api/auth/me', as_it_is => 1)->{status}, 200,
		'but not with this one');
	is(through()->{json}{user}{username}, 'robert', 'it is another one now');
	my ($entry) = $api->list('/api/audit?action=delete');
	is("$entry->{username} $entry->{object_type}", 'bob auth/oidc/link',
		'the audit log has it');
	is($entry->{before}{items}[0]{subject}, 'robert-1', 'with who it was');

	# Who has nothing else is not locked out by oneself, but by an admin.
	my ($robert) = grep { $_->{username} eq 'robert' }
		$api->list('/api/users');
	my $his = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		token => through()->{json}{access_token});
	is($his->delete($at)->{status}, 409, 'without a password');
	my $path = "/api/users/$robert->{id}/identities";
	is($his->get($path)->{status}, 200, 'robert is an admin');
	is(as('bob')->get($path)->{status}, 403, 'bob is none');
	is(as('bob')->delete($path)->{status}, 403, 'and changes nothing');
	is($api->read($path)->{items}[0]{subject}, 'robert-1', 'who it is');
	$api->must(204, 'DELETE', $path);
	is_deeply($api->read($path)->{items}, [], 'gone');
	is($his->get('/api/auth/me', as_it_is => 1)->{status}, 401,
		'and signed out');
	($entry) = $api->list('/api/audit?action=identities');
	is("$entry->{username} $entry->{object_type} $entry->{object_id} "
		. $entry->{before}{items}[0]{subject},
		"admin users $robert->{id} robert-1", 'the audit log has it');
	refused(qr/a user robert here already/, 'it makes no second robert');
	is($api->get('/api/users/999999/identities')->{status}, 404, 'nobody');
	is($api->delete('/api/users/999999/identities')->{status}, 404,
		'nor to be unlinked');
};

subtest 'the last admin' => sub {
	# Made by the claim, and followed by it, until nobody else is left.
	person(sub => 'zoe-1', preferred_username => 'zoe', groups => ['chiefs']);
	my $in = through()->{json};
	is($in->{user}{role}, 'admin', 'zoe is an admin');
	my $zoe = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
		token => $in->{access_token});
	my @others = grep { $_->{role} eq 'admin' && $_->{username} ne 'zoe' }
		$zoe->list('/api/users');
	$zoe->change("/api/users/$_->{id}", { is_enabled => $false }) for @others;
	person(sub => 'zoe-1', preferred_username => 'zoe', groups => ['staff']);
	is(through()->{json}{user}{role}, 'admin', 'the last one stays one');
	like($t->daemon->output('stderr'), qr/"oidc_role_kept"/, 'the log says so');
	$zoe->change("/api/users/$_->{id}", { is_enabled => $true }) for @others;
	is(through()->{json}{user}{role}, 'viewer', 'but not for longer');
	$api->sign_in('admin', $t->{password});
};

subtest 'an ID token that lies' => sub {
	$there = $liar;
	my $issuer = decode_json(request($liar->{port}, 'GET',
		'/.well-known/openid-configuration')->{body})->{issuer};
	$api->change($settings, { issuer => $issuer, client_id => 'us',
		client_secret => undef });
	ready();
	for my $case (
		[{ nonce => 'another' }, qr/another sign-in/, 'another nonce'],
		[{ aud => 'them' }, qr/another client/, 'another client'],
		[{ aud => ['us', 'them'] }, qr/another client/, 'one of two clients'],
		[{ azp => 'them' }, qr/another client/, 'given to another client'],
		[{ iss => 'https://evil.example' }, qr/another issuer/, 'issuer'],
		[{ exp => time - 600 }, qr/not valid now/, 'over'],
		[{ exp => undef }, qr/not valid now/, 'for ever'],
		[{ nbf => time + 600 }, qr/not valid now/, 'not yet'],
		[{ sub => undef }, qr/names nobody/, 'of nobody'])
	{
		my ($claims, $why, $label) = @$case;
		$liar->test('claims', { groups => ['staff'], %$claims });
		my $answer = through();
		is($answer->{status}, 403, $label);
		like($answer->{json}{error}{message} // '', $why, "$label: why");
	}
	$liar->test('claims', { groups => ['staff'], sub => 'eve',
		aud => ['us', 'them'], azp => 'us' });
	is(through()->{status}, 200, 'and one that does not');
	$liar->test('faults', [{ status => 500, body => {} }]);
	my $answer = through();
	is($answer->{status}, 403, 'an error of the server');
	like($answer->{json}{error}{message}, qr/could not be asked/, 'why');

	$api->change($settings, { issuer => "$issuer/elsewhere" });
	ok(wait_for(sub { $api->read($settings)->{error} }),
		'an issuer that is not there is told of');
	ok(!$api->read($settings)->{is_ready}, 'and nobody signs in');
	is($nobody->post('/api/auth/oidc/start')->{status}, 409, 'yet');
};

unlike($t->daemon->output('stderr'), qr/the-clients-secret|"code":"[\w-]{20}/,
	'no secret and no code in the log');
$t->done();

sub ready {
	ok(wait_for(sub { my $now = $api->read($settings);
		$now->{is_ready} && !$now->{error} }), 'its document is read')
		or diag(encode_json($api->read($settings)));
}

sub person { $there->test('person', { @_ }) }

sub as {
	my ($name) = @_;
	return AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
		->sign_in($name, "a password of $name");
}

# One sign-in, from its beginning in a browser to its end.

sub through { my $begun = begin(); return finish($begun, browsed($begun)) }

sub begin {
	my $begun = $nobody->post('/api/auth/oidc/start', undef,
		headers => [['Origin', 'http://localhost']]);
	($begun->{cookie}) = ($begun->{headers}{'set-cookie'} // '')
		=~ /^sid=([\w-]+)/;
	return $begun;
}

sub state_of { return $_[0]{json}{authorize_url} =~ /[?&]state=([\w-]+)/ && $1 }

sub browsed {
	my ($begun) = @_;
	my $url = $begun->{json}{authorize_url};
	return returned($there->browse($url)) if $there != $liar;
	my ($path) = $url =~ m{^http://[^/]+(/.*)};
	return returned({ location => request($liar->{port}, 'GET', $path)
		->{headers}{location} });
}

sub returned {
	my ($ended) = @_;
	my %back = ($ended->{location} // '') =~ /[?&](state|code|error)=([^&]+)/g;
	s/%([0-9A-Fa-f]{2})/chr hex $1/ge for values %back;
	return \%back;
}

sub finish {
	my ($begun, $back) = @_;
	my $answer;
	wait_for(sub {
		$answer = $nobody->post('/api/auth/oidc/return', $back,
			headers => [['Origin', 'http://localhost'],
			['Cookie', 'sid=' . ($begun->{cookie} // '')]]);
		return $answer->{status} != 202;
	});
	return $answer;
}

sub refused {
	my ($why, $label) = @_;
	my $answer = through();
	is($answer->{status}, 403, $label);
	like($answer->{json}{error}{message} // '', $why, "$label: why");
}
