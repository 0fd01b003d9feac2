#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What a probe finds: each fault of the demo provider leads to its class, rest
# and return, within two intervals. No request is sent to any of these keys, so
# only probes can show it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon('--probe-seconds', 1);
my $api = $t->api;

# The fault of the first probe, what it is taken for, and how the key is once
# the provider answers again: a good probe ends what it disproves, anything else
# lasts as long as was stated, and then the key is on trial.
#
#       fault                 verdict   class          scope    then

my @cases = (
	['status=401',            'key_dead credential',     'key', 'ready'],
	['status=400,error_message=Incorrect API key',
	                          'key_dead credential',     'key', 'ready'],
	['status=429,retry_after=1', 'key_rate rate_limited', 'key', 'trial'],
	['status=429,retry_after=90', 'key_rate rate_limited', 'key', 'resting'],
	['status=429,error_code=insufficient_quota',
	                          'key_quota quota',         'key', 'resting'],
	['status=402',            'key_quota quota',         'key', 'resting'],
	['body={"error":{"type":"insufficient_quota"}}',
	                          'key_quota quota',         'key', 'resting'],
	['status=500',            'retry unavailable',       'key', 'trial'],
	['status=503',            'busy busy',          'provider', 'ready'],
	['hang',                  'retry timeout',           'key', 'trial'],
	['close',                 'retry invalid_answer',    'key', 'trial'],
	['garbage',               'retry invalid_answer',    'key', 'trial'],
	['status=403',            'unclear none',           'none', 'ready'],
	['status=404',            'unclear none',           'none', 'ready'],
	['status=302',            'unclear none',           'none', 'ready'],
);

my $began = time;
for my $case (@cases) {
	# A provider of its own: one that is overloaded rests with all its keys.
	my $fault = $case->[0] =~ s/([ {}":])/sprintf '%%%02x', ord $1/ger;
	$case->[4] = $t->provider_key($t->provider(
		first_byte_timeout_ms => 300),
		secret => "demo-key-x?$fault,times=1");
}

for my $case (@cases) {
	my ($fault, $verdict, $scope, $then, $key) = @$case;
	my ($first, $good);

	ok(wait_for(sub {
		my @all = reverse @{health($key)->{history}{items}};
		($first) = grep { $_->{source} eq 'probe' } @all;
		($good) = grep { $_->{verdict} eq 'good' } @all;
		return $good;
	}), "$fault: found, and then gone");
	is(join(' ', $first->{verdict}, $first->{class} // 'none'), $verdict,
		"$fault: verdict and class");
	is($first->{scope} // 'none', $scope, "$fault: what rests");
	is(defined $first->{rest_until} ? 1 : 0, $scope eq 'none' ? 0 : 1,
		"$fault: until when");
	is(wait_for(sub { $t->health($key)->{state} eq $then }, 20), 1,
		"$fault: then it is $then") or diag($t->health($key)->{state});
}
note(sprintf 'all of them after %.1f s', time - $began);

subtest 'a key that nobody can reach' => sub {
	my $provider = $t->provider(base_url => 'http://127.0.0.1:'
		. free_port());
	my $key = $t->provider_key($provider);
	is(wait_for(sub { $t->health($key)->{state} eq 'resting' }), 1, 'rests');
	my $health = health($key);
	is($health->{class}, 'unreachable', 'class');
	is_deeply($health->{rests}[0]{ends_by}, [qw(time probe person)],
		'what brings it back');
	$api->change("/api/providers/$provider->{id}",
		{ base_url => "http://127.0.0.1:$t->{demo_port}" });
	is(wait_for(sub { $t->health($key)->{state} eq 'ready' }), 1,
		'and is back when it can be reached');
};

subtest 'what is not probed' => sub {
	my $off = $t->provider_key($t->provider(
		probe => { is_enabled => JSON::PP::false }), secret => 'demo-key-off');
	my $bedrock = $t->provider_key($t->provider(
		dialects => ['bedrock_converse']), secret => 'demo-key-bedrock');
	my $disabled = $t->provider_key($t->provider(),
		secret => 'demo-key-disabled', is_enabled => JSON::PP::false);
	my $slow = $t->provider_key($t->provider(
		probe => { interval_seconds => 600 }), secret => 'demo-key-slow');
	my $last = $t->provider_key($t->provider(), secret => 'demo-key-last');
	is(wait_for(sub { asked('demo-key-last') >= 3 }), 1, 'while others are');
	is(asked('demo-key-off'), 0, 'off for its provider');
	is(asked('demo-key-bedrock'), 0, 'no cheap call');
	is(asked('demo-key-disabled'), 0, 'disabled');
	is(asked('demo-key-slow'), 1, 'seldom');
	is(health($off)->{probe}{interval_seconds}, undef, 'and it is told');
	is(health($bedrock)->{probe}{path}, undef, 'no path');
	is(health($slow)->{probe}{interval_seconds}, 600, 'its own interval');
};

subtest 'what a probe sends' => sub {
	my $key = $t->provider_key($t->provider(
		base_url => "http://127.0.0.1:$t->{demo_port}/prefix",
		dialects => ['gemini_content']), secret => 'demo-key-sent');
	wait_for(sub { asked('demo-key-sent') });
	my ($sent) = grep { ($_->{credential} // '') eq 'demo-key-sent' }
		$t->demo_requests;
	is("$sent->{method} $sent->{path}",
		'GET /prefix/v1beta/models?pageSize=1', 'the cheapest call');
	my %headers = map { lc $_->[0] => $_->[1] } @{$sent->{headers}};
	is_deeply([sort keys %headers],
		[qw(accept host x-demo-allow x-goog-api-key)], 'and nothing else');
	is($headers{host}, "127.0.0.1:$t->{demo_port}", 'host');
};

# An operator's own: a request that runs a model ends a rest for quota too.

subtest 'a probe that proves use' => sub {
	my $body = '{"model":"demo-small","max_tokens":1,"messages":[{"role":'
		. '"user","content":"x"}]}';
	my $key = $t->provider_key($t->provider(probe => { proves_use =>
		JSON::PP::true, path => '/v1/chat/completions', body => $body }),
		secret => 'demo-key-real?status=402,times=1,tag=real');
	is(wait_for(sub { grep { $_->{verdict} eq 'key_quota' }
		@{health($key)->{history}{items}} }), 1, 'no quota');
	is(wait_for(sub { $t->health($key)->{state} eq 'ready' }), 1,
		'and back by the next probe');
	my ($sent) = grep { ($_->{credential} // '') =~ /key-real/ }
		$t->demo_requests;
	is("$sent->{method} $sent->{path} $sent->{body}",
		"POST /v1/chat/completions $body", 'what was asked');
};

$t->done();

sub health {
	my ($key) = @_;
	return $api->read("/api/provider-keys/keys/$key->{id}/health");
}

sub asked {
	my ($secret) = @_;
	return scalar grep { ($_->{credential} // '') eq $secret }
		$t->demo_requests;
}
