#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The database is locked until memory and spool for records are full, with 500
# requests in flight. By "refuse" callers hear so and no record is lost; by
# "count" all are served, and the number of those without a record is published.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use AIProxy::Records;

plan skip_all => 'takes minutes: CHAOS_SECONDS is below 120'
	if $ENV{CHAOS_SECONDS} && $ENV{CHAOS_SECONDS} < 120;

for my $policy (qw(refuse count)) {
	next if $ENV{CHAOS_ONLY} && $policy ne $ENV{CHAOS_ONLY};
	subtest $policy => sub { full($policy) };
}

done_testing();

sub full {
	my ($policy) = @_;

	my $t = AIProxy->new();
	$t->expect_daemon_error(qr/database|store|locked|spool|ledger/i);
	$t->expect_alert(qr/ledger/);
	$t->start_demo();
	# The spool, which holds copies of what waits in memory, is full first.
	$t->start_daemon('--ledger-bytes', '24m', '--spool-bytes', '16m',
		'--ready-segments', 1);
	my $client = $t->client_key([$t->provider_key($t->provider())]);
	$t->start_nginx(<<'EOC' =~ s/POLICY/$policy/r);
%%MAIN%%
worker_processes 2;
worker_rlimit_nofile 4096;
events { worker_connections 2048; }
http {
    %%HTTP%%
    aiproxy_ledger_full POLICY;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

	my $load;
	while_locked($t, sub {
		$load = AIProxy::Load->start($t, 4, sub {
			my ($n) = @_;
			$t->bytes_of($dialects[$n % 3], $client, stream => $n % 2,
				fault => 'event_delay_ms=1');
		}, 125);
		ok(wait_for(sub { $t->daemon->output('stderr')
			=~ /the spool is full/ }, 900), 'there is no room in the spool');
		ok(wait_for(sub { $t->error_log =~ /the quota is used up/ }, 300),
			'nor in memory');
		$load->more(2000);
	});
	ok(wait_for(sub { (ledger_of($t)->{waiting_bytes} // 1e9) < 8 << 20 }, 120),
		'there is room again');
	$load->more(2000);
	my @sent = $load->stop();

	my %status;
	$status{$_->{status}}++ for @sent;
	diag("$policy: ", join ', ', map { "$_: $status{$_}" } sort keys %status);
	cmp_ok(scalar @sent, '>=', 20_000, 'many requests');
	settled($t);
	if ($policy eq 'refuse') {
		cmp_ok($status{503}, '>', 0, 'callers were refused');
		is(ledger_of($t)->{requests_refused}, $status{503},
			'as many as published');
		compare($t, [grep { $_->{status} == 200 } @sent],
			refused => [grep { $_->{status} == 503 } @sent]);
		is(lost($t), '0 0', 'none lost, none refused');
	} else {
		is($status{200}, scalar @sent, 'all are served');
		my $lost = ledger_of($t)->{records_lost};
		cmp_ok($lost, '>', 0, 'some have no record');
		my $kept;
		wait_for(sub { ($kept = records_of($t)) + $lost == @sent }, 30);
		is($kept + $lost, scalar @sent, 'as many as published');
		my ($checked, $said) = admin_command($t, 'check-records');
		is($checked, 0, 'roll-ups = sums of records') or diag($said);
	}
	$t->finish();
}
