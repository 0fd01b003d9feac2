#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A change made in the console is in force for callers within a second, without
# a reload: through nginx's console port, as the console does it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Api;
use AIProxy::Token;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my @keys = map { $t->provider_key($provider, secret => "demo-key-$_") } 1, 2;
my $client = $t->client_key(\@keys);
$t->start_nginx_from_tree();
my @workers = $t->worker_pids();

my $console = AIProxy::Api->new(port => $t->console_port)
	->sign_in('admin', $t->{password});

change('client key disabled', "/api/client-keys/$client->{id}",
	{ is_enabled => JSON::PP::false },
	sub { $t->ask('openai_chat', $client)->{status} == 403 });
change('client key enabled', "/api/client-keys/$client->{id}",
	{ is_enabled => JSON::PP::true },
	sub { $t->ask('openai_chat', $client)->{status} == 200 });
change('provider key disabled', "/api/provider-keys/keys/$keys[0]{id}",
	{ is_enabled => JSON::PP::false }, sub { by('demo-key-2', 4) });
change('provider key replaced', "/api/provider-keys/keys/$keys[1]{id}",
	{ secret => 'demo-key-new' }, sub { by('demo-key-new', 4) });
change('limit set', "/api/client-keys/$client->{id}",
	{ requests_per_minute => 1 },
	sub { $t->ask('openai_chat', $client)->{status} == 429 });
change('limit taken away', "/api/client-keys/$client->{id}",
	{ requests_per_minute => undef },
	sub { $t->ask('openai_chat', $client)->{status} == 200 });
change('provider disabled', "/api/providers/$provider->{id}",
	{ is_enabled => JSON::PP::false },
	sub { $t->ask('openai_chat', $client)->{status} == 503 });
change('provider enabled', "/api/providers/$provider->{id}",
	{ is_enabled => JSON::PP::true },
	sub { $t->ask('openai_chat', $client)->{status} == 200 });

# A way in that is closed, and opened again.

my $signer = AIProxy::Token->new($t->{root}, 'HS256', 'k');
$console->create('/api/settings/issuers', { name => 'id',
	issuer => 'https://id.example', audiences => ['gateway'],
	keys => [$signer->key],
	clients => [{ value => 'ann', client_key_id => $client->{id} }] });
my $token = $signer->sign({ iss => 'https://id.example', aud => 'gateway',
	sub => 'ann' });
for (['signed tokens', 'jwt', 1, $token], ['signed tokens', 'jwt', 0, $token],
	['client keys', 'client_keys', 0, $client],
	['client keys', 'client_keys', 1, $client])
{
	my ($what, $mode, $on, $caller) = @$_;
	change("$what " . ($on ? 'on' : 'off'), '/api/settings/authentication',
		{ $mode => $on ? JSON::PP::true : JSON::PP::false },
		sub { $t->ask('openai_chat', $caller)->{status}
			== ($on ? 200 : 401) });
}

# A new key and a deleted one.

my $new = $console->create('/api/client-keys', { name => 'new',
	provider_key_ids => [$keys[1]{id}] });
within('a new client key', time(),
	sub { $t->ask('openai_chat', $new)->{status} == 200 });
$console->remove("/api/client-keys/$new->{id}");
within('a deleted client key', time(),
	sub { $t->ask('openai_chat', $new)->{status} == 401 });

# Its record is there within a second, too.

my $answer = $t->ask('openai_chat', $client);
within('a record', time(), sub {
	$console->get('/api/logs/traces/' . $answer->{headers}{'x-request-id'})
		->{status} == 200;
});

# Many changes at once do not queue up.

my $began = time();
$console->change("/api/client-keys/$client->{id}", { name => "name-$_" })
	for 1 .. 20;
$console->change("/api/client-keys/$client->{id}",
	{ is_enabled => JSON::PP::false });
is($t->ask('openai_chat', $client)->{status}, 403,
	'the last of many is in force when it is answered');
cmp_ok(time() - $began, '<', 15, 'and they were answered');

is(join(' ', $t->worker_pids()), "@workers", 'all without a reload');

$t->done();

sub change {
	my ($label, $path, $fields, $in_force) = @_;
	my $began = time();
	my $answer = $console->call('PATCH', $path, $fields);
	is($answer->{status}, 200, "$label: answered");
	like($answer->{headers}{'x-config-generation'} || '', qr/^\d+$/,
		"$label: with its generation");
	within($label, $began, $in_force);
}

sub within {
	my ($label, $began, $in_force) = @_;
	wait_for($in_force, 5);
	my $took = time() - $began;
	cmp_ok($took, '<', 1, sprintf '%s: in force after %.3f s', $label, $took);
}

# Whether the next n requests all go out with this credential.

sub by {
	my ($credential, $n) = @_;
	$t->forget_demo_requests();
	$t->ask('openai_chat', $client) for 1 .. $n;
	return !grep { $_->{credential} ne $credential } $t->demo_requests();
}
