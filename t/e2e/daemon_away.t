#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# nginx alone: the daemon is stopped and the files on tmpfs are gone, as after
# a reboot. It serves from the snapshot on disk, and its records arrive when
# the daemon is back.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $client = $t->client_key([map { $t->provider_key($provider) } 1 .. 2]);
my $limited = $t->client_key([$t->provider_key($provider)],
	requests_per_minute => 3);
my $disabled = $t->client_key([$t->provider_key($provider)],
	is_enabled => JSON::PP::false);

my $conf = <<'EOC';
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

$t->daemon->stop();
system('rm', '-rf', glob("$t->{run}/*"));
is(join(' ', glob "$t->{run}/*"), '', 'nothing is left on tmpfs');

$t->start_nginx($conf);
my @ids;
for my $n (1 .. 12) {
	my $answer = $t->ask($dialects[$n % 3], $client, stream => $n % 2);
	is($answer->{status}, 200, 'served without a daemon');
	push @ids, $answer->{headers}{'x-request-id'};
}

is(join(' ', map { $t->ask('openai_chat', $limited)->{status} } 1 .. 4),
	'200 200 200 429', 'limits hold without a daemon');
is($t->ask('openai_chat', $disabled)->{status}, 403,
	'refusals hold without a daemon');
is($t->ask('openai_chat', 'aip_unknown')->{status}, 401,
	'and unknown keys are unknown');

# nginx restarts meanwhile: what it wrote stays.

$t->nginx->stop();
$t->start_nginx();
push @ids, $t->ask('openai_chat', $client)->{headers}{'x-request-id'};

# Back: records, and changes.

$t->start_daemon();
for my $id (@ids) {
	is($t->record($id)->{outcome}, 'success', 'its record arrived');
}
is(scalar $t->wait_records(19), 19, 'all of them, once');
is($t->record($ids[0])->{usage_source}, 'reported', 'with tokens');
ok(defined $t->record($ids[0])->{cost_usd}, 'with cost');

$t->change_client_key($client, is_enabled => JSON::PP::false);
is($t->ask('openai_chat', $client)->{status}, 403, 'changes are in force');
is($t->api->read('/api/system/status')->{ledger}{records_lost}, 0,
	'none lost');

# The daemon stops in peace while nginx serves on.

$t->daemon->stop();
is($t->ask('openai_chat', $client)->{status}, 403, 'it serves on');
$t->start_daemon();
is(scalar $t->wait_records(21), 21, 'and its records arrive');

$t->done();
