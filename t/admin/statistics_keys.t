#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Statistics of provider keys and client keys: they say what the records say,
# on both databases; local days without requests are there, with zeros.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::OpenApi;
use AIProxy::Postgres;
use List::Util qw(sum0);
use POSIX qw(strftime);

AIProxy::Postgres::on_both(\&statistics);

done_testing();

sub statistics {
	my ($t) = @_;

	$t->start_demo();
	$t->start_daemon();
	my $provider = $t->provider();
	my ($key, $unused) = map { $t->provider_key($provider) } 1, 2;
	my $client = $t->client_key([$key]);
	$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

	my $spec = AIProxy::OpenApi->watch($t);
	my $api = $t->api;
	$t->ask($dialects[$_ % @dialects], $client, stream => $_ % 2)
		for 1 .. 9;
	$t->ask('openai_chat', $client, fault => 'status=400');
	my @records = $t->wait_records(10);
	my $tokens = sum0 map { ($_->{input_tokens} || 0)
		+ ($_->{output_tokens} || 0) } @records;
	my $cost = sum0 map { $_->{cost_usd} || 0 } @records;
	cmp_ok($cost, '>', 0, 'the records have a cost');

	for my $path ("/api/provider-keys/keys/$key->{id}",
		"/api/client-keys/$client->{id}")
	{
		my $stats = $api->read("$path/stats");
		is("$stats->{requests} $stats->{successes} $stats->{failed}",
			'10 9 1', "$path: requests");
		is($stats->{success_rate}, 0.9, "$path: success rate");
		is($stats->{tokens}, $tokens, "$path: tokens");
		cmp_ok(abs($stats->{cost} - $cost), '<', 1e-9, "$path: cost");
		is_deeply($stats->{errors}, [{ class => 'refused',
			requests => 1 }], "$path: errors by class");
		cmp_ok($stats->{p50_ms}, '>', 0, "$path: median");
		cmp_ok($stats->{p99_ms}, '>=', $stats->{p50_ms},
			"$path: percentiles rise");

		my $trends = $api->read("$path/trends?days=7&time_zone=UTC");
		my @days = @{$trends->{items}};
		my $now = time;
		is_deeply([map { $_->{date} } @days],
			[map { strftime '%Y-%m-%d', gmtime($now - 86400 * $_) }
				reverse 0 .. 6], "$path: seven days, today last");
		is(join(' ', map { join ',', sort keys %$_ } @days),
			join(' ', ('cost,date,requests,tokens') x 7),
			"$path: their fields");
		is(sum0(map { $_->{requests} } @days), 10, "$path: same requests");
		is(sum0(map { $_->{tokens} } @days), $tokens, "$path: same tokens");
		cmp_ok(abs(sum0(map { $_->{cost} } @days) - $cost), '<', 1e-9,
			"$path: same cost");
		is("$days[0]{requests} $days[0]{tokens} $days[0]{cost}", '0 0 0',
			"$path: a day without requests");

		my $nepal = $api->read(
			"$path/trends?days=2&time_zone=Asia/Kathmandu")->{items};
		is(sum0(map { $_->{requests} } @$nepal), 10,
			"$path: days at +05:45");
		for my $query ('days=0', 'days=93', 'time_zone=Mars/Olympus', 'x=1') {
			is($api->get("$path/$_?$query")->{status}, 400,
				"$path/$_: $query") for qw(stats trends);
		}
	}

	my $empty = $api->read("/api/provider-keys/keys/$unused->{id}/stats");
	is($empty->{requests}, 0, 'a key without requests');
	is($empty->{success_rate}, undef, 'has no success rate');
	for my $path (qw(/api/provider-keys/keys/999999
		/api/client-keys/999999 /api/client-keys/x))
	{
		is($api->get("$path/$_")->{status}, 404, "$path/$_")
			for qw(stats trends);
	}
	is($api->call('GET', "/api/client-keys/$client->{id}/stats", undef,
		headers => [['Authorization', 'Bearer x']], as_it_is => 1)->{status},
		401, 'not for everybody');
}
