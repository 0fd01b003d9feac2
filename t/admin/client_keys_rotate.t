#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A client key is replaced; the one that was works on for its grace.

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
my $one = $api->create($path, { name => 'one', provider_key_ids => [],
	requests_per_minute => 7 });
my $rotate = "$path/$one->{id}/rotate";

subtest 'status 200' => sub {
	my $answer = $api->post($rotate, { grace_ms => 60_000 });
	is($answer->{status}, 200, 'status');
	my $two = $answer->{json};
	like($two->{key}, qr/^aip_[\w-]{8}_[\w-]{43}$/, 'a key');
	isnt($two->{key}, $one->{key}, 'another one');
	is(index($two->{key}, $two->{prefix}), 0, 'its prefix');
	is($two->{id}, $one->{id}, 'of the same client key');
	is($two->{requests_per_minute}, 7, 'with what it may');
	ok($two->{previous_until} gt $two->{updated_at}, 'the grace runs');
	ok($answer->{headers}{'x-config-generation'}, 'in force');
	ok(!exists $api->read("$path/$one->{id}")->{key}, 'shown once');

	$answer = $api->post($rotate, { grace_ms => 0 });
	is($answer->{json}{previous_until}, undef, 'no grace');
};

subtest 'status 400' => sub {
	is($api->call('POST', $rotate, undef, raw => $_)->{status}, 400,
		'malformed') for '', '[]', '{"grace_ms":1,"grace_ms":2}';
};

subtest 'status 401' => sub {
	is($api->call('POST', $rotate, { grace_ms => 0 }, as_it_is => 1,
		headers => [['Authorization', 'Bearer x']])->{status}, 401, 'nobody');
};

subtest 'status 404' => sub {
	is($api->post("$path/$_/rotate", { grace_ms => 0 })->{status}, 404,
		"not $_")
		for 999_999, 'x', 0, "$one->{id}/x";
	is($api->post("$path//rotate", { grace_ms => 0 })->{status}, 404, 'none');
};

subtest 'status 405' => sub {
	is($api->get($rotate)->{status}, 405, 'method');
};

subtest 'status 413' => sub {
	is($api->post($rotate, { grace_ms => 0, x => 'x' x 1_100_000 })->{status},
		413, 'too large');
};

subtest 'status 422' => sub {
	my $before = $api->read("$path/$one->{id}");
	for (['grace_ms', -1], ['grace_ms', 7_776_000_001], ['grace_ms', '1'],
		['grace_ms', undef], ['bogus', 1])
	{
		my ($field, $value) = @$_;
		my $answer = $api->post($rotate, { grace_ms => 0, $field => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
	is($api->post($rotate, {})->{json}{error}{field}, 'grace_ms', 'needed');
	is_deeply($api->read("$path/$one->{id}"), $before, 'nothing was changed');
};

$spec->shown("POST $path/{id}/rotate" =>
	[200, 400, 401, 404, 413, 422]);
$t->done();
