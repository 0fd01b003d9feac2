#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The sign-ins by which OAuth keys get their first tokens, against a real
# authorization server: the browser comes back, a code is pasted, a device code
# is entered. The token then serves, and is told to nobody.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OAuthServer;
use AIProxy::OpenApi;
use AIProxy::Sqlite qw(sql);

my $t = AIProxy->new();
my $console = 'http://127.0.0.1:9090';
my $paste = 'http://127.0.0.1:1/copy';
my $oauth = AIProxy::OAuthServer->start($t, 'oauth_server',
	redirect_uris => ["$console/oauth/callback", $paste], device_s => 8);
$t->start_demo();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;

my %browser = (grant => 'authorization_code', client_id => 'public',
	authorize_url => $oauth->url('/auth'), token_url => $oauth->url('/token'),
	scopes => ['openid']);
my $provider = $t->provider(oauth => \%browser);
my $key = oauth_key($provider, 'browser');
is($key->{credential_state}, 'sign_in_needed', 'a new key has no token');
is($key->{secret_hint}, undef, 'nor a secret');

my $client = $t->client_key([$key]);
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
is($t->ask('openai_chat', $client)->{status}, 503, 'and serves nobody');

# --- the browser comes back to the console

my @from_console = (headers => [['Origin', $console]]);
my $begun = start($key, @from_console);
is($begun->{state}, 'waiting', 'it waits for the person');
is($begun->{redirect_uri}, "$console/oauth/callback", 'who comes back here');
like($begun->{authorize_url}, qr/code_challenge_method=S256/, 'with PKCE');
unlike($begun->{authorize_url}, qr/verifier/, 'whose secret stays here');

my %back = returned($oauth->browse($begun->{authorize_url})->{location});
ok($back{code} && $back{state}, 'the browser brings a code');

# Nobody else may hand it in, nor under another state.

$api->create('/api/users', { username => 'mallory', role => 'operator',
	password => 'a long password of hers',
	must_change_password => JSON::PP::false });
my $mallory = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
	->sign_in('mallory', 'a long password of hers');
is($mallory->post('/api/oauth/callback', { %back })->{status}, 404,
	'another user\'s state is not found');
is($mallory->get("/api/oauth/sign-ins/$begun->{id}")->{status}, 404,
	'nor is the sign-in');
is($mallory->post("/api/oauth/sign-ins/$begun->{id}/code",
	{ code => $back{code} })->{status}, 404, 'nor does it take a code');
is($api->post('/api/oauth/callback', { %back, state => 'x' . $back{state} })
	->{status}, 404, 'a state that was not sent out is not found');

my $answer = $api->post('/api/oauth/callback', { %back });
is($answer->{status}, 202, 'its own user hands it in');
is(finished($begun)->{state}, 'done', 'and the token is there');
is($api->post('/api/oauth/callback', { %back })->{status}, 409,
	'once only');
my $signed = $api->read("/api/provider-keys/keys/$key->{id}");
is($signed->{credential_state}, 'good', 'the key is good');
ok($signed->{oauth}{refresh_at} lt $signed->{oauth}{expires_at},
	'and will be renewed before its token ends');
ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }),
	'it serves once nginx has the token');
my $token = ($t->demo_requests)[-1]{credential};
like($token, qr/^[\w-]{20,}$/, 'with the token');

# --- a code that is pasted

my $copied = $t->provider(oauth => { %browser, redirect_url => $paste,
	client_id => 'confidential', client_authentication => 'basic',
	client_secret => 'the-clients-secret' });
is($copied->{oauth}{has_client_secret}, JSON::PP::true, 'a client with secret');
my %pasted;
for my $how ('address', 'code#state', 'code') {
	my $pasted = oauth_key($copied, "pasted $how");
	$begun = start($pasted);
	is($begun->{redirect_uri}, $paste, "$how: back to the provider's page");
	my $at = $oauth->browse($begun->{authorize_url})->{location};
	%back = %pasted = returned($at);
	my $text = $how eq 'address' ? $at : $how eq 'code' ? $back{code}
		: "$back{code}#$back{state}";
	my $path = "/api/oauth/sign-ins/$begun->{id}/code";
	is($api->post($path, { code => "$back{code}#wrong" })->{status}, 422,
		"$how: of another sign-in");
	is($api->post($path, { code => ' ' })->{status}, 422, "$how: nothing");
	is($api->post($path, { code => " $text\n" })->{status}, 202,
		"$how: pasted");
	is(finished($begun)->{state}, 'done', "$how: done");
}

# What the provider refuses, and whoever says no.

my $refused = oauth_key($copied, 'refused');
$begun = start($refused);
$api->post("/api/oauth/sign-ins/$begun->{id}/code", { code => 'made-up' });
my $failed = finished($begun);
is($failed->{state}, 'failed', 'a code that was made up');
like($failed->{error}, qr/invalid_grant/, 'the provider\'s reason is told');
$begun = start($refused);
%back = returned($begun->{authorize_url});
$api->post('/api/oauth/callback', { state => $back{state},
	error => 'access_denied' });
like(finished($begun)->{error}, qr/access_denied/, 'a person who says no');
is($api->read("/api/provider-keys/keys/$refused->{id}")->{credential_state},
	'sign_in_needed', 'the key waits still');
$begun = start($refused);
is($api->delete("/api/oauth/sign-ins/$begun->{id}")->{status}, 204, 'given up');
is($api->get("/api/oauth/sign-ins/$begun->{id}")->{status}, 404, 'is gone');

# --- a device code

my $device = $t->provider(oauth => { grant => 'device_code',
	client_id => 'public', device_url => $oauth->url('/device/auth'),
	token_url => $oauth->url('/token'), scopes => ['openid'] });
my $by_device = oauth_key($device, 'device');
$begun = start($by_device);
is($begun->{state}, 'starting', 'the user code is asked for');
my $shown;
wait_for(sub { ($shown = $api->read("/api/oauth/sign-ins/$begun->{id}"))
	->{state} eq 'waiting' });
like($shown->{user_code}, qr/^[A-Z]{4}-[A-Z]{4}$/, 'and shown');
like($shown->{verification_url}, qr/^\Q@{[$oauth->url]}\E/, 'with the page');
is($shown->{authorize_url}, undef, 'no other');
my $page = $oauth->browse($shown->{verification_url});
is($page->{status}, 200, 'a person enters it');
is(finished($begun)->{state}, 'done', 'the token came');

# One that nobody enters is gone when its time is over.

my $idle = start(oauth_key($device, 'idle'));
ok(wait_for(sub { $api->get("/api/oauth/sign-ins/$idle->{id}")->{status}
	== 404 }, 20), 'an abandoned one is gone');
ok(wait_for(sub { sql($t, 'SELECT count(*) FROM oauth_sign_ins '
	. "WHERE id = '$idle->{id}'") == 0 }), 'and its row')
	unless $ENV{AIPROXY_TEST_DATABASE};
ok(!(grep { $_->{id} eq $idle->{id} }
	@{$api->read('/api/oauth/sign-ins')->{items}}), 'from the list too');

# --- what is told: nothing that opens anything

my $said = join "\n", map { $api->get($_)->{body} } '/api/provider-keys/keys',
	'/api/audit', '/api/oauth/sign-ins', '/api/system/events', '/api/providers',
	map { "/api/audit/$_->{id}" } @{$api->read('/api/audit')->{items}};
for (['a token', $token], ['a code', $pasted{code}],
	['a state', $pasted{state}], ['a secret', 'the-clients-secret'])
{
	is(index($said . $t->daemon->output('stderr'), $_->[1]), -1,
		"no answer or log tells $_->[0]");
}
my ($entry) = grep { $_->{object_type} eq 'oauth/sign-ins' }
	@{$api->read('/api/audit')->{items}};
ok($entry, 'the audit log has sign-ins');

$t->done();

sub oauth_key {
	my ($provider, $name) = @_;
	return $api->create('/api/provider-keys/keys', { name => $name,
		provider_id => $provider->{id}, kind => 'oauth' });
}

sub start {
	my ($key, %o) = @_;
	my $answer = $api->post('/api/oauth/sign-ins',
		{ provider_key_id => $key->{id} }, %o);
	is($answer->{status}, 201, "$key->{name}: begun") or diag($answer->{body});
	return $answer->{json};
}

sub returned {
	my ($at) = @_;
	my %all = map { s/%([0-9a-f]{2})/chr hex $1/gier }
		map { split /=/, $_, 2 } split /&/, $at =~ s/^.*\?//r;
	return map { $_ => $all{$_} } grep { defined $all{$_} } qw(code state);
}

sub finished {
	my ($begun) = @_;
	my $now;
	wait_for(sub { ($now = $api->read("/api/oauth/sign-ins/$begun->{id}"))
		->{state} =~ /^(?:done|failed)$/ });
	return $now;
}
