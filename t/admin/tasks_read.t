#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The background tasks of two nodes over one database: the API tells of each
# how it goes, each is done once, and what a killed daemon held goes to the
# other one within 30 seconds.

use warnings;
use strict;

use Test::More;
use Time::HiRes qw(time);

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::RawServer;

my $t = AIProxy->new();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $second = AIProxy->new();
$second->{password} = $t->{password};
$second->{database} = $ENV{AIPROXY_TEST_DATABASE}
	|| "sqlite:$t->{dir}/aiproxy.db";
$second->write_file("$second->{dir}/master.key",
	$t->read_file("$t->{dir}/master.key"));
chmod 0600, "$second->{dir}/master.key";
$second->start_daemon();
my %node = map { $_->read_file("$_->{dir}/node.id") =~ s/\s+\z//r => $_ }
	$t, $second;
my $hang = "$t->{root}/hang";
my $issuer = AIProxy::RawServer->start($t, sub {
	return undef if -e $hang && sleep 60;
	return "HTTP/1.1 200 OK\r\nCache-Control: max-age=3600\r\n"
		. "Content-Length: 11\r\n\r\n{\"keys\":[]}";
});
my $hook = AIProxy::RawServer->start($t,
	sub { "HTTP/1.1 204 Taken\r\n\r\n" });

subtest 'what is told' => sub {
	my @names = qw(address alert_deliveries alerts ingest jobs jwks publish
		refresh rests retention upkeep);
	for my $id (sort keys %node) {
		ok(wait_for(sub { "@names" eq join ' ', map { $_->{name} }
			grep { $_->{node_id} eq $id } tasks($t) }), 'all of a node');
	}
	for my $name (@names) {
		ok(wait_for(sub { grep { $_->{name} eq $name
			&& defined $_->{succeeded_at} } tasks($t) }), "$name was done");
	}
	is_deeply([map { $_->{error} // () } tasks($t)], [], 'none fails');
	my ($retention) = grep { $_->{name} eq 'retention'
		&& defined $_->{succeeded_at} } tasks($t);
	cmp_ok($retention->{next_at}, 'gt', $retention->{ended_at},
		'when it goes again');
	ok(defined $retention->{duration_us}, 'how long it took');
};

my $made = $t->api->create('/api/settings/issuers', { name => 'i',
	issuer => 'https://i.example', jwks_url => $issuer->url . '/keys' });
my $client = once_per_node(sub {
	my $channel = $t->api->create('/api/alert-channels', { name => 'hook',
		kind => 'webhook', url => $hook->url });
	$t->api->create('/api/alert-rules', { name => 'low', kind => 'pool_low',
		channel_ids => [$channel->{id}] });
	my $provider = $t->api->create('/api/providers', { name => 'p',
		base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
	return $t->client_key([$t->provider_key($provider,
		is_enabled => JSON::PP::false)]);
});
is(scalar(my @fetched = $issuer->requests), 1, 'one key set was fetched once');
is(scalar(my @told = $hook->requests), 1, 'one alert was told once');

# Whoever fetches is killed while it does, and holds the lease.

$t->write_file($hang, 1);
is($t->api->post("/api/settings/issuers/$made->{id}/fetch-keys")->{status},
	202, 'asked for');
ok(wait_for(sub { scalar(() = $issuer->requests) }), 'somebody fetches');
my $holder;
ok(wait_for(sub {
	my ($task) = grep { $_->{name} eq 'jwks' && $_->{lease}{held_until} }
		tasks($t);
	$holder = $task && $task->{lease}{node_id};
}), 'its lease is told');
my ($left) = grep { $_ ne $holder } keys %node;
unlink $hang;
$node{$holder}->daemon->kill_now;
my $killed = time;
ok(wait_for(sub { scalar(() = $issuer->requests) }, 40), 'the other one does');
cmp_ok(time - $killed, '<=', 30, 'within 30 seconds');
ok(wait_for(sub { !grep { $_->{name} eq 'jwks' && defined $_->{lease}
	&& $_->{lease}{node_id} ne $left } tasks($node{$left}) }),
	'and has the lease');

# Alerts go on there.

$node{$left}->api->delete("/api/client-keys/$client->{id}");
ok(wait_for(sub { grep { $_->[1] =~ /alert\.resolved/ } $hook->requests }, 30),
	'alerts are watched and told by the one that is left');

$_->finish for grep { $_ != $t } $second;
$t->done();

sub tasks { return @{$_[0]->api->read('/api/tasks')->{items}} }

# Runs it, and waits until each node looked at its tasks a few times since.

sub once_per_node {
	my ($run) = @_;
	my $result = $run->();
	my %before = runs();
	ok(wait_for(sub {
		my %now = runs();
		!grep { ($now{$_} // 0) < ($before{$_} // 0) + 3 } keys %now;
	}, 60), 'each node looked again and again');
	return $result;
}

sub runs {
	my %runs;
	for my $node (values %node) {
		my ($id) = grep { $node{$_} == $node } keys %node;
		$runs{"$_->{name} $id"} = $_->{runs} for grep {
			$_->{node_id} eq $id && $_->{name} =~ /^(?:jwks|alerts)$/
		} tasks($node);
	}
	return %runs;
}
