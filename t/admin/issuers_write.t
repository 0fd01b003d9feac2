#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Token issuers by the API: what is made, changed, refused and removed. What
# verifies their tokens goes in and never comes out.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Server;

my $t = AIProxy->new();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/settings/issuers';
my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
my $client = $t->client_key([]);
my %pem = map { $_ => pem(@{{ RS256 => [qw(RSA rsa_keygen_bits:2048)],
	ES256 => [qw(EC ec_paramgen_curve:P-256)], EdDSA => ['ED25519'] }->{$_}}) }
	qw(RS256 ES256 EdDSA);
my $secret = 'a secret of no less than 32 bytes, for HS256';
my %good = (name => 'one', issuer => 'https://id.example/');

my $made = $api->post($path, { %good, audiences => ['a', 'b'], skew_s => 5,
	claim => 'azp', clients => [{ value => 'app',
	client_key_id => $client->{id} }], keys => [
	(map { { kid => "k-$_", pem => $pem{$_} } } sort keys %pem),
	{ secret => $secret }] });
my $id = $made->{json}{id};

subtest 'status 201' => sub {
	is($made->{status}, 201, 'status');
	is($made->{headers}{location}, "$path/$id", 'where it is');
	is_deeply([map { [$_->{kid}, $_->{algorithm}] } @{$made->{json}{keys}}],
		[['k-ES256', 'ES256'], ['k-EdDSA', 'EdDSA'], ['k-RS256', 'RS256'],
		[undef, 'HS256']], 'the key decides the algorithm');
	unlike($made->{body}, qr/no less than|BEGIN/, 'no key is shown');
	my $two = $api->create($path, { name => 'two', issuer => 'two' });
	is_deeply([@$two{qw(audiences skew_s claim clients keys jwks_url
		is_enabled jwks_fetched_at)}], [[], 30, 'sub', [], [], undef,
		JSON::PP::true, undef], 'defaults');
};

subtest 'status 200' => sub {
	my $read = $api->read("$path/$id");
	is_deeply($read, $made->{json}, 'read');
	is_deeply([map { $_->{name} } $api->list($path)], ['one', 'two'],
		'listed');
	my $changed = $api->change("$path/$id", { claim => 'sub' });
	is_deeply($changed, { %$read, claim => 'sub',
		updated_at => $changed->{updated_at} }, 'the rest unchanged');

	my ($kept) = grep { $_->{algorithm} eq 'HS256' } @{$read->{keys}};
	$changed = $api->change("$path/$id", { keys => [{ id => $kept->{id} },
		{ kid => 'new', pem => $pem{EdDSA} }] });
	is_deeply([map { $_->{kid} } @{$changed->{keys}}], [undef, 'new'],
		'one key stays, one is new, the others go');
	is($changed->{keys}[0]{id}, $kept->{id}, 'the one that stays is the same');
};

subtest 'status 400' => sub {
	is($api->call('POST', $path, undef, raw => '{')->{status}, 400, 'made');
	is($api->call('PATCH', "$path/$id", undef, raw => '[]')->{status}, 400,
		'changed');
	is($api->get("$path?cursor=x")->{status}, 400, 'listed');
};

subtest 'status 401' => sub {
	for (['GET', $path], ['POST', $path, \%good], ['GET', "$path/$id"],
		['PATCH', "$path/$id", {}], ['DELETE', "$path/$id"],
		['POST', "$path/$id/fetch-keys"])
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
		is($api->post("$at/fetch-keys")->{status}, 404, "fetch $at");
	}
};

subtest 'status 409' => sub {
	for (['name', 'two'], ['issuer', 'two']) {
		my ($field, $value) = @$_;
		for my $answer ($api->post($path, { name => 'x', issuer => 'x',
			$field => $value }), $api->patch("$path/$id",
			{ $field => $value }))
		{
			is($answer->{status}, 409, "$field taken");
			is($answer->{json}{error}{field}, $field, "$field named");
		}
	}
	is($api->post("$path/$id/fetch-keys")->{status}, 409, 'no URL');
};

subtest 'status 413' => sub {
	is($api->post($path, { x => 'x' x 1_100_000 })->{status}, 413, 'made');
	is($api->patch("$path/$id", { x => 'x' x 1_100_000 })->{status}, 413,
		'changed');
};

subtest 'status 422' => sub {
	my $before = $api->read("$path/$id");
	my $private = `openssl genpkey -algorithm ED25519 2>/dev/null`;
	for (['name', ''], ['issuer', ''], ['issuer', 'aiproxy'],
		['audiences', ['']], ['audiences', [('a') x 33]], ['skew_s', -1],
		['skew_s', 601], ['claim', ''], ['clients', {}],
		['clients.value', [{ client_key_id => $client->{id} }]],
		['clients.client_key_id', [{ value => 'a' }]],
		['clients.client_key_id', [{ value => 'a', client_key_id => 9999 }]],
		['clients', [map { { value => 'a', client_key_id => $client->{id} } }
			1 .. 2]],
		['keys', [{ kid => 'a' }]],
		['keys', [{ pem => $pem{EdDSA}, secret => $secret }]],
		['keys.pem', [{ pem => 'x' }]], ['keys.pem', [{ pem => $private }]],
		['keys.pem', [{ pem => pem('RSA', 'rsa_keygen_bits:1024') }]],
		['keys.pem', [{ pem => pem('EC', 'ec_paramgen_curve:P-384') }]],
		['keys.secret', [{ secret => 'short' }]],
		['keys.id', [{ id => 999_999 }]], ['keys.bogus', [{ bogus => 1 }]],
		['keys.kid', [map { { kid => 'a', pem => $pem{EdDSA} } } 1, 2]],
		['keys.kid', [{ kid => '', pem => $pem{EdDSA} }]],
		['jwks_url', ''], ['jwks_url', 'ftp://id.example/keys'],
		['jwks_url', 'http://id.example/keys'],
		['jwks_url', 'file:///etc/passwd'],
		['jwks_url', 'https://10.0.0.1/keys'],
		['jwks_url', 'https://169.254.169.254/latest'],
		['jwks_url', 'https://[fe80::1]/keys'],
		['jwks_url', 'https://[::ffff:10.0.0.1]/keys'], ['bogus', 1])
	{
		my ($field, $value) = @$_;
		my $answer = $api->patch("$path/$id", { $field =~ s/\..*//r => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
	is_deeply($api->read("$path/$id"), $before, 'nothing was changed');
	is($api->post($path, { name => 'x' })->{json}{error}{field}, 'issuer',
		'an issuer is needed');
};

subtest 'fetched keys' => sub {
	my $server = AIProxy::Server->new($t->{root});
	my %ed = (kty => 'OKP', crv => 'Ed25519', alg => 'EdDSA', use => 'sig',
		x => '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
	$server->answer(200, JSON::PP::encode_json({ keys => [
		{ %ed, kid => 'a' }, { %ed, kid => 'e', use => 'enc' },
		{ kty => 'oct', k => 'AAAA', kid => 's' }, 'x'] }),
		'Cache-Control: max-age=120');
	my $fetched = $api->create($path, { name => 'fetched', issuer => 'f',
		jwks_url => $server->url('/keys'),
		keys => [{ kid => 'given', pem => $pem{ES256} }] });
	my $at = "$path/$fetched->{id}";
	ok(wait_for(sub { $api->read($at)->{jwks_fetched_at} }), 'fetched');
	my $read = $api->read($at);
	is_deeply([map { [@$_{qw(kid algorithm is_fetched)}] } @{$read->{keys}}],
		[['given', 'ES256', JSON::PP::false], ['a', 'EdDSA',
		JSON::PP::true]], 'those for signatures, beside the given ones');
	ok($read->{jwks_fresh_until} gt $read->{jwks_fetched_at}, 'fresh');
	is($server->seen, 1, 'once');

	# A key that stays keeps its id: workers know it by that.
	my $kept = $read->{keys}[1]{id};
	$server->answer(200, JSON::PP::encode_json({ keys => [
		{ %ed, kid => 'a' }, { %ed, kid => 'b' }] }));
	is($api->post("$at/fetch-keys")->{status}, 202, 'asked');
	ok(wait_for(sub { @{$api->read($at)->{keys}} == 3 }), 'rotated in');
	is($api->read($at)->{keys}[1]{id}, $kept, 'the same row');
	$server->answer(200, JSON::PP::encode_json({ keys => [
		{ %ed, kid => 'b' }] }));
	$api->post("$at/fetch-keys");
	ok(wait_for(sub { @{$api->read($at)->{keys}} == 2 }), 'rotated out');

	# What fails leaves the keys that are there.
	for ([500, '{}', 'status 500'], [200, 'x', 'no key set'],
		[200, '{"keys":[]}', 'no key that'], [302, '', 'status 302'],
		[200, ' ' x 2_000_000, 'too large'])
	{
		$server->answer($_->[0], $_->[1], 'Location: http://127.0.0.1:1/');
		$api->post("$at/fetch-keys");
		my $why = $_->[2];
		ok(wait_for(sub { ($api->read($at)->{jwks_error} // '') =~ /$why/ }),
			"told: $why");
		is(scalar @{$api->read($at)->{keys}}, 2, 'the keys stay');
	}
	$api->change($at, { jwks_url => $server->url('/other') });
	is_deeply([map { $_->{kid} } @{$api->read($at)->{keys}}], ['given'],
		'keys of another URL go');
	$server->stop;
};

subtest 'status 204' => sub {
	is($api->delete("$path/$id")->{status}, 204, 'removed');
	is($api->get("$path/$id")->{status}, 404, 'gone');
	is($api->post($path, \%good)->{status}, 201, 'its names are free again');
};

$spec->shown("POST $path" => [201, 400, 401, 409, 413, 422],
	"GET $path" => [200, 400, 401], "GET $path/{id}" => [200, 401, 404],
	"PATCH $path/{id}" => [200, 400, 401, 404, 409, 413, 422],
	"DELETE $path/{id}" => [204, 401, 404],
	"POST $path/{id}/fetch-keys" => [202, 401, 404, 409]);
$t->done();

# A new public key in PEM.

sub pem {
	my ($algorithm, @options) = @_;
	my $options = join ' ', map { "-pkeyopt $_" } @options;
	my $pem = `openssl genpkey -algorithm $algorithm $options 2>/dev/null | openssl pkey -pubout 2>/dev/null`;
	die "openssl makes no $algorithm key\n" unless $pem =~ /PUBLIC/;
	return $pem;
}
