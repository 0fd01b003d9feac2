#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# While no daemon runs, nginx's cache manager keeps the ledger: it copies what
# is written to the spool and prepares segments, also after it was killed. A
# power cut then costs nothing that it has copied, a daemon that comes back
# takes up what it finds, once, and a worker that died meanwhile leaves its
# records, and not aborted ones in their place.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);

my $t = AIProxy->new();
$t->expect_alert(qr/exited on signal 9/);
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);
my $conf = <<'EOC';
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC
$t->start_nginx($conf);

my @ids;

sub ask {
	my ($n) = @_;
	for (1 .. $n) {
		my $answer = $t->ask($dialects[$_ % 3], $client, stream => $_ % 2);
		is($answer->{status}, 200, 'served') if $answer->{status} != 200;
		push @ids, $answer->{headers}{'x-request-id'};
	}
}

sub manager {
	my %title = $t->nginx_children;
	return (grep { $title{$_} =~ /cache manager/ } keys %title)[0];
}

sub spooled {
	return grep { -s } glob "$t->{dir}/spool/*";
}

# Whether the ids of all that was answered are in the spool.

sub all_spooled {
	return wait_for(sub {
		my $text = join '', map { $t->read_file($_) } spooled();
		# The random half of an id, as a little-endian number.
		my $found = grep { index($text, scalar reverse substr
			pack('H*', tr/-//dr), 8) >= 0 } @ids;
		return $found == @ids;
	}, 20);
}

ask(3);
$t->record($ids[-1]);
@ids = ();

# The daemon goes.

$t->daemon->kill_now;
ask(6);
ok(all_spooled(), 'what is answered without a daemon is on the disk');
ok(wait_for(sub { glob "$t->{run}/ledger/*.ready" }), 'segments are prepared');

my $first = manager();
ok($first, 'by the cache manager');
kill KILL => $first;
ok(wait_for(sub { my $now = manager(); $now && $now != $first }),
	'killed, it is started again');
ask(4);
ok(all_spooled(), 'and goes on');

# A worker dies: its segments are in the spool alone.

my ($victim) = $t->worker_pids;
kill KILL => $victim;
ok(wait_for(sub { !grep { $_ == $victim } $t->worker_pids }), 'a worker died');
ask(4);
ok(all_spooled(), 'the others go on');

# The daemon comes, and finds all of it.

$t->start_daemon();
for my $id (@ids) {
	my $record = $t->record($id);
	is($record->{outcome}, 'success', 'a record of each, and the true one');
}
is(scalar $t->wait_records(3 + @ids), 3 + @ids, 'once each');

# The power goes, daemon and all.

@ids = ();
$t->daemon->kill_now;
ask(6);
ok(all_spooled(), 'copied');
my @pids = ($t->worker_pids, manager());
$t->nginx->kill_now;
kill KILL => @pids;
wait_for(sub { !grep { -d "/proc/$_" } @pids });
system('rm', '-rf', glob("$t->{run}/*"));
$t->start_daemon();
is($t->record($_)->{outcome}, 'success', 'survives a power cut') for @ids;
is(scalar $t->wait_records(3 + 14 + 6), 3 + 14 + 6, 'once each');

$t->done();
