#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Use of a client key's limits: a user sees that of their own keys alone; a
# limit of a day or a month is raised until that one ends, in force at once, and
# is then as before; raise and reset are in the audit log.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $api = $t->api;

my $key = $t->provider_key($t->provider());
my $person = $api->create('/api/users', { username => 'somebody',
	role => 'user', password => 'a password for it',
	must_change_password => JSON::PP::false });
my $own = $t->client_key([$key], requests_per_day => 2,
	user_id => $person->{id}, cost_per_month => '1');
my $other = $t->client_key([$key], requests_per_day => 2);
my $user = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
$user->sign_in('somebody', 'a password for it');

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

sub path { return "/api/client-keys/$_[0]{id}/limits$_[1]" }
sub ask { return $t->ask('openai_chat', $own)->{status} }

subtest '200' => sub {
	my $answer = $user->get(path($own, ''));
	is($answer->{status}, 200, 'a user sees the use of their own key');
	is($answer->{json}{limits}[0]{limit}, 2, 'its limit');
	is(ask(), 200, "$_ of 2") for 1, 2;
	is(ask(), 429, 'the day is used up');

	my $raised = $api->post(path($own, '/raise'),
		{ limit_name => 'requests_per_day', amount => '1' });
	is($raised->{status}, 200, 'raised');
	is($raised->{json}{limits}[0]{limit}, 3, 'to three');
	is($raised->{json}{limits}[0]{used}, 2, 'what was used is');
	ok(AIProxy::wait_for(sub { ask() == 200 }, 5), 'one more');
	is(ask(), 429, 'and no more than that');
	is($api->post(path($own, '/raise'), { limit_name => 'cost_per_month',
		amount => '0.5' })->{json}{limits}[1]{limit}, '1.5', 'a budget');
	is($api->read("/api/client-keys/$own->{id}")->{requests_per_day}, 2,
		'the limit itself is as it was');

	# A change of the key leaves the raise alone.
	$t->change_client_key($own, requests_per_day => 4);
	is($api->read(path($own, ''))->{limits}[0]{limit}, 5, 'on top of it');
	$t->change_client_key($own, requests_per_day => 2);
};

subtest '404' => sub {
	is($user->get(path($other, ''))->{status}, 404, 'somebody else\'s');
	is($api->post(path({ id => 99999 }, '/raise'),
		{ limit_name => 'requests_per_day', amount => '1' })->{status},
		404, 'no such key');
};

subtest '403' => sub {
	is($user->post(path($own, '/raise'), { limit_name => 'requests_per_day',
		amount => '1' })->{status}, 403, 'not by its user');
	is($user->post(path($own, '/reset'))->{status}, 403, 'nor a reset');
};

subtest '422' => sub {
	for my $bad ([limit_name => 'requests_per_minute'],
		[limit_name => 'tokens_per_day'], [amount => '0'],
		[amount => '1.5'], [amount => 'x'], [other => 1])
	{
		my $answer = $api->post(path($own, '/raise'), {
			limit_name => 'requests_per_day', amount => '1', @$bad });
		is($answer->{status}, 422, "@$bad");
		is($answer->{json}{error}{field}, $bad->[0], 'which field');
	}
};

subtest 'audit' => sub {
	is($api->post(path($own, '/reset'))->{status}, 204, 'reset');
	my %seen = map { $_->{action} => 1 } @{$api->read(
		"/api/audit?object_type=client-keys&object_id=$own->{id}")
		->{items}};
	ok($seen{'limits/raise'}, 'the raise');
	ok($seen{'limits/reset'}, 'the reset');
	my ($reset) = $api->list('/api/audit?action=limits/reset');
	my %day = map { $_ => (grep { $_->{limit_name} eq 'requests_per_day' }
		@{$reset->{$_}{limits}})[0]{used} } qw(before after);
	cmp_ok($day{before}, '>', 0, 'with what was forgotten');
	is($day{after}, 0, 'and that it was');
};

SKIP: {
	skip 'the row is changed in SQLite', 2
		if defined $ENV{AIPROXY_TEST_DATABASE};
	is(system('sqlite3', '-cmd', '.timeout 5000', "$t->{dir}/aiproxy.db",
		'UPDATE client_keys SET raised_until = 1, limits = json_set(limits, '
		. "'\$.raises[0].ends_at', 1) WHERE id = $own->{id}"), 0,
		'the day of the raise is over');
	ok(AIProxy::wait_for(sub {
		$api->read(path($own, ''))->{limits}[0]{limit} == 2 }),
		'the limit is as before');
	is($api->read(path($own, ''))->{limits}[1]{limit}, '1.5',
		'the other raise lasts');
}

$t->done();
