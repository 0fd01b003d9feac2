#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Each strategy, over several workers: who is asked, who is left out, and what
# the record says of it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my %keys = map { $_ => $t->provider_key($provider,
	secret => "demo-key-$_") } qw(a b c);
my $client = $t->client_key([@keys{qw(a b c)}], strategy => 'priority');

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 4;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

$t->change_provider_key($keys{a}, priority => 2);
$t->change_provider_key($keys{b}, priority => 1);
$t->change_provider_key($keys{c}, priority => 3);
is(served(10), 'b:10', 'priority: the least number');

$t->change_provider_key($keys{b}, is_enabled => \0);
is(served(10), 'a:10', 'priority: the next when it is out');
$t->change_provider_key($keys{b}, is_enabled => \1);

$t->change_client_key($client, strategy => 'sticky',
	sticky => { source => 'header', header => 'x-session' });
my %by;
for my $session (1 .. 12) {
	$by{$session} = served(4, headers => [["x-session", "s$session"]]);
	like($by{$session}, qr/^[abc]:4$/, "sticky: session $session stays");
}
my %seen = map { substr($_, 0, 1) => 1 } values %by;
cmp_ok(scalar keys %seen, '>', 1, 'sticky: sessions are spread');

my ($session) = sort keys %by;
my $out = substr $by{$session}, 0, 1;
$t->change_provider_key($keys{$out}, is_enabled => \0);
my $other = served(4, headers => [["x-session", "s$session"]]);
like($other, qr/^[abc]:4$/, 'sticky: it yields to one other key');
isnt(substr($other, 0, 1), $out, 'sticky: which is not the one that is out');
$t->change_provider_key($keys{$out}, is_enabled => \1);
is(served(4, headers => [["x-session", "s$session"]]), $by{$session},
	'sticky: and comes back');

for my $strategy (qw(least_in_flight latency health)) {
	$t->change_client_key($client, strategy => $strategy, sticky => undef);
	my $answer = $t->ask('openai_chat', $client);
	is($answer->{status}, 200, "$strategy serves");
	is($t->record($answer)->{decision}{strategy}, $strategy,
		"$strategy: in the record");
}

# A key's own limit leaves it out, and the record names it.

$t->change_client_key($client, strategy => 'priority');
$t->change_provider_key($keys{b}, requests_per_minute => 3);
$t->change_provider_key($keys{b}, requests_per_minute => 1);
my $answer = $t->ask('openai_chat', $client);
is($answer->{status}, 200, 'own limit: another key serves');
is(join(' ', map { "$_->{provider_key}{id} $_->{reason}" }
	@{$t->record($answer)->{decision}{excluded}}),
	"$keys{b}{id} own_limit", 'own limit: the record says why');

$t->done();

sub served {
	my ($n, %o) = @_;
	$t->forget_demo_requests();
	$t->ask('openai_chat', $client, %o) for 1 .. $n;
	my %count;
	$count{$_->{credential} =~ /(\w)$/ ? $1 : '?'}++
		for $t->demo_requests();
	return join ' ', map { "$_:$count{$_}" } sort keys %count;
}
