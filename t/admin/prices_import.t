#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Importing a price list, by the API and by the command: seen first, then added
# as versions that hold from a time on; records before it keep their price.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;

my $head = 'provider,model,input,output,cache_read,cache_write_short,'
	. 'cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,'
	. "effective_from,more\n";

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key(
	$t->provider(price_list => 'ours'))]);
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/prices/imports';

sub cost {
	my $answer = $t->ask('openai_chat', $client, model => 'demo-small');
	my $record = $t->record($answer);
	return @$record{qw(cost_usd input_tokens output_tokens)};
}

sub review {
	my ($content, %o) = @_;
	my $answer = $api->post("$path/preview", { format => $o{format} || 'csv',
		content => $content, $o{from} ? (effective_from => $o{from}) : () });
	is($answer->{status}, 200, 'reviewed') or diag $answer->{body};
	return $answer->{json};
}

sub take {
	my ($content, $version, %o) = @_;
	return $api->post($path, { format => $o{format} || 'csv',
		content => $content, table_version => $version,
		$o{from} ? (effective_from => $o{from}) : () });
}

sub counts { return join ' ', map { $_[0]{$_} } qw(added changed unchanged) }

my $before = scalar $api->list('/api/prices');
is((cost())[0], undef, 'no price yet');

subtest 'a model without any price' => sub {
	my $list = $head . "ours,demo-small|demo-large,1,2,,,,,,,,,batch=1/2\n";
	my $review = review($list);
	is(counts($review), '2 0 0', 'it would be added');
	is($review->{items}[0]{before}, undef, 'there was none');
	is_deeply([@{$review->{items}[0]{after}}{qw(provider model input output
		cache_read effective_from more)}], ['ours', 'demo-small', '1', '2',
		undef, undef, 'batch=1/2'], 'from ever, and all it says');
	is(scalar $api->list('/api/prices'), $before, 'nothing is written');
	my $answer = take($list, $review->{table_version});
	is($answer->{status}, 200, 'imported');
	ok($answer->{headers}{'x-config-generation'}, 'and published');
	is(scalar $api->list('/api/prices'), $before + 2, 'as two versions');
	my ($usd, $in, $out) = cost();
	cmp_ok(abs($usd - ($in + 2 * $out) / 1e6), '<', 1e-12, 'requests cost');
	is(counts(review($list)), '0 0 2', 'the same again changes nothing');
};

subtest 'a price that changes' => sub {
	my $list = $head . "ours,demo-small,3,2,,,,,,,,,batch=1/2\n"
		. "ours,demo-large,1,2,,,,,,,,,batch=1/2\n";
	my $later = review($list, from => '2100-01-01T00:00:00Z');
	is(counts($later), '0 1 1', 'one changes');
	is("$later->{items}[0]{before}{input} $later->{items}[0]{after}{input}",
		'1 3', 'from this to that');
	is($later->{items}[0]{after}{effective_from}, '2100-01-01T00:00:00.000Z',
		'when it was said');
	is(take($list, $later->{table_version}, from => '2100-01-01T00:00:00Z')
		->{status}, 200, 'imported');
	my ($usd, $in, $out) = cost();
	cmp_ok(abs($usd - ($in + 2 * $out) / 1e6), '<', 1e-12, 'not yet in force');

	my $now = review($list);
	is(counts($now), '0 1 1', 'now');
	is(take($list, $now->{table_version})->{status}, 200, 'imported');
	($usd, $in, $out) = cost();
	cmp_ok(abs($usd - (3 * $in + 2 * $out) / 1e6), '<', 1e-12, 'in force');
};

subtest 'days of their own, as JSON' => sub {
	my $list = encode_json({ items => [
		{ provider => 'ours', model => 'dated', input => 0.15, output => '0.6',
			effective_from => '2026-01-01' },
		{ provider => 'ours', model => 'dated', input => 0.3, output => 1,
			effective_from => '2026-03-01T12:00:00Z', more => 'flex=1/2' },
		{ provider => 'ours', model => 'dated', input => 0.3, output => 1,
			effective_from => '2026-06-01', more => 'flex=1/2' } ] });
	my $review = review($list, format => 'json');
	is(counts($review), '1 1 1', 'each against the one before it');
	is($review->{items}[0]{after}{input}, '0.15', 'as it was written');
	is($review->{items}[1]{after}{effective_from}, '2026-03-01T12:00:00.000Z',
		'to the hour');
	is(take($list, $review->{table_version}, format => 'json')->{status}, 200,
		'imported');

	# What the list of prices tells can be given back.
	my @mine = grep { $_->{provider} eq 'ours' && $_->{effective_from} }
		$api->list('/api/prices');
	is(counts(review(encode_json(\@mine), format => 'json')),
		'0 0 ' . @mine, 'the API\'s own form');
};

subtest 'status 412 and 422' => sub {
	my $list = $head . "ours,new,1,1,,,,,,,,,\n";
	my $review = review($list);
	is(take($list, $review->{table_version} - 1)->{status}, 412,
		'another table than the one that was reviewed');
	for (['csv', $head . "ours,a,1,1,,,,,,,,,\nours,b,x,1,,,,,,,,,\n",
		qr/^Line 3 .*"x" is no number/],
		['csv', "model,input\n", qr/^Line 1 .*header/],
		['csv', $head . "a,b,1,1,,,,,,,,,\na,b,2,2,,,,,,,,,\n",
			qr/^Line 3 .*twice/],
		['json', '[{"provider":"a","model":"b"},{"provider":"a"}]',
			qr/^Price 2 .*needed/],
		['json', '[{"provider":"a","model":"b","inptu":1}]', qr/no column/],
		['json', '[{"provider":"a","model":"b","input":[]}]', qr/input/],
		['json', "[\n1,\n", qr/line 3/], ['json', '{}', qr/no list/])
	{
		my ($format, $content, $why) = @$_;
		my $answer = $api->post("$path/preview",
			{ format => $format, content => $content });
		is($answer->{status}, 422, "refused: $why");
		is($answer->{json}{error}{field}, 'content', 'by its field');
		like($answer->{json}{error}{message}, $why, 'and told where');
	}
};

subtest 'the audit log' => sub {
	my ($entry) = grep { $_->{action} eq 'imports' }
		@{$api->read('/api/audit?limit=200')->{items}};
	is("$entry->{object_type} $entry->{username}", 'prices admin', 'who');
	ok($api->read("/api/audit/$entry->{id}")->{after}{items}, 'and what');
};

subtest 'aiproxy-admin prices import' => sub {
	$t->write_file("$t->{dir}/list.csv", $head . "ours,demo-small,4,2,,,,,,,,,\n"
		. "ours,fresh,1,1,,,,,,,,,\n");
	my $seen = command('--dry-run');
	like($seen, qr/^~ ours demo-small: .*input 3 -> 4/m, 'what changes');
	like($seen, qr/^\+ ours fresh: input 1, output 1$/m, 'what is new');
	like($seen, qr/^1 added, 1 changed, 0 unchanged; nothing was written$/m,
		'how many');
	like(command(), qr/^1 added, 1 changed, 0 unchanged$/m, 'done');
	like(command(), qr/^0 added, 0 changed, 2 unchanged$/m, 'once');
	ok(wait_for(sub {
		my ($usd, $in, $out) = cost();
		return abs($usd - (4 * $in + 2 * $out) / 1e6) < 1e-12;
	}), 'the daemon publishes it');
	my ($entry) = grep { $_->{username} eq '(terminal)' }
		@{$api->read('/api/audit?limit=200')->{items}};
	is($entry->{action}, 'imports', 'with its entry');
	$t->write_file("$t->{dir}/list.csv", "$head\nours,x,1,y,,,,,,,,,\n");
	like(command(), qr/Line 3 of the prices/, 'a bad one is refused');
	isnt($?, 0, 'by its status');
};

$spec->shown("POST $path" => [200, 412],
	"POST $path/preview" => [200, 422]);
$t->done();

sub command {
	my (@arguments) = @_;
	my $database = $ENV{AIPROXY_TEST_DATABASE} || "sqlite:$t->{dir}/aiproxy.db";
	return join '', qx{@{[AIProxy::build()]}/aiproxy-admin prices import $t->{dir}/list.csv --dir $t->{dir} --run-dir $t->{run} --database '$database' @arguments 2>&1};
}
