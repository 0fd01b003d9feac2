#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What was used without a price: listed by provider and model, until it has one
# and is rated anew; read from an index of such records alone.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use POSIX qw(strftime);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my %provider = map { $_ => $t->provider(name => $_, price_list => 'ours') }
	qw(one two);
my %client = map { $_ => $t->client_key([$t->provider_key($provider{$_})]) }
	qw(one two);
my $priced = $t->client_key([$t->provider_key($t->provider())]);
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
my $path = '/api/prices/unpriced';

is_deeply($api->read($path)->{items}, [], 'nothing yet');

my @records = map { $t->record($t->ask('openai_chat', $client{$_->[0]},
	model => $_->[1])) } (['one', 'demo-small']) x 3, ['two', 'demo-small'],
	['one', 'demo-large'];
$t->record($t->ask('openai_chat', $priced, model => 'demo-small'));
$t->record($t->ask('openai_chat', $client{one}, fault => 'status=400'));

subtest 'status 200' => sub {
	my @items = @{$api->read($path)->{items}};
	is_deeply([map { "$_->{provider}{name} $_->{price_list} $_->{model} "
		. "$_->{requests}" } @items], ['one ours demo-small 3',
		'one ours demo-large 1', 'two ours demo-small 1'],
		'by provider and model, and no other');
	my @mine = @records[0 .. 2];
	my ($in, $out) = (0, 0);
	($in, $out) = ($in + $_->{input_tokens}, $out + $_->{output_tokens})
		for @mine;
	is("$items[0]{input_tokens} $items[0]{output_tokens}", "$in $out",
		'their tokens');
	is("$items[0]{first_seen} $items[0]{last_seen}",
		join(' ', (sort map { $_->{started_at} } @mine)[0, 2]), 'when');
	ok(!$items[0]{has_price}, 'there is none');
	is($api->read('/api/statistics/overview')->{today}{unpriced}, 5,
		'as the statistics count them');
	my $ended = '2026-01-01T00:00:00Z';
	is_deeply($api->read("$path?to=$ended")->{items}, [], 'of another time');
	is(scalar @{$api->read("$path?from=$ended")->{items}}, 3, 'of this one');
};

subtest 'a price, and rated anew' => sub {
	my $content = 'provider,model,input,output,cache_read,cache_write_short,'
		. 'cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,'
		. "effective_from\nours,demo-small,1,2,,,,,,,,\n";
	my %list = (format => 'csv', content => $content);
	my $review = $api->post('/api/prices/imports/preview', \%list)->{json};
	is($api->post('/api/prices/imports', { %list,
		table_version => $review->{table_version} })->{status}, 200, 'given');
	is(join(' ', map { $_->{has_price} ? 1 : 0 } @{$api->read($path)->{items}}),
		'1 0 1', 'they have one by now');

	my $preview;
	# The last second is not over yet.
	ok(wait_for(sub {
		$preview = job('/api/prices/rerates', {
			from => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time - 3600),
			to => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time) });
		return $preview->{figures}{records} >= 7;
	}), 'previewed');
	is("$preview->{figures}{unpriced_before} "
		. $preview->{figures}{unpriced_after}, '5 1', 'one stays without');
	job("/api/prices/rerates/$preview->{job}{id}/apply");
	is_deeply([map { $_->{model} } @{$api->read($path)->{items}}],
		['demo-large'], 'and is listed alone');
	is($api->read('/api/statistics/overview')->{today}{unpriced}, 1,
		'in the statistics too');
};

subtest 'by an index' => sub {
	plan skip_all => 'SQLite tells its plan' if $ENV{AIPROXY_TEST_DATABASE};
	my $plan = qx{sqlite3 -readonly $t->{dir}/aiproxy.db "EXPLAIN QUERY PLAN SELECT provider_id, COALESCE(model_served, model), count(*), SUM(input_tokens) FROM proxy_tracing WHERE cost IS NULL AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL) AND started_at >= 1 AND started_at < 2 GROUP BY provider_id, COALESCE(model_served, model)"};
	like($plan, qr/COVERING INDEX proxy_tracing_unpriced/, 'and no row');
};

subtest 'status 400 and 401' => sub {
	is($api->get("$path?$_")->{status}, 400, $_) for 'bogus=1', 'from=x';
	is($api->get($path, as_it_is => 1,
		headers => [['Authorization', 'Bearer x']])->{status}, 401, 'nobody');
};

$spec->shown("GET $path" => [200, 400, 401]);
$t->done();

sub job {
	my ($path, $body) = @_;
	my $answer = $api->post($path, $body);
	is($answer->{status}, 202, 'asked for') or diag $answer->{body};
	my $rerate;
	wait_for(sub {
		$rerate = $api->read("/api/prices/rerates/$answer->{json}{id}");
		return $rerate->{job}{state} !~ /waiting|running/;
	});
	is($rerate->{job}{state}, 'done', 'done');
	return $rerate;
}
