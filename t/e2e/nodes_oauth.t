#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# OAuth provider keys on Postgres with two daemons: a hundred requests on both
# nodes meet one dead token, and it is renewed once. The token endpoint is slower
# than either daemon looks for what is due, so that both find it due while one
# asks: without the lease both would send the same refresh token, which ends its
# family.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Nodes;
use AIProxy::OAuthServer;
use Time::HiRes qw(time);
use Time::Local qw(timegm);

my $nodes = AIProxy::Nodes->start(redis => 0);
my ($first, $second) = $nodes->nodes;
my $api = $first->api;
my $paste = 'http://127.0.0.1:1/copy';
# As long as six looks; each token lives for an hour.
my $oauth = AIProxy::OAuthServer->start($first, 'oauth_server',
	redirect_uris => [$paste], token_ms => 1500);

my $provider = $first->provider(oauth => { grant => 'authorization_code',
	client_id => 'public', authorize_url => $oauth->url('/auth'),
	token_url => $oauth->url('/token'), scopes => ['openid'],
	redirect_url => $paste });
my $key = $api->create('/api/provider-keys/keys', { name => 'rotating',
	provider_id => $provider->{id}, kind => 'oauth' });
my $path = "/api/provider-keys/keys/$key->{id}";

# Signed in by either: the code comes back to the node that did not begin it.

my $begun = $api->create('/api/oauth/sign-ins',
	{ provider_key_id => $key->{id} });
my $code = { code => $oauth->browse($begun->{authorize_url})->{location} };
is($second->api->post("/api/oauth/sign-ins/$begun->{id}/code", $code)
	->{status}, 202, 'the code is given to the other node');
ok(wait_for(sub { $api->read("/api/oauth/sign-ins/$begun->{id}")->{state}
	eq 'done' }), 'signed in');
my $client = $first->client_key([$key]);
$nodes->start_nginx();
$nodes->wait_served($client);

# Asked of both daemons at the same instant, again and again.

for my $round (1 .. 4) {
	my $before = $api->read($path)->{oauth}{obtained_at};
	my @status = $nodes->in_parallel(sub {
		$_[0]->api->post("$path/refresh")->{status} });
	ok((grep { $_ == 202 } @status), "round $round: asked of both: @status");
	ok(wait_for(sub { $api->read($path)->{oauth}{obtained_at} gt $before },
		20), 'renewed');
}
my $stats = $oauth->test('stats');
is($stats->{most_at_once}, 1, 'one node at a time asked for a token');
is_deeply($stats->{refused}, {}, 'and no refresh token was used twice');
is($api->read($path)->{credential_state}, 'good', 'the key is good');

# A hundred requests, half on each node. Each node meets a refusal of the token.

my $given = $stats->{given}{refresh_token};
# A token that is refused within a second was not refused for its age.
ok(wait_for(sub { age() > 1.5 }), 'a token of some age');
my @open = map {
	my $t = ($first, $second)[$_ % 2];
	$t->begin('openai_chat', $client,
		$_ <= 2 ? (fault => "status=401,times=1,tag=$_") : ());
} 1 .. 100;
my %status;
$status{$_->finish->{status}}++ for @open;
is_deeply(\%status, { 200 => 100 }, 'all of a hundred are served');
$stats = $oauth->test('stats');
is($stats->{given}{refresh_token}, $given + 1, 'by one refresh');
is($stats->{most_at_once}, 1, 'one node asked');
is_deeply($stats->{refused}, {}, 'and none was refused');

$nodes->done();

sub age {
	my ($day, $clock) = $api->read($path)->{oauth}{obtained_at}
		=~ /^([\d-]+)T([\d:.]+)Z/ or return 0;
	my ($year, $month, $mday) = split /-/, $day;
	my ($hour, $minute, $second) = split /:/, $clock;
	return time - (timegm(0, $minute, $hour, $mday, $month - 1, $year)
		+ $second);
}
