#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Two nodes lose their Postgres: no request fails meanwhile, a node says how old
# its configuration is and refuses once that is older than it may be, and what
# is changed after the return is in force on both.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(error_of);
use AIProxy::Http qw(request);
use AIProxy::Load;
use AIProxy::Nodes;
use JSON::PP;
use Time::HiRes qw(time);

my $nodes = AIProxy::Nodes->start(redis => 0);
my ($first, $second) = $nodes->nodes;
# The second one may not serve what it was told more than four seconds ago.
$second->{names}{SHARED} .= ' aiproxy_snapshot_max_age 4s;';
my $key = $first->provider_key($first->provider());
my $client = $first->client_key([$key]);
my $other = $first->client_key([$key]);
$nodes->start_nginx();
$nodes->wait_served($client);
cmp_ok(age($_), '<', 2, 'a young configuration') for $nodes->nodes;

# Away, under load.

my $load = AIProxy::Load->start($first, 4,
	sub { $first->bytes_of('openai_chat', $client) });
$load->more(50);
$nodes->{postgres}->stop();
my $away = time;
ok(wait_for(sub { age($first) > 2 }, 20), 'the age grows');
cmp_ok($first->api->get('/api/providers')->{status}, '==', 503,
	'the API says that it cannot');
is($first->api->get('/api/system/status')->{status} =~ /^(401|503)$/ ? 1 : 0, 1,
	'signing in needs the database');
my $refused;
ok(wait_for(sub {
	$refused = $second->ask('openai_chat', $client);
	return $refused->{status} == 503;
}, 20), 'the node with a limit refuses');
cmp_ok(time - $away, '>=', 3, 'not before its time');
$second->refused('openai_chat', $refused, 503, 'in the dialect of the caller');
like(error_of('openai_chat', $refused), qr/not been told for too long/, 'why');
is($refused->{headers}{'x-request-id'} ? 1 : 0, 1, 'with an id');
$load->more(50);

# And back.

$nodes->{postgres}->start();
for my $t ($nodes->nodes) {
	ok(wait_for(sub { age($t) < 1 }, 30), 'young again');
	ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }),
		'it serves');
}
my @done = $load->stop();
is(scalar(grep { $_->{status} != 200 || !$_->{complete} } @done), 0,
	'no request of ' . @done . ' failed meanwhile');
ok(wait_for(sub { $first->api->get('/api/providers')->{status} == 200 }, 30),
	'the API is back');
my $began = time;
$first->change_client_key($other, is_enabled => JSON::PP::false);
for my $t ($nodes->nodes) {
	ok(wait_for(sub { $t->ask('openai_chat', $other)->{status} == 403 }),
		'a change is in force');
}
note(sprintf 'on both nodes after %.0f ms', 1000 * (time - $began));
is($first->record($done[$_]{id})->{outcome}, 'success', 'recorded')
	for 0, $#done;
is($second->record($refused)->{error_code}, 'config.stale',
	'the refusal too');

$nodes->done();

sub age {
	my ($t) = @_;
	return decode_json(request($t->proxy_port, 'GET', '/status')->{body})
		->{config_age_seconds};
}
