#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Connections to a provider are kept and used again; one that the provider
# closed meanwhile costs the caller nothing; one whose answer went wrong is not
# used again.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use JSON::PP;

my $t = AIProxy->new();
my $first = $t->start_demo();
my $demo = $t->{processes}[-1];
$t->start_daemon();

my $provider = $t->provider();
my $client = $t->client_key([$t->provider_key($provider)]);
my $pair = $t->client_key([$t->provider_key($provider,
	secret => 'demo-key-x?status=429,times=1'), $t->provider_key($provider)]);

my $conf = <<'EOC';
%%MAIN%%
worker_processes 1;
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

my %connections;
for my $n (1 .. 5) {
	for my $dialect (@dialects) {
		is($t->ask($dialect, $client, stream => $n % 2)->{status}, 200,
			"$dialect, $n");
	}
}
$connections{$_->{connection}}++ for $t->demo_requests();
is(scalar keys %connections, 1, 'one connection for fifteen requests');

my $record = $t->record($t->ask('openai_chat', $client));
is($record->{attempt_list}[0]{reused} ? 1 : 0, 1, 'the record says so');

# Two answers on it at once do not mix.

my @open = map { $t->begin('openai_chat', $client, stream => 1,
	prompt => 'x' x (50 * $_)) } 1 .. 4;
my @sums = map { length $_->finish->{body} } @open;
my %different = map { $_ => 1 } @sums;
is(scalar keys %different, 4, 'four answers, four streams');

# An error that was read to its end keeps the connection too.

$t->forget_demo_requests();
%connections = ();
is($t->ask('openai_chat', $pair)->{status}, 200, 'over a refusal') for 1, 2;
$connections{$_->{connection}}++ for $t->demo_requests();
is(scalar keys %connections, 1, 'on the same connection');

# After an answer that broke off it is a new one.

$t->forget_demo_requests();
my $cut = $t->ask('openai_chat', $client, fault => 'cut=20');
is($cut->{complete}, 0, 'cut');
is($t->ask('openai_chat', $client)->{status}, 200, 'served after it');
my @seen = map { $_->{connection} } $t->demo_requests();
isnt($seen[0], $seen[1], 'on another connection');

# The provider restarts: all kept connections are dead, no caller notices, and
# no key rests for it.

$demo->stop;
$t->start_demo('--listen', "127.0.0.1:$first");
is($t->ask('openai_chat', $client)->{status}, 200, 'a stale connection');
$record = $t->record($t->ask('openai_chat', $client));
is($record->{attempts}, 1, 'is no failed attempt');

# As many requests on one connection, as long and as many idle ones as the
# configuration says.

is(connections(4, 'aiproxy_keepalive 0;'), 4, 'none is kept');
is(connections(6, 'aiproxy_keepalive_requests 3;'), 2, 'for three requests');
is(connections(1, 'aiproxy_keepalive_timeout 10ms;'), 1, 'for a time');
ok(wait_for(sub {
	$t->ask('openai_chat', $client);
	my %seen = map { $_->{connection} => 1 } $t->demo_requests();
	return keys %seen > 1;
}), 'and not for longer');

$t->done();

# connections(count, directives): how many of the provider's connections so
# many requests take.

sub connections {
	my ($count, $directives) = @_;
	my %seen;

	$t->write_nginx_conf($conf =~ s/%%HTTP%%/%%HTTP%% $directives/r);
	$t->reload_nginx;
	$t->forget_demo_requests();
	is($t->ask('openai_chat', $client)->{status}, 200, $directives)
		for 1 .. $count;
	$seen{$_->{connection}}++ for $t->demo_requests();
	return scalar keys %seen;
}
