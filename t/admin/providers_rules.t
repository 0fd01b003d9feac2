#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Rules of a provider: what its errors mean, where it says the model, how it
# tells usage, what passes to it and from where.

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
my %fields = (
	verdict_table => 'anthropic',
	verdict_rules => [
		{ status => 418, name => 'teapot', text => 'short and stout',
			verdict => 'key_rate', scope => 'key_model', rest_ms => 1500 },
		{ status => undef, name => undef, text => 'no more money',
			verdict => 'key_quota', scope => undef, rest_ms => undef },
	],
	model_rules => [{ source => 'path', name => 'deployments' },
		{ source => 'query', name => 'model' },
		{ source => 'body', name => 'input.model' }],
	usage_mapping => { input => 'meta.tokens.in' },
	allowed_headers => ['x-title', 'user-agent'],
	egress => '127.0.0.1',
	websocket => JSON::PP::true,
);
my %plain = (base_url => 'http://127.0.0.1:81', dialects => ['openai_chat']);

my $plain = $api->create($path, { name => 'plain', %plain });
my $one = $api->create($path, { name => 'one', %plain, %fields,
	allowed_headers => ['X-Title', 'user-agent'] });

subtest 'status 201' => sub {
	is_deeply({ map { $_ => $one->{$_} } keys %fields }, \%fields, 'as said');
	is_deeply([@$plain{qw(verdict_table verdict_rules model_rules
		usage_mapping allowed_headers egress websocket)}],
		[undef, [], [], undef, [], undef, JSON::PP::false],
		'by default the dialect says it');
};

subtest 'status 200' => sub {
	my $changed = $api->change("$path/$one->{id}", { egress => '::1' });
	is_deeply({ map { $_ => $changed->{$_} } keys %fields },
		{ %fields, egress => '::1' }, 'the rest unchanged');
	$changed = $api->change("$path/$one->{id}", { verdict_table => undef,
		usage_mapping => undef, egress => undef, verdict_rules => [] });
	is_deeply([@$changed{qw(verdict_table usage_mapping egress
		verdict_rules)}], [undef, undef, undef, []], 'cleared');
};

subtest 'status 422' => sub {
	my @rule = (verdict => 'busy', status => 500);
	for (
		['verdict_table', 'cisco'], ['verdict_rules', {}],
		['verdict_rules', [{ verdict => 'busy' }]],
		['verdict_rules.verdict', [{ status => 500 }]],
		['verdict_rules.verdict', [{ @rule, verdict => 'none' }]],
		['verdict_rules.status', [{ @rule, status => 99 }]],
		['verdict_rules.scope', [{ @rule, scope => 'world' }]],
		['verdict_rules.rest_ms', [{ @rule, rest_ms => -1 }]],
		['verdict_rules.text', [{ @rule, text => '' }]],
		['verdict_rules.name', [{ @rule, name => 'x' x 257 }]],
		['verdict_rules.bogus', [{ @rule, bogus => 1 }]],
		['verdict_rules', [({ @rule }) x 65]],
		['model_rules.source', [{ source => 'air', name => 'x' }]],
		['model_rules.name', [{ source => 'body', name => '' }]],
		['model_rules.name', [{ source => 'body' }]],
		['usage_mapping', []], ['usage_mapping', 'x'],
		(map { ['usage_mapping', $_] } { input => 1 }, { input => 'a b' },
			{ nonsense => 'a' }, { input => "a\noutput = b" },
			{ output => 'sum(a' }),
		(map { ['allowed_headers', [$_]] } '', 'a b', 'cookie', 'Origin',
			'X-Forwarded-For', 'authorization', 'x-api-key', 'connection',
			'content-length', 'CF-Connecting-IP', 'host'),
		['egress', 'eth0'], ['egress', '10.0.0.0/8'], ['egress', ''],
		['websocket', 1])
	{
		my ($field, $value) = @$_;
		my $answer = $api->patch("$path/$plain->{id}",
			{ $field =~ s/\..*//r => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
	is_deeply($api->read("$path/$plain->{id}")->{verdict_rules}, [],
		'nothing was changed');
};

# Providers that were there before probes were.

SKIP: {
	skip 'the rows are changed in SQLite', 1 if $ENV{AIPROXY_TEST_DATABASE};
	subtest 'seeded before probes were' => sub {
		my %seeded = map { $_->{name} => $_ } $api->list($path);
		$api->change("$path/$seeded{bedrock}{id}",
			{ probe => { path => '/mine' } });
		$t->daemon->stop();
		is(system('sqlite3', "$t->{dir}/aiproxy.db", 'UPDATE providers SET '
			. "probe = NULL, is_probed = 1 WHERE name <> 'bedrock'; DELETE "
			. 'FROM schema_version WHERE version > 20; '
			. 'DROP TABLE limits_owed'), 0, 'as it was');
		$t->start_daemon();
		my %now = map { $_->{name} => $_->{probe} } $api->list($path);
		is($now{openrouter}{path}, '/v1/key', 'a call that needs the key');
		ok(!$now{vertex}{is_enabled}, 'no cheap call');
		is($now{bedrock}{path}, '/mine', 'what somebody said stays');
		ok($now{bedrock}{is_enabled}, 'all of it');
		ok($now{openai}{is_enabled}, 'the others');
		is($now{openai}{path}, undef, 'as their dialect has it');
	};
}

$spec->shown("POST $path" => [201], "PATCH $path/{id}" => [200, 422]);
$t->done();
