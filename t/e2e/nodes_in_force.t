#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Two nodes over one Postgres and one Redis: what is changed on either is in
# force for callers of both within a second; both tell who they are and that
# they serve the same; the tail shows what either did; a key that one saw
# refused rests on the other.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use AIProxy::Nodes;
use JSON::PP;
use Time::HiRes qw(time);

my $rounds = $ENV{AIPROXY_ROUNDS} || 10;
my $nodes = AIProxy::Nodes->start(
	http => 'log_format cost "$aiproxy_cost"; access_log costs cost;');
my ($first, $second) = $nodes->nodes;
$_->{names}{SHARED} =~ s{access_log costs}{access_log $_->{root}/costs}
	for $nodes->nodes;

my $provider = $first->provider();
my $key = $first->provider_key($provider);
my $switched = $first->provider();
my $owner = $first->api->create('/api/users', { username => 'owner',
	password => 'a-long-password', role => 'user' });
my %client = (key => $first->client_key([$key]),
	provider => $first->client_key([$first->provider_key($switched)]), price => $first->client_key([$key]),
	user => $first->client_key([$key], user_id => $owner->{id}));
$nodes->start_nginx();
$nodes->wait_served($client{key});

# Who they are.

my %version;
for my $t ($nodes->nodes) {
	my $me = $t->api->read('/api/system/status');
	cmp_ok($me->{config_age_ms}, '<', 2000, 'a young configuration');
	my $status = decode_json(request($t->proxy_port, 'GET', '/status')->{body});
	cmp_ok($status->{config_age_seconds}, '<', 2, 'nginx says so too');
	wait_for(sub {
		my @list = @{$t->api->read('/api/system/nodes')->{items}};
		%version = map { $_->{name} => $_->{config_version} } @list;
		return @list == 2 && $version{'node-1'} == $version{'node-2'};
	});
	my @list = @{$t->api->read('/api/system/nodes')->{items}};
	is(join(' ', map { $_->{name} } @list), 'node-1 node-2', 'both are told');
	is($version{'node-1'}, $version{'node-2'}, 'with the same configuration');
	isnt($list[0]{node_id}, $list[1]{node_id}, 'as two');
	my ($mine) = grep { $_->{is_this} } @list;
	is("$mine->{node_id} $mine->{name}", "$me->{node_id} $me->{node_name}",
		'one is the one asked');
	cmp_ok($mine->{generation}, '>=', 1, 'with its generation');
}

# The same object changed back and forth, on one node and then the other.

my @took;
for my $round (1 .. $rounds) {
	my $by = ($nodes->nodes)[$round % 2];
	my $off = $round % 2 ? JSON::PP::false : JSON::PP::true;
	in_force('client key', $by, "/api/client-keys/$client{key}{id}",
		{ is_enabled => $off }, sub { status($_[0], 'key')
			== ($off ? 200 : 403) });
	in_force('provider', $by, "/api/providers/$switched->{id}",
		{ is_enabled => $off }, sub { status($_[0], 'provider')
			== ($off ? 200 : 503) });
	in_force('user', $by, "/api/users/$owner->{id}", { is_enabled => $off },
		sub { (status($_[0], 'user') == 403) == !$off }) if !$off;
	if ($off) {
		in_force('user', $by, "/api/users/$owner->{id}",
			{ is_enabled => $off }, sub { status($_[0], 'user') == 200 });
		my $model = "priced-$round";
		my $began = time;
		price($by, $model);
		took('price', $began, sub {
			$_[0]->ask('openai_chat', $client{price}, model => $model);
			return cost_of($_[0]) ne '';
		});
	}
}
my @sorted = sort { $a <=> $b } @took;
my $p99 = $sorted[int(0.99 * $#sorted)];
note(sprintf '%d changes in force on both nodes: p50 %.0f ms, p99 %.0f ms, '
	. 'longest %.0f ms', scalar @sorted, map { 1000 * $_ }
	$sorted[$#sorted / 2], $p99, $sorted[-1]);
cmp_ok($p99, '<=', 1, 'within a second');

# What either did is in the live tail of both.

my %next = map { $_->{root} => $_->api->read('/api/logs/traces?tail=now')
	->{next} } $nodes->nodes;
my @ids = map { $_->ask('openai_chat', $client{key})
	->{headers}{'x-request-id'} } $first, $second, $first, $second;
my %wanted = map { $first->record($_)->{id} => 1 } @ids;
for my $t ($nodes->nodes) {
	my %there;
	ok(wait_for(sub {
		my $page = $t->api->read('/api/logs/traces?tail=' . $next{$t->{root}});
		$next{$t->{root}} = $page->{next};
		$there{$_->{id}} = 1 for grep { defined $_->{id} } @{$page->{items}};
		return 4 == grep { $there{$_} } keys %wanted;
	}), 'the tail shows the requests of both nodes');
}

# What one saw refused the other leaves out.

my $limited = $first->provider_key($provider, priority => 1,
	secret => 'demo-key-limited?status=429,retry_after=30,times=1');
my $pair = $first->client_key([$limited, $key], strategy => 'priority');
ok(wait_for(sub { $second->health($limited)->{state} ne 'unknown' }), 'known');
is($first->record($first->ask('openai_chat', $pair))->{attempts}, 2,
	'refused on the first node');
ok(wait_for(sub { $second->health($limited)->{state} eq 'resting' }),
	'it rests on the second');
is($second->record($second->ask('openai_chat', $pair))->{attempts}, 1,
	'which does not try it');

$nodes->done();

sub status {
	my ($t, $client) = @_;
	return $t->ask('openai_chat', $client{$client})->{status};
}

sub price {
	my ($by, $model) = @_;
	my %list = (format => 'csv', content => 'provider,model,input,output,'
		. 'cache_read,cache_write_short,cache_write_long,tier_at,tier_input,'
		. "tier_output,tier_cache_read,effective_from\ndemo,$model,1,2,,,,,,,,\n");
	my $review = $by->api->post('/api/prices/imports/preview', \%list)->{json};
	$by->api->must(200, 'POST', '/api/prices/imports', { %list,
		table_version => $review->{table_version} });
}

sub cost_of {
	my ($t) = @_;
	my @lines = split /\n/, $t->read_file("$t->{root}/costs");
	return $lines[-1] eq '-' ? '' : $lines[-1];
}

sub in_force {
	my ($what, $by, $path, $change, $seen) = @_;
	my $began = time;
	$by->api->change($path, $change);
	took($what, $began, $seen);
}

# From before the change was sent to when both had served by it.

sub took {
	my ($what, $began, $seen) = @_;
	my %done;
	my $all = wait_for(sub {
		$done{$_->{root}} ||= $seen->($_) for $nodes->nodes;
		return 2 == grep { $_ } values %done;
	}, 10);
	push @took, time - $began;
	ok($all, sprintf '%s: %.0f ms', $what, 1000 * $took[-1]);
}
