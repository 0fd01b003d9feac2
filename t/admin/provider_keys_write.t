#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Provider keys by the API: a secret goes in and never comes out.

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
my $path = '/api/provider-keys/keys';
my ($provider, $other) = map { $api->create('/api/providers', { name => $_,
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] }) }
	'first', 'second';
my %good = (name => 'one', provider_id => $provider->{id},
	secret => 'sk-0123456789-last');

my $made = $api->post($path, \%good);
my $id = $made->{json}{id};

subtest 'status 201' => sub {
	is($made->{status}, 201, 'status');
	is($made->{headers}{location}, "$path/$id", 'where it is');
	is($made->{json}{secret_hint}, "\x{2026}last", 'a hint');
	is($made->{json}{weight}, 1, 'a default');
	is($made->{json}{health}{state}, 'ready', 'it can serve at once');
	unlike($made->{body}, qr/sk-0123/, 'the secret is not shown');
	my $short = $api->post($path, { %good, name => 'short',
		secret => 'short-one' });
	is($short->{json}{secret_hint}, undef, 'a short secret has no hint');
	is($api->post($path, { %good, name => "\x{5bc6}" x 64 })->{status}, 201,
		'a name has 64 characters, not bytes');
};

subtest 'status 200' => sub {
	my $changed = $api->patch("$path/$id", { weight => 7,
		expires_at => '2020-01-01T00:00:00+01:00' });
	is($changed->{status}, 200, 'status');
	is($changed->{json}{expires_at}, '2019-12-31T23:00:00.000Z', 'in UTC');
	is($changed->{json}{health}{state}, 'expired', 'expired');
	$changed = $api->patch("$path/$id", { expires_at => undef,
		is_enabled => JSON::PP::false });
	is($changed->{json}{health}{state}, 'disabled', 'disabled');
	is($changed->{json}{weight}, 7, 'the rest unchanged');
	$changed = $api->patch("$path/$id", { secret => 'another-secret-next',
		provider_id => $other->{id} });
	is($changed->{json}{secret_hint}, "\x{2026}next", 'a new secret');
	is($changed->{json}{provider_id}, $other->{id}, 'another provider');
};

subtest 'status 400' => sub {
	is($api->call('POST', $path, undef, raw => '{')->{status}, 400, 'POST');
	is($api->call('PATCH', "$path/$id", undef, raw => 'null')->{status}, 400,
		'PATCH');
};

subtest 'status 401' => sub {
	my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
	is($api->post($path, \%good, @nobody)->{status}, 401, 'POST');
	is($api->patch("$path/$id", {}, @nobody)->{status}, 401, 'PATCH');
	is($api->delete("$path/$id", @nobody)->{status}, 401, 'DELETE');
};

subtest 'status 404' => sub {
	is($api->patch("$path/$_", {})->{status}, 404, "PATCH $_"),
		is($api->delete("$path/$_")->{status}, 404, "DELETE $_")
		for 999999, 'x', '0';
};

subtest 'status 409' => sub {
	my $answer = $api->post($path, \%good);
	is($answer->{status}, 409, 'name taken by a new one');
	is($answer->{json}{error}{field}, 'name', 'field');
	is($api->patch("$path/$id", { name => 'short' })->{status}, 409,
		'name taken by a change');
};

subtest 'status 413' => sub {
	my %large = (%good, secret => 'x' x 1_100_000);
	is($api->post($path, \%large)->{status}, 413, 'POST');
	is($api->patch("$path/$id", \%large)->{status}, 413, 'PATCH');
};

subtest 'status 422' => sub {
	for (['name', ''], ['name', '   '], ['name', "a\nb"],
		['name', "\x{5bc6}" x 65], ['provider_id', 999999],
		['secret', ''], ['secret', 'with blank'], ['secret', "with\nline"],
		['secret', "\x{e9}"], ['secret', 'x' x 8193], ['weight', 0],
		['weight', 1001], ['expires_at', 'tomorrow'],
		['expires_at', '2026-02-30T00:00:00Z'])
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
};

subtest 'status 204' => sub {
	my $client = $t->client_key([$made->{json}]);
	is($api->delete("$path/$id")->{status}, 204, 'removed');
	is($api->get("$path/$id")->{status}, 404, 'gone');
	is_deeply($api->read("/api/client-keys/$client->{id}")->{provider_key_ids},
		[], 'and gone from the pool');
	is($api->post($path, \%good)->{status}, 201, 'name free again');
};

$spec->shown("POST $path" => [201, 400, 401, 409, 413, 422],
	"PATCH $path/{id}" => [200, 400, 401, 404, 409, 413, 422],
	"DELETE $path/{id}" => [204, 401, 404]);
$t->done();
