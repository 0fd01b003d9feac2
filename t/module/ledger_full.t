#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# When records cannot be kept any more the policy holds, never silence:
# "refuse" answers 503 in the caller's dialect, "count" serves and counts.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);

for my $policy (qw(refuse count)) {
	my $t = AIProxy->new();
	$t->start_demo();
	$t->start_daemon();
	my $client = $t->client_key([$t->provider_key($t->provider())]);

	# Without a daemon nobody prepares segments; those that are there fill.
	$t->daemon->stop();
	unlink glob "$t->{run}/ledger/*.ready";
	my $made = make_ledger_unwritable($t);

	$t->start_nginx($t->expand(<<'EOC') =~ s/POLICY/$policy/r);
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    aiproxy_ledger_full POLICY;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

	SKIP: {
		skip 'the ledger folder cannot be closed to this user', 1
			unless $made;
		for my $dialect (@dialects) {
			my $answer = $t->ask($dialect, $client);
			if ($policy eq 'refuse') {
				$t->refused($dialect, $answer, 503,
					"$dialect, refuse");
			} else {
				is($answer->{status}, 200, "$dialect, count");
			}
		}
		like($t->error_log, qr/ledger/, "$policy: the log says so");
	}

	# Room again: it serves and records again, without a reload.

	chmod 02770, "$t->{run}/ledger";
	$t->start_daemon();
	my $answer;
	ok(wait_for(sub {
		$answer = $t->ask('openai_chat', $client);
		return $answer->{status} == 200;
	}), "$policy: serves when there is room");
	if ($policy eq 'count') {
		ok(wait_for(sub {
			my $status = $t->api->read('/api/system/status');
			return $status->{ledger}{records_lost} == @dialects;
		}), 'count: what was not recorded is counted');
	}
	is(wait_for(sub {
		my $id = $t->ask('openai_chat', $client)
			->{headers}{'x-request-id'};
		return $t->record($id) ? 1 : 0;
	}), 1, "$policy: records again");

	$t->finish();
}

done_testing();

# A worker that finds no prepared segment makes its own: not in a folder that
# it may not write to.

sub make_ledger_unwritable {
	my ($t) = @_;
	mkdir "$t->{run}/ledger";
	chmod 0550, "$t->{run}/ledger";
	return 1 if $> == 0; # the workers are www-data
	return !-w "$t->{run}/ledger";
}
