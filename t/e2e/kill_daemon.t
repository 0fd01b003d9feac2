#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# kill -9 of the daemon while it takes in records, again and again: callers
# notice nothing, and in the end each request has exactly one record.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $client = $t->client_key([$t->provider_key($t->provider())]);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 512; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my $load = AIProxy::Load->start($t, 4, sub {
	$t->bytes_of($dialects[$_[0] % 3], $client, stream => $_[0] % 2,
		fault => 'event_delay_ms=0');
});

# Held still until there is much to take in, then killed as soon as it has
# written some of it.

for my $round (1 .. 6) {
	kill STOP => $t->daemon->{pid};
	$load->more(150);
	my $before = database_state();
	kill CONT => $t->daemon->{pid};
	wait_for(sub { database_state() ne $before }) if $round % 3;
	$t->daemon->kill_now();
	$load->more(20);
	$t->start_daemon();
}

# A stream that outlives the daemon.

my $stream = $t->begin('openai_chat', $client, stream => 1,
	fault => 'events=200,event_delay_ms=10');
ok($stream->until_body(qr/^data: /m), 'it streams');
$t->daemon->kill_now();
$stream = $stream->finish;
is($stream->{complete}, 1, 'to its end without a daemon');
$t->start_daemon();
is($t->record($stream)->{outcome}, 'success', 'and has its record');

my @sent = $load->stop();
is(scalar(grep { $_->{status} != 200 || !$_->{complete} } @sent), 0,
	'no caller noticed');
my @records = $t->wait_records(@sent + 1, undef, 30);
is(scalar @records, @sent + 1, 'exactly one record for each request');

my $missing = 0;
for my $one (@sent) {
	$missing++ if $t->api->get("/api/logs/traces/$one->{id}")->{status}
		!= 200;
}
is($missing, 0, 'and it is the right one');

my $status = $t->api->read('/api/system/status');
is($status->{ledger}{records_lost}, 0, 'none lost');
is($status->{ledger}{records_refused}, 0, 'none refused');

# Configuration written just before a kill is there after it.

my $late = $t->client_key([], name => 'written last');
$t->daemon->kill_now();
$t->start_daemon();
is($t->api->read("/api/client-keys/$late->{id}")->{name}, 'written last',
	'a change that was answered is kept');
is($t->ask('openai_chat', $late)->{status}, 403, 'and in force');

# Two daemons on one run directory: the second refuses.

my $second = $t->spawn('second', AIProxy::build() . '/aiproxy-admin', 'serve',
	'--listen', '127.0.0.1:' . free_port(), '--dir', $t->{dir},
	'--run-dir', $t->{run}, '--database', "sqlite:$t->{dir}/aiproxy.db");
ok($second->wait_end(15), 'a second daemon ends');
isnt($second->{status}, 0, 'with an error');
like($second->output('stderr'), qr/lock|already|another/i, 'that says why');

$t->done();

sub database_state {
	return join ' ', map { my @s = stat "$t->{dir}/aiproxy.db$_";
		@s ? "$s[7] $s[9]" : '' } '', '-wal';
}
