#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Client keys by the API: what is made, changed, refused and removed.

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
my $path = '/api/client-keys';
my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my @pool = map { $_->{id} } map { $t->provider_key($provider) } 1 .. 2;

my $made = $api->post($path, { name => 'one', provider_key_ids => [] });
my $id = $made->{json}{id};

subtest 'status 201' => sub {
	is($made->{status}, 201, 'status');
	is($made->{headers}{location}, "$path/$id", 'where it is');
	like($made->{json}{key}, qr/^aip_[\w-]{8}_[\w-]{43}$/, 'key shown');
	is(index($made->{json}{key}, $made->{json}{prefix}), 0, 'prefix');
	is($made->{json}{strategy}, 'round_robin', 'a default');
	my $again = $api->post($path, { name => 'two',
		provider_key_ids => [reverse @pool], strategy => 'weighted' });
	isnt($again->{json}{key}, $made->{json}{key}, 'another key');
	is_deeply($again->{json}{provider_key_ids}, [reverse @pool],
		'the pool in its order');
};

subtest 'status 200' => sub {
	my $read = $api->get("$path/$id");
	is($read->{status}, 200, 'status');
	ok(!exists $read->{json}{key}, 'key not shown again');

	my $changed = $api->patch("$path/$id", { requests_per_minute => 5,
		provider_key_ids => \@pool });
	is($changed->{json}{requests_per_minute}, 5, 'changed');
	is_deeply($changed->{json}{provider_key_ids}, \@pool, 'a pool');
	is($changed->{json}{name}, 'one', 'the rest unchanged');

	$changed = $api->patch("$path/$id", { requests_per_minute => undef });
	is($changed->{json}{requests_per_minute}, undef, 'null clears');
	is_deeply($changed->{json}{provider_key_ids}, \@pool, 'absent does not');
};

subtest 'status 400' => sub {
	is($api->call('POST', $path, undef, raw => '{')->{status}, 400, 'POST');
	is($api->call('PATCH', "$path/$id", undef, raw => '{"a":}')->{status}, 400,
		'PATCH');
};

subtest 'status 401' => sub {
	my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
	is($api->post($path, {}, @nobody)->{status}, 401, 'POST');
	is($api->patch("$path/$id", {}, @nobody)->{status}, 401, 'PATCH');
	is($api->delete("$path/$id", @nobody)->{status}, 401, 'DELETE');
	# A client key is no access token.
	is($api->get($path, as_it_is => 1, headers => [['Authorization',
		"Bearer $made->{json}{key}"]])->{status}, 401, 'a client key');
};

subtest 'status 404' => sub {
	is($api->patch("$path/$_", {})->{status}, 404, "PATCH $_"),
		is($api->delete("$path/$_")->{status}, 404, "DELETE $_")
		for 999999, 'x', '0';
};

subtest 'status 405' => sub {
	is($api->call('PUT', $path)->{status}, 405, 'method');
};

subtest 'status 409' => sub {
	my $again = $api->post($path, { name => 'one', provider_key_ids => [] });
	is($again->{status}, 409, 'name taken by a new one');
	is($again->{json}{error}{field}, 'name', 'field');
	is($api->patch("$path/$id", { name => 'two' })->{status}, 409,
		'name taken by a change');
};

subtest 'status 413' => sub {
	my %large = (name => 'x' x 1_100_000, provider_key_ids => []);
	is($api->post($path, \%large)->{status}, 413, 'POST');
	is($api->patch("$path/$id", \%large)->{status}, 413, 'PATCH');
};

subtest 'status 422' => sub {
	for (['name', ''], ['name', "\x{7f}x"], ['provider_key_ids', [999999]],
		['provider_key_ids', [@pool, $pool[0]]],
		['provider_key_ids', [1 .. 257]], ['strategy', 'best'],
		['requests_per_minute', -1], ['requests_per_minute', 1_000_000_001],
		['expires_at', 'tomorrow'], ['bogus', 1])
	{
		my ($field, $value) = @$_;
		for my $answer ($api->post($path, { name => 'bad',
			provider_key_ids => [], $field => $value }),
			$api->patch("$path/$id", { $field => $value }))
		{
			is($answer->{status}, 422, "$field refused");
			is($answer->{json}{error}{field}, $field, "$field named");
		}
	}
};

subtest 'status 204' => sub {
	is($api->delete("$path/$id")->{status}, 204, 'removed');
	is($api->get("$path/$id")->{status}, 404, 'gone');
	is($api->post($path, { name => 'one', provider_key_ids => [] })->{status},
		201, 'name free again');
};

$spec->shown("POST $path" => [201, 400, 401, 409, 413, 422],
	"GET $path/{id}" => [200, 404],
	"PATCH $path/{id}" => [200, 400, 401, 404, 409, 413, 422],
	"DELETE $path/{id}" => [204, 401, 404]);
$t->done();
