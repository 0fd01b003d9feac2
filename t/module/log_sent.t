#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A request is over when its last byte is sent, not when its caller closes: nginx
# lingers for one who asked for no keepalive, and its record was missing as long,
# what it held stayed taken, and a worker that died took its usage along.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);

my $t = AIProxy->new();
$t->expect_alert(qr/exited on signal 9/);
$t->start_demo();
$t->start_daemon();
my $key = $t->provider_key($t->provider());
my $client = $t->client_key([$key], max_in_flight => 1);
my $failing = $t->client_key([$t->provider_key($t->provider(
	base_url => 'http://127.0.0.1:1'))]);

# Longer than anybody waits here.
$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    lingering_time 600s;
    lingering_timeout 600s;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# Callers who read all of their answer and keep their side open.

my (@open, @ids);

sub lingers {
	my (@ask) = @_;
	my $exchange = $t->begin(@ask);
	1 while !$exchange->{complete} && $exchange->more;
	push @open, $exchange;
	my $answer = $exchange->answer;
	push @ids, $answer->{headers}{'x-request-id'};
	return $answer;
}

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $label = "$dialect, stream $stream";
		my $answer = lingers($dialect, $client, stream => $stream,
			fault => 'event_delay_ms=0');
		is($answer->{status}, 200, "$label: the one before holds nothing");
		my $record = $t->record($answer);
		is("$record->{outcome} $record->{usage_source}", 'success reported',
			"$label: its record is there");
		cmp_ok($record->{duration_ms}, '<', 5000, "$label: how long it took");
	}
}
for (['openai_chat', 'aip_nobody', 401, 'rejected'],
	['openai_chat', $failing, 502, 'failed'])
{
	my ($dialect, $who, $status, $outcome) = @$_;
	my $answer = lingers($dialect, $who);
	is($answer->{status}, $status, "$outcome: $status");
	is($t->record($answer)->{outcome}, $outcome, "$outcome: its record");
}
is($t->api->read("/api/provider-keys/keys/$key->{id}")->{in_flight}, 0,
	'nothing in flight');

# The worker dies while they linger.

my $answer = lingers('openai_chat', $client);
my ($victim) = $t->worker_pids();
kill KILL => $victim;
ok(wait_for(sub { grep { $_ != $victim } $t->worker_pids() }), 'a worker died');
is($t->record($answer)->{outcome}, 'success', 'a whole answer stays one');
is(scalar $t->wait_records(scalar @ids), scalar @ids, 'each has one record');
is(scalar @{$t->api->read('/api/logs/running')->{items}}, 0, 'nothing runs');

close $_->{socket} for @open;
$t->done();
