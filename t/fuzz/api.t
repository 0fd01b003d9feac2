#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The management API under FUZZ_SECONDS (60) of requests made from openapi.json:
# no 500, no answer that the document does not describe, nothing in the daemon's
# log, and a daemon that lives. FUZZ_SEED repeats a run.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([map { $t->provider_key($t->provider()) } 1 .. 2]);
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
$t->ask($_, $client) for qw(openai_chat anthropic_messages);

my $pid = $t->daemon->{pid};
my @command = ('node', "$FindBin::Bin/api.mjs",
	"http://127.0.0.1:$t->{daemon_port}", 'admin', $t->{password},
	$ENV{FUZZ_SECONDS} || 60, $ENV{FUZZ_SEED} // int rand 1e9);
open my $node, '-|', @command or die "node: $!\n";
my $said = join '', readline $node;
close $node;
is($? >> 8, 0, 'each answer is as openapi.json describes it');
diag($said);
cmp_ok(($said =~ /(\d+) requests/)[0] // 0, '>', 100, 'many were asked');
ok(kill(0, $pid), 'the daemon lives');
is($t->api->get('/api/system/status')->{status}, 200, 'and answers');

$t->done();
