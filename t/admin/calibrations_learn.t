#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Estimates learn from the providers' own counts: what a model's text is worth
# in tokens is stored with its error, published, used by nginx where no count
# comes, and told by the record; on both databases.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;

AIProxy::Postgres::on_both(\&learn);

done_testing();

sub learn {
	my ($t, $postgres) = @_;

	$t->start_demo();
	$t->start_daemon();
	my $client = $t->client_key([$t->provider_key($t->provider())]);
	$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
	# 4,000 letters are a thousand tokens to our rule, and two to this provider.
	my $fault = 'events=2,big=4000,tokens=2000,reasoning=0';
	my $ask = sub {
		my ($more, $model) = @_;
		my $answer = $t->ask('anthropic_messages', $client,
			model => $model || 'demo-large', fault => "$fault$more",
			fields => { max_tokens => 4000 });
		$t->record($answer);
		return $t->api->read(
			"/api/logs/traces/$answer->{headers}{'x-request-id'}");
	};
	my $row = sub { row($t, $postgres) };

	my $blind = $ask->(',no_usage');
	is("$blind->{usage_source} $blind->{calibration}{ppm}",
		'estimated 1000000', 'nothing is known yet');
	cmp_ok($blind->{output_tokens}, '<', 1200, 'and the estimate is far off');

	is($ask->('')->{output_tokens}, 2000, 'the provider counts');
	ok(wait_for(sub { $row->() }), 'that is learned');
	my ($ppm) = split /\|/, $row->();
	cmp_ok($ppm, '>', 1_500_000, 'as more tokens than we thought');

	my $seen;
	ok(wait_for(sub {
		$seen = $ask->(',no_usage');
		return $seen->{calibration}{ppm} == $ppm;
	}), 'nginx estimates by it');
	cmp_ok(abs($seen->{output_tokens} - 2000), '<=', 2, 'and is right');
	cmp_ok($seen->{calibration}{error_ppm}, '>', 0, 'with its error');
	is($ask->(',no_usage', 'demo-other')->{calibration}{ppm}, 1_000_000,
		'of that model alone');

	# More answers settle it.
	my ($error) = (split /\|/, $row->())[1];
	ok(wait_for(sub { $ask->(''); (split /\|/, $row->())[2] >= 8 }, 40),
		'more is learned');
	my @settled = split /\|/, $row->();
	cmp_ok(abs($settled[0] - $ppm), '<', $ppm / 50, 'the same');
	cmp_ok($settled[1], '<', $error / 4, 'with a smaller error');
	ok(wait_for(sub { $ask->(',no_usage')->{calibration}{error_ppm}
		== $settled[1] }), 'in force');
	my $generation = published($t);
	$ask->('');
	is(published($t), $generation,
		'what has not moved is not published');
}

sub published {
	return $_[0]->api->read('/api/system/status')->{config_generation};
}

sub row {
	my ($t, $postgres) = @_;
	my $query = 'SELECT ppm, error_ppm, samples FROM calibrations '
		. "WHERE model = 'demo-large'";
	return $postgres->value($query) if $postgres;
	chomp(my $row = qx{sqlite3 -readonly -cmd '.timeout 5000' $t->{dir}/aiproxy.db "$query"});
	return $row;
}
