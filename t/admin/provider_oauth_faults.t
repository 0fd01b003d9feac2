#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# An authorization server that fails, in every way that is known: what may pass
# is tried again and the token stays, what is final asks for a person, and
# nothing of an answer is told but its error.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OAuthServer;
use AIProxy::OpenApi;
use JSON::PP;

my $t = AIProxy->new();
my $oauth = AIProxy::OAuthServer->start($t, 'oauth_faults');
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $provider = $api->create('/api/providers', { name => 'machine',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'],
	oauth => { grant => 'client_credentials', token_url => $oauth->url('/token'),
		client_authentication => 'body', scopes => ['a', 'b'],
		token_parameters => [{ name => 'audience', value => 'for {client_id}' }] }
	});

# The first token comes by itself.

my $key = $api->create('/api/provider-keys/keys', { name => 'k',
	provider_id => $provider->{id}, kind => 'oauth',
	oauth_client_id => 'the id', secret => 'MARKER of the client' });
my $path = "/api/provider-keys/keys/$key->{id}";
is($key->{credential_state}, 'pending', 'a new key waits for its token');
ok(wait_for(sub { state() eq 'good' }), 'which comes by itself');
my ($first) = @{$oauth->test('requests')};
is_deeply($first->{body}, { grant_type => 'client_credentials',
	scope => 'a b', client_id => 'the id', audience => 'for the id',
	client_secret => 'MARKER of the client' }, 'asked as its data says');

# What may pass.

for (['503', { status => 503, body => { error => 'x MARKER' } }],
	['429', { status => 429, body => {} }],
	['500 with a final error', { status => 500,
		body => { error => 'invalid_grant' } }],
	['no JSON', { status => 200, body => 'MARKER' }],
	['no object', { status => 200, body => ['MARKER'] }],
	['no token', { status => 200, body => { token => 'MARKER' } }],
	['a token that is none', { status => 200,
		body => { access_token => "MARKER\r\nx: y" } }],
	['a connection that is cut', { drop => JSON::PP::true }],
	['an error that passes', { status => 400,
		body => { error => 'temporarily_unavailable' } }])
{
	my ($what, $fault) = @$_;
	$oauth->test('faults', [$fault]);
	my $before = $api->read($path)->{oauth}{obtained_at};
	is($api->post("$path/refresh")->{status}, 202, "$what: asked for");
	my $seen;
	ok(wait_for(sub { $seen = $api->read($path)->{oauth}{refresh_error} }),
		"$what: told");
	unlike($seen // '', qr/MARKER/, "$what: but not what was sent");
	ok(wait_for(sub { my $now = $api->read($path);
		!$now->{oauth}{refresh_error}
		&& $now->{oauth}{obtained_at} gt $before }),
		"$what: tried again by itself");
	is(state(), 'good', "$what: the key stayed good");
}
is(scalar(grep { $_->{kind} eq 'key.refresh_failed' }
	@{$api->read('/api/system/events')->{items}}), 9, 'an event for each');

# What is final.

for my $error (qw(invalid_client unauthorized_client invalid_grant)) {
	$oauth->test('faults', [{ status => 400, body => { error => $error } }]);
	$api->post("$path/refresh");
	ok(wait_for(sub { state() eq 'refused' }), "$error: refused");
	like($api->read($path)->{credential_reason}, qr/\b$error\b/, 'and told');
	my $asked = @{$oauth->test('requests')};
	is($api->post("$path/refresh")->{status}, 409, 'it is not asked again');
	$api->change($path, { credential_state => 'good' });
	ok(wait_for(sub { @{$oauth->test('requests')} > $asked
		&& state() eq 'good' }), 'until a person says so');
}

# A token without an end; a type of error that is an object.

$oauth->test('faults', [{ status => 200, body => { access_token => 'endless' } }]);
$api->post("$path/refresh");
ok(wait_for(sub { !defined $api->read($path)->{oauth}{expires_at} }),
	'a token without an end');
is($api->read($path)->{oauth}{refresh_at}, undef, 'is renewed when refused');
$oauth->test('faults', [{ status => 401, body => { error =>
	{ type => 'invalid_client', message => 'MARKER' } } }]);
$api->post("$path/refresh");
ok(wait_for(sub { state() eq 'refused' }), 'an error that is an object');

# Another secret is another client.

$api->change($path, { secret => 'MARKER2', oauth_client_id => 'another' });
ok(wait_for(sub { state() eq 'good' }), 'another secret');
is($oauth->test('requests')->[-1]{body}{client_secret}, 'MARKER2', 'was sent');

unlike($t->daemon->output('stderr'), qr/MARKER/, 'no log tells a secret');
$t->done();

sub state { return $api->read($path)->{credential_state} }
