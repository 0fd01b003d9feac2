#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Between two attempts a request may wait as well: when all keys of its pool
# rest and one of them may be had again before its client key's deadline. If
# none may, the provider's answer passes at once.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects text_of);
use Digest::SHA qw(sha256_hex);
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    client_body_buffer_size 8k;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# The only key was asked too often; its rest ends in time.

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $client = pool("$dialect-$stream", 1, park_ms => 20_000);
		my $answer = $t->ask($dialect, $client, stream => $stream);
		my $label = $dialect . ($stream ? ', stream' : '');
		is($answer->{status}, 200, "$label: served after the rest");
		ok(length text_of($dialect, $answer), "$label: its content");
		my $record = $t->record($answer);
		my ($first, $second) = @{$record->{attempt_list}};
		is("$record->{attempts} $first->{result} $first->{status} "
			. "$second->{result} $second->{status}",
			'2 next 429 passed 200', "$label: both attempts");
		cmp_ok($second->{waited_ms}, '>=', 900,
			"$label: it waited for the second");
		is($first->{waited_ms}, undef, "$label: not for the first");
		is($second->{trial}, JSON::PP::true, "$label: which is the trial");
		cmp_ok($record->{decision}{parked_ms}, '>=', 900,
			"$label: in all");
	}
}

# Several keys, a body in a file: the first one that is free serves.

my @keys = map { $t->provider_key($provider, priority => $_,
	secret => "demo-key-several-$_?status=429,retry_after=" . 2 * $_
		. ",times=1,tag=$_") } 1, 2;
my $client = $t->client_key(\@keys, strategy => 'priority',
	park_ms => 20_000);
my $prompt = 'word ' x 20_000;
my $answer = $t->ask('openai_chat', $client, prompt => $prompt);
my $record = $t->record($answer);
is("$answer->{status} $record->{attempts} $record->{provider_key}{id}",
	"200 3 $keys[0]{id}", 'two keys: the first that is free');
my @seen = (grep { $_->{credential} =~ /several/ } $t->demo_requests());
is(scalar @seen, 3, 'two keys: three requests');
is(scalar(grep { $_->{body_sha256} eq $seen[0]{body_sha256}
	&& $_->{body_bytes} > length $prompt } @seen), 3,
	'two keys: the same body each time');

# An accident of all keys is waited for too.

$client = pool('accident', 'status=500,times=2', park_ms => 30_000);
$answer = $t->ask('openai_chat', $client);
$record = $t->record($answer);
is("$answer->{status} $record->{attempts}", '200 3',
	'an accident: the same key, and once more after its rest');

# None is free in time: the answer passes, at once.

for my $case (['deadline', 30, park_ms => 1000],
	['no wait', 1, park_ms => undef],
	['attempts', 1, park_ms => 20_000, max_attempts => 1],
	['time for attempts', 3, park_ms => 20_000, attempts_within_ms => 500])
{
	my ($name, $rest, %fields) = @$case;
	my $began = time;
	$answer = $t->ask('openai_chat', pool($name =~ s/ /-/gr, $rest,
		%fields));
	$record = $t->record($answer);
	is("$answer->{status} $answer->{headers}{'retry-after'} "
		. $record->{attempts}, "429 $rest 1", "$name: passes");
	is($record->{decision}{parked_ms}, undef, "$name: did not wait");
}

# Another request is quicker than the wait.

my $busy = $t->provider_key($provider, max_in_flight => 1,
	secret => 'demo-key-busy?status=429,retry_after=1,times=1,tag=busy');
$client = $t->client_key([$busy], park_ms => 30_000);
my @answers = AIProxy::Http::parallel($t->proxy_port,
	[map { $t->bytes_of('openai_chat', $client) } 1 .. 6]);
is(join(' ', map { $_->{status} } @answers), join(' ', (200) x 6),
	'all are served, one after the other');

# A caller who leaves while its request waits.

my $slow = $t->provider_key($provider,
	secret => 'demo-key-slow?status=429,retry_after=2,times=1,tag=slow');
$client = $t->client_key([$slow], park_ms => 30_000);
my $exchange = $t->begin('openai_chat', $client);
is(wait_for(sub { $t->health($slow)->{state} eq 'resting' }), 1,
	'a request waits');
$exchange->leave();
my ($left) = $t->wait_records(1, "client_key_id=$client->{id}");
is("$left->{outcome} $left->{attempts}", 'aborted 1', 'its caller left');
is($t->api->read("/api/provider-keys/keys/$slow->{id}")->{in_flight}, 0,
	'nothing is in flight');
is($t->ask('openai_chat', $client)->{status}, 200, 'the next is served');

$t->done();

# pool(name, seconds or faults, ...): a client key with one key that fails
# once, of a provider of its own: several would be taken for its address.

sub pool {
	my ($name, $fault, %fields) = @_;
	$fault = "status=429,retry_after=$fault,times=1" if $fault =~ /^\d+$/;
	return $t->client_key([$t->provider_key($t->provider(),
		secret => "demo-key-$name?$fault,tag=$name")], %fields);
}
