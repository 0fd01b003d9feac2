#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# kill -9 of the daemon while it takes in records, again and again, on either
# database: callers notice nothing, in the end each request has exactly one
# record, and bytes that are no records are set aside once.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Load;
use AIProxy::Postgres;
use AIProxy::Records;
use AIProxy::Segment;

# What no worker writes, with good records around it, two of which have the
# same id. A damaged frame hides what follows it, so the rest of its segment is
# one refusal.

my $beside_poison = 2;

subtest 'SQLite' => sub {
	my $t = AIProxy->new();
	killed($t, sub { return join ' ', map {
		my @s = stat "$t->{dir}/aiproxy.db$_"; @s ? "$s[7] $s[9]" : '' }
		'', '-wal' });
	$t->finish();
};

subtest 'Postgres' => sub {
	my $t = AIProxy->new();
	my $postgres = AIProxy::Postgres->new($t);
	$postgres->start();
	$t->{database} = $postgres->url();
	killed($t, sub { return $postgres->value(
		'SELECT count(*), sum(read_to) FROM ledger_segments') });
	$t->stop();
	$postgres->stop();
	$t->finish();
};

done_testing();

# killed(harness, sub that tells what is committed): the whole story.

sub killed {
	my ($t, $committed) = @_;

	$t->start_demo();
	$t->start_daemon();
	my $client = $t->client_key([$t->provider_key($t->provider())]);
	$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 512; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

	my $load = AIProxy::Load->start($t, 2, sub {
		$t->bytes_of($dialects[$_[0] % 3], $client, stream => $_[0] % 2,
			fault => 'event_delay_ms=0');
	});

	# Held still until there is much to take in, then killed as soon as it has
	# committed some of it, or at once.
	for my $round (1 .. 4) {
		kill STOP => $t->daemon->{pid};
		$load->more(60);
		put_poison($t) if $round == 2;
		my $before = $committed->();
		kill CONT => $t->daemon->{pid};
		wait_for(sub { $committed->() ne $before }) if $round % 3;
		$t->daemon->kill_now();
		$load->more(20);
		$t->start_daemon();
	}

	outlived($t, $client);
	my @sent = $load->stop();
	my @noticed = grep { $_->{status} != 200 || !$_->{complete} } @sent;
	is(scalar @noticed, 0, 'no caller noticed')
		or diag(JSON::PP->new->canonical->encode(\@noticed));
	counted($t, @sent);
	kept($t);
	alone($t);
}

sub put_poison {
	my ($t) = @_;
	my ($full, $zero, $absent) = map { $t->read_file(
		AIProxy::tree() . "/t/golden/record/$_.bin") } qw(full zero absent);
	AIProxy::Segment->new()->frame($full)->frame('poison')->frame($zero)
		->put($t);
	AIProxy::Segment->new()->frame($absent)->frame($zero, corrupt => 1)
		->frame($full)->put($t);
	$t->expect_daemon_error(qr/"event":"record_refused"/);
}

# A stream that outlives the daemon.

sub outlived {
	my ($t, $client) = @_;
	my $stream = $t->begin('openai_chat', $client, stream => 1,
		fault => 'events=200,event_delay_ms=10');
	ok($stream->until_body(qr/^data: /m), 'it streams');
	$t->daemon->kill_now();
	$stream = $stream->finish;
	is($stream->{complete}, 1, 'to its end without a daemon');
	$t->start_daemon();
	is($t->record($stream)->{outcome}, 'success', 'and has its record');
}

sub counted {
	my ($t, @sent) = @_;

	ok(wait_for(sub {
		my %has = map { $_->{request_id} => 1 } records_of($t);
		return !grep { !$has{$_->{id}} } @sent;
	}, 60), 'each request has its record');

	my $refused = sub { $t->api->read('/api/system/status')
		->{ledger}{records_refused} };
	ok(wait_for(sub { $refused->() == 2 }), 'the poison was set aside');
	is(scalar $t->api->list('/api/system/events?kind=record.refused'), 2,
		'each with one event');
	is($t->api->read('/api/system/status')->{ledger}{records_lost}, 0,
		'none lost');
	is(scalar(records_of($t)), @sent + 1 + $beside_poison, 'and none is doubled');
}

# Configuration written just before a kill is there after it.

sub kept {
	my ($t) = @_;
	my $late = $t->client_key([], name => 'written last');
	$t->daemon->kill_now();
	$t->start_daemon();
	is($t->api->read("/api/client-keys/$late->{id}")->{name}, 'written last',
		'a change that was answered is kept');
	is($t->ask('openai_chat', $late)->{status}, 403, 'and in force');
}

# Two daemons on one run directory: the second refuses.

sub alone {
	my ($t) = @_;
	my $second = $t->spawn('second', AIProxy::build() . '/aiproxy-admin',
		'serve', '--listen', '127.0.0.1:' . free_port(), '--dir', $t->{dir},
		'--run-dir', $t->{run},
		'--database', $t->{database} || "sqlite:$t->{dir}/aiproxy.db");
	ok($second->wait_end(15), 'a second daemon ends');
	isnt($second->{status}, 0, 'with an error');
	like($second->output('stderr'), qr/another/i, 'that says why');
}
