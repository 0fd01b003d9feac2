#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Every error code is in core/base/README.md with its status, and no other.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $tree = AIProxy::tree();
my $header = slurp("$tree/core/base/error.h");
my $readme = slurp("$tree/core/base/README.md");

my %codes;
while ($header =~ /X\(k\w+,\s*"([\w.]+)",\s*(\d+),/g) {
	$codes{$1} = $2 unless $1 eq 'none';
}
cmp_ok(scalar keys %codes, '>', 20, 'the table of codes was found');

my %documented;
while ($readme =~ /^\|\s*`([\w.]+)`\s*\|\s*(\d{3})\b/mg) {
	ok(!exists $documented{$1}, "$1 is documented once");
	$documented{$1} = $2;
}

is(join(' ', sort keys %documented), join(' ', sort keys %codes),
	'documented are those that there are');
is($documented{$_}, $codes{$_}, "$_: its status") for sort keys %documented;

done_testing();

sub slurp {
	my ($path) = @_;
	open my $fh, '<', $path or return '';
	local $/;
	return readline($fh) // '';
}
