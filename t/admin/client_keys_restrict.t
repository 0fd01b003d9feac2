#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What a client key may do, and how hard its requests are tried: every field is
# kept, cleared by null, left alone when absent, and refused by its name.

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
my $me = $api->read('/api/auth/me');

my %fields = (
	user_id => $me->{id},
	allowed_addresses => ['192.0.2.0/24', '2001:db8::/32', '203.0.113.9'],
	allowed_models => ['gpt-4o', 'claude-*'],
	allowed_provider_ids => [$provider->{id}],
	strategy => 'sticky',
	sticky => { source => 'header', header => 'x-session' },
	max_attempts => 3, attempts_within_ms => 20_000, retry_percent => 20,
	retry_after_timeout => JSON::PP::false, park_ms => 5_000,
	on_abort => 'drain', drain_ms => 10_000, drain_bytes => 65_536,
	requests_per_minute => 60,
	tokens_not_before => '2026-01-02T03:04:05.000Z',
);

my $plain = $api->create($path, { name => 'plain', provider_key_ids => [] });
my $key = $api->create($path, { name => 'one', provider_key_ids => [],
	%fields });

subtest 'status 201' => sub {
	is_deeply({ map { $_ => $key->{$_} } keys %fields }, \%fields, 'as said');
	is_deeply([@$plain{qw(user_id allowed_addresses allowed_models
		allowed_provider_ids sticky max_attempts park_ms drain_ms
		tokens_not_before previous_until)}], [(undef) x 10],
		'nothing is restricted by default');
	is($plain->{on_abort}, 'cut', 'an aborted answer is cut');

	my $none = $api->create($path, { name => 'none', provider_key_ids => [],
		allowed_models => [], allowed_addresses => [],
		allowed_provider_ids => [] });
	is_deeply([@$none{qw(allowed_models allowed_addresses
		allowed_provider_ids)}], [[], [], []], 'an empty list is not null');
};

subtest 'status 200' => sub {
	is_deeply($api->read("$path/$key->{id}"),
		{ map { $_ => $key->{$_} } grep { $_ ne 'key' } keys %$key }, 'read');

	my $changed = $api->change("$path/$key->{id}", { park_ms => 1 });
	is_deeply({ map { $_ => $changed->{$_} } keys %fields },
		{ %fields, park_ms => 1 }, 'the rest unchanged');

	for my $strategy (qw(round_robin weighted least_in_flight latency
		priority health))
	{
		$changed = $api->change("$path/$key->{id}",
			{ strategy => $strategy });
		is($changed->{strategy}, $strategy, $strategy);
	}
	for my $source (qw(user prompt_cache_key)) {
		$changed = $api->change("$path/$key->{id}", { strategy => 'sticky',
			sticky => { source => $source } });
		is_deeply($changed->{sticky}, { source => $source, header => undef },
			"sticks to $source");
	}
	$api->change("$path/$key->{id}", { strategy => 'latency' });

	my @nullable = grep { $_ !~ /^(strategy|retry_after_timeout|on_abort)$/ }
		sort keys %fields;
	$changed = $api->change("$path/$key->{id}",
		{ map { $_ => undef } @nullable });
	is_deeply([@$changed{@nullable}], [(undef) x @nullable], 'null clears');
};

subtest 'status 422' => sub {
	for (
		['user_id', 999_999],
		(map { ['allowed_addresses', [$_]] } '', 'x', '192.0.2.1/24',
			'192.0.2.0/33', '192.0.2', '192.0.2.256', '2001:db8::1/32',
			'010.0.0.1', ' 192.0.2.1', 'example.com'),
		['allowed_addresses', '192.0.2.1'],
		['allowed_addresses', [('192.0.2.1') x 65]],
		(map { ['allowed_models', [$_]] } '', 'a*b', '*a', 'a b', "a\n"),
		['allowed_models', ['x' x 257]],
		['allowed_provider_ids', [999_999]],
		['allowed_provider_ids', [$provider->{id}, $provider->{id}]],
		['strategy', 'best'], ['strategy', ''],
		['sticky', 'x'], ['sticky.source', { source => 'moon' }, 'sticky'],
		['sticky.source', {}, 'sticky'],
		['sticky.header', { source => 'header' }, 'sticky'],
		['sticky.header', { source => 'user', header => 'x' }, 'sticky'],
		['sticky.header', { source => 'header', header => 'a b' }, 'sticky'],
		['sticky.bogus', { source => 'user', bogus => 1 }, 'sticky'],
		['max_attempts', 0], ['max_attempts', 17], ['max_attempts', 1.5],
		['attempts_within_ms', 0], ['retry_percent', -1],
		['retry_percent', 1001], ['park_ms', 600_001], ['park_ms', '5'],
		['on_abort', 'stop'], ['on_abort', undef],
		['drain_ms', 0], ['drain_bytes', 0], ['drain_bytes', 1 << 31],
		['tokens_not_before', 'now'], ['tokens_not_before', 5],
		['previous_until', undef])
	{
		my ($field, $value, $name) = @$_;
		my $answer = $api->patch("$path/$plain->{id}",
			{ ($name || $field) => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
	is($api->patch("$path/$plain->{id}", { strategy => 'sticky' })
		->{json}{error}{field}, 'sticky', 'sticky needs a source');
	is_deeply($api->read("$path/$plain->{id}"),
		{ map { $_ => $plain->{$_} } grep { $_ ne 'key' } keys %$plain },
		'nothing was changed');
};

$spec->shown("POST $path" => [201], "PATCH $path/{id}" => [200, 422]);
$t->done();
