#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The test of a provider's connection: it says how far a real request came, and
# goes nowhere where base URLs may not go.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::RawServer;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/providers/connection/test';
my $silent = AIProxy::RawServer->start($t, sub { return undef });

my $good = tried("http://127.0.0.1:" . $t->demo_port . '/v1');
is($good->{failed}, undef, 'what answers');
cmp_ok($good->{status}, '>=', 200, 'its status');
is($good->{address}, '127.0.0.1', 'its address');
cmp_ok($good->{resolved_us}, '<=', $good->{connected_us}, 'resolved first');
cmp_ok($good->{connected_us}, '<=', $good->{answered_us}, 'then connected');
is($good->{secured_us}, undef, 'without TLS');
my ($request) = $t->demo_requests;
ok(!$request->{credential}, 'no credential was sent');

is(tried('http://nowhere.invalid')->{failed}, 'dns', 'no such name');
my $closed = tried('http://127.0.0.1:1');
is($closed->{failed}, 'connect', 'nobody listens');
like($closed->{error}, qr/connect/i, 'why');
is(tried('https://127.0.0.1:' . $t->demo_port)->{failed}, 'tls',
	'who speaks no TLS');
is(tried($silent->url)->{failed}, 'answer', 'who says nothing');

for (['http://10.1.2.3', 'base_url'], ['x', 'base_url'],
	["http://127.0.0.1:$t->{daemon_port}", 'base_url'])
{
	my $answer = $api->post($path, { base_url => $_->[0] });
	is($answer->{status}, 422, "$_->[0] is refused");
	is($answer->{json}{error}{field}, $_->[1], "$_->[1] named");
}
is($api->post($path, { base_url => 'https://x.example', tls_name => 'a/b' })
	->{status}, 422, 'a name that is none');
is($api->post($path, {})->{status}, 422, 'nothing to try');

$t->daemon->stop;
$t->start_daemon('--allowed-networks', '127.0.0.2/32');
my $name = `getent hosts localhost.localdomain` ? 'localhost.localdomain'
	: undef;
SKIP: {
	skip 'no other name of the loopback', 1 unless $name;
	is(tried("http://$name:" . $t->demo_port)->{failed}, 'address',
		'a name that leads to a closed network');
}

$t->done();

sub tried {
	my ($url) = @_;
	my $begun = $api->post($path, { base_url => $url });
	is($begun->{status}, 202, "$url: begun");
	my $job;
	wait_for(sub { ($job = $api->read($begun->{headers}{location}))
		->{state} eq 'done' });
	return $job->{connection} || {};
}
