#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Statistics of all requests and of parts of them: every route says what the
# records say, on both databases.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
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
	my @keys = map { $t->provider_key($provider) } 1, 2;
	my $me = $t->api->read('/api/auth/me')->{id};
	my $mine = $t->client_key([$keys[0]], user_id => $me, name => 'mine');
	my $other = $t->client_key([$keys[1]], name => 'other');
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
	my $base = '/api/statistics';
	$t->ask('openai_chat', $mine, model => 'demo-small') for 1 .. 5;
	$t->ask('anthropic_messages', $mine, model => 'demo-large', stream => 1)
		for 1 .. 3;
	$t->ask('openai_chat', $other, model => 'demo-small', fault => 'status=400');
	$t->ask('openai_chat', $other, model => 'demo-small');
	$t->ask('openai_chat', 'aip_nobody', model => 'demo-small');
	my @records = $t->wait_records(11);

	# A scope, and which records are its own.
	my @scopes = (['', sub { 1 }],
		["user_id=$me", sub { ($_[0]{client_key}{name} // '') eq 'mine' }],
		["client_key_id=$other->{id}",
			sub { ($_[0]{client_key}{name} // '') eq 'other' }],
		["provider_id=$provider->{id}", sub { $_[0]{provider} }],
		["provider_key_id=$keys[0]{id}",
			sub { ($_[0]{provider_key}{id} // 0) == $keys[0]{id} }],
		['model=demo-large', sub { ($_[0]{model} // '') eq 'demo-large' }],
		['model=none', sub { 0 }]);

	for (@scopes) {
		my ($query, $has) = @$_;
		my %expected = sums(grep { $has->($_) } @records);
		# Two days: midnight may have been in between.
		my $q = "days=2&time_zone=UTC&$query";
		for my $step (qw(day hour quarter)) {
			same("trends by $step: $query", \%expected,
				@{$api->read("$base/trends?step=$step&$q")->{items}});
		}
		my $errors = $api->read("$base/errors?$q")->{items};
		is(sum0(map { $_->{requests} } @$errors),
			$expected{requests} - $expected{successes}, "errors: $query");
		my $latency = $api->read("$base/latency?$q");
		for my $kind (qw(latency first_byte)) {
			my $of = $latency->{$kind};
			is($of->{requests}, $expected{successes}, "$kind: $query");
			is(sum0(map { $_->{requests} } @{$of->{buckets}}),
				$expected{successes}, "$kind: buckets: $query");
		}
		same("minutes: $query", \%expected,
			@{$api->read("$base/minutes?$query")->{items}});
		my $overview = $api->read("$base/overview?time_zone=UTC&$query");
		same("overview: $query", \%expected, @{$overview}{qw(today yesterday)});
	}

	my $trends = $api->read("$base/trends?days=3&time_zone=Asia/Kathmandu");
	is(scalar @{$trends->{items}}, 3, 'a point per day');
	is(scalar @{$api->read("$base/trends?days=1&step=hour&time_zone=UTC")
		->{items}}, 24, 'a point per hour');
	is(scalar @{$api->read("$base/minutes")->{items}}, 60,
		'a point per minute');

	my $month = strftime '%Y-%m', gmtime;
	my %expected = sums(@records);
	for my $by (qw(client_key provider_key user provider model)) {
		for my $order (qw(requests tokens cost)) {
			my $top = $api->read(
				"$base/top?by=$by&order=$order&days=2&time_zone=UTC");
			same("top $by by $order", \%expected, @{$top->{items}});
			same("top $by by $order: total", \%expected, $top->{total});
			my @values = map { $_->{$order} } @{$top->{items}};
			is_deeply(\@values, [sort { $b <=> $a } @values],
				"top $by by $order: in order");
			is($top->{rest}, undef, "top $by by $order: that is all");
			my $one = $api->read("$base/top?by=$by&order=$order&limit=1"
				. '&days=2&time_zone=UTC');
			is_deeply($one->{items}, [$top->{items}[0]],
				"top $by by $order: the first");
			same("top $by by $order: with the rest", \%expected,
				$one->{items}[0], $one->{rest} // ());
		}
	}
	# At the turn of a month in the middle of it, some are in the one before.
	my $charges = $api->read("$base/charges?by=user&month=$month&time_zone=UTC");
	same('charges', { sums(grep { $_->{started_at} ge $month } @records) },
		$charges->{total});
	my ($row) = grep { $_->{id} } @{$charges->{items}};
	is($row->{name}, 'admin', 'charges: who') if $row;
	is(scalar @{$api->read("$base/charges?by=model&month=2020-02")->{items}}, 0,
		'charges: a month without requests');

	for ('overview?days=1', 'overview?time_zone=Mars/Olympus', 'trends?days=0',
		'trends?days=93', 'trends?step=week', 'trends?step=hour&days=8',
		'trends?step=quarter&days=3', 'trends?model=a&user_id=1',
		'trends?user_id=x', 'minutes?days=1', 'top', 'top?by=day',
		'top?by=user&order=name', 'top?by=user&limit=201', 'charges?by=user',
		'charges?by=user&month=2026-13', 'charges?by=user&month=x',
		'charges?month=2026-11', 'errors?x=1', 'latency?days=x')
	{
		is($api->get("$base/$_")->{status}, 400, "refused: $_");
	}
	is($api->call('GET', "$base/$_", undef, as_it_is => 1,
		headers => [['Authorization', 'Bearer x']])->{status}, 401,
		"$_: not for everybody")
		for qw(overview trends minutes top charges errors latency);
	$spec->shown(map { ("GET $base/$_" => [200, 400, 401]) }
		qw(overview trends minutes top charges errors latency));
}

sub sums {
	my @of = @_;
	my %sums = (requests => scalar @of);
	$sums{successes} = grep { $_->{outcome} eq 'success' } @of;
	$sums{$_} = outcome($_, @of) for qw(rejected failed aborted);
	$sums{attempts} = sum0 map { $_->{attempts} } @of;
	$sums{input_tokens} = sum0 map { $_->{input_tokens} // 0 } @of;
	$sums{output_tokens} = sum0 map { $_->{output_tokens} // 0 } @of;
	$sums{tokens} = $sums{input_tokens} + $sums{output_tokens};
	$sums{cost} = sum0 map { $_->{cost_usd} // 0 } @of;
	return %sums;
}

sub outcome {
	my ($outcome, @of) = @_;
	return scalar grep { $_->{outcome} eq $outcome } @of;
}

# same(label, expected sums, parts): the parts add up to them.

sub same {
	my ($label, $expected, @parts) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my @wrong = grep { abs(total($_, @parts) - $expected->{$_}) > 1e-9 }
		sort keys %$expected;
	is("@wrong", '', "$label: as the records say");
}

sub total {
	my ($name, @parts) = @_;
	return sum0 map { $_->{$name} } @parts;
}
