#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# This node by the API: its status, which is as /proc, the files and nginx's own
# status have it, its slots, what happens when it cannot publish.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use AIProxy::OpenApi;
use AIProxy::Sqlite qw(lock_database);
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my @nobody = (as_it_is => 1, headers => [['Authorization', 'Bearer x']]);
sub status { return $api->read('/api/system/status') }

subtest 'status: 200' => sub {
	my $status = status();
	like($status->{node_id}, qr/^[0-9a-f]{32}$/, 'node');
	is($status->{config_generation}, $status->{snapshot}{generation},
		'generation');
	cmp_ok($status->{snapshot}{bytes}, '>', 1000, 'the snapshot\'s size');
	is($status->{snapshot}{error}, undef, 'nothing is wrong');
	cmp_ok($status->{state}{slots}, '>', 0, 'slots');
	cmp_ok($status->{ledger}{bytes}, '>=', 4 * 4 * 1024 * 1024,
		'segments are prepared');
};

subtest 'openapi: 200' => sub {
	is($api->get('/api/openapi.json', @nobody)->{json}{openapi}, '3.1.0',
		'for everybody');
};

subtest 'status 401' => sub {
	is($api->get('/api/system/status', @nobody)->{status}, 401, 'nobody');
};

# Slots of deleted keys were never given back: a sweep followed at once on the
# publication, when every worker still served the generation before.

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
        location = /status { aiproxy_status; }
    }
}
EOC

subtest 'as /proc and nginx have it' => sub {
	my $client = $t->client_key([$t->provider_key($t->provider())]);
	$t->ask('openai_chat', $client) for 1 .. 5;
	my $stream = $t->begin('openai_chat', $client, stream => 1,
		fault => 'events=1000,event_delay_ms=20');
	ok($stream->until_body(qr/data: /), 'one streams');
	my ($status, $told);
	ok(wait_for(sub {
		$status = status();
		$told = decode_json(request($t->proxy_port, 'GET', '/status')->{body});
		return !grep { $_->{generation} != $status->{config_generation} }
			@{$status->{workers}}, @{$told->{workers}};
	}), 'each worker holds the newest generation');
	my @workers = sort { $a->{pid} <=> $b->{pid} } @{$status->{workers}};
	is(join(' ', map { $_->{pid} } @workers),
		join(' ', sort { $a <=> $b } $t->worker_pids), 'the workers by pid');
	my %told = map { $_->{pid} => $_ } @{$told->{workers}};
	is(join(' ', map { $_->{requests_running} } @workers), join(' ', map {
		$told{$_->{pid}}{requests_running} } @workers), 'what each runs');
	my $sum = 0;
	$sum += $_->{requests_running} for @workers;
	is("$sum $status->{state}{in_flight} $told->{requests_running}", '1 1 1',
		'one in all');
	is($status->{daemon}{pid}, $t->daemon->{pid}, 'the daemon');
	for my $process (@workers, $status->{daemon}) {
		my ($cpu_ms, $bytes) = of_proc($process->{pid});
		cmp_ok(abs($process->{memory_bytes} - $bytes), '<', 4 << 20,
			"memory of $process->{pid}");
		cmp_ok(abs($process->{cpu_ms} - $cpu_ms), '<', 1000, 'and its time');
		cmp_ok($process->{memory_bytes}, '>', 100_000, 'it has some');
	}
	$stream->leave;
	ok(wait_for(sub { status()->{state}{in_flight} == 0 }), 'it ended');
};

subtest 'as the machine has it' => sub {
	my $machine = status()->{machine};
	is($machine->{cpus}, `getconf _NPROCESSORS_ONLN` + 0, 'CPUs');
	my $memory = $t->read_file('/proc/meminfo');
	is($machine->{memory_bytes} / 1024, ($memory =~ /^MemTotal:\s+(\d+)/m)[0],
		'memory');
	my ($free) = $memory =~ /^MemAvailable:\s+(\d+)/m;
	cmp_ok(abs($machine->{memory_free_bytes} / 1024 - $free), '<', 512 << 10,
		'what is free of it');
	my ($load) = split ' ', $t->read_file('/proc/loadavg');
	cmp_ok(abs($machine->{load} - $load), '<', 2, 'load');
	for (['dir', $t->{dir}], ['run_dir', $t->{run}]) {
		my ($name, $folder) = @$_;
		my ($size, $left) = `df -B1 --output=size,avail $folder`
			=~ /(\d+)\s+(\d+)\s*$/;
		is($machine->{$name}{bytes}, $size, "$name: its file system");
		cmp_ok(abs($machine->{$name}{free_bytes} - $left), '<', 256 << 20,
			"$name: what is free");
	}
	is(status()->{redis}, undef, 'no Redis');
};

SKIP: {
	skip 'locks the file of SQLite', 1 if $ENV{AIPROXY_TEST_DATABASE};
	subtest 'as the files have it' => sub {
		my $client = $t->client_key([$t->provider_key($t->provider())]);
		my $ledger = sub { status()->{ledger} };
		ok(wait_for(sub { $ledger->()->{bytes}
			== bytes_in("$t->{run}/ledger") }), 'the ledger on tmpfs');
		is($ledger->()->{bytes}, decode_json(request($t->proxy_port, 'GET',
			'/status')->{body})->{ledger_bytes}, 'as nginx has it');
		is($ledger->()->{waiting_bytes}, 0, 'nothing waits');
		my $ingested = $ledger->()->{records_ingested};
		my $release = lock_database($t);
		my $asked = time;
		is($t->ask('openai_chat', $client)->{status}, 200, 'a request')
			for 1 .. 3;
		ok(wait_for(sub { $ledger->()->{lag_ms} > 1000 }), 'records wait');
		cmp_ok($ledger->()->{lag_ms}, '<=', 1000 * (time - $asked + 1),
			'for so long');
		cmp_ok($ledger->()->{waiting_bytes}, '>', 300, 'so much');
		$release->();
		ok(wait_for(sub { my $now = $ledger->();
			$now->{records_ingested} == $ingested + 3
			&& $now->{waiting_bytes} == 0 && $now->{lag_ms} == 0 }),
			'and then no more');
	};
}

subtest 'slots' => sub {
	my $provider = $t->provider();
	# Providers have slots too: those of the seed and this one.
	my $others = status()->{state}{slots_in_use};
	my @all = map { $api->list("/api/$_") }
		qw(providers provider-keys/keys client-keys);
	is($others, scalar @all, 'one for each provider and key');
	my $key = $t->provider_key($provider);
	my $client = $t->client_key([$key]);
	is(status()->{state}{slots_in_use}, $others + 2, 'one for each key');
	is($t->ask('openai_chat', $client)->{status}, 200, 'in use');

	# One that is used until its stream ends.
	my $stream = $t->begin('openai_chat', $client, stream => 1,
		fault => 'events=1000,event_delay_ms=20');
	ok($stream->until_body(qr/data: /), 'it streams');
	my $idle = $t->client_key([$key]);
	is(status()->{state}{slots_in_use}, $others + 3, 'a third key');
	$api->remove("/api/client-keys/$_->{id}") for $idle, $client;
	ok(wait_for(sub { status()->{state}{slots_in_use} == $others + 2 }),
		'the unused slot is free again');
	is($t->ask('openai_chat', $client)->{status}, 401, 'the key is gone');
	is(status()->{state}{slots_in_use}, $others + 2,
		'the used one is kept');

	$stream->leave;
	ok(wait_for(sub { status()->{state}{in_flight} == 0 }), 'it ended');
	# The next change sweeps again.
	$api->remove("/api/provider-keys/keys/$key->{id}");
	ok(wait_for(sub { status()->{state}{slots_in_use} == $others }),
		'all are free again');
};

# What cannot be published is stored and said; the caller is not kept waiting.

subtest 'publication fails' => sub {
	$t->expect_daemon_error(qr/"event":"not_published"/);
	my $generation = status()->{config_generation};
	rename "$t->{run}/snapshots", "$t->{run}/away" or die "rename: $!\n";
	local $api->{judge};
	my $begun = time;
	my $answer = $api->post('/api/client-keys',
		{ name => 'unpublished', provider_key_ids => [] });
	is($answer->{status}, 201, 'the change is stored');
	is($answer->{headers}{'x-config-generation'}, undef, 'but not served');
	cmp_ok(time - $begun, '<', 5, 'and that is said soon');
	like(status()->{snapshot}{error}, qr/snapshots/, 'the status says why');
	is(status()->{config_generation}, $generation, 'the old one serves');

	rename "$t->{run}/away", "$t->{run}/snapshots" or die "rename: $!\n";
	ok(wait_for(sub { !defined status()->{snapshot}{error} }),
		'tried again until it works');
	cmp_ok(status()->{config_generation}, '>', $generation, 'and served');
	my @said = grep { /"not_published"/ }
		split /\n/, $t->daemon->output('stderr');
	is(scalar @said, 1, 'the log says it once');
	# Served first; the copy on disk and the log come after it.
	ok(wait_for(sub { $t->daemon->output('stderr') =~ /not_published_over/ }),
		'and its end');
};

# A host that is unknown is said once, not in every round.

subtest 'a provider without an address' => sub {
	my $provider = $t->provider(name => 'nowhere',
		base_url => 'http://nowhere.invalid');
	my $of = sub { scalar grep { /"provider_not_resolved"/ && /nowhere/ }
		split /\n/, $t->daemon->output('stderr') };
	ok(wait_for($of), 'said');
	ok(wait_for(sub { defined $api->read("/api/providers/$provider->{id}")
		->{resolve_error} }), 'shown');
	# Each change of a provider is a round.
	for my $n (1 .. 3) {
		my $at = $t->provider(name => "round-$n",
			base_url => "http://round-$n.invalid");
		wait_for(sub { defined $api->read("/api/providers/$at->{id}")
			->{resolve_error} });
	}
	is($of->(), 1, 'once');
};

$spec->shown('GET /api/system/status' => [200, 401],
	'GET /api/openapi.json' => [200]);
$t->done();

# of_proc(pid): milliseconds of CPU, and bytes that are its own.

sub of_proc {
	my ($pid) = @_;
	my @stat = split ' ', $t->read_file("/proc/$pid/stat") =~ s/.*\) //sr;
	my @pages = split ' ', $t->read_file("/proc/$pid/statm");
	return (($stat[11] + $stat[12]) * 10, ($pages[1] - $pages[2]) * 4096);
}

sub bytes_in {
	my ($folder) = @_;
	my $bytes = 0;
	$bytes += -s $_ // 0 for glob "$folder/*";
	return $bytes;
}
