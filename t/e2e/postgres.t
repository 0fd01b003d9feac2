#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The same on Postgres: it migrates, configures, records; and an outage of the
# database is nothing a caller notices.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Postgres;

my $t = AIProxy->new();
$t->expect_daemon_error(qr/database|store|postgres|connect/i);
my $postgres = AIProxy::Postgres->new($t);
$postgres->start();
$t->{database} = $postgres->url();
$t->start_demo();
$t->start_daemon();
is($t->api->read('/api/system/status')->{database}, 'postgres', 'on Postgres');

my $client = $t->client_key([$t->provider_key($t->provider())]);

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

for my $dialect (@dialects) {
	my $answer = $t->ask($dialect, $client, stream => 1);
	my $record = $t->record($answer);
	is("$record->{outcome} $record->{usage_source}", 'success reported',
		"$dialect: recorded");
	ok($record->{cost_usd}, "$dialect: with cost");
}

# What a text column would not take.

for my $model ("a\\u0000b", "\xff", "\\ud800") {
	my $answer = $t->ask('openai_chat', $client, body =>
		qq({"model":"$model","messages":[{"role":"user","content":"x"}]}));
	ok($t->record($answer), 'a hostile text is recorded');
}

# The database goes away, and comes back.

$postgres->stop();
my @ids = map {
	my $answer = $t->ask($dialects[$_ % 3], $client);
	is($answer->{status}, 200, 'served without a database');
	$answer->{headers}{'x-request-id'};
} 1 .. 9;
is($t->api->get('/api/providers')->{status}, 503,
	'the API says that it cannot');
$postgres->start();
ok(wait_for(sub { $t->api->get('/api/providers')->{status} == 200 }, 30),
	'the API is back');
is($t->record($_)->{outcome}, 'success', 'its record arrived') for @ids;
is(scalar $t->wait_records(15), 15, 'each once');

# Restarted on the same database.

$t->daemon->stop();
$t->start_daemon();
is(scalar $t->records(), 15, 'the records are there');
is($t->ask('openai_chat', $client)->{status}, 200, 'the keys too');

$t->stop();
$postgres->stop();
$t->done();
