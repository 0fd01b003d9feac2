#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Before the first snapshot every request gets 503 in its dialect, and the log
# says what to do; when the daemon comes it serves, without a reload.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);

my $t = AIProxy->new();
$t->start_demo();

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
        location /plain { return 200 plain; }
    }
}
EOC

for my $dialect (@dialects) {
	$t->refused($dialect, $t->ask($dialect, 'aip_any', stream => $_), 503,
		"$dialect, stream $_") for 0, 1;
}

is(request($t->proxy_port, 'GET', '/plain')->{body}, 'plain',
	'other locations serve');
like($t->error_log, qr/snapshot.*aiproxy-admin|aiproxy-admin.*snapshot/,
	'the log says what to do');

my @before = $t->worker_pids();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);

for (1 .. 6) {
	is($t->ask('openai_chat', $client)->{status}, 200, 'served');
}
is($t->ask('openai_chat', 'aip_any')->{status}, 401, 'unknown is unknown now');
is(join(' ', $t->worker_pids()), "@before", 'by the same workers');

$t->done();
