#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A provider's OAuth data and its keys, as they are entered: a closed list of
# placeholders, addresses that are judged, secrets that go in and never come
# out. A service account signs for itself.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Server;
use JSON::PP;

my $t = AIProxy->new();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;

my %oauth = (grant => 'authorization_code', client_id => 'us',
	authorize_url => 'https://vendor.example/authorize',
	token_url => 'https://vendor.example/token');
my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'],
	oauth => { %oauth, client_secret => 'the secret' } });
my $at = "/api/providers/$provider->{id}";

# As it was entered, with what was left out.

is_deeply($provider->{oauth}, { %oauth, device_url => undef,
	client_authentication => 'none', scopes => [], redirect_url => undef,
	body => 'form', has_client_secret => JSON::PP::true,
	map { $_ => [] } qw(authorize_parameters device_parameters token_parameters
		refresh_parameters) }, 'what was entered');

# The secret stays with its endpoint.

my $change = sub { $api->change($at, { oauth => { %oauth, @_ } })
	->{oauth}{has_client_secret} };
is($change->(scopes => ['x']), JSON::PP::true, 'a secret stays');
is($change->(token_url => 'https://other.example/token'), JSON::PP::false,
	'but goes to no other endpoint');
is($change->(client_secret => 'again'), JSON::PP::true, 'entered anew');
is($api->change($at, { oauth => undef })->{oauth}, undef, 'removed');

# What is not valid.

my $parameter = sub { return { "$_[0]_parameters" =>
	[{ name => $_[1] // 'x', value => $_[2] }] } };
for (['oauth.grant', { grant => 'password' }],
	['oauth.token_url', { token_url => 'ftp://vendor.example/' }],
	['oauth.token_url', { token_url => 'http://vendor.example/token' }],
	['oauth.token_url', { token_url => 'https://169.254.169.254/token' }],
	['oauth.token_url', { token_url => 'https://u:p@vendor.example/' }],
	['oauth.authorize_url', { authorize_url => 'javascript:alert(1)' }],
	['oauth.authorize_url', { authorize_url => undef }],
	['oauth.device_url', { device_url => 'https://vendor.example/d' }],
	['oauth.redirect_url', { redirect_url => 'javascript:x' }],
	['oauth.client_id', { client_id => undef }],
	['oauth.client_authentication', { client_authentication => 'mtls' }],
	['oauth.body', { body => 'xml' }],
	['oauth.scopes', { scopes => ['a b'] }],
	['oauth.bogus', { bogus => 1 }],
	['oauth.authorize_parameters.value', $parameter->('authorize', 'x', '{code}')],
	['oauth.authorize_parameters.value',
		$parameter->('authorize', 'x', '{client_secret}')],
	['oauth.authorize_parameters.name', $parameter->('authorize', 'state', 'x')],
	['oauth.authorize_parameters.name',
		$parameter->('authorize', 'code_challenge', 'x')],
	['oauth.token_parameters.value', $parameter->('token', 'x', '{refresh_token}')],
	['oauth.token_parameters.value', $parameter->('token', 'x', '${HOME}')],
	['oauth.token_parameters.value', $parameter->('token', 'x', '{{code}}')],
	['oauth.token_parameters.value', $parameter->('token', 'x', 'a}b')],
	['oauth.token_parameters.value', $parameter->('token', 'x', '{code')],
	['oauth.refresh_parameters.value', $parameter->('refresh', 'x', '{code}')],
	['oauth.refresh_parameters.value', $parameter->('refresh', 'x', '{env}')],
	['oauth.device_parameters.value', $parameter->('device', 'x', '{state}')])
{
	my ($field, $wrong) = @$_;
	my $answer = $api->patch($at, { oauth => { %oauth, %$wrong } });
	is("$answer->{status} $answer->{json}{error}{field}", "422 $field",
		encode_json($wrong));
}
is($api->patch($at, { oauth => { %oauth, token_parameters => [
	{ name => 'a', value => '{client_id}' }, { name => 'b',
		value => 'x{code}y{code_verifier}{redirect_uri}{state}{scope}' },
	{ name => 'c', value => '{client_secret}' }] } })->{status}, 200,
	'all of a message\'s placeholders');

# Keys.

my %new = (name => 'k', provider_id => $provider->{id}, kind => 'oauth');
my $plain = $api->create('/api/providers', { name => 'plain',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
for (['kind', { kind => 'password' }], ['secret', { secret => 'x' }],
	['oauth_client_id', { oauth_client_id => 'x' }],
	['provider_id', { provider_id => $plain->{id} }])
{
	my ($field, $wrong) = @$_;
	my $answer = $api->post('/api/provider-keys/keys', { %new, %$wrong });
	is("$answer->{status} $answer->{json}{error}{field}", "422 $field", $field);
}
my $key = $api->create('/api/provider-keys/keys', { %new });
my $key_at = "/api/provider-keys/keys/$key->{id}";
is_deeply($key->{oauth}, { map { $_ => undef } qw(client_id obtained_at
	expires_at refresh_at refresh_error) }, 'it has no token yet');
for (['kind', { kind => 'secret' }], ['provider_id',
	{ provider_id => $plain->{id} }], ['secret', { secret => 'x' }],
	['credential_state', { credential_state => 'good' }])
{
	my ($field, $wrong) = @$_;
	my $answer = $api->patch($key_at, $wrong);
	is("$answer->{status} $answer->{json}{error}{field}", "422 $field",
		"$field does not change");
}
is($api->change($key_at, { name => 'another', weight => 2 })->{weight}, 2,
	'the rest does');
my $static = $api->create('/api/provider-keys/keys', { name => 'static',
	provider_id => $provider->{id}, secret => 'sk-of-the-old-kind' });
is($static->{kind}, 'secret', 'others are as they were');
is($static->{oauth}, undef, 'without tokens');
is($api->post("/api/provider-keys/keys/$static->{id}/refresh")->{status}, 409,
	'and are not renewed');
is($api->post('/api/oauth/sign-ins', { provider_key_id => $static->{id} })
	->{status}, 409, 'nor signed in for');
is($api->post('/api/oauth/sign-ins', { provider_key_id => 999_999 })
	->{status}, 422, 'nor is a key that is not there');

# A service account.

my $server = AIProxy::Server->new($t->{root});
$server->answer(200, encode_json({ access_token => 'from-the-account',
	expires_in => 3600 }), 'Content-Type: application/json');
my $google = $api->create('/api/providers', { name => 'google',
	base_url => 'http://127.0.0.1:81', dialects => ['gemini_content'],
	oauth => { grant => 'service_account', token_url => $server->url('/token'),
		scopes => ['https://www.googleapis.com/auth/cloud-platform'] } });
my $pem = `openssl genrsa 2048 2>/dev/null`;
my %account = (type => 'service_account', client_email => 'us@x.iam',
	private_key_id => 'abc', private_key => $pem,
	token_uri => 'https://evil.example/');
%new = (name => 'account', provider_id => $google->{id}, kind => 'oauth');
for my $wrong (undef, 'x', '{}', encode_json({ %account,
	private_key => 'none' }), encode_json({ %account, client_email => '' }))
{
	my $answer = $api->post('/api/provider-keys/keys',
		{ %new, defined $wrong ? (secret => $wrong) : () });
	is("$answer->{status} $answer->{json}{error}{field}", '422 secret',
		'no service account: ' . ($wrong // 'nothing') =~ s/.{20}\K.*//sr);
}
my $account = $api->create('/api/provider-keys/keys', { %new,
	secret => encode_json(\%account) });
ok(wait_for(sub { $api->read("/api/provider-keys/keys/$account->{id}")
	->{credential_state} eq 'good' }), 'it signs for itself');
unlike(join('', map { $api->get($_)->{body} } '/api/provider-keys/keys',
	'/api/audit'), qr/PRIVATE|from-the-account|the secret/, 'and is not shown');

# A token ends with its key.

is($api->delete("/api/provider-keys/keys/$account->{id}")->{status}, 204,
	'removed');
$server->stop;
$t->done();
