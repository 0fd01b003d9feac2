#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Refresh tokens that rotate, under 100 parallel requests and two daemons: each
# is used once, no request fails, and the token that serves is always a live
# one. A token that is used twice ends the family, and the API says so.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OAuthServer;
use AIProxy::OpenApi;

my $conf = <<'EOC';
%%MAIN%%
worker_processes 1;
events { worker_connections 512; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my $t = AIProxy->new();
my $paste = 'http://127.0.0.1:1/copy';
my $oauth = AIProxy::OAuthServer->start($t, 'oauth_server',
	redirect_uris => [$paste], access_s => 3, token_ms => 200);
$t->start_demo();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;

# The second node: folders of its own, the same master key and database.

my $second = AIProxy->new();
$second->{$_} = $t->{$_} for qw(demo_port password);
$second->{database} = $ENV{AIPROXY_TEST_DATABASE}
	|| "sqlite:$t->{dir}/aiproxy.db";
$second->write_file("$second->{dir}/master.key",
	$t->read_file("$t->{dir}/master.key"));
chmod 0600, "$second->{dir}/master.key";
$second->start_daemon();

my $provider = $t->provider(oauth => { grant => 'authorization_code',
	client_id => 'public', authorize_url => $oauth->url('/auth'),
	token_url => $oauth->url('/token'), scopes => ['openid'],
	redirect_url => $paste });
my $key = $api->create('/api/provider-keys/keys', { name => 'rotating',
	provider_id => $provider->{id}, kind => 'oauth' });
sign_in();
my $client = $t->client_key([$key]);
$_->start_nginx($conf) for $t, $second;
ok(wait_for(sub { $second->ask('openai_chat', $client)->{status} == 200 }),
	'both nodes serve');

# A hundred at a time, half of them on each node, while three tokens pass.

my %seen;
my ($asked, %status) = (0);
do {
	my @open = map { ($t, $second)[$_ % 2]->begin('openai_chat', $client) }
		1 .. 100;
	$status{$_->finish->{status}}++ for @open;
	$asked += @open;
	$seen{$_->{credential}}++ for $t->demo_requests;
	$t->forget_demo_requests;
} until ($oauth->test('stats')->{given}{refresh_token} // 0) >= 3
	|| $asked > 100_000;

my $stats = $oauth->test('stats');
is_deeply(\%status, { 200 => $asked }, "none of $asked requests failed");
cmp_ok($stats->{given}{refresh_token}, '>=', 3, 'the token was renewed');
is_deeply($stats->{refused}, {}, 'no refresh token was used twice');
is($stats->{most_at_once}, 1, 'one node at a time asked for one');
cmp_ok(scalar keys %seen, '>=', 3, 'new tokens served');
ok(wait_for(sub { $second->api->read("/api/provider-keys/keys/$key->{id}")
	->{oauth}{obtained_at} gt $key->{created_at} }), 'both nodes tell of it');

# Somebody else uses a refresh token that was used already.

is($oauth->test('reuse')->{error}, 'invalid_grant', 'the server sees it');
my $now;
ok(wait_for(sub { ($now = $api->read("/api/provider-keys/keys/$key->{id}"))
	->{credential_state} eq 'sign_in_needed' }),
	'the family is dead: a person has to sign in');
like($now->{credential_reason}, qr/invalid_grant/, 'the reason is told');
is($now->{oauth}{refresh_at}, undef, 'it is not tried again');
my $refused = $oauth->test('stats')->{refused}{refresh_token};
my ($event) = grep { $_->{kind} eq 'key.sign_in_needed' }
	@{$api->read('/api/system/events')->{items}};
is($event->{provider_key}{id}, $key->{id}, 'an event tells of it');
for my $node ($t, $second) {
	ok(wait_for(sub { $node->ask('openai_chat', $client)->{status} == 503 }),
		'no node uses it any more');
}
is($api->post("/api/provider-keys/keys/$key->{id}/refresh")->{status}, 409,
	'nor can it be asked for');
is($api->patch("/api/provider-keys/keys/$key->{id}",
	{ credential_state => 'good' })->{status}, 422, 'or said to be good');

# And does so.

sign_in();
ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }),
	'signed in, it serves');
is($oauth->test('stats')->{refused}{refresh_token}, $refused,
	'nothing was asked meanwhile');

$second->finish;
$t->done();

sub sign_in {
	my $begun = $api->create('/api/oauth/sign-ins',
		{ provider_key_id => $key->{id} });
	$api->post("/api/oauth/sign-ins/$begun->{id}/code",
		{ code => $oauth->browse($begun->{authorize_url})->{location} });
	ok(wait_for(sub { $api->read("/api/oauth/sign-ins/$begun->{id}")->{state}
		eq 'done' }), 'signed in');
}
