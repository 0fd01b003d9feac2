#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Limits of a provider key, its place, its owner and the state of its
# credential; what the provider says of its own limits.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use Time::Local qw(timegm);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/provider-keys/keys';
my $provider = $api->create('/api/providers', { name => 'p',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my $me = $api->read('/api/auth/me');
my %fields = (priority => 2, requests_per_minute => 60,
	tokens_per_minute => 5_000_000_000, requests_per_day => 1000,
	max_in_flight => 4, owner_user_id => $me->{id});

my $plain = $api->create($path, { name => 'plain', secret => 'secret-1',
	provider_id => $provider->{id} });
my $key = $api->create($path, { name => 'one', secret => 'secret-2',
	provider_id => $provider->{id}, %fields });

subtest 'status 201' => sub {
	is_deeply({ map { $_ => $key->{$_} } keys %fields }, \%fields, 'as said');
	is_deeply([@$plain{sort keys %fields}], [(undef) x keys %fields],
		'nothing is limited by default');
	is($plain->{credential_state}, 'good', 'a new credential is good');
	is($plain->{credential_reason}, undef, 'without a reason');
};

subtest 'status 200' => sub {
	my $changed = $api->change("$path/$key->{id}",
		{ max_in_flight => 0, credential_state => 'good' });
	is_deeply({ map { $_ => $changed->{$_} } keys %fields },
		{ %fields, max_in_flight => 0 }, 'zero is kept, the rest unchanged');
	$changed = $api->change("$path/$key->{id}",
		{ map { $_ => undef } keys %fields });
	is_deeply([@$changed{sort keys %fields}], [(undef) x keys %fields],
		'null clears');
};

subtest 'status 422' => sub {
	for (['priority', -1], ['priority', 1_000_001],
		['requests_per_minute', -1], ['tokens_per_minute', -1],
		['requests_per_day', 4_000_000_001], ['max_in_flight', '1'],
		['owner_user_id', 999_999], ['credential_state', 'refused'],
		['credential_state', undef], ['credential_reason', 'x'])
	{
		my ($field, $value) = @$_;
		my $answer = $api->patch("$path/$plain->{id}", { $field => $value });
		is($answer->{status}, 422, "$field refused");
		is($answer->{json}{error}{field}, $field, "$field named");
	}
};

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

# Of the provider's several quotas of tokens the scarcest is told.

subtest 'what the provider says of its own limits' => sub {
	my $vendor = $t->provider();
	my $told = $t->provider_key($vendor, secret => 'demo-key-told?'
		. join ',', map { "header=x-ratelimit-$_" } qw(
			limit-requests:500 remaining-requests:499 reset-requests:600s
			limit-tokens:90000 remaining-tokens:80000
			limit-project-tokens:7000 remaining-project-tokens:70));
	my %none = (requests => undef, tokens => undef);
	is_deeply(quota($told), \%none, 'nothing was said so far');

	my ($from, $answer) = (time,
		$t->ask('openai_chat', $t->client_key([$told])));
	is($answer->{status}, 200, 'a request');
	my $quota = quota($told);
	my ($requests, $tokens) = @$quota{qw(requests tokens)};
	is("$requests->{remaining} of $requests->{limit}", '499 of 500',
		'requests');
	cmp_ok(abs(seconds($requests->{resets_at}) - $from - 600), '<', 5,
		'until it is full again');
	is("$tokens->{remaining} of $tokens->{limit}", '70 of 7000', 'tokens');
	is($tokens->{resets_at}, undef, 'when that is filled was not said');
	cmp_ok(abs(seconds($_->{seen_at}) - $from), '<', 5, 'when it was said')
		for $requests, $tokens;
	my ($row) = grep { $_->{id} == $told->{id} } $api->list($path);
	is_deeply($row->{vendor_quota}, $quota, 'the list tells the same');
	is_deeply(quota($plain), \%none, 'of no other key');
};

$spec->shown("POST $path" => [201], "PATCH $path/{id}" => [200, 422]);
$t->done();

sub quota { return $api->read("$path/$_[0]{id}")->{vendor_quota} }

sub seconds {
	my @of = $_[0] =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/;
	return timegm(@of[5, 4, 3, 2], $of[1] - 1, $of[0]);
}
