#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Bad input to every route: refused with a status of 4xx, the field named,
# nothing changed, nothing broken. The routes, and what is bad, follow from
# openapi.json itself, so a bound that the code does not hold, or the document
# does not tell, fails here.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Schema;
use JSON::PP;
use POSIX qw(strftime);

my $t = AIProxy->new();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $root = $spec->{spec};
my $pid = $t->daemon->{pid};

my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my $key = $t->provider_key($provider);
my $client = $t->client_key([$key]);
my $user = $api->create('/api/users', { username => 'bob', role => 'user',
	password => 'a password of bob' });
my $oauth = $api->create('/api/oauth-clients', { name => 'c',
	client_key_id => $client->{id} });
my $issuer = $api->create('/api/settings/issuers', { name => 'i',
	issuer => 'https://i.example', audiences => ['a'], claim => 'sub' });
my $rule = $api->create('/api/alert-rules', { name => 'r',
	kind => 'client_key_errors' });
my $channel = $api->create('/api/alert-channels', { name => 'a',
	kind => 'webhook', url => 'http://127.0.0.1:1/' });
my $vendor = $api->create('/api/providers', { name => 'vendor',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'],
	oauth => { grant => 'authorization_code', client_id => 'us',
		authorize_url => 'https://v.example/a',
		token_url => 'https://v.example/t' } });
my $renewed = $api->create('/api/provider-keys/keys', { name => 'renewed',
	provider_id => $vendor->{id}, kind => 'oauth' });
my $sign_in = $api->create('/api/oauth/sign-ins',
	{ provider_key_id => $renewed->{id} });

my $prices = 'provider,model,input,output,cache_read,cache_write_short,'
	. 'cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,'
	. "effective_from\n";

# An object of each path, and a body that would be taken there.

my %id = ('/api/providers' => $provider->{id},
	'/api/provider-keys/keys' => $key->{id}, '/api/users' => $user->{id},
	'/api/client-keys' => $client->{id}, '/api/oauth-clients' => $oauth->{id},
	'/api/settings/issuers' => $issuer->{id},
	'/api/alert-rules' => $rule->{id},
	'/api/alert-channels' => $channel->{id});
# Of what has no pages, or is made by what runs: a query is looked at first.

my %single = ('/api/oauth/sign-ins' => $sign_in->{id},
	'/api/api-tokens' => 1, '/api/audit' => 1, '/api/alerts' => 1,
	'/api/alert-deliveries' => 1, '/api/prices/rerates' => 'x',
	'/api/jobs' => 'x', '/api/logs/traces' => 'x');
my %good = (
	'/api/auth/login' => { username => 'nobody', password => 'x' },
	'/api/auth/oidc/return' => { state => 'x', code => 'x' },
	'/api/auth/oidc/link/return' => { state => 'x', code => 'x' },
	'/api/providers' => { name => 'new', base_url => 'http://127.0.0.1:81',
		dialects => ['openai_chat'] },
	'/api/provider-keys/keys' => { name => 'new',
		provider_id => $provider->{id}, secret => 'secret' },
	'/api/client-keys' => { name => 'new', provider_key_ids => [$key->{id}] },
	'/api/users' => { username => 'new', role => 'user',
		password => 'a password of new' },
	'/api/oauth-clients' => { name => 'new', client_key_id => $client->{id} },
	'/api/settings/issuers' => { name => 'new', issuer => 'https://n.example',
		audiences => ['a'], claim => 'sub' },
	'/api/alert-rules' => { name => 'new', kind => 'client_key_errors' },
	'/api/alert-channels' => { name => 'new', kind => 'webhook',
		url => 'http://127.0.0.1:1/' },
	'/api/api-tokens' => { name => 'new', scopes => ['*:read'],
		expires_at => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + 3600) },
	'/api/logs/exports' => { format => 'csv' },
	'/api/prices/imports' => { format => 'csv', content => $prices,
		table_version => 0 },
	'/api/providers/connection/test' => { base_url => 'http://127.0.0.1:81' },
	'/api/prices/imports/preview' => { format => 'csv', content => $prices },
	'/api/prices/rerates' => { from => '2026-01-01T00:00:00Z',
		to => '2026-01-02T00:00:00Z' },
	'/api/oauth/sign-ins' => { provider_key_id => $renewed->{id} },
	'/api/oauth/sign-ins/{id}/code' => { code => 'x#another' },
	'/api/oauth/callback' => { state => 'x', code => 'x' },
	'/api/client-keys/{id}/rotate' => { grace_ms => 0 },
	'/api/client-keys/{id}/limits/raise' =>
		{ limit_name => 'requests_per_day', amount => '1' },
	'/api/oauth-clients/{id}/rotate' => { grace_ms => 0 },
);
my %before = map { $_ => state_of($_) } keys %id;

for my $path (sort keys %{$root->{paths}}) {
	# Wrong passwords lock; auth_password.t has them.
	next if $path eq '/api/auth/password';
	for my $method (qw(POST PATCH PUT)) {
		my $operation = $root->{paths}{$path}{lc $method} or next;
		my $schema = $operation->{requestBody}{content}{'application/json'}
			{schema} or next;
		next unless $operation->{requestBody}{required};
		$schema = AIProxy::Schema::find($schema->{'$ref'}, $root)
			while $schema->{'$ref'};
		my $at = place($path);
		subtest "$method $path" => sub { bad_bodies($method, $at, $path,
			$schema) };
	}
	my $get = $root->{paths}{$path}{get} or next;
	my $at = place($path);
	subtest "GET $path" => sub { bad_queries($at, $get) };
}

is_deeply(state_of($_), $before{$_}, "$_: nothing changed") for sort keys %id;

# Ids that are none, and methods.

for my $path (sort grep { m/\{id\}$/ } keys %{$root->{paths}}) {
	for my $id (0, -1, 'x', '1x', '1.0', '9' x 30, '%00', '%ff', "1%2f2", '1 ',
		"'; DROP TABLE users; --", '<script>')
	{
		my $text = $id =~ s/([ ;'<>])/sprintf '%%%02x', ord $1/ger;
		my $answer = $api->get($path =~ s/\{id\}/$text/r);
		is($answer->{status}, 404, "$path: $id") if $root->{paths}{$path}{get};
	}
}

subtest 'fragments of SQL and of pages' => sub {
	for my $text (q{'; DROP TABLE users; --}, q{" OR 1=1 --}, q{x' UNION SELECT 1},
		q{%' OR name LIKE '%}, q{<script>alert(1)</script>}, q{${7*7}}, q{{{7*7}}},
		q{$(id)}, q{`id`}, q{../../etc/passwd}, q{%n%s%x})
	{
		my $made = $api->create('/api/client-keys', { name => $text,
			provider_key_ids => [] });
		is($made->{name}, $text, "$text: a name as any other");
		my $asked = $text =~ s/([^A-Za-z0-9])/sprintf '%%%02x', ord $1/ger;
		is_deeply([map { $_->{id} } $api->list(
			"/api/client-keys?search=$asked")], [$made->{id}], 'found by it');
		$api->remove("/api/client-keys/$made->{id}");
		is($api->get("/api/providers?search=$asked")->{json}{items}[0], undef,
			'and nothing else');
	}
};

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

# place(path): with the id of an object.

sub place {
	my ($path) = @_;
	return $path unless $path =~ m/^(.*?)\/\{\w+\}/;
	my $id = $id{$1} // $single{$1};
	ok(defined $id, "$path: the test knows an object") or return '/api/none';
	return $path =~ s/\{\w+\}/$id/r;
}

sub bad_bodies {
	my ($method, $at, $path, $schema) = @_;
	my %good = %{$good{$path} || {}};
	my $whole = $method eq 'POST';

	no_objects($method, $at);
	# Without a good body the field that is told may be another one.
	return if $whole
		&& grep { !exists $good{$_} } @{$schema->{required} || []};
	for my $field (sort keys %{$schema->{properties}}) {
		my $tried = 0;
		for my $bad (bad_values($schema->{properties}{$field})) {
			refused($method, $at, { $whole ? %good : (), $field => $bad },
				$field);
			$tried++;
		}
		cmp_ok($tried, '>=', 8, "$field: tried");
	}
	for my $field ($whole ? @{$schema->{required} || []} : ()) {
		my %body = %good;
		delete $body{$field};
		refused($method, $at, \%body, $field);
	}
	for my $field ('bogus', 'created_at', 'Name', "n\x{e4}me") {
		refused($method, $at, { $whole ? %good : (), $field => 1 }, $field);
	}
}

sub no_objects {
	my ($method, $at) = @_;
	for my $bytes (1024 * 1024 + 1, 8 * 1024 * 1024) {
		my $body = '{"name":"' . 'x' x ($bytes - 11) . '"}';
		is($api->call($method, $at, undef, raw => $body)->{status}, 413,
			"$bytes bytes");
	}
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
		my $answer = $api->call($method, $at, undef, raw => $bytes);
		is($answer->{status}, 400, $what);
		is($answer->{json}{error}{code}, 'request.malformed_json', 'code');
		unlike($answer->{json}{error}{message}, qr/name=x|NaN/,
			'and not told back');
	}
}

# Each parameter of a query with what its schema does not allow, and one that is
# not there.

sub bad_queries {
	my ($at, $operation) = @_;
	my @parameters = grep { $_->{in} eq 'query' } map { $_->{'$ref'}
		? AIProxy::Schema::find($_->{'$ref'}, $root) : $_ }
		@{$operation->{parameters} || []};

	for my $parameter (@parameters) {
		my ($name, $schema) = @$parameter{qw(name schema)};
		$schema = AIProxy::Schema::find($schema->{'$ref'}, $root)
			while $schema->{'$ref'};
		my @bad = ('%', '%ff', '%00');
		push @bad, 'x', '1.5', '1e3', '-', '', '9' x 30
			if ($schema->{type} // '') eq 'integer';
		push @bad, $schema->{minimum} - 1 if defined $schema->{minimum};
		push @bad, $schema->{maximum} + 1 if defined $schema->{maximum};
		push @bad, 'bogus' if $schema->{enum};
		push @bad, 'yes', '1' if ($schema->{type} // '') eq 'boolean';
		push @bad, 'yesterday', '2026-13-01T00:00:00Z'
			if ($schema->{format} // '') eq 'date-time';
		push @bad, 'x' x ($schema->{maxLength} + 1) if $schema->{maxLength};
		for my $bad (@bad) {
			my $answer = $api->get("$at?$name=$bad");
			is($answer->{status}, 400, "$name=" . substr $bad, 0, 20)
				or diag($answer->{body});
		}
	}
	plan skip_all => 'it takes no query'
		unless @parameters || $operation->{responses}{400};
	is($api->get("$at?" . (@parameters ? 'bogus=1' : 'a=%'))->{status}, 400,
		'one that is not there');
}

# refused(...): 422 that names the field.

sub refused {
	my ($method, $at, $body, $field) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my $answer = $api->call($method, $at, $body);
	my $named = $answer->{json}{error}{field} // '';
	my $shown = substr encode_json([$body->{$field}]), 0, 60;
	ok($answer->{status} == 422 && ($named eq $field
		|| index($named, "$field.") == 0), "$field $shown")
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
	return grep { AIProxy::Schema::validate($_, $schema, $root) } @values;
}

sub state_of {
	my ($path) = @_;
	my @all = $api->list($path);
	delete @$_{qw(health in_flight addresses resolve_error)} for @all;
	return \@all;
}
