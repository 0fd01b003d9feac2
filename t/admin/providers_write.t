#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Providers by the API: what is made, changed, refused and removed.

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
my $path = '/api/providers';
my %good = (name => 'one', base_url => 'https://one.example:8443/v1',
	dialects => ['anthropic_messages', 'openai_chat']);

my $made = $api->post($path, \%good);
my $id = $made->{json}{id};

subtest 'status 201' => sub {
	is($made->{status}, 201, 'status');
	is($made->{headers}{location}, "$path/$id", 'where it is');
	my $row = $made->{json};
	is_deeply($row->{credential},
		{ location => 'header', name => 'x-api-key', prefix => '' },
		'the credential goes by the first dialect');
	is($row->{connect_timeout_ms}, 5000, 'a default');
	ok($row->{is_enabled} && $row->{tls_verify} && !$row->{ask_usage}, 'flags');
	my $read = $api->read("$path/$id");
	delete $_->{resolve_error} for $read, $row;
	is_deeply($read, $row, 'and that is what is there');

	my $whole = $api->post($path, { %good, name => 'two',
		base_url => 'http://127.0.0.1:81', dialects => ['gemini_content'],
		credential => { location => 'query', name => 'Key', prefix => '' },
		required_headers => [{ name => 'x-a', value => "b\tc" }],
		total_timeout_ms => 5, tls_name => 'other.example',
		price_list => 'demo', is_enabled => JSON::PP::false });
	is($whole->{status}, 201, 'with everything');
	is($whole->{json}{credential}{name}, 'Key', 'a query keeps its case');
	is_deeply($whole->{json}{addresses}, ['127.0.0.1:81'],
		'a numeric host is its own address');
};

subtest 'status 200' => sub {
	my $changed = $api->patch("$path/$id", { total_timeout_ms => 60000,
		price_list => 'demo', name => 'uno' });
	is($changed->{status}, 200, 'status');
	is($changed->{json}{total_timeout_ms}, 60000, 'changed');
	is($changed->{json}{base_url}, $good{base_url}, 'the rest unchanged');
	cmp_ok($changed->{headers}{'x-config-generation'}, '>',
		$made->{headers}{'x-config-generation'}, 'a later generation');
	$changed = $api->patch("$path/$id",
		{ total_timeout_ms => undef, price_list => undef });
	is($changed->{json}{total_timeout_ms}, undef, 'null clears');
	is($api->patch("$path/$id", {})->{status}, 200, 'nothing is something');
	is($api->patch("$path/$id", { name => 'uno' })->{status}, 200,
		'its own name is not taken');
};

subtest 'status 400' => sub {
	is($api->call('POST', $path, undef, raw => '{')->{status}, 400, 'POST');
	is($api->call('PATCH', "$path/$id", undef, raw => '[]')->{status}, 400,
		'PATCH');
};

subtest 'status 401' => sub {
	my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
	is($api->post($path, \%good, @nobody)->{status}, 401, 'POST');
	is($api->patch("$path/$id", {}, @nobody)->{status}, 401, 'PATCH');
	is($api->delete("$path/$id", @nobody)->{status}, 401, 'DELETE');
};

subtest 'status 404' => sub {
	for my $other ('999999', '0', '-1', 'x', '9' x 30, '%31%', '1.0') {
		is($api->patch("$path/$other", {})->{status}, 404, "PATCH $other");
		is($api->delete("$path/$other")->{status}, 404, "DELETE $other");
	}
};

subtest 'status 405' => sub {
	my $answer = $api->call('PUT', "$path/$id", {});
	is($answer->{status}, 405, 'PUT');
	is($answer->{headers}{allow}, 'GET, PATCH, DELETE', 'Allow');
};

subtest 'status 409' => sub {
	my $answer = $api->post($path, { %good, name => 'uno' });
	is($answer->{status}, 409, 'name taken by a new one');
	is($answer->{json}{error}{field}, 'name', 'field');
	is($api->patch("$path/$id", { name => 'two' })->{status}, 409,
		'name taken by a change');

	my $key = $t->provider_key({ id => $id });
	$answer = $api->delete("$path/$id");
	is($answer->{status}, 409, 'in use');
	like($answer->{json}{error}{message}, qr/keys/, 'it says by what');
	$api->remove("/api/provider-keys/keys/$key->{id}");
};

subtest 'status 413' => sub {
	my %large = (%good, name => 'x' x 1_100_000);
	is($api->post($path, \%large)->{status}, 413, 'POST');
	is($api->patch("$path/$id", \%large)->{status}, 413, 'PATCH');
};

subtest 'status 422' => sub {
	for (['base_url', 'ftp://x'], ['base_url', 'http://u:p@host'],
		['base_url', 'http://127.0.0.1:' . $t->{daemon_port}],
		['base_url', 'http://localhost:' . $t->{daemon_port} . '/x'],
		['base_url', "http://a\nb"], ['dialects', ['klingon']],
		['dialects', ['openai_chat', 'openai_chat']],
		['credential', { location => 'body', name => 'x', prefix => '' }],
		['credential', { location => 'header', name => 'x y', prefix => '' }],
		['credential', { location => 'header', name => 'x',
			prefix => "a\r\nb: c" }],
		['required_headers', [{ name => 'Host', value => 'x' }]],
		['required_headers', [{ name => 'x', value => "a\r\nb" }]],
		['required_headers', [{ name => 'X', value => '' },
			{ name => 'x', value => '' }]],
		['tls_name', 'a b'], ['price_list', 'Not A Slug'])
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
	is($api->delete("$path/$id")->{status}, 204, 'removed');
	is($api->get("$path/$id")->{status}, 404, 'gone');
	is($api->delete("$path/$id")->{status}, 404, 'once');
	is($api->post($path, { %good, name => 'uno' })->{status}, 201,
		'name free again');
};

$spec->shown("POST $path" => [201, 400, 401, 409, 413, 422],
	"PATCH $path/{id}" => [200, 400, 401, 404, 409, 413, 422],
	"DELETE $path/{id}" => [204, 401, 404, 409]);
$t->done();
