#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Four daemons over one Postgres: they migrate an empty database at once, do
# each task once, and take over within half a minute what a killed one held.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Nodes;
use AIProxy::Postgres;
use AIProxy::Server;
use AIProxy::Token;
use JSON::PP;
use Time::HiRes qw(time);

# At once, on nothing: one of them migrates, the others find it done.

my $first = AIProxy->new();
my $postgres = AIProxy::Postgres->new($first);
$postgres->start();
my @nodes = ($first, map { AIProxy->new() } 2 .. 4);
$first->write_file("$_->{dir}/master.key", 'A' x 43) for @nodes;
chmod 0600, "$_->{dir}/master.key" for @nodes;
for my $t (@nodes) {
	$t->{daemon_port} = free_port();
	$t->{database} = $postgres->url();
	$t->{daemon} = $t->spawn('daemon', AIProxy::build() . '/aiproxy-admin',
		'serve', '--listen', "127.0.0.1:$t->{daemon_port}", '--dir', $t->{dir},
		'--run-dir', $t->{run}, '--database', $t->{database},
		'--allowed-networks', '127.0.0.0/8', '--probe-seconds', 1);
}
$_->daemon->wait_line(qr/"event":\s*"ready"/) for @nodes;
my $files = () = glob AIProxy::tree() . '/sql/[0-9]*.sql';
is($postgres->value('SELECT count(*) FROM schema_version'), $files,
	'each migration once');
is($postgres->value("SELECT count(*) FROM users"), 1, 'one first user');
my ($owner) = grep { -e "$_->{dir}/admin_password" } @nodes;
my $password = $owner->read_file("$owner->{dir}/admin_password");
chomp $password;
is(scalar(grep { -e "$_->{dir}/admin_password" } @nodes), 1,
	'whose password is told once');
my $own = AIProxy::Api->new(port => $first->{daemon_port}, direct => 1)
	->sign_in('admin', $password);
$password = 'a password of our own';
$own->change_password($password);
for my $t (@nodes) {
	$t->{password} = $password;
	$t->{api} = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
	$t->{api}->sign_in('admin', $password);
}

# A key set is fetched once; one key is probed each second, by one node at a
# time: the one that also waits for an answer that never comes.

my $keys = AIProxy::Server->new($first->{root});
my $signer = AIProxy::Token->new($first->{root}, 'EdDSA', 'k1');
$keys->answer(200, encode_json({ keys => [$signer->jwk] }));
my $issuer = $first->api->create('/api/settings/issuers', { name => 'i',
	issuer => 'https://i.example', audiences => ['a'], claim => 'sub',
	jwks_url => $keys->url('/keys') });
$first->start_demo();
my $provider = $first->provider();
$first->provider_key($provider, secret => 'demo-key-silent?hang');
ok(wait_for(sub { holder() }), 'one of them holds the probes');
my $key = $first->provider_key($provider, secret => 'demo-key-probed');
ok(wait_for(sub { probes() >= 2 }), 'it is probed');
my ($began, $before) = (time, probes());
wait_for(sub { probes() >= $before + 5 }, 20);
my $rate = (probes() - $before) / (time - $began);
note(sprintf '%.2f probes a second by %d daemons', $rate, scalar @nodes);
cmp_ok($rate, '<', 1.6, 'a second lies between two probes, whoever asks');
ok($first->api->read("/api/settings/issuers/$issuer->{id}")->{jwks_fetched_at},
	'the key set is there');
is($keys->seen, 1, 'and was fetched once');

# Whoever holds a lease is killed: another one goes on.

my %node = map { $_->api->read('/api/system/status')->{node_id} => $_ } @nodes;
my $holder;
ok(wait_for(sub { $node{$holder = holder()} }), 'somebody probes');
my $fence = fence();
kill KILL => $node{$holder}->daemon->{pid};
$node{$holder}->daemon->wait_end(10);
my $killed = time;
my $count = probes();
ok(wait_for(sub { probes() >= $count + 2 }, 60), 'others go on');
my $took = time - $killed;
note(sprintf 'two probes %.1f s after the kill', $took);
cmp_ok($took, '>', 5, 'not while its lease ran');
cmp_ok($took, '<=', 30, 'and within half a minute');
cmp_ok(fence(), '>', $fence, 'under another fence');
isnt(holder() || 'nobody', $holder, 'by another one');

$_->finish for @nodes[1 .. $#nodes];
$first->stop();
$postgres->stop();
$first->done();

sub probes {
	return scalar grep { $_->{credential} eq 'demo-key-probed' }
		$first->demo_requests;
}

sub holder {
	return $postgres->value("SELECT node_id FROM leases WHERE name = 'probes' "
		. 'AND held_until > extract(epoch FROM clock_timestamp()) * 1000');
}

sub fence {
	return $postgres->value("SELECT fence FROM leases WHERE name = 'probes'");
}
