#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Lists and single objects of what is configured: pages, order, refusals.

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

my @providers = map { $api->create('/api/providers', { name => "p$_",
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] }) } 1, 2;
my @keys = map { $t->provider_key($providers[$_ % 2]) } 1 .. 5;
$t->client_key([@keys[0 .. $_]]) for 0 .. 4;

my %lists = ('/api/providers' => 'providers',
	'/api/provider-keys/keys' => 'provider keys',
	'/api/client-keys' => 'client keys', '/api/prices' => 'prices');

for my $path (sort keys %lists) {
	my @all = $api->list($path);

	subtest "$lists{$path}: status 200" => sub {
		cmp_ok(scalar @all, '>=', 5, 'there are some');
		my @ids = map { $_->{id} } @all;
		is_deeply(\@ids, [sort { $a <=> $b } @ids], 'by id');

		# One to a page: each once, the last without a next.
		my ($cursor, @paged) = ('');
		for (1 .. 5) {
			my $page = $api->read("$path?limit=1$cursor");
			push @paged, @{$page->{items}};
			$cursor = "&cursor=" . ($page->{next} // "none");
		}
		is_deeply(\@paged, [@all[0 .. 4]], 'page after page');
		my $last = $api->read("$path?limit=200&cursor=$ids[-2]");
		is(scalar @{$last->{items}}, 1, 'the last page');
		is($last->{next}, undef, 'has no next');
		is_deeply($api->read("$path?cursor=$ids[-1]")->{items}, [],
			'behind it is nothing');
	};

	subtest "$lists{$path}: status 400" => sub {
		for (['limit', 0], ['limit', 201], ['limit', 'x'], ['limit', ''],
			['cursor', 'x'], ['cursor', '-1'], ['cursor', '9' x 25],
			['bogus', 1], ['limit', '1%00'], ['limit', '%ff'])
		{
			my ($name, $value) = @$_;
			my $answer = $api->get("$path?$name=$value");
			is($answer->{status}, 400, "refused: $name=$value");
			is($answer->{json}{error}{field}, $name, "$name named")
				unless $value =~ /%/;
		}
		is($api->get("$path?limit=1&%6cimit=2")->{status}, 400, 'twice');
		is($api->get("$path?limit=%zz")->{status}, 400, 'not decoded');
	};

	subtest "$lists{$path}: status 401" => sub {
		is($api->get($path, @nobody)->{status}, 401, 'list');
	};

	$spec->shown("GET $path" => [200, 400, 401]);
	next if $path eq '/api/prices';

	subtest "$lists{$path}: one of them" => sub {
		is_deeply($api->read("$path/$all[2]{id}"), $all[2], 'as in the list');
		is($api->get("$path/$_")->{status}, 404, "none: $_")
			for 999999, 0, -1, 'x', '9' x 30, '%00', '%2e%2e', '%zz';
		is($api->get("$path/$all[2]{id}", @nobody)->{status}, 401, 'nobody');
	};

	$spec->shown("GET $path/{id}" => [200, 401, 404]);
}

subtest 'provider keys of one provider' => sub {
	my @of = $api->list("/api/provider-keys/keys?provider_id=$providers[1]{id}");
	is_deeply([map { $_->{id} } @of], [map { $_->{id} } @keys[0, 2, 4]],
		'those');
	is_deeply([$api->list('/api/provider-keys/keys?provider_id=999999')], [],
		'of a foreign one: none');
	is($api->get('/api/provider-keys/keys?provider_id=x')->{json}{error}{field},
		'provider_id', 'no number');
};

subtest 'prices' => sub {
	my ($small) = grep { $_->{model} eq 'demo-small' } $api->list('/api/prices');
	is($small->{provider}, 'demo', 'whose');
	like($small->{input}, qr/^\d+(\.\d+)?$/, 'a decimal');
};

$t->done();
