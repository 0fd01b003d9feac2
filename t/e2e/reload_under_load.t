#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# nginx -s reload under load: no request fails, streams run to their end on the
# old workers, the old workers go, and each request has its record.

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

my $key = $t->provider_key($t->provider());
my $client = $t->client_key([$key]);

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

my %before = map { $_ => 1 } $t->worker_pids();
my @streams = map { $t->begin($dialects[$_ % 3], $client, stream => 1,
	fault => 'events=600,event_delay_ms=10') } 1 .. 9;
ok($_->until_body(qr/^data: /m), 'it streams') for @streams;

my $load = AIProxy::Load->start($t, 4, sub {
	$t->bytes_of($dialects[$_[0] % 3], $client, stream => $_[0] % 2,
		fault => 'event_delay_ms=1');
});
for (1 .. 4) {
	$load->more(60);
	$t->reload_nginx();
}
$load->more(60);
my @sent = $load->stop();

is(scalar(grep { $_->{status} != 200 || !$_->{complete} } @sent), 0,
	'no request failed, of ' . @sent);
my @ended = map { $_->finish } @streams;
is(scalar(grep { $_->{complete} } @ended), 9,
	'streams of the old workers ran to their end');

ok(wait_for(sub { !grep { $before{$_} && kill 0, $_ } keys %before }, 30),
	'then the old workers went');

is(scalar $t->wait_records(@sent + 9), @sent + 9, 'each has one record');
is(scalar(grep { $_->{outcome} ne 'success' } $t->records()), 0,
	'of success');
ok(wait_for(sub { $t->api->read("/api/provider-keys/keys/$key->{id}")
	->{in_flight} == 0 }), 'nothing in flight');

my $state = $t->api->read('/api/system/status')->{state};
cmp_ok($state->{columns_in_use}, '<=', 2, 'columns of the old ones are free');

$t->done();
