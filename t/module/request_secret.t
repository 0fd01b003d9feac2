#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# While a request waits for its provider, the provider key is in clear in one
# place of the worker's memory, which no core dump has; afterwards nowhere.

use warnings;
use strict;
no warnings 'portable';

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

plan(skip_all => 'only root reads the memory of a worker') if $> != 0;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my %way = (
	header => {},
	query => { credential =>
		{ location => 'query', name => 'key', prefix => '' } },
);
my %client = map { $_ => $t->client_key([$t->provider_key(
	$t->provider(name => $_, %{$way{$_}}),
	secret => "demo-key-in-$_-73a1f0c9?hang,times=1")]) } keys %way;

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

my ($worker) = $t->worker_pids();
for my $name (sort keys %way) {
	my $secret = "demo-key-in-$name-73a1f0c9";
	$t->forget_demo_requests();
	my $exchange = $t->begin('openai_chat', $client{$name});
	ok(wait_for(sub { $t->demo_requests() == 1 }), "$name: sent");
	my @found = places($secret);
	is(scalar @found, 1, "$name: in one place");
	is(join(' ', grep { $_ ne 'dd' } @found), '', "$name: in no core dump");

	$exchange->leave;
	ok(wait_for(sub { places($secret) == 0 }), "$name: then nowhere");
}

$t->done();

# places(text): for each occurrence in the worker's own memory "dd" when no
# core dump has it, else the flags of its mapping.

sub places {
	my ($text) = @_;
	my ($from, $to, $own, @found);

	open my $memory, '<:raw', "/proc/$worker/mem" or die "mem: $!\n";
	open my $maps, '<', "/proc/$worker/smaps" or die "smaps: $!\n";
	while (my $line = <$maps>) {
		if ($line =~ /^([0-9a-f]+)-([0-9a-f]+) rw-p/) {
			($from, $to, $own) = (hex $1, hex $2, 1);
		} elsif ($line =~ /^[0-9a-f]+-[0-9a-f]+ /) {
			$own = 0;
		} elsif ($own && $line =~ /^VmFlags: (.*)/) {
			my $flags = $1;
			sysseek $memory, $from, 0;
			sysread $memory, my $bytes, $to - $from;
			my $n = () = ($bytes // '') =~ /\Q$text\E/g;
			push @found, ($flags =~ /\bdd\b/ ? 'dd' : $flags) x $n;
		}
	}

	return @found;
}
