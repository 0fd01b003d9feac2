#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Why a provider key is left out: each reason, in the record, while another
# key of the pool serves.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $good = $t->provider_key($provider, priority => 9);

my $odd = $t->provider(dialects => ['anthropic_messages']);
my $foreign = $t->provider();

my %key = (
	disabled => key(is_enabled => \0),
	expired => key(expires_at => '2020-01-01T00:00:00Z'),
	credential => key(),
	resting => key(secret => 'demo-key-rests?status=429,times=1'),
	model_resting => key(secret => 'demo-key-narrow?status=403,times=1'),
	own_limit => key(requests_per_minute => 1),
	full => key(max_in_flight => 1,
		secret => 'demo-key-full?delay_ms=4000,times=1'),
	other_provider => $t->provider_key($odd, priority => 1),
	not_allowed => $t->provider_key($foreign, priority => 1),
);
my %client = map { $_ => $t->client_key([$key{$_}, $good],
	strategy => 'priority', $_ eq 'not_allowed'
		? (allowed_provider_ids => [$provider->{id}]) : ()) } keys %key;

# What the health of keys will find out by itself: the credential is refused.

my $database = $ENV{AIPROXY_TEST_DATABASE};
SKIP: {
	if (defined $database) {
		delete $client{credential};
		skip 'the row is changed in SQLite', 1;
	}
	is(system('sqlite3', '-cmd', '.timeout 5000', "$t->{dir}/aiproxy.db",
		"UPDATE config_version SET version = version + 1; UPDATE "
		. "provider_keys SET credential_state = 'refused', version = "
		. '(SELECT version FROM config_version) WHERE id = '
		. $key{credential}{id}), 0, 'a credential is refused');
	is(wait_for(sub {
		$t->change_provider_key($good, weight => 1 + int rand 9);
		return $t->api->read('/api/provider-keys/keys/'
			. $key{credential}{id})->{credential_state} eq 'refused';
	}), 1, 'and published');
}

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# The first request makes it rest, uses up its limit, takes its only place.

$t->ask('openai_chat', $client{$_}) for qw(resting model_resting own_limit);
my $running = $t->begin('openai_chat', $client{full});
is(wait_for(sub { $t->api->read("/api/provider-keys/keys/$key{full}{id}")
	->{in_flight} }), 1, 'a request is in flight');

for my $reason ('full', grep { $_ ne 'full' } sort keys %client) {
	my $answer = $t->ask('openai_chat', $client{$reason});
	my $record = $t->record($answer);
	is("$answer->{status} $record->{attempts} $record->{provider_key}{id}",
		"200 1 $good->{id}", "$reason: another key serves");
	is(join(' ', map { "$_->{provider_key}{id} $_->{reason}" }
		@{$record->{decision}{excluded}}),
		"$key{$reason}{id} $reason", "$reason: the record says so");
	is($record->{decision}{candidates}, 2, "$reason: of two");
	is(join(' ', map { $_->{provider_key}{id} }
		@{$record->{decision}{ranked}}), $good->{id},
		"$reason: one was ranked");
}

is($running->finish->{status}, 200, 'the one in flight is served too');

$t->done();

sub key {
	return $t->provider_key($provider, priority => 1, @_);
}
