#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A provider's host has several addresses: they are used in turn, and a key is
# not to blame for one that refuses while another takes the request.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();

# The daemon resolves by a hosts file of its own.

my @under = ('unshare', $> == 0 ? () : '--map-root-user', '--mount', '--', 'sh',
	'-c', "mount --bind $t->{root}/hosts /etc/hosts && exec \"\$@\"", 'sh');
$t->write_file("$t->{root}/hosts", "127.0.0.1 localhost\n"
	. "127.0.0.1 two.example\n127.0.0.2 two.example\n"
	. "127.0.0.2 none.example\n127.0.0.3 none.example\n");
plan(skip_all => 'no mount of its own is allowed')
	if system(@under, 'true') != 0;

my $port = $t->start_demo();
$t->{daemon_under} = \@under;
$t->start_daemon();

my ($two, $none) = map { $t->provider_key($t->provider(
	base_url => "http://$_.example:$port")) } qw(two none);
my $client = $t->client_key([$two]);

$t->start_nginx(<<'EOC');
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

# Nothing listens on the second; cut answers keep no connection.

my %addresses;
for my $n (1 .. 6) {
	my $answer = $t->ask('openai_chat', $client, fault => 'cut=20');
	is($answer->{status}, 200, "request $n");
	my $record = $t->record($answer);
	is($record->{attempts}, 1, "request $n: one attempt");
	$addresses{$record->{attempt_list}[0]{address}}++;
}
is(join(' ', keys %addresses), "127.0.0.1:$port", 'the address that took it');
is($t->health($two)->{state}, 'ready', 'the key does not rest');
like($t->error_log, qr/127\.0\.0\.2:$port/, 'the other one was tried');

# All refuse: then the key is failed over, after each was tried once.

my $answer = $t->ask('openai_chat', $t->client_key([$none]));
$t->refused('openai_chat', $answer, 502, 'no address takes it');
is($t->record($answer)->{attempts}, 1, 'one attempt');
is($t->health($none)->{class}, 'unreachable', 'now the key rests');
my @tried = $t->error_log =~ /connect\(\) failed .*upstream: "\w*(?::\/\/)?(127\.0\.0\.[23]):/g;
is(scalar(grep { $_ eq '127.0.0.3' } @tried), 1, 'each address once');

$t->done();
