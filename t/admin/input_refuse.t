#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Bad input to every route that takes a body: refused with a status of 4xx, the
# field named, nothing changed, nothing broken. Values of the wrong type and
# beyond a bound follow from openapi.json itself, so a bound that the code does
# not hold, or the document does not tell, fails here.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Schema;
use JSON::PP;

my $t = AIProxy->new();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $pid = $t->daemon->{pid};

my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my $key = $t->provider_key($provider);
my $client = $t->client_key([$key]);

my @resources = (
	{ path => '/api/providers', id => $provider->{id}, schema => 'Provider',
		good => { name => 'new', base_url => 'http://127.0.0.1:81',
			dialects => ['openai_chat'] } },
	{ path => '/api/provider-keys/keys', id => $key->{id},
		schema => 'ProviderKey', good => { name => 'new',
			provider_id => $provider->{id}, secret => 'secret' } },
	{ path => '/api/client-keys', id => $client->{id}, schema => 'ClientKey',
		good => { name => 'new', provider_key_ids => [$key->{id}] } },
);

for my $r (@resources) {
	my $create = $spec->{spec}{components}{schemas}{"$r->{schema}Create"};
	my $patch = $spec->{spec}{components}{schemas}{"$r->{schema}Patch"};
	my $before = state_of($r);

	subtest "$r->{path}: wrong types and bounds" => sub {
		for my $field (sort keys %{$create->{properties}}) {
			my $tried = 0;
			for my $bad (bad_values($create->{properties}{$field})) {
				refused($r, 'POST', { %{$r->{good}}, $field => $bad }, $field);
				$tried++;
			}
			for my $bad (bad_values($patch->{properties}{$field})) {
				refused($r, 'PATCH', { $field => $bad }, $field);
				$tried++;
			}
			cmp_ok($tried, '>=', 8, "$field: tried");
		}
	};

	subtest "$r->{path}: missing and unknown" => sub {
		for my $field (@{$create->{required}}) {
			my %body = %{$r->{good}};
			delete $body{$field};
			refused($r, 'POST', \%body, $field);
		}
		for my $field ('bogus', 'id', 'created_at', 'Name', "n\x{e4}me") {
			refused($r, 'POST', { %{$r->{good}}, $field => 1 }, $field);
			refused($r, 'PATCH', { $field => 1 }, $field);
		}
	};

	subtest "$r->{path}: no JSON object" => sub {
		my $deep = 100_000;
		for (['nothing', ''], ['blank', '  '], ['cut', '{"name":"x"'],
			['more', '{} {}'], ['a list', '[]'], ['null', 'null'],
			['a text', '"x"'], ['a number', '7'],
			['a name twice', '{"name":"a","name":"b"}'],
			['NUL', qq({"name":"a\0b"})], ['escaped NUL',
			'{"name":"a\\u0000b"}'], ['half a pair', '{"name":"\\ud800"}'],
			['invalid UTF-8', qq({"name":"\xff\xfe"})],
			['overlong UTF-8', qq({"name":"\xc0\xaf"})],
			['a huge number', '{"weight":1e999}'],
			['a huge integer', '{"weight":99999999999999999999}'],
			['not a number', '{"weight":NaN}'], ['single quotes', "{'a':1}"],
			['deep lists', '{"name":' . '[' x $deep],
			['deep objects', '{"a":' x $deep],
			['deep and closed', '[' x $deep . ']' x $deep],
			['not JSON', "name=x&weight=1"])
		{
			my ($what, $bytes) = @$_;
			for my $at (['POST', $r->{path}], ['PATCH', "$r->{path}/$r->{id}"]) {
				my $answer = $api->call(@$at, undef, raw => $bytes);
				is($answer->{status}, 400, "$at->[0]: $what");
				is($answer->{json}{error}{code}, 'request.malformed_json', 'code');
				unlike($answer->{json}{error}{message}, qr/name=x|NaN/,
					'and not told back');
			}
		}
	};

	subtest "$r->{path}: large" => sub {
		for my $bytes (1024 * 1024 + 1, 8 * 1024 * 1024) {
			my $body = '{"name":"' . 'x' x ($bytes - 11) . '"}';
			my $answer = $api->call('POST', $r->{path}, undef, raw => $body);
			is($answer->{status}, 413, "$bytes bytes");
		}
	};

	is_deeply(state_of($r), $before, "$r->{path}: nothing changed");
}

# Paths and methods.

subtest 'paths' => sub {
	for my $path ('/', '/api', '/api/', '/api/providers/', '/api//providers',
		'/api/providers/1/2', '/API/providers', '/api/providers%2f1',
		'/api/../etc/passwd', '/api/' . 'x' x 5000, '/api/' . '/' x 14_500)
	{
		my $answer = $api->get($path);
		is($answer->{status}, 404, substr $path, 0, 40);
		is($answer->{json}{error}{code}, 'not_found', 'in our form');
	}
};

is($t->daemon->{pid}, $pid, 'it is still the same process');
ok($t->daemon->alive, 'and alive');
$t->done();

# refused(resource, method, body, field): 422 that names the field.

sub refused {
	my ($r, $method, $body, $field) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my $answer = $api->call($method, $method eq 'POST' ? $r->{path}
		: "$r->{path}/$r->{id}", $body);
	my $named = $answer->{json}{error}{field} // '';
	my $shown = substr encode_json([$body->{$field}]), 0, 60;
	ok($answer->{status} == 422 && ($named eq $field
		|| index($named, "$field.") == 0), "$method $field $shown")
		or diag("$answer->{status} " . substr $answer->{body}, 0, 300);
}

# What the schema of a field does not allow, as far as it tells.

sub bad_values {
	my ($schema) = @_;
	my @values = (undef, JSON::PP::true, JSON::PP::false, 0, -1, 5, 1.5, 1e30,
		'', 'x', ' ', [], {}, [undef], ['x'], [{}], [[]], [1.5], { x => 1 });

	push @values, $schema->{minimum} - 1 if defined $schema->{minimum};
	push @values, $schema->{maximum} + 1 if defined $schema->{maximum};
	push @values, 'x' x ($schema->{maxLength} + 1) if $schema->{maxLength};
	push @values, [1 .. $schema->{maxItems} + 1] if $schema->{maxItems};
	push @values, "a\x{1f600}b", 'A' if $schema->{pattern};
	return grep { AIProxy::Schema::validate($_, $schema, $spec->{spec}) }
		@values;
}

sub state_of {
	my ($r) = @_;
	my @all = $api->list($r->{path});
	delete @$_{qw(health in_flight addresses resolve_error)} for @all;
	return \@all;
}
