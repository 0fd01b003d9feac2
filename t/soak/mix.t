#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# MIX_REQUESTS (100,000) requests of all dialects, sent in random pieces, read
# slowly, left half-way, answered in random pieces, broken off or refused: each
# has one record, and the record says what the provider did and sent. MIX_FROM
# of them are left out first: a long run may be made in parts.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Mix;
use JSON::PP;

my $requests = $ENV{MIX_REQUESTS} || 100_000;
my $sent = $ENV{MIX_FROM} || 0;
my $last = $sent + $requests;
my $seed = $ENV{MIX_SEED} // int rand 1_000_000;
my $round = 1000;
my $callers = 32;	# most of the time they read slowly
diag("MIX_SEED=$seed");

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

# What is harmed has keys of its own: they rest, the others never do.
my $provider = $t->provider(ask_usage => JSON::PP::false);
my @sound = map { $t->provider_key($provider) } 1 .. 4;
my $harmed = $t->provider(ask_usage => JSON::PP::false, verdict_rules =>
	[map { { status => $_, verdict => 'retry', scope => 'key', rest_ms => 1 } }
	429, 500, 503, 529]);
my @harmed = map { $t->provider_key($harmed) } 1 .. 64;

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 1024; }
http {
    %%HTTP%%
    client_body_buffer_size 8k;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my (%count, @wrong);
while ($sent < $last) {
	my $to = $sent + $round;
	$to = $last if $to > $last;
	round($sent + 1, $to);
	$sent = $to;
	diag("$sent requests, " . @wrong . ' wrong') if $sent % 10_000 == 0;
	last if @wrong > 20;
}

is(join("\n", @wrong), '', 'each record says what happened');
diag(join ', ', map { "$_: $count{$_}" } sort keys %count);
cmp_ok($count{success} || 0, '>', $requests / 2, 'most were served');
ok($count{$_}, "some were $_") for qw(aborted failed);

ok(wait_for(sub {
	!grep { $_->{in_flight} } $t->api->list('/api/provider-keys/keys')
}, 30), 'nothing in flight');
is(scalar @{$t->api->read('/api/logs/running')->{items}}, 0, 'nothing running');
my $status = $t->api->read('/api/system/status');
is("$status->{ledger}{records_lost} $status->{ledger}{records_refused}",
	'0 0', 'none lost, none refused');

$t->done();

# The callers from .. to, by client keys of their own, whose records are then
# all that there are.

sub round {
	my ($from, $to) = @_;

	my ($good, $bad) = ($t->client_key(\@sound), $t->client_key(\@harmed));
	$t->forget_demo_requests();
	my $seen = AIProxy::Mix::run($callers, $from, $to, sub {
		my ($plan) = @_;
		my %usage = $plan->{stream} && $plan->{dialect} eq 'openai_chat'
			? (stream_options => { include_usage => JSON::PP::true }) : ();
		return $t->bytes_of($plan->{dialect}, $plan->{harmed} ? $bad : $good,
			model => $plan->{model}, stream => $plan->{stream},
			prompt => $plan->{prompt}, fields => \%usage,
			fault => join ',', @{$plan->{faults}});
	}, $t->proxy_port, $seed);

	my $whole = grep { $_->{sent} } values %$seen;
	my %record;
	my $stats = sub { decode_json(AIProxy::Http::request($t->demo_port, 'GET',
		'/demo/stats')->{body}) };
	wait_for(sub { $stats->()->{answers_open} == 0
		&& !@{$t->api->read('/api/logs/running')->{items}} }, 60)
		or push @wrong, 'something runs on';
	wait_for(sub {
		%record = ();
		push @{$record{$_->{model} // ''}}, $_
			for map { $t->records("client_key_id=$_->{id}") } $good, $bad;
		return $whole <= grep { $_ ne '' } keys %record;
	}, 60);
	my %upstream;
	push @{$upstream{$_->{model} // ''}}, $_ for $t->demo_requests();

	for my $n ($from .. $to) {
		my $plan = AIProxy::Mix::plan($seed, $n);
		my $saw = $seen->{$n} || { error => 'no caller' };
		my @records = @{$record{"mix-$n"} || []};
		my @said = judge($plan, $saw, \@records, $upstream{"mix-$n"} || []);
		$count{$records[0]{outcome} // 'without a record'}++;
		next unless @said;
		push @wrong, "$n ($plan->{dialect}, stream $plan->{stream}, "
			. "$plan->{way}, @{$plan->{faults}}): " . join '; ', @said;
		diag($wrong[-1]);
	}
}

# What is not as it should be, in words.

sub judge {
	my ($plan, $saw, $records, $upstream) = @_;

	return "caller: $saw->{error}" if $saw->{error};
	return 'the caller waited in vain' if $saw->{timed_out};
	return @$records . ' records' if @$records > 1 || $saw->{sent} > @$records;
	my $record = $records->[0] or return ();
	my $last = $upstream->[-1];
	my @said;
	my $is = sub {
		my ($what, $got, $wanted) = @_;
		push @said, "$what: " . ($got // 'null') . ', not ' . ($wanted // 'null')
			if ($got // 'null') ne ($wanted // 'null');
	};

	# A kept connection that closes is no attempt: the same key is asked once
	# more.
	# One who left may have left before the provider had the request.
	my $tries = $record->{attempts} - @$upstream;
	my $kept = ($plan->{harmed} // '') =~ /^(?:close|reset)$/;
	push @said, "attempts: $record->{attempts} of " . @$upstream
		if !($tries == 0 || $kept && $tries < 0 && -$tries <= $record->{attempts}
			|| $saw->{left} && $tries == 1);
	if ($saw->{left}) {
		push @said, "outcome: $record->{outcome}"
			if !$last && $record->{outcome} eq 'success';
	} else {
		push @said, 'aborted, but the caller stayed'
			if $record->{outcome} eq 'aborted';
		$is->('status', $record->{status}, $saw->{status});
		$is->('outcome', $record->{outcome}, 'success') if !$plan->{harmed};
	}

	if ($record->{outcome} eq 'success') {
		$is->('completed', $last && $last->{completed} ? 1 : 0, 1);
		$is->('whole', $saw->{complete}, 1) if !$saw->{left};
	}
	if (!$saw->{left} && $last && $saw->{status} == $last->{status}
		&& $last->{completed})
	{
		$is->('complete', $saw->{complete}, 1);
		$is->('bytes', $saw->{sha256}, $last->{sent_sha256});
	}
	if ($record->{usage_source} eq 'reported' && $last) {
		$is->($_, $record->{$_}, $last->{usage}{$_})
			for qw(input_tokens output_tokens);
	}
	if ($record->{outcome} eq 'success' && $saw->{status} == 200
		&& ($plan->{harmed} // '') !~ /^no_|^error_event/)
	{
		$is->('usage', $record->{usage_source}, 'reported');
	}
	return @said;
}
