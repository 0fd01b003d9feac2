#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Backup and restore, roll-ups made anew, the check and the export: the numbers
# before are the numbers after, on both databases.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Postgres;

AIProxy::Postgres::on_both(\&numbers);

done_testing();

sub numbers {
	my ($t, $postgres) = @_;

	my $url = $t->{database} ||= "sqlite:$t->{dir}/aiproxy.db";
	my $sql = sub {
		return $postgres->value($_[0]) if $postgres;
		my $said = `sqlite3 -cmd '.timeout 10000' '$t->{dir}/aiproxy.db' "$_[0]"`;
		chomp $said;
		return $said;
	};
	my $command = sub {
		my ($name, @arguments) = @_;
		my $line = join ' ', map { "'$_'" } AIProxy::build()
			. '/aiproxy-admin', $name, @arguments, '--dir', $t->{dir},
			'--run-dir', $t->{run}, '--database', $url;
		my $said = `$line 2>&1`;
		return ($? >> 8, $said);
	};
	my $good = sub {
		my ($label, @arguments) = @_;
		my ($status, $said) = $command->(@arguments);
		is($status, 0, $label) or diag($said);
		return $said;
	};

	$t->start_demo();
	$t->start_daemon();
	my $client = $t->client_key([$t->provider_key($t->provider())]);
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

	my $ask = sub {
		$t->ask($dialects[$_ % @dialects], $client, stream => $_ % 2)
			for 1 .. $_[0];
		$t->ask('openai_chat', $client, fault => 'status=400');
	};
	my $numbers = sub {
		my $stats = $t->api->read("/api/client-keys/$client->{id}/stats");
		return join ' ', map { $_ // 'none' }
			@{$stats}{qw(requests successes tokens cost p50_ms p99_ms)},
			scalar $t->records();
	};

	$ask->(8);
	$t->wait_records(9);
	my $before = $numbers->();
	like($good->('the check', 'check-records'), qr/ 9 records, .* 0 wrong/,
		'all is as it should be');

	# Backup while the daemon runs, and restore over what came later.

	my $folder = "$t->{root}/backup";
	like($good->('backup', 'backup', $folder), qr/^backed up \d+ rows/,
		'says how many');
	is(($command->('backup', $folder))[0], 1, 'no folder is written over');
	$ask->(3);
	$t->wait_records(13);
	isnt($numbers->(), $before, 'there is more now');
	my ($status, $said) = $command->('restore', $folder, '--force');
	isnt($status, 0, 'not while a daemon runs');
	like($said, qr/another daemon/, 'and it says so');
	$t->nginx->stop;
	$t->daemon->stop;
	($status, $said) = $command->('restore', $folder);
	isnt($status, 0, 'a database in use is not replaced unasked');
	like($said, qr/--force/, 'but by --force');
	like($good->('restore', 'restore', $folder, '--force'),
		qr/^restored \d+ rows/, 'restored');
	# As on another machine: what is in the ledger would be taken in again.
	system('rm', '-rf', glob("$t->{run}/* $t->{dir}/spool/*"));
	$t->start_daemon();
	is($numbers->(), $before, 'numbers before = numbers after');

	# Roll-ups that are wrong are found, and made anew.

	$sql->('UPDATE rollup_client_key SET requests = requests + 5');
	$sql->('DELETE FROM rollup_model_counts WHERE kind = 1');
	$sql->("UPDATE rollup_user SET key = 'nobody' WHERE span = 1440");
	$sql->("DELETE FROM $_ WHERE span = 15")
		for qw(rollup_provider rollup_provider_counts);
	isnt($numbers->(), $before, 'the roll-ups are wrong');
	($status, $said) = $command->('check-records');
	is($status, 1, 'the check finds it');
	like($said, qr/different: rollup_client_key: key '$client->{id}', span 15/,
		'and says where');
	like($said, qr/different: rollup_model/, 'counts too');
	like($said, qr/missing: rollup_provider: key '\d+', span 15/,
		'what is not there');
	like($said, qr/without records: rollup_user: key 'nobody', span 1440/,
		'what should not be');
	$good->('rebuild-rollups', 'rebuild-rollups');
	is($numbers->(), $before, 'as before');
	like($good->('the check again', 'check-records'),
		qr/ 9 records, .* 0 wrong/, 'nothing is wrong any more');

	# Export.

	my $csv = "$t->{root}/records.csv";
	like($good->('export', 'export-records', $csv, '--format', 'csv'),
		qr/^wrote 9 records/, 'all records');
	my @lines = split /\r\n/, $t->read_file($csv);
	is(scalar @lines, 10, 'a head and a line each');
	like($lines[0], qr/^id,request_id,node_id,started_at,/, 'the head');
	is(scalar(grep { /,success,/ } @lines), 8, 'with their outcome');
	isnt(($command->('export-records', $csv, '--from', 'today'))[0], 0,
		'a day that is none is refused');

	# A committed record that is gone is found while its segment is there.

	$t->start_nginx();
	my $id = $t->ask('openai_chat', $client)->{headers}{'x-request-id'};
	$t->record($id);
	$sql->("DELETE FROM proxy_tracing WHERE request_id = '$id'");
	($status, $said) = $command->('check-records');
	is($status, 1, 'a lost record is found');
	like($said, qr/no record of $id/, 'by its id in the ledger');
}
