#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Exports of records as jobs: asked for, done, downloaded through nginx.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);
$t->start_nginx_from_tree();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $path = '/api/logs/exports';

$t->ask('openai_chat', $client, model => $_) for 'demo-small', '=cmd|calc',
	'a,"b"';
$t->ask('openai_chat', 'aip_nobody', model => 'demo-small');
$t->wait_records(4);

sub export {
	my ($query, $format) = @_;
	my $answer = $api->post("$path$query", { format => $format });
	is($answer->{status}, 202, "asked for: $format$query");
	my $job = $answer->{json};
	is($answer->{headers}{location}, "/api/jobs/$job->{id}", 'and where it is');
	ok(wait_for(sub {
		$job = $api->read("/api/jobs/$job->{id}");
		return $job->{state} !~ /waiting|running/;
	}), 'it ends');
	is($job->{state}, 'done', 'done');
	return $job;
}

subtest 'status 202' => sub {
	my $job = export('', 'csv');
	is($job->{records}, 4, 'all records');
	my $console = AIProxy::Api->new(port => $t->console_port);
	$console->sign_in('admin', $t->{password});
	my $file = $console->get("/api/jobs/$job->{id}/download");
	is($file->{status}, 200, 'downloaded');
	is(length $file->{body}, $job->{bytes}, 'whole');
	like($file->{headers}{'content-type'}, qr{^text/csv}, 'as CSV');
	like($file->{headers}{'content-disposition'}, qr/records\.csv/, 'named');
	my @lines = split /\r\n/, $file->{body};
	is(scalar @lines, 5, 'a head and a line each');
	ok((grep { /,'=cmd\|calc,/ } @lines), 'no formula is left');
	ok((grep { /,"a,""b""",/ } @lines), 'commas and quotes are quoted');

	my ($head, @rows) = map { [split /,/] } @lines;
	my ($row) = grep { "@$_" =~ /demo-small .*success/ } @rows;
	my %told;
	@told{@$head} = @$row;
	my $record = $t->record($told{request_id});
	is(join(' ', @told{qw(id status outcome model input_tokens output_tokens
		cost_usd usage_source client_key)}), join(' ', @$record{qw(id status
		outcome model input_tokens output_tokens cost_usd usage_source)},
		$record->{client_key}{name}), 'a line says what the record says');

	is(AIProxy::Http::request($t->console_port, 'GET',
		"/aiproxy-exports/$job->{id}.csv")->{status}, 404,
		'the file has no address of its own');
	is(export('?outcome=rejected', 'csv')->{records}, 1, 'filtered');
	is(export('?from=2000-01-01T00:00:00Z', 'csv')->{records}, 4, 'by time');
	is(export('?to=2000-01-01T00:00:00Z', 'csv')->{records}, 0, 'before');
	is(export('?from=2100-01-01T00:00:00Z', 'csv')->{records}, 0, 'behind');
	my $packed = export('?search=demo', 'jsonl.zst');
	is($packed->{records}, 1, 'packed');
	is(substr($console->get("/api/jobs/$packed->{id}/download")->{body}, 0, 4),
		"\x28\xb5\x2f\xfd", 'by zstd');
	is(scalar @{$api->read('/api/jobs')->{items}}, 6, 'all are listed');
};

subtest 'status 400 and 422' => sub {
	for ('?bogus=1', '?from=x', '?outcome=running', '?limit=5', '?tail=now') {
		is($api->post("$path$_", { format => 'csv' })->{status}, 400, $_);
	}
	is($api->post($path, $_)->{status}, 422, 'a bad format')
		for {}, { format => 'xls' }, { format => 1 },
		{ format => 'csv', more => 1 };
	is($api->get('/api/jobs?x=1')->{status}, 400, 'list: bad query');
};

subtest 'status 404' => sub {
	is($api->get("/api/jobs/$_")->{status}, 404, "none: $_")
		for 1, 'x', '01999999-9999-7999-8999-999999999999',
		'01999999-9999-7999-8999-999999999999/download';
};

subtest 'status 401' => sub {
	is($api->call($_->[0], $_->[1], $_->[2], as_it_is => 1,
		headers => [['Authorization', 'Bearer x']])->{status}, 401,
		"$_->[0] $_->[1]")
		for ['POST', $path, { format => 'csv' }], ['GET', '/api/jobs'],
		['GET', '/api/jobs/x'], ['GET', '/api/jobs/x/download'];
};

$spec->shown("POST $path" => [202, 400, 401, 422],
	'GET /api/jobs' => [200, 400, 401], 'GET /api/jobs/{id}' => [200, 401, 404],
	'GET /api/jobs/{id}/download' => [401, 404]);
$t->done();
