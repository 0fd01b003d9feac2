#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Re-rating on both databases: the preview, the result, and the same arithmetic
# done in SQL agree, to the record; roll-ups are still what the records add up
# to, also when the daemon is killed in the middle; what a provider stated as
# its cost stays.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Postgres;
use JSON::PP;
use POSIX qw(strftime);

my $records = 4000;
my $day = 86_400_000;
my $end = int(time / 86_400) * $day;
my $begin = $end - $day;
my $noon = $begin + $day / 2;

AIProxy::Postgres::on_both(\&rerate);

done_testing();

# What a record costs by the list that is imported below: models up to 19 have a
# price, others have none any more, and it rises at noon.

my ($expected, $priced);
BEGIN {
	$priced = "model IN ('" . join("', '", map { "model-$_" } 1 .. 19) . "')";
	$expected = "CASE WHEN usage_more IS NOT NULL THEN cost "
		. "WHEN usage_source = 'none' OR NOT $priced THEN NULL "
		. "ELSE (input_tokens - cache_read_tokens) * PRICE(3, 4) "
		. "+ cache_read_tokens * PRICE(0.25, 0.5) "
		. "+ output_tokens * PRICE(9, 12) END";
}
sub expected {
	return $expected =~ s{PRICE\(([\d.]+), ([\d.]+)\)}{sprintf
		'(CASE WHEN started_at < %d THEN %d ELSE %d END)', $noon, $1 * 1e6,
		$2 * 1e6}ger;
}

sub rerate {
	my ($t, $postgres) = @_;
	my $ask = sub { rows($t, $postgres, @_) };

	is(system(AIProxy::build() . '/record_generator', "$t->{dir}/spool",
		$records, 1, $end), 0, 'a day of records');
	$t->start_daemon();
	my $spec = AIProxy::OpenApi->watch($t);
	my $api = $t->api;
	ok(wait_for(sub { $ask->('SELECT count(*) FROM proxy_tracing')->[0][0]
		== $records }, 60), 'they are taken in');

	# Some have what the provider stated.
	my $json = $postgres ? 'jsonb' : 'text';
	execute($t, $postgres, 'UPDATE proxy_tracing SET usage_more = '
		. qq(CAST('{"counts":{"provider_cost":' || cost || '}}' AS $json) )
		. 'WHERE id % 40 = 0 AND cost IS NOT NULL');

	my @lists = map { $_->[0] } @{$ask->('SELECT DISTINCT COALESCE(price_list, '
		. 'name) FROM providers WHERE id BETWEEN 1 AND 4')};
	my $csv = 'provider,model,input,output,cache_read,cache_write_short,'
		. 'cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,'
		. "effective_from\n";
	my $models = join '|', map { "model-$_" } 1 .. 19;
	$csv .= "$_,$models,3,9,0.25,,,,,,,\n" for @lists;
	take_list($api, $csv);
	take_list($api, [map { { provider => $_, model => $models, input => 4,
		output => 12, cache_read => 0.5, effective_from => at($noon) } } @lists]);

	# The whole day, seen.
	my $before = sums($ask);
	my $preview = job($api, '/api/prices/rerates',
		{ from => at($begin), to => at($end) });
	my $figures = $preview->{figures};
	is($preview->{job}{state}, 'done', 'previewed');
	is($figures->{records}, $records, 'all records');
	is($preview->{job}{total}, $records, 'of so many');
	is_deeply(sums($ask), $before, 'a preview changes nothing');
	is(pico($figures->{old_cost}), $before->[0][0], 'what they cost');
	my $new = $ask->('SELECT COALESCE(SUM(' . expected() . '), 0), '
		. 'COUNT(CASE WHEN usage_more IS NOT NULL THEN 1 END), '
		. 'COUNT(CASE WHEN input_tokens IS NOT NULL AND cost IS NULL '
		. 'THEN 1 END), COUNT(CASE WHEN input_tokens IS NOT NULL AND ('
		. expected() . ') IS NULL THEN 1 END) FROM proxy_tracing')->[0];
	is_deeply([pico($figures->{new_cost}), @$figures{qw(by_provider
		unpriced_before unpriced_after)}], $new, 'as SQL adds it up');
	cmp_ok($new->[1], '>', 30, 'some costs are stated');
	items_agree($ask, $figures);

	# Half of it, done.
	my $half = job($api, '/api/prices/rerates',
		{ from => at($begin), to => at($noon) });
	my $done = job($api, "/api/prices/rerates/$half->{job}{id}/apply");
	is($done->{job}{state}, 'done', 'applied');
	is($done->{preview_id}, $half->{job}{id}, 'as that preview said');
	cmp_ok($done->{figures}{changed}, '>', 1000, 'it changes records');
	is_deeply($done->{figures}, $half->{figures}, 'the preview is the result');
	is(wrong($ask, "started_at < $noon"), 0, 'record by record');
	is(check($t), 0, 'roll-ups are what the records add up to');
	is_deeply($ask->('SELECT count(*) FROM proxy_tracing t JOIN prices p '
		. 'ON p.id = t.price_version_id WHERE p.model <> t.model AND t.cost '
		. "IS NOT NULL AND usage_more IS NULL AND started_at < $noon"), [[0]],
		'each names its price');

	# The other half, with a daemon that dies at whatever instant.
	my $rest = job($api, '/api/prices/rerates',
		{ from => at($begin), to => at($end) });
	my $answer = $api->post("/api/prices/rerates/$rest->{job}{id}/apply");
	is($answer->{status}, 202, 'the rest is asked for');
	wait_for(sub { wrong($ask, '1 = 1') < 1500 }, 5);
	kill KILL => $t->daemon->{pid};
	$t->daemon->stop();
	$t->start_daemon();
	ok(wait_for(sub { $api->read("/api/jobs/$answer->{json}{id}")->{state}
		eq 'done' }, 30), 'it goes on after a kill');
	is(wrong($ask, '1 = 1'), 0, 'all records, once');
	is(check($t), 0, 'roll-ups add up');
	is($ask->('SELECT SUM(cost) FROM rollup_client_key WHERE span = 15')
		->[0][0], $new->[0], 'to what the preview said');

	my $again = job($api, '/api/prices/rerates',
		{ from => at($begin), to => at($end) });
	is($again->{figures}{changed}, 0, 'and then nothing is left to do');
	my $filtered = job($api, '/api/prices/rerates', { from => at($begin),
		to => at($end), model => 'model-1', client_key_id => 1 });
	is($filtered->{figures}{records}, $ask->('SELECT count(*) FROM '
		. "proxy_tracing WHERE model = 'model-1' AND client_key_id = 1")
		->[0][0], 'filtered');

	refusals($api, $again, $done);
	$spec->shown('POST /api/prices/rerates' => [202, 422],
		'GET /api/prices/rerates/{id}' => [200, 404],
		'POST /api/prices/rerates/{id}/apply' => [202, 404, 409, 412]);
}

sub refusals {
	my ($api, $preview, $done) = @_;

	is($api->post('/api/prices/rerates', $_)->{status}, 422, 'a bad period')
		for { from => at($end), to => at($begin) },
		{ from => at($begin), to => at($end + 9 * $day) }, { to => at($end) };
	is($api->post("/api/prices/rerates/$done->{job}{id}/apply")->{status}, 409,
		'what is no preview is not applied');
	my $export = $api->post('/api/logs/exports', { format => 'csv' })->{json};
	is($api->get("/api/prices/rerates/$_")->{status}, 404, "none: $_")
		for $export->{id}, 'x', 1;
	is($api->post("/api/prices/rerates/$export->{id}/apply")->{status}, 404,
		'nor what is no re-rating');

	take_list($api, "provider,model,input,output,cache_read,cache_write_short,"
		. "cache_write_long,tier_at,tier_input,tier_output,tier_cache_read,"
		. "effective_from\nx,y,1,1,,,,,,,,\n");
	is($api->post("/api/prices/rerates/$preview->{job}{id}/apply")->{status},
		412, 'nor after prices changed');
}

# take_list(api, CSV or [prices]): as it is reviewed.

sub take_list {
	my ($api, $list) = @_;
	my $body = { format => ref $list ? 'json' : 'csv',
		content => ref $list ? encode_json($list) : $list };
	my $review = $api->post('/api/prices/imports/preview', $body)->{json};
	my $answer = $api->post('/api/prices/imports', { %$body,
		table_version => $review->{table_version} });
	is($answer->{status}, 200, 'prices are imported') or diag $answer->{body};
}

# job(api, path, body): a re-rating that is over.

sub job {
	my ($api, $path, $body) = @_;
	my $answer = $api->post($path, $body);
	is($answer->{status}, 202, 'asked for') or diag $answer->{body};
	my $rerate;
	wait_for(sub {
		$rerate = $api->read("/api/prices/rerates/$answer->{json}{id}");
		return $rerate->{job}{state} !~ /waiting|running/;
	}, 30);
	return $rerate;
}

sub items_agree {
	my ($ask, $figures) = @_;

	my %rows = map { ("$_->[0] $_->[1]" => [$_->[2], $_->[3]]) } @{$ask->(
		'SELECT client_key_id, model, COALESCE(SUM(cost), 0), COALESCE(SUM('
		. expected() . '), 0) FROM proxy_tracing GROUP BY client_key_id, model')};
	my @wrong = grep {
		my $row = $rows{"$_->{client_key}{id} $_->{model}"};
		$row->[0] ne pico($_->{old_cost}) || $row->[1] ne pico($_->{new_cost});
	} @{$figures->{items}};
	is(scalar @{$figures->{items}}, 200, 'the greatest are told');
	is(scalar @wrong, 0, 'each by key and model as SQL adds it up');
	cmp_ok($figures->{left_out}, '>', 0, 'and that there are more');
}

sub wrong {
	my ($ask, $which) = @_;
	return $ask->("SELECT count(*) FROM proxy_tracing WHERE $which AND "
		. 'COALESCE(cost, -1) <> COALESCE((' . expected() . '), -1)')->[0][0];
}

sub sums {
	my ($ask) = @_;
	return $ask->('SELECT COALESCE(SUM(cost), 0), COUNT(cost), '
		. 'SUM(price_version_id) FROM proxy_tracing');
}

sub check {
	my ($t) = @_;
	my $database = $t->{database} || "sqlite:$t->{dir}/aiproxy.db";
	my $said = qx{@{[AIProxy::build()]}/aiproxy-admin check-records --dir $t->{dir} --run-dir $t->{run} --database '$database' 2>&1};
	diag($said) if $?;
	return $?;
}

sub at { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_[0] / 1000) }

# Exact: these are beyond a double.

sub pico {
	my ($whole, $part) = split /\./, $_[0];
	(my $text = $whole . substr(($part || '') . '0' x 12, 0, 12)) =~ s/^0+(?=.)//;
	return $text;
}

sub rows {
	my ($t, $postgres, $query) = @_;
	my $text = $postgres ? $postgres->value($query)
		: qx{sqlite3 -readonly -cmd '.timeout 5000' $t->{dir}/aiproxy.db "$query"};
	return [map { [split /\|/, $_, -1] } split /\n/, $text];
}

sub execute {
	my ($t, $postgres, $query) = @_;
	open my $pipe, '|-', $postgres ? ('psql', '-q', '-d', $postgres->url)
		: ('sqlite3', '-cmd', '.timeout 5000', "$t->{dir}/aiproxy.db")
		or die "pipe: $!";
	print $pipe "$query;\n";
	close $pipe or die "$query: $?";
}
