#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A failure before the first byte goes to the next key, and the key that failed
# rests: how long and why is seen in the API and in the record. When no key is
# left the provider's last answer passes untouched, but what it says of our own
# credential does not.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider(first_byte_timeout_ms => 700);
my $refusing = $t->provider(base_url => 'http://127.0.0.1:' . free_port());
my $good = $t->provider_key($provider, secret => 'demo-key-good');

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

# fault of the first key, the rest's class, least and greatest rest in
# seconds, status of the attempt, what rests: the key, the key for this model
# ("model"), or the provider, whose keys come last then and are not excluded

my @cases = (
	['status=401', 'credential', 50, 60, 401],
	['status=403', 'model', 50, 60, 403, 'model'],
	['status=429', 'rate_limited', 20, 30, 429],
	['status=429,retry_after=7', 'rate_limited', 4, 7, 429],
	['status=500', 'unavailable', 1, 5, 500],
	['status=503', 'busy', 1, 5, 503, 'provider'],
	['status=529', 'busy', 1, 5, 529, 'provider'],
	['close', 'invalid_answer', 1, 5, undef],
	['reset', 'invalid_answer', 1, 5, undef],
	['garbage', 'invalid_answer', 1, 5, undef],
	['half_header', 'invalid_answer', 1, 5, undef],
	['hang', 'timeout', 1, 5, undef],
	['refused', 'unreachable', 1, 5, undef],
);

for my $case (@cases) {
	my ($fault, $class, $least, $most, $status, $scope) = @$case;
	my $bad = $t->provider_key($fault eq 'refused' ? $refusing : $provider,
		secret => "demo-key-bad?$fault");
	my $client = $t->client_key([$bad, $good]);
	my $stream = $status ? 0 : 1;

	$t->forget_demo_requests();
	my $answer = first_tried($client, $bad, stream => $stream);
	is($answer->{status}, 200, "$fault: the next key serves");
	is(($t->demo_requests())[-1]{credential}, 'demo-key-good',
		"$fault: with its own credential");

	my $record = $t->record($answer);
	my ($first, $second) = @{$record->{attempt_list}};
	is("$record->{status} $record->{outcome} $record->{attempts}",
		'200 success 2', "$fault: record");
	is($record->{provider_key}{id}, $good->{id}, "$fault: who served");
	is(join(' ', map { $_ // 'null' } @$first{qw(number result class status)}),
		join(' ', 1, 'next', $class, $status // 'null'),
		"$fault: first attempt");
	is(join(' ', map { $_ // 'null' } @$second{qw(number result class status)}),
		'2 passed null 200', "$fault: second attempt");
	cmp_ok($first->{rest_ms}, '<=', $most * 1000, "$fault: rest, most");
	cmp_ok($first->{rest_ms}, '>=', $least * 1000, "$fault: rest, least");

	is($t->health($good)->{state}, 'ready', "$fault: the other is ready");

	if (($scope // 'key') ne 'key') {
		is($t->health($bad)->{state}, 'ready',
			"$fault: the key itself does not rest");
		next if $scope eq 'provider';
		$record = $t->record($t->ask('openai_chat', $client));
		is_deeply([map { "$_->{provider_key}{id} $_->{reason}" }
			@{$record->{decision}{excluded}}],
			["$bad->{id} model_resting"], "$fault: exclusion");
		$record = $t->record($t->ask('openai_chat', $client,
			model => 'demo-large'));
		is(scalar @{$record->{decision}{excluded} // []}, 0,
			"$fault: another model is not concerned");
		next;
	}

	my $health = $t->health($bad);
	is(join(' ', map { $_ // 'null' } @$health{qw(state class status)}),
		join(' ', 'resting', $class, $status // 'null'),
		"$fault: health");
	cmp_ok($health->{remaining_ms}, '<=', $most * 1000,
		"$fault: it rests no longer than said");
	cmp_ok($health->{remaining_ms}, '>', 0, "$fault: it rests still");

	# While it rests it is not asked, and the record says why.

	$record = $t->record($t->ask('openai_chat', $client));
	is($record->{attempts}, 1, "$fault: not asked while it rests");
	is_deeply([map { "$_->{provider_key}{id} $_->{reason}" }
		@{$record->{decision}{excluded}}], ["$bad->{id} resting"],
		"$fault: exclusion");
	ok($record->{decision}{excluded}[0]{until}, "$fault: until when");
}

# A rest ends by itself.

my $short = $t->provider_key($provider,
	secret => 'demo-key-short?status=429,retry_after=1,times=1');
my $client = $t->client_key([$short]);
is($t->ask('openai_chat', $client)->{status}, 429, 'the only key fails');
is(wait_for(sub { $t->health($short)->{state} eq 'trial' }), 1,
	'its rest ends');
is($t->ask('openai_chat', $client)->{status}, 200, 'it serves again');
is($t->health($short)->{state}, 'ready', 'and is proved');

# An accident of the only key there is: once more with it, and no rest.

my $lone = $t->provider_key($provider,
	secret => 'demo-key-lone?status=500,times=1');
my $again = $t->ask('openai_chat', $t->client_key([$lone]));
is($again->{status}, 200, 'the only key is tried once more');
is($t->record($again)->{attempts}, 2, 'its record has both attempts');
is($t->health($lone)->{state}, 'ready', 'it does not rest');

# As many attempts as the client key may have.

my @failing = map { $t->provider_key($provider,
	secret => "demo-key-failing-$_?status=500") } 1 .. 4;
my $few = $t->ask('openai_chat', $t->client_key(\@failing,
	max_attempts => 2));
is($few->{status}, 500, 'the last answer passes when no attempt is left');
is($t->record($few)->{attempts}, 2, 'no more attempts than it may have');

# No key left: the last answer, as it came.

for my $dialect (@dialects) {
	my $only = $t->provider_key($provider, secret => "demo-key-$dialect?"
		. 'status=429,retry_after=3,error_message=slow%20down');
	my $answer = $t->ask($dialect, $t->client_key([$only]));
	is($answer->{status}, 429, "$dialect: last answer's status");
	is($answer->{headers}{'retry-after'}, 3, "$dialect: its header");
	like($answer->{body}, qr/slow down/, "$dialect: its body");
	my $record = $t->record($answer);
	is(join(' ', $record->{status}, $record->{outcome},
		$record->{error_code} // 'null'), '429 failed null',
		"$dialect: its record");
	is($record->{attempt_list}[0]{result}, 'passed',
		"$dialect: the attempt passed");

	# All keys rest now.

	my $resting = $t->ask($dialect, $t->client_key([$only]));
	$t->refused($dialect, $resting, 429, "$dialect: all keys rest");
	like($resting->{headers}{'retry-after'} // '', qr/^[1-3]$/,
		"$dialect: until the first has rested");
	is($t->record($resting)->{error_code}, 'pool.resting',
		"$dialect: all rest, record");
}

# No key left, and what the provider said is about our own key.

for my $status (401, 403) {
	for my $dialect (@dialects) {
		my @dead = map { $t->provider_key($provider, secret =>
			"demo-key-dead-$_-$dialect?status=$status") } 1, 2;
		my $answer = $t->ask($dialect, $t->client_key(\@dead));
		$t->refused($dialect, $answer, 503,
			"$dialect: $status of our own keys");
		my $record = $t->record($answer);
		is("$record->{outcome} $record->{error_code} $record->{attempts}",
			'failed pool.keys_refused 2', "$dialect: $status, record");
	}
}

# An accident of the only key, which went to rest meanwhile: it is not asked once
# more, and the answer is not let go for it.

my $lonely = $t->provider_key($t->provider(), secret => 'demo-key-lonely');
my $caller = $t->client_key([$lonely]);
my $accident = $t->begin('openai_chat', $caller,
	fault => 'delay_ms=1500,status=500,error_message=of-the-provider');
ok(wait_for(sub { $t->api->read("/api/provider-keys/keys/$lonely->{id}")
	->{in_flight} }), 'the only key is asked');
is($t->ask('openai_chat', $caller, fault => 'status=429,retry_after=60')
	->{status}, 429, 'it goes to rest');
$accident = $accident->finish;
is($accident->{status}, 500, 'its answer passes');
like($accident->{body}, qr/of-the-provider/, 'as it came');
is($t->record($accident)->{attempts}, 1, 'it was asked once');

# The key that was left went to rest while the first one was asked: the last
# answer is not let go for it.

my $patient = $t->provider();
my ($slow, $gone) = map { $t->provider_key($patient, priority => $_->[0],
	secret => "demo-key-$_->[1]") } [1, 'slow?delay_ms=2000,status=429,'
	. 'error_message=of-the-provider'], [2, 'gone?status=429,retry_after=60'];
my $running = $t->begin('openai_chat', $t->client_key([$slow, $gone],
	strategy => 'priority'));
ok(wait_for(sub { $t->api->read("/api/provider-keys/keys/$slow->{id}")
	->{in_flight} }), 'the first key is asked');
is($t->ask('openai_chat', $t->client_key([$gone]))->{status}, 429,
	'the other one goes to rest');
my $last = $running->finish;
is($last->{status}, 429, 'no key is left');
like($last->{body}, qr/of-the-provider/, 'the provider\'s own answer passes');
my $kept = $t->record($last);
is("$kept->{attempts} $kept->{attempt_list}[0]{result}", '1 passed',
	'its record');
is(join(' ', map { "$_->{provider_key}{id} $_->{reason}" }
	@{$kept->{decision}{excluded}}), "$gone->{id} resting",
	'which says why the other one was not asked');

# Failures without an answer, and no key left: 502 or 504 with a record.

for my $case (['close', 502, 'upstream.closed'],
	['garbage', 502, 'upstream.invalid_answer'],
	['half_header', 502, 'upstream.closed'],
	['hang', 504, 'upstream.timeout'],
	['refused', 502, 'upstream.connect'])
{
	my ($fault, $status, $code) = @$case;
	for my $dialect (@dialects) {
		my $only = $t->provider_key($fault eq 'refused' ? $refusing
			: $provider, secret => "demo-key-$dialect-only?$fault");
		my $answer = $t->ask($dialect, $t->client_key([$only]),
			stream => 1);
		$t->refused($dialect, $answer, $status, "$dialect: only $fault");
		my $record = $t->record($answer);
		is("$record->{status} $record->{outcome} $record->{error_code}",
			"$status failed $code", "$dialect: only $fault, record");
	}
}

# The total time bounds all attempts together.

my $bounded = $t->provider(total_timeout_ms => 900,
	first_byte_timeout_ms => 600);
my @hanging = map { $t->provider_key($bounded,
	secret => "demo-key-hanging-$_?hang") } 1 .. 4;
my $began = time;
my $late = $t->ask('openai_chat', $t->client_key(\@hanging));
$t->refused('openai_chat', $late, 504, 'no attempt goes beyond the total time');
cmp_ok(time - $began, '<', 2, 'not long after it');
is($t->record($late)->{attempts}, 2, 'as many as went into it');

# A caller's own fault is nobody's rest.

my $own = $t->client_key([$good]);
for my $status (400, 404, 413, 422) {
	my $answer = $t->ask('openai_chat', $own,
		model => "demo-fault:status=$status");
	is($answer->{status}, $status, "$status passes");
	is($t->health($good)->{state}, 'ready', "$status rests nothing");
	my $record = $t->record($answer);
	is("$record->{outcome} $record->{attempts}", 'failed 1',
		"$status: record");
}

$t->done();

# Asks until the key that shall fail was tried: the rotation may begin with
# the other.

sub first_tried {
	my ($client, $bad, %o) = @_;
	for (1 .. 2) {
		my $answer = $t->ask('openai_chat', $client, %o);
		return $answer if $t->record($answer)->{attempts} > 1
			|| $answer->{status} != 200;
	}
	return { status => 'the failing key was not tried' };
}
