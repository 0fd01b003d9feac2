#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Two hundred streams at once against limits of tokens and cost, in the state
# file and in Redis. With max_tokens the limit is not passed by one token; streams
# of unknown length that end at the limit pass it by what came in one read each.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(parallel);
use AIProxy::Redis;
use JSON::PP;

my $streams = 200;

# What comes in one read at the most, or with Redis until its answer: eight
# events, each of two tokens.
my $read = 16;

# Of demo-small, for a token.
my ($input_price, $output_price) = (0.15e-6, 0.6e-6);

for my $backend (qw(state redis)) {
	my $t = AIProxy->new();
	my $redis = $backend eq 'redis' ? AIProxy::Redis->new($t) : undef;
	$t->start_demo();
	$t->start_daemon($redis ? ('--redis', $redis->url) : ());
	my $key = $t->provider_key($t->provider());
	my $conf = <<'EOC';
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 8192;
events { worker_connections 2048; }
http {
    %%HTTP%%
    REDIS
    server {
        listen %%PROXY%% backlog=2048;
        location / { aiproxy on; }
    }
}
EOC
	my $directives = $redis ? 'aiproxy_redis ' . $redis->url
		. '; aiproxy_redis_timeout 10s;' : '';
	$conf =~ s/REDIS/$directives/;
	$t->start_nginx($conf);
	my $probe = $t->client_key([$key], tokens_per_minute => 1000000,
		cost_per_day => '100');
	my $first;
	ok(AIProxy::wait_for(sub {
		$first = $t->ask('openai_chat', $probe);
		$first->{status} == 200 }), "$backend: serves");
	my $prompt = $t->record($first)->{input_tokens};

	# What all of them came to, by their records.
	my $sums = sub {
		my ($client, %o) = @_;
		my $bytes = $t->bytes_of('openai_chat', $client, stream => 1,
			fault => 'events=100,event_delay_ms=40', %o);
		my @answers = parallel($t->proxy_port, [($bytes) x $streams]);
		my @records = $t->wait_records($streams,
			"client_key_id=$client->{id}", 60);
		my ($tokens, $cost, $served) = (0, 0, 0);
		for my $record (@records) {
			$tokens += ($record->{input_tokens} // 0)
				+ ($record->{output_tokens} // 0);
			$cost += $record->{cost_usd} // 0;
			$served++ if $record->{status} == 200;
		}
		return ($tokens, $cost, $served, @answers);
	};

	# The prompt's bound is above its count, so not all of it is used.
	my $bound = 8000;
	my $exact = $t->client_key([$key], tokens_per_minute => $bound);
	my ($tokens, $cost, $served) = $sums->($exact,
		fields => { max_tokens => 100 }, fault => 'event_delay_ms=5');
	cmp_ok($tokens, '<=', $bound, "$backend: max_tokens: $tokens of $bound");
	cmp_ok($served, '>', 10, "$backend: $served were served");
	cmp_ok($served, '<', $streams, "$backend: not all");

	my $paid = $t->client_key([$key], cost_per_day => '0.002');
	(undef, $cost, $served) = $sums->($paid,
		fields => { max_tokens => 100 }, fault => 'event_delay_ms=5');
	cmp_ok($cost, '<=', 0.002, "$backend: \$$cost of \$0.002");
	cmp_ok($served, '>', 0, "$backend: some were paid for");

	# Of unknown length: by what each is longer than was reserved for it.
	my ($most, $beyond) = (int($streams * ($prompt * 2 + 20) / 3), 0);
	my $loose = $t->client_key([$key], max_output_tokens => 20,
		tokens_per_minute => $most);
	($tokens, undef, $served) = $sums->($loose);
	$beyond += ($_->{output_tokens} // 20) - 20
		for $t->records("client_key_id=$loose->{id}&status=200");
	cmp_ok($served, '<', $streams, "$backend: $served of unknown length began");
	cmp_ok($tokens, '<=', $most + $beyond,
		"$backend: by what they are longer: $tokens of $most and $beyond");

	# All are let in, and none may be whole.
	my $limit = $streams * ($prompt * 2 + 60);
	my $capped = $t->client_key([$key], tokens_per_minute => $limit,
		max_output_tokens => 20, ends_at_limit => JSON::PP::true);
	($tokens, undef, $served, my @answers) = $sums->($capped);
	cmp_ok($served, '>', $streams / 2, "$backend: $served streams began");
	cmp_ok($tokens, '<=', $limit + $streams * $read,
		"$backend: of unknown length: $tokens of $limit");
	my $ended = grep { $_->{body} =~ /"finish_reason":\s*"length"/ } @answers;
	cmp_ok($ended, '>', 0, "$backend: $ended ended at the limit");
	is(scalar(grep { $_->{status} == 200 && !$_->{complete} } @answers), 0,
		"$backend: each as a whole stream");

	# The same in money: what a stream writes is dearer than its long prompt.
	my %long = (model => 'demo-small', prompt => 'word ' x 600);
	my $each = 1100 * $input_price + 20 * $output_price;
	$limit = sprintf '%.6f', $streams * $each * 1.2;
	my $budget = $t->client_key([$key], cost_per_day => $limit,
		max_output_tokens => 20, ends_at_limit => JSON::PP::true);
	(undef, $cost, $served, @answers) = $sums->($budget, %long);
	cmp_ok($served, '>', $streams / 2, "$backend: $served were paid for");
	cmp_ok($cost, '<=', $limit + $streams * $read * $output_price,
		"$backend: of unknown length: \$$cost of \$$limit");
	$ended = grep { $_->{body} =~ /"finish_reason":\s*"length"/ } @answers;
	cmp_ok($ended, '>', 0, "$backend: $ended ended at the budget");
	$t->finish();
}

done_testing();
