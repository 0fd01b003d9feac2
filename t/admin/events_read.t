#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Events by the API. They come as they do in service: out of a segment of the
# ledger that lost its writer, here one that the test wrote.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Segment;

my $t = AIProxy->new();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/system/events';

is_deeply([$api->list($path)], [], 'none at first');

# Bytes that are no record are set aside, each with its event.

my $tree = AIProxy::tree();
my $record = $t->read_file("$tree/t/golden/record/full.bin");
AIProxy::Segment->new()->frame("poison $_")->put($t) for 1 .. 3;
AIProxy::Segment->new()->frame($record)->put($t);
my @all;
ok(wait_for(sub { (@all = $api->list($path)) >= 3 }), 'events came');
is(scalar @all, 3, 'one for each');
$t->expect_daemon_error(qr/"event":"record_refused"/);

subtest 'status 200' => sub {
	is($all[0]{kind}, 'record.refused', 'kind');
	like($all[0]{detail}, qr/segment: [0-9a-f]{32}, position: 0/, 'detail');
	is($all[0]{node_id}, $api->read('/api/system/status')->{node_id}, 'where');
	is($all[0]{request_id}, undef, 'of no request');
	my @times = map { $_->{occurred_at} } @all;
	is_deeply(\@times, [sort { $b cmp $a } @times], 'newest first');

	my ($cursor, @paged) = ('');
	do {
		my $page = $api->read("$path?limit=1$cursor");
		push @paged, @{$page->{items}};
		$cursor = defined $page->{next} ? "&cursor=$page->{next}" : undef;
	} while (defined $cursor);
	is_deeply(\@paged, \@all, 'page after page');

	for (['kind=record.refused', 3], ['kind=record', 0],
		['provider_key_id=1', 0], ["from=$all[0]{occurred_at}", '[123]'],
		["to=$all[2]{occurred_at}", 0])
	{
		my ($query, $n) = @$_;
		like(scalar(() = $api->list("$path?$query")), qr/^$n$/, $query);
	}
};

subtest 'status 400' => sub {
	for (['from', 'x'], ['to', 'x'], ['kind', ''], ['kind', 'x' x 65],
		['provider_key_id', 'x'], ['cursor', '1'], ['limit', 0], ['bogus', 1])
	{
		my ($name, $value) = @$_;
		my $answer = $api->get("$path?$name=$value");
		is($answer->{status}, 400, "$name refused");
		is($answer->{json}{error}{field}, $name, "$name named");
	}
};

subtest 'status 401' => sub {
	is($api->get($path, as_it_is => 1,
		headers => [['Authorization', 'Bearer x']])->{status}, 401, 'nobody');
};

sub ledger { return $api->read('/api/system/status')->{ledger} }
ok(wait_for(sub { ledger()->{records_refused} == 3 }),
	'the status counts them');
ok(wait_for(sub { ledger()->{records_ingested} == 1 }),
	'the good record is in');

$spec->shown("GET $path" => [200, 400, 401]);
$t->done();
