#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Requests per minute: a thousand at once against a limit of sixty admit
# exactly sixty, over all workers; who is over gets 429 with Retry-After in its
# dialect, and a record; other client keys notice nothing.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(parallel);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $key = $t->provider_key($t->provider());
my %clients = map { $_ => $t->client_key([$key], requests_per_minute => 2) }
	@dialects;
my $sixty = $t->client_key([$key], requests_per_minute => 60);
my $none = $t->client_key([$key], requests_per_minute => 0);
my $free = $t->client_key([$key]);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
    }
}
EOC

my $bytes = $t->bytes_of('openai_chat', $sixty);
my @answers = parallel($t->proxy_port, [($bytes) x 1000]);
my %count;
$count{$_->{status}}++ for @answers;
is_deeply(\%count, { 200 => 60, 429 => 940 }, '60 of 1,000 at once');
is(scalar(my @seen = $t->demo_requests()), 60, '60 went upstream');

my @refused = grep { $_->{status} == 429 } @answers;
my @waits = sort { $a <=> $b } map { $_->{headers}{'retry-after'} // 0 }
	@refused;
cmp_ok($waits[0], '>=', 1, 'Retry-After is not now');
cmp_ok($waits[-1], '<=', 64, 'Retry-After is not for ever');

is(scalar $t->wait_records(1000, "client_key_id=$sixty->{id}"), 1000,
	'each has its record');
is(scalar $t->records("client_key_id=$sixty->{id}&status=429"), 940,
	'the refused too');

for my $dialect (@dialects) {
	is($t->ask($dialect, $clients{$dialect})->{status}, 200,
		"$dialect, $_ of 2") for 1, 2;
	my $answer = $t->ask($dialect, $clients{$dialect});
	$t->refused($dialect, $answer, 429, "$dialect, over its limit");
	like($answer->{headers}{'retry-after'} || '', qr/^[1-9]\d*$/,
		"$dialect, Retry-After");
	my $record = $t->record($answer);
	is("$record->{outcome} $record->{error_code} $record->{attempts}",
		'rejected limit.requests_per_minute 0', "$dialect, record");
}

is($t->ask('openai_chat', $none)->{status}, 429, 'a limit of 0 is a limit');
is($t->ask('openai_chat', $free)->{status}, 200, 'no limit is none');

# A change is in force at once, and a raised limit counts what was used.

$t->change_client_key($clients{openai_chat}, requests_per_minute => 3);
is($t->ask('openai_chat', $clients{openai_chat})->{status}, 200,
	'one more of 3');
is($t->ask('openai_chat', $clients{openai_chat})->{status}, 429,
	'3 of 3 are used');
$t->change_client_key($clients{openai_chat}, requests_per_minute => undef);
is($t->ask('openai_chat', $clients{openai_chat})->{status}, 200,
	'limit taken away');

# What was counted outlives the workers.

$t->reload_nginx();
is($t->ask('anthropic_messages', $clients{anthropic_messages})->{status}, 429,
	'counted across a reload');

# A refused body is not a used request.

my $strict = $t->client_key([$key], requests_per_minute => 1);
is($t->ask('openai_chat', $strict, body => '{')->{status}, 400, 'malformed');
is($t->ask('openai_chat', $strict)->{status}, 200, 'it cost nothing');

$t->done();
