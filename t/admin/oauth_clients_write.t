#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# OAuth clients by the API: what is made, changed, refused and removed.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/oauth-clients';
my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
my @keys = map { $t->client_key([]) } 1, 2;
my %good = (name => 'one', client_key_id => $keys[0]{id});

my $made = $api->post($path, \%good);
my $id = $made->{json}{id};

subtest 'status 201' => sub {
	is($made->{status}, 201, 'status');
	is($made->{headers}{location}, "$path/$id", 'where it is');
	like($made->{json}{client_id}, qr/^aoc_[\w-]{22}$/, 'an id');
	like($made->{json}{client_secret}, qr/^aos_[\w-]{43}$/, 'secret shown');
	is($made->{json}{token_lifetime_s}, 3600, 'a default');
	my $two = $api->create($path, { name => 'two', token_lifetime_s => 60,
		client_key_id => $keys[1]{id}, is_enabled => JSON::PP::false,
		expires_at => '2030-01-02T03:04:05.000Z' });
	is_deeply([@$two{qw(client_key_id token_lifetime_s is_enabled
		expires_at)}], [$keys[1]{id}, 60, JSON::PP::false,
		'2030-01-02T03:04:05.000Z'], 'as said');
	isnt($two->{client_id}, $made->{json}{client_id}, 'another id');
	isnt($two->{client_secret}, $made->{json}{client_secret},
		'another secret');
};

subtest 'status 200' => sub {
	my $read = $api->read("$path/$id");
	ok(!exists $read->{client_secret}, 'secret not shown again');
	is_deeply([map { $_->{name} } $api->list($path)], ['one', 'two'],
		'listed');
	my $changed = $api->change("$path/$id", { token_lifetime_s => 120 });
	is_deeply($changed, { %$read, token_lifetime_s => 120,
		updated_at => $changed->{updated_at} }, 'the rest unchanged');

	my $new = $api->post("$path/$id/rotate", { grace_ms => 60_000 });
	is($new->{status}, 200, 'rotated');
	like($new->{json}{client_secret}, qr/^aos_[\w-]{43}$/, 'a new secret');
	isnt($new->{json}{client_secret}, $made->{json}{client_secret},
		'another one');
	is($new->{json}{client_id}, $made->{json}{client_id}, 'the same id');
	ok($new->{json}{previous_until}, 'with a grace');
	is($api->post("$path/$id/rotate", { grace_ms => 0 })->{json}
		{previous_until}, undef, 'without one');
};

subtest 'status 400' => sub {
	is($api->call('POST', $path, undef, raw => '{')->{status}, 400, 'body');
	is($api->call('PATCH', "$path/$id", undef, raw => '[]')->{status}, 400,
		'change');
	is($api->call('POST', "$path/$id/rotate", undef, raw => '')->{status},
		400, 'rotation');
	is($api->get("$path?limit=0")->{status}, 400, 'limit');
};

subtest 'status 401' => sub {
	for (['GET', $path], ['POST', $path, \%good], ['GET', "$path/$id"],
		['PATCH', "$path/$id", {}], ['DELETE', "$path/$id"],
		['POST', "$path/$id/rotate", { grace_ms => 0 }],
		['POST', "$path/$id/revoke-tokens"])
	{
		is($api->call(@$_[0 .. 1], $_->[2], @nobody)->{status}, 401,
			"$_->[0] $_->[1]");
	}
};

subtest 'status 404' => sub {
	for my $at ("$path/999999", "$path/x") {
		is($api->get($at)->{status}, 404, "get $at");
		is($api->patch($at, {})->{status}, 404, "change $at");
		is($api->delete($at)->{status}, 404, "remove $at");
		is($api->post("$at/rotate", { grace_ms => 0 })->{status}, 404,
			"rotate $at");
		is($api->post("$at/revoke-tokens")->{status}, 404, "revoke $at");
	}
};

subtest 'status 409' => sub {
	for my $answer ($api->post($path, { %good, name => 'two' }),
		$api->patch("$path/$id", { name => 'two' }))
	{
		is($answer->{status}, 409, 'name taken');
		is($answer->{json}{error}{field}, 'name', 'field');
	}
	is($api->delete("/api/client-keys/$keys[0]{id}")->{status}, 409,
		'a client key in use stays');
};

subtest 'status 413' => sub {
	my %large = (x => 'x' x 1_100_000);
	is($api->post($path, { %good, %large })->{status}, 413, 'made');
	is($api->patch("$path/$id", \%large)->{status}, 413, 'changed');
	is($api->post("$path/$id/rotate", \%large)->{status}, 413, 'rotated');
};

subtest 'status 422' => sub {
	for (['name', ''], ['name', 'x' x 65], ['client_key_id', 999_999],
		['client_key_id', undef], ['token_lifetime_s', 59],
		['token_lifetime_s', 86_401], ['token_lifetime_s', '60'],
		['is_enabled', 1], ['expires_at', 'soon'], ['client_id', 'mine'],
		['client_secret', 'mine'])
	{
		my ($field, $value) = @$_;
		for my $answer ($api->post($path, { %good, name => 'bad',
			$field => $value }), $api->patch("$path/$id",
			{ $field => $value }))
		{
			is($answer->{status}, 422, "$field refused");
			is($answer->{json}{error}{field}, $field, "$field named");
		}
	}
	is($api->post($path, { name => 'bad' })->{json}{error}{field},
		'client_key_id', 'a client key is needed');
	is($api->post("$path/$id/rotate", { grace_ms => -1 })->{json}{error}
		{field}, 'grace_ms', 'a grace');
};

subtest 'status 204' => sub {
	is($api->post("$path/$id/revoke-tokens")->{status}, 204, 'ended');
	is($api->delete("$path/$id")->{status}, 204, 'removed');
	is($api->get("$path/$id")->{status}, 404, 'gone');
	is($api->delete("/api/client-keys/$keys[0]{id}")->{status}, 204,
		'its client key may go');
};

$spec->shown("POST $path" => [201, 400, 401, 409, 413, 422],
	"GET $path" => [200, 400, 401], "GET $path/{id}" => [200, 401, 404],
	"PATCH $path/{id}" => [200, 400, 401, 404, 409, 413, 422],
	"DELETE $path/{id}" => [204, 401, 404],
	"POST $path/{id}/rotate" => [200, 400, 401, 404, 413, 422],
	"POST $path/{id}/revoke-tokens" => [204, 401, 404],
	'DELETE /api/client-keys/{id}' => [204, 409]);
$t->done();
