#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Everything at once, for CHAOS_SECONDS (180): callers of all dialects, some of
# whom leave, providers that fail, workers and daemon killed, reloads, a daemon
# that stays away. In the end: no record lost or doubled, nothing taken, no
# wrong byte.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->expect_alert(qr/exited on signal 9/);
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $client = $t->client_key([map { $t->provider_key($provider) } 1 .. 4]);
my $flaky = $t->client_key([map { $t->provider_key($provider,
	secret => "demo-key-$_") } 'a?status=503,times=50', 'b?close,times=50',
	'c', 'd']);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 1024; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my $load = AIProxy::Load->start($t, 8, sub {
	my ($n) = @_;
	$t->bytes_of($dialects[$n % 3], $n % 5 ? $client : $flaky,
		stream => $n % 2, fault => 'event_delay_ms=1');
});

my %events = (
	'a worker killed' => sub {
		my @workers = $t->worker_pids();
		kill KILL => $workers[rand @workers] if @workers;
	},
	'the daemon killed' => sub {
		$t->daemon->kill_now();
		$t->start_daemon();
	},
	'the daemon away' => sub {
		$t->daemon->stop();
		$load->more(200);
		$t->start_daemon();
	},
	'a reload' => sub { kill HUP => $t->nginx->{pid} },
	'callers who leave' => sub {
		my @open = map { $t->begin('openai_chat', $client, stream => 1,
			fault => 'events=500,event_delay_ms=5') } 1 .. 5;
		$_->until_head for @open;
		$_->leave(reset => int rand 2) for @open;
	},
	'a change' => sub {
		$t->change_client_key($client, name => 'name ' . time());
	},
);

srand($ENV{CHAOS_SEED} //= int rand 1_000_000);
diag("CHAOS_SEED=$ENV{CHAOS_SEED}");
my $end = time() + ($ENV{CHAOS_SECONDS} || 180);
my %count;
while (time() < $end) {
	my $event = (sort keys %events)[rand keys %events];
	$count{$event}++;
	eval { $events{$event}->() } or $@ && diag("$event: $@");
	$load->more(30);
}
diag(join ', ', map { "$_: $count{$_}" } sort keys %count);

my @sent = $load->stop();
diag(scalar(@sent) . ' requests');
my @known = grep { $_->{id} } @sent;

my ($wrong, $missing) = (0, 0);
for my $one (@known) {
	my $answer;
	wait_for(sub {
		$answer = $t->api->get("/api/logs/traces/$one->{id}");
		$answer->{status} == 200;
	}, 20) or $missing++, next;
	my $outcome = $answer->{json}{outcome};
	$wrong++ if !$one->{complete} && $outcome eq 'success'
		&& $answer->{json}{streaming};
}
is($missing, 0, 'no record is missing');
is($wrong, 0, 'none says that a cut stream was whole');

my $left = 5 * ($count{'callers who leave'} || 0);
my $records = $t->records();
cmp_ok($records, '>=', @known, 'a record for each');
cmp_ok($records, '<=', @sent + $left, 'and none twice');

ok(wait_for(sub {
	!grep { $_->{in_flight} } $t->api->list('/api/provider-keys/keys')
}, 30), 'nothing in flight');
is(scalar @{$t->api->read('/api/logs/running')->{items}}, 0, 'nothing running');

my $status = $t->api->read('/api/system/status');
is("$status->{ledger}{records_lost} $status->{ledger}{records_refused}",
	'0 0', 'none lost, none refused');

$t->done();
