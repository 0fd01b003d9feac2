#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What each kind of rule finds, in a gateway where it is so: one alert of the
# right subject, seen by those whose keys it is about.

use warnings;
use strict;

use POSIX qw(strftime);
use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;

my @rules = $api->list('/api/alert-rules');
is(scalar @rules, 17, 'rules are there from the start');
is_deeply([grep { @{$_->{channel_ids}} } @rules], [], 'that tell nobody');
my %kind = map { $_->{kind} => 1 } @rules;
is_deeply([grep { !$kind{$_->{kind}} }
	@{$api->read('/api/alert-kinds')->{items}}],
	[grep { $_->{kind} eq 'client_key_cost_per_day' }
		@{$api->read('/api/alert-kinds')->{items}}],
	'of every kind but one');

my $owner = $api->create('/api/users', { username => 'owner', role => 'user',
	password => 'quite a long one' });
my $provider = $t->provider(name => 'demo');
my $bare = $t->provider(name => 'unpriced', price_list => undef);
my $away = $t->provider(name => 'away', base_url => 'http://127.0.0.1:1');
my $vendor = $api->create('/api/providers', { name => 'vendor',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'],
	oauth => { grant => 'authorization_code', client_id => 'us',
		authorize_url => 'https://v.example/a',
		token_url => 'https://v.example/t' } });
my $good = $t->provider_key($provider, name => 'good');
my $other = $t->provider_key($bare, name => 'other');
my $bad = $t->provider_key($provider, name => 'bad',
	owner_user_id => $owner->{id});
my $dead = $t->provider_key($provider, name => 'dead',
	secret => 'demo-dead-one');
my $unreached = $t->provider_key($away, name => 'unreached');
my $soon = $t->provider_key($provider, name => 'soon',
	expires_at => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + 86_400));
$t->provider_key($provider, name => 'past',
	expires_at => '2020-01-01T00:00:00Z');
my $signed = $api->create('/api/provider-keys/keys', { name => 'signed',
	provider_id => $vendor->{id}, kind => 'oauth' });
my $limited = $t->client_key([$good], name => 'limited',
	requests_per_day => 2);
my $unpriced = $t->client_key([$other], name => 'unpriced');
my $failing = $t->client_key([$bad], name => 'failing',
	user_id => $owner->{id});
my $stuck = $t->client_key([$dead], name => 'stuck');
$api->create('/api/settings/issuers', { name => 'silent',
	issuer => 'https://s.example', jwks_url => 'http://127.0.0.1:1/keys' });

# Those that would wait for long, and those that are off.

$api->change("/api/alert-rules/$_->[0]{id}", $_->[1]) for
	[rule('provider_key_rests'), { window_s => 0 }],
	[rule('probe_failing'), { threshold => '1' }],
	[rule('cost_per_day'), { threshold => '0.000000000001',
		is_enabled => JSON::PP::true }];
$api->create('/api/alert-rules', { name => 'of each',
	kind => 'client_key_cost_per_day', threshold => '0.000001' });

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

is($t->ask('openai_chat', $limited)->{status}, 200, 'what serves') for 1 .. 2;
is($t->ask('openai_chat', $unpriced)->{status}, 200, 'without a price');
# Mistakes of a caller, after which no key rests.

$t->ask('openai_chat', $failing, fault => 'status=400') for 1 .. 20;
$t->ask('openai_chat', $stuck);
$api->post("/api/provider-keys/keys/$unreached->{id}/health-check");

my %expected = (
	provider_key_errors => 'bad', client_key_errors => 'failing',
	provider_key_rests => 'dead', pool_low => 'stuck',
	provider_key_expires => 'soon', provider_key_sign_in => 'signed',
	probe_failing => 'unreached', client_key_limit => 'limited',
	cost_per_day => '', client_key_cost_per_day => 'limited',
	issuer_keys => 'silent',
);
for my $kind (sort keys %expected) {
	my $alert;
	ok(wait_for(sub { ($alert) = grep {
		$_->{subject}{name} eq $expected{$kind} } alerts($kind); $alert }, 30),
		"$kind: $expected{$kind}") or diag(explain([alerts($kind)]));
}
my ($model) = wait_for(sub { alerts('model_unpriced') && 1 })
	? alerts('model_unpriced') : undef;
like($model->{subject}{name}, qr/ \(unpriced\)$/, 'a model without a price');
my $past;
ok(wait_for(sub { ($past) = grep { $_->{subject}{name} eq 'past' }
	alerts('provider_key_expires'); $past }, 30), 'a key that has expired');
is($past->{value}, '0', 'has nothing left, and no less');
my ($limit) = alerts('client_key_limit');
is_deeply([@$limit{qw(value unit reason)}], ['100', 'percent',
	'requests_per_day'], 'how far, and which limit');
my ($cost) = alerts('cost_per_day');
like($cost->{value}, qr/^0\.0\d+$/, 'money is exact');
is_deeply([map { $_->{subject}{name} } alerts('pool_low')], ['stuck'],
	'a pool with a usable key is not low');

subtest 'whose keys' => sub {
	my $own = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
	$own->sign_in('owner', 'quite a long one');
	$own->post('/api/auth/password', {
		current_password => 'quite a long one',
		new_password => 'another password' });
	$own->sign_in('owner', 'another password');
	is_deeply([sort map { $_->{subject}{name} } @{$own->read(
		'/api/alerts?kind=client_key_errors')->{items}}], ['failing'],
		'the owner sees what is about own keys');
	is_deeply($own->read('/api/alerts?kind=client_key_limit')->{items}, [],
		'and nothing else');
	is($own->get("/api/alerts/$limit->{id}")->{status}, 404,
		'not by its id either');
	is($own->post("/api/alerts/$limit->{id}/acknowledge")->{status}, 404,
		'nor may it be acknowledged');
	my ($mine) = alerts('client_key_errors');
	is($own->post("/api/alerts/$mine->{id}/acknowledge")->{status}, 200,
		'what is one\'s own may');
	is($own->get('/api/alert-channels')->{status}, 403, 'no channels');
};

subtest 'filters' => sub {
	my @open = @{$api->read('/api/alerts?open=true&limit=200')->{items}};
	my ($one) = grep { $_->{kind} eq 'issuer_keys' } @open;
	for my $query ("kind=issuer_keys", "rule_id=$one->{rule}{id}",
		"subject_type=issuer&subject_id=$one->{subject}{id}",
		"from=$one->{started_at}&kind=issuer_keys")
	{
		is_deeply([map { $_->{id} } @{$api->read(
			"/api/alerts?$query")->{items}}], [$one->{id}], $query);
	}
	is_deeply($api->read('/api/alerts?state=resolved&kind=issuer_keys')
		->{items}, [], 'by state');
	my $page = $api->read('/api/alerts?limit=1');
	is(scalar @{$page->{items}}, 1, 'a page');
	my $next = $api->read("/api/alerts?limit=1&cursor=$page->{next}");
	isnt($next->{items}[0]{id}, $page->{items}[0]{id}, 'and the next one');
};

$t->done();

sub rule {
	my ($kind) = @_;
	return (grep { $_->{kind} eq $kind } @rules)[0];
}

sub alerts {
	my ($kind) = @_;
	return @{$api->read("/api/alerts?kind=$kind&open=true")->{items}};
}
