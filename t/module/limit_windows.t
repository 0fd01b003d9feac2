#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Limits beside requests per minute: each holds when all come at once, over all
# workers; what is reserved for tokens and money is never passed and comes back
# when it was not used; a refusal names limit, use and reset in the caller's
# dialect and consumes nothing; answers tell how much is left.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects error_of usage_of);
use AIProxy::Http qw(parallel);
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $key = $t->provider_key($provider);
my $second = $t->client_key([$key], requests_per_second => 5);
my $day = $t->client_key([$key], requests_per_day => 30,
	time_zone => 'Asia/Kathmandu');
my $tokens = $t->client_key([$key], tokens_per_minute => 6000);
my $budget = $t->client_key([$key], cost_per_day => '0.002');
my $flight = $t->client_key([$key], max_in_flight => 4);
my $told = $t->client_key([$key], requests_per_minute => 100,
	tokens_per_minute => 1000000);
my $own = $t->provider_key($provider, requests_per_second => 3);
my $through = $t->client_key([$own], requests_per_day => 100);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 4;
worker_rlimit_nofile 8192;
events { worker_connections 2048; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
    }
}
EOC

sub statuses {
	my %count;
	$count{$_->{status}}++ for @_;
	return \%count;
}

sub at_once {
	my ($number, $client, %o) = @_;
	my $bytes = $t->bytes_of('openai_chat', $client, %o);
	return parallel($t->proxy_port, [($bytes) x $number]);
}

# Days: calendar ones.

my @answers = at_once(200, $day);
is_deeply(statuses(@answers), { 200 => 30, 429 => 170 }, '30 of 200 a day');
my ($refused) = grep { $_->{status} == 429 } @answers;
like(error_of('openai_chat', $refused),
	qr/requests_per_day of the client key: 30 of 30 used, reset in \d+ s\./,
	'which limit, how much, how long');
my $wait = $refused->{headers}{'retry-after'};
my $until = 86400 - (time() + 20700) % 86400;
ok(abs($wait - $until) < 60 || abs($wait - $until) > 86340,
	'until midnight in Kathmandu') or diag("$wait, $until");
is($t->record($refused)->{error_code}, 'limit.requests_per_day', 'its record');

# Seconds.

my $begun = time();
@answers = at_once(40, $second);
my $passed = statuses(@answers)->{200};
cmp_ok($passed, '>=', 5, 'five pass in a second');
cmp_ok($passed, '<=', 5 * (2 + time() - $begun), 'and not many more');

# Tokens: with max_tokens never more than the limit, not even reserved ones;
# what comes back can be used.

@answers = at_once(200, $tokens, fields => { max_tokens => 100 });
my $used = 0;
for my $answer (grep { $_->{status} == 200 } @answers) {
	$used += usage_of($answer)->{total_tokens};
}
cmp_ok(statuses(@answers)->{200}, '>=', 30, 'many fit');
cmp_ok(statuses(@answers)->{429} || 0, '>=', 1, 'not all of them');
cmp_ok($used, '<=', 6000, 'no token too many');
($refused) = grep { $_->{status} == 429 } @answers;
like(error_of('openai_chat', $refused), qr/tokens_per_minute/, 'by tokens');

# What was not used is free again at once: all that fit one after another.

my $before = $used;
while ($used < 5000) {
	my $answer = $t->ask('openai_chat', $tokens,
		fields => { max_tokens => 100 });
	last if $answer->{status} != 200;
	$used += usage_of($answer)->{total_tokens};
}
cmp_ok($used, '>=', 5000, "settled: $before, then $used of 6000");

my $fresh = $t->client_key([$key], tokens_per_minute => 6000);
is($t->ask('openai_chat', $fresh, fields => { max_tokens => 100000 })
	->{status}, 429, 'what may come to more than the limit is refused');
is($t->ask('openai_chat', $fresh, fields => { max_tokens => 100 })
	->{status}, 200, 'which cost nothing');

# Money.

@answers = at_once(100, $budget, fields => { max_tokens => 2000 });
ok(statuses(@answers)->{200}, 'some are paid for');
ok(statuses(@answers)->{429}, 'not all');
my $cost = 0;
for my $record ($t->wait_records(100, "client_key_id=$budget->{id}")) {
	$cost += $record->{cost_usd} // 0;
}
cmp_ok($cost, '>', 0, 'it cost something');
cmp_ok($cost, '<=', 0.002, "\$$cost of \$0.002");
($refused) = grep { $_->{status} == 429 } @answers;
like(error_of('openai_chat', $refused),
	qr/cost_per_day of the client key: \$0\.\d+ of \$0\.002 used/, 'in dollars');
is($t->ask('openai_chat', $budget, model => 'no-such-model')->{status}, 403,
	'what has no price is not let through a budget');

# An answer of unknown length reserves no more than a share of it.

my $little = $t->client_key([$key], cost_per_day => '0.002');
is($t->ask('openai_chat', $little, model => 'demo-large')->{status}, 200,
	'a small budget is not used up by what might be written');

# In flight.

my @open = map { $t->begin('openai_chat', $flight, stream => 1,
	fault => 'stall=1') } 1 .. 4;
$_->until_head for @open;
is($t->ask('openai_chat', $flight)->{status}, 429, 'the fifth in flight');
$_->leave() for @open;
ok(AIProxy::wait_for(sub {
	$t->ask('openai_chat', $flight)->{status} == 200 }), 'room again');

# Headers, and those of the family.

for my $dialect (@dialects) {
	my $answer = $t->ask($dialect, $told);
	is($answer->{status}, 200, "$dialect: passes");
	my $h = $answer->{headers};
	like($h->{ratelimit} || '', qr/^"requests_per_minute";r=\d\d;t=6\d, /,
		"$dialect: RateLimit");
	is($h->{'ratelimit-policy'}, '"requests_per_minute";q=100;w=60, '
		. '"tokens_per_minute";q=1000000;w=60', "$dialect: policy");
	is($h->{'x-ratelimit-limit-requests'}, 100, "$dialect: limit");
	like($h->{'x-ratelimit-reset-tokens'}, qr/^\d+ms$/, "$dialect: reset");
}
is($t->ask('openai_chat', $told)->{headers}{'x-ratelimit-remaining-requests'},
	100 - @dialects - 1, 'what is left');

# A stream that comes to the end of what may be used ends as its dialect ends
# one that has reached its length.

my %ends = (openai_chat => qr/"finish_reason":\s*"length".*\[DONE\]\s*\z/s,
	anthropic_messages =>
		qr/"stop_reason":\s*"max_tokens".*"message_stop"\}\s*\z/s,
	gemini_content => qr/"finishReason":\s*"MAX_TOKENS"[^\n]*\s*\z/s);
for my $dialect (@dialects) {
	my $capped = $t->client_key([$key], tokens_per_minute => 700,
		ends_at_limit => JSON::PP::true);
	my @max = $dialect eq 'anthropic_messages'
		? (fields => { max_tokens => 500 }) : ();
	my $answer = $t->ask($dialect, $capped, stream => 1, @max,
		fault => 'events=1500,event_delay_ms=1');
	is($answer->{status}, 200, "$dialect: begins");
	is($answer->{complete}, 1, "$dialect: ends whole");
	like($answer->{body}, $ends{$dialect}, "$dialect: as it ends for length");
	my $record = $t->record($answer);
	is($record->{outcome}, 'success', "$dialect: its record");
	is($t->ask($dialect, $capped)->{status}, 429, "$dialect: all is used");
	my $through = $t->ask($dialect, $t->client_key([$key]), stream => 1, @max,
		fault => 'events=1500,event_delay_ms=1');
	cmp_ok(length($through->{body}), '>', 2 * length $answer->{body},
		"$dialect: it was far from its end");
}

# All keys of a user together.

my $me = $t->api->read('/api/auth/me')->{id};
$t->api->change("/api/users/$me/limits", { requests_per_day => 3 });
my @mine = map { $t->client_key([$key], user_id => $me) } 1, 2;
is($t->ask('openai_chat', $mine[$_ % 2])->{status}, 200, 'of the user, shared')
	for 1 .. 3;
my $shared = $t->ask('openai_chat', $mine[0]);
like(error_of('openai_chat', $shared),
	qr/requests_per_day of the user: 3 of 3 used/, 'the user is named');

# Limits against use, and a reset.

my $report = $t->api->read("/api/client-keys/$day->{id}/limits");
is($report->{limits}[0]{limit_name}, 'requests_per_day', 'the limit');
is($report->{limits}[0]{used}, 30, 'its use');
is($report->{limits}[0]{used_percent}, 100, 'in percent');
is($t->api->read("/api/client-keys/$mine[0]{id}/limits")
	->{user_limits}[0]{used}, 3, 'the user\'s');
ok((grep { $_->{client_key}{id} == $day->{id} }
	@{$t->api->read('/api/limits?above=90')->{items}}),
	'among those above 90 %');
is($t->api->post("/api/client-keys/$day->{id}/limits/reset")->{status}, 204,
	'reset');
is($t->ask('openai_chat', $day)->{status}, 200, 'and served again');

# A provider key without room: its pool is used up, and the client key has paid
# nothing for the refusal.

@answers = at_once(30, $through);
$passed = statuses(@answers)->{200};
my @day = grep { /^\d+$/ } map { $_->{headers}{'x-ratelimit-remaining-requests'} }
	grep { $_->{status} == 200 } @answers;
my ($least) = sort { $a <=> $b } @day;
is($least, 100 - $passed, "$passed passed, and no more were counted");

$t->done();
