#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What holds for the whole data plane: the ways in, CORS, tracing.

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
my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
my %good = (
	'/api/settings' => { cors_origins => ['https://app.example:8443',
		'http://localhost:5173'], traceparent => JSON::PP::true },
	'/api/settings/authentication' => { client_keys => JSON::PP::false,
		jwt => JSON::PP::true, oauth => JSON::PP::true },
);
my %default = (
	'/api/settings' => { cors_origins => [],
		traceparent => JSON::PP::false },
	'/api/settings/authentication' => { client_keys => JSON::PP::true,
		jwt => JSON::PP::false, oauth => JSON::PP::false },
);
my %bad = (
	'/api/settings' => [(map { ['cors_origins', [$_]] } '', 'app.example',
		'https://app.example/', 'https://app.example/x', 'HTTPS://app.example',
		'https://*.example', 'null'), ['cors_origins', '*'],
		['cors_origins', [('*') x 65]], ['traceparent', 1], ['jwt', 1]],
	'/api/settings/authentication' => [['client_keys', undef], ['jwt', 'on'],
		['oauth', 1], ['traceparent', 1]],
);

for my $path (sort keys %good) {
	subtest "$path: status 200" => sub {
		my $read = $api->read($path);
		is_deeply({ map { $_ => $read->{$_} } keys %{$default{$path}} },
			$default{$path}, 'the default');
		my $answer = $api->patch($path, $good{$path});
		is($answer->{status}, 200, 'status');
		ok($answer->{headers}{'x-config-generation'}, 'in force');
		is_deeply({ map { $_ => $answer->{json}{$_} } keys %{$good{$path}} },
			$good{$path}, 'changed');
		is_deeply($api->read($path), $answer->{json}, 'kept');
		is_deeply($api->change($path, {}), { %{$answer->{json}},
			updated_at => $api->read($path)->{updated_at} },
			'what is absent stays');
	};

	subtest "$path: status 400" => sub {
		is($api->get("$path?x=1")->{status}, 400, 'unknown query');
		is($api->call('PATCH', $path, undef, raw => '[')->{status}, 400,
			'malformed');
	};

	subtest "$path: status 401" => sub {
		is($api->call('GET', $path, undef, @nobody)->{status}, 401, 'read');
		is($api->call('PATCH', $path, {}, @nobody)->{status}, 401, 'write');
	};

	subtest "$path: status 413" => sub {
		is($api->patch($path, { x => 'x' x 1_100_000 })->{status}, 413,
			'too large');
	};

	subtest "$path: status 422" => sub {
		my $before = $api->read($path);
		for (@{$bad{$path}}) {
			my ($field, $value) = @$_;
			my $answer = $api->patch($path, { $field => $value });
			is($answer->{status}, 422, "$field refused");
			is($answer->{json}{error}{field}, $field, "$field named");
		}
		is_deeply($api->read($path), $before, 'nothing was changed');
	};

	$spec->shown("GET $path" => [200, 400, 401],
		"PATCH $path" => [200, 400, 401, 413, 422]);
}

is_deeply($api->change('/api/settings', { cors_origins => ['*'] })
	->{cors_origins}, ['*'], 'everybody');
$t->done();
