#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A token that the provider refuses is renewed at once, and the request that met
# the refusal waits for the new one when no other key is left: its caller sees
# an answer. However many requests meet it, the token is renewed once.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(error_of);
use AIProxy::Server;
use JSON::PP;

my $t = AIProxy->new();
my $writes = 0;
$t->start_demo();
my $tokens = AIProxy::Server->new($t->{root});
$t->start_daemon();
my $api = $t->api;
my $provider = $t->provider(oauth => { grant => 'client_credentials',
	client_id => 'us', token_url => $tokens->url('/token') });
my $spare = $t->provider_key($provider, secret => 'demo-spare', priority => 9);

# The demo provider refuses what begins with demo-dead.

give('demo-dead-1');
my $key = $api->create('/api/provider-keys/keys', { name => 'renewed',
	provider_id => $provider->{id}, kind => 'oauth', priority => 1 });
my $path = "/api/provider-keys/keys/$key->{id}";
ok(wait_for(sub { state() eq 'good' }), 'a token that will be refused');
my $client = $t->client_key([$key]);
my $with_spare = $t->client_key([$key, $spare], strategy => 'priority');
$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 512; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

# The last key's refusal waits.

give('demo-live-2');
for my $dialect (qw(openai_chat anthropic_messages)) {
	my $answer = $t->ask($dialect, $client, stream => 1);
	is($answer->{status}, 200, "$dialect: the caller sees an answer");
	next if $dialect ne 'openai_chat';
	my $record = $t->record($answer);
	is($record->{attempts}, 2, 'of the second attempt');
	my @attempts = @{$record->{attempt_list}};
	is("@{[map { $_->{status} } @attempts]}", '401 200', 'after a refusal');
	is($attempts[0]{provider_key}{id}, $attempts[1]{provider_key}{id},
		'of the same key');
	is($attempts[0]{rest_ms}, undef, 'which does not rest for it');
	cmp_ok($attempts[1]{waited_ms}, '>', 0, 'and waited for its token');
}
is_deeply([map { $_->{credential} } $t->demo_requests],
	['demo-dead-1', 'demo-live-2', 'demo-live-2'], 'each token as it was');
like($t->error_log, qr/token refused, its refresh is asked for/, 'it is logged');

# A hundred requests meet one refusal, in two workers.

refuse('demo-dead-3');
my $before = $tokens->seen;
give('demo-live-4');
my @open = map { $t->begin('openai_chat', $client) } 1 .. 100;
is((grep { $_->finish->{status} != 200 } @open), 0, 'all of 100 are served');
is($tokens->seen, $before + 1, 'and one token was asked for');

# While another key is left, nobody waits.

refuse('demo-dead-5');
give('demo-live-6');
my $answer = $t->ask('openai_chat', $with_spare);
is($answer->{status}, 200, 'another key serves');
my $record = $t->record($answer);
is($record->{attempt_list}[1]{provider_key}{id}, $spare->{id}, 'the spare one');
is($record->{attempt_list}[1]{waited_ms}, undef, 'at once');
ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }),
	'the first one is renewed meanwhile');

# A request that comes while it is renewed waits from the start.

refuse('demo-dead-7');
$tokens->answer(500, '{}');
my $first = $t->begin('openai_chat', $client);
ok(wait_for(sub { $api->read($path)->{oauth}{refresh_error} }),
	'the renewal fails at first');
my $second = $t->begin('openai_chat', $client);
my $leaves = $t->begin('openai_chat', $client);
$leaves->leave;
give('demo-live-8');
is($_->finish->{status}, 200, 'who waits for it is served') for $first, $second;
is(scalar(grep { $_->{credential} eq 'demo-dead-7' } $t->demo_requests), 1,
	'the refused token was sent once');

# It stays away: who waits is told to come again.

refuse('demo-dead-9');
$tokens->answer(503, '{}');
$answer = $t->ask('openai_chat', $client);
is($answer->{status}, 429, 'no new token in time');
is($answer->{headers}{'retry-after'}, 1, 'come again soon');
give('demo-live-10');
ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }, 30),
	'it comes back');

# A new token that is refused too: the key is to blame.

refuse('demo-dead-11');
give('demo-dead-12');
$answer = $t->ask('openai_chat', $client);
$t->refused('openai_chat', $answer, 503, 'two tokens refused');
$record = $t->record($answer);
is("@{[map { $_->{status} } @{$record->{attempt_list}}]}", '401 401',
	'it is tried twice and no more');
is($t->health($key)->{class}, 'credential', 'and rests');

# A refusal of the authorization server ends the wait.

my $other = $api->create('/api/provider-keys/keys', { name => 'ends',
	provider_id => $provider->{id}, kind => 'oauth' });
my $ends = $t->client_key([$other]);
$path = "/api/provider-keys/keys/$other->{id}";
ok(wait_for(sub { state() eq 'good' }), 'another key');
$tokens->answer(400, encode_json({ error => 'invalid_grant' }));
$answer = $t->ask('openai_chat', $ends);
$t->refused('openai_chat', $answer, 503, 'no token any more');
is(state(), 'refused', 'the key says so');
$answer = $t->ask('openai_chat', $ends);
is($t->record($answer)->{decision}{excluded}[0]{reason}, 'credential',
	'and is left out for it');

$tokens->stop;
$t->done();

sub state { return $api->read($path)->{credential_state} }

sub give {
	$tokens->answer(200, encode_json({ access_token => $_[0],
		expires_in => 3600 }), 'Content-Type: application/json');
}

# refuse(token): the key has it, though the provider does not take it.

sub refuse {
	my ($token) = @_;
	give($token);
	my $had = $api->read($path)->{oauth}{obtained_at};
	$api->post("$path/refresh");
	ok(wait_for(sub { $api->read($path)->{oauth}{obtained_at} ne $had }),
		"it has $token");
	# A write that answers is in force, and so is what came before it.
	$t->change_provider_key($key, weight => 1 + ++$writes);
	$t->forget_demo_requests;
}
