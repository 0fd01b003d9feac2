#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What the holder of a client key sees of it: nothing until an admin opens the
# page, then its own figures and nobody else's; and whoever guesses is stopped.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $api = $t->api;
my $spec = AIProxy::OpenApi->watch($t);
my $pool = [$t->provider_key($t->provider())];
my $mine = $t->client_key($pool, name => 'mine', requests_per_day => 10);
my $other = $t->client_key($pool, name => 'other');
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my $path = '/api/public/usage';
my $addresses = 0;

# Each from an address of its own, unless one is given.

sub usage {
	my ($key, $address, $query) = @_;
	return $api->get($path . ($query || ''), as_it_is => 1, headers => [
		['Authorization', "Bearer $key"],
		['X-Forwarded-For', $address || '192.0.2.' . ++$addresses]]);
}

subtest '404' => sub {
	is(usage($mine->{key})->{status}, 404, 'not open by default');
	is($api->change('/api/settings', { usage_page => JSON::PP::true })
		->{usage_page}, JSON::PP::true, 'opened');
};

is($t->ask('openai_chat', $mine, fault => 'tokens=20')->{status}, 200, 'used')
	for 1 .. 3;
is($t->ask('anthropic_messages', $mine, model => 'demo-large')->{status}, 200,
	'used') ;
is($t->ask('openai_chat', $other)->{status}, 200, 'so is the other');
$t->wait_records(5);

subtest '200' => sub {
	my $usage;
	wait_for(sub { $usage = usage($mine->{key})->{json};
		$usage->{today}{requests} == 4 });
	is("$usage->{name} $usage->{prefix}", "mine $mine->{prefix}", 'whose');
	is($usage->{today}{requests}, 4, 'today');
	is($usage->{month}{requests}, 4, '30 days');
	is(scalar @{$usage->{days}}, 30, 'a row for each');
	my $stats = $api->read("/api/client-keys/$mine->{id}/stats?days=30");
	is($usage->{month}{cost}, $stats->{cost}, 'cost is what operators see');
	is($usage->{month}{tokens}, $stats->{tokens}, 'so are tokens');
	my ($day) = grep { $_->{limit_name} eq 'requests_per_day' }
		@{$usage->{limits}};
	is("$day->{used} $day->{limit}", '4 10', 'limits against use');
	is_deeply([map { "$_->{model} $_->{requests}" } @{$usage->{models}}],
		['demo-small 3', 'demo-large 1'], 'models');
	is(usage($other->{key})->{json}{today}{requests}, 1, 'each its own');
	is(usage($mine->{key}, undef, '?time_zone=Asia/Kathmandu')->{status}, 200,
		'in a time zone');
	is(usage($mine->{key}, undef, '?time_zone=Nowhere')->{status}, 400,
		'that there is');
	is(usage($mine->{key})->{headers}{'cache-control'}, 'no-store',
		'no cache keeps it');
};

subtest 'rotation' => sub {
	my $rotated = $api->must(200, 'POST',
		"/api/client-keys/$other->{id}/rotate", { grace_ms => 60_000 });
	is(usage($_)->{status}, 200, 'both are good in the grace')
		for $rotated->{key}, $other->{key};
	$rotated = $api->must(200, 'POST',
		"/api/client-keys/$other->{id}/rotate", { grace_ms => 0 });
	is(usage($other->{key})->{status}, 401, 'and the old one not after it');
	$t->change_client_key($other, is_enabled => JSON::PP::false);
	is(usage($rotated->{key})->{json}{is_enabled}, JSON::PP::false,
		'a disabled key is told so');
};

subtest '401, 429' => sub {
	is(usage($_)->{json}{error}{code}, 'auth.unknown_key', 'unknown')
		for '', 'x', $mine->{prefix}, "$mine->{key}x", 'y' x 300;
	is($api->get($path, as_it_is => 1, headers => [['Authorization', 'x'],
		['X-Forwarded-For', '198.51.100.9']])->{status}, 401, 'no bearer');
	my $guesser = '198.51.100.7';
	is(usage("guess $_", $guesser)->{status}, 401, "guess $_") for 1 .. 10;
	my $answer = usage($mine->{key}, $guesser);
	is("$answer->{status} $answer->{headers}{'retry-after'}", '429 60',
		'then not even a good one');
	is(usage($mine->{key})->{status}, 200, 'others are not harmed');
};

# The key is no sign-in, and a sign-in is no key.

is($api->get('/api/client-keys', as_it_is => 1,
	headers => [['Authorization', "Bearer $mine->{key}"]])->{status}, 401,
	'a client key opens nothing else');
is($api->get($path)->{status}, 401, 'a sign-in is no client key');

$t->done();
