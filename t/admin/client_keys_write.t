#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Client keys by the API: what is made, changed, refused and removed.

use warnings;
use strict;

use Test::More;

use FindBin;
use lib "$FindBin::Bin/../lib";
use AIProxy;

my $t = AIProxy->new();
$t->start_daemon();

my $api = $t->api();

my $made = $api->post('/api/client-keys',
	{ name => 'one', provider_key_ids => [] });
my $id = $made->{json}{id};

subtest 'status 201' => sub {
	is($made->{status}, 201, 'status');
	like($made->{json}{key}, qr/^aip_[\w-]{8}_[\w-]{43}$/, 'key shown');
	is(index($made->{json}{key}, $made->{json}{prefix}), 0, 'prefix');
};

subtest 'status 200' => sub {
	my $read = $api->get("/api/client-keys/$id");
	is($read->{status}, 200, 'status');
	ok(!exists $read->{json}{key}, 'key not shown again');

	my $changed = $api->patch("/api/client-keys/$id",
		{ requests_per_minute => 5 });
	is($changed->{json}{requests_per_minute}, 5, 'changed');
	is($changed->{json}{name}, 'one', 'the rest unchanged');

	$changed = $api->patch("/api/client-keys/$id",
		{ requests_per_minute => undef });
	is($changed->{json}{requests_per_minute}, undef, 'null clears');
};

subtest 'status 400' => sub {
	is($api->call('POST', '/api/client-keys', undef, raw => '{')->{status},
		400, 'malformed');
	is($api->get('/api/client-keys?limit=0')->{status}, 400, 'limit');
	is($api->get('/api/client-keys?what=1')->{status}, 400, 'unknown query');
};

subtest 'status 401' => sub {
	my $answer = $api->call('GET', '/api/client-keys', undef,
		headers => [['Authorization', 'Bearer x']], as_it_is => 1);
	is($answer->{status}, 401, 'bad token');
};

subtest 'status 404' => sub {
	is($api->get('/api/client-keys/999999')->{status}, 404, 'no such key');
	is($api->get('/api/client-keys/x')->{status}, 404, 'no number');
};

subtest 'status 405' => sub {
	is($api->call('PUT', '/api/client-keys')->{status}, 405, 'method');
};

subtest 'status 409' => sub {
	my $again = $api->post('/api/client-keys',
		{ name => 'one', provider_key_ids => [] });
	is($again->{status}, 409, 'name taken');
	is($again->{json}{error}{field}, 'name', 'field');
};

subtest 'status 422' => sub {
	for (['name', ''], ['provider_key_ids', [999999]],
		['strategy', 'best'], ['requests_per_minute', -1],
		['expires_at', 'tomorrow'], ['bogus', 1])
	{
		my ($field, $value) = @$_;
		my $answer = $api->patch("/api/client-keys/$id",
			{ $field => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
};

subtest 'status 204' => sub {
	is($api->delete("/api/client-keys/$id")->{status}, 204, 'removed');
	is($api->get("/api/client-keys/$id")->{status}, 404, 'gone');
	is($api->post('/api/client-keys',
		{ name => 'one', provider_key_ids => [] })->{status}, 201,
		'name free again');
};

$t->done();
