package AIProxy::Price;

# SPDX-License-Identifier: MIT
#
# What a request of the demo providers must cost: the arithmetic of the price
# table once more, in integers, from conf/prices.csv itself. All of the demo's
# answers stay under the long-context tiers.

use warnings;
use strict;

use Exporter qw(import);
use Math::BigInt;

our @EXPORT_OK = qw(cost_of);

# cost_of(tree, model, usage): USD as the API prints it. usage: input and
# output are totals, cached and written tokens are inside the input.

sub cost_of {
	my ($tree, $model, $usage) = @_;

	my $row = row_of($tree, $model) or return undef;
	my %n = map { $_ => $usage->{$_} || 0 } qw(input_tokens output_tokens
		cache_read_tokens cache_write_5m_tokens cache_write_30m_tokens
		cache_write_1h_tokens cache_write_12h_tokens);
	my $short = $n{cache_write_5m_tokens} + $n{cache_write_30m_tokens};
	my $long = $n{cache_write_1h_tokens} + $n{cache_write_12h_tokens};
	my $plain = $n{input_tokens} - $n{cache_read_tokens} - $short - $long;

	my $pico = Math::BigInt->new(0);
	$pico += pico_per_token($row->{input}) * $plain;
	$pico += pico_per_token($row->{cache_read}) * $n{cache_read_tokens}
		if $n{cache_read_tokens};
	$pico += pico_per_token($row->{cache_write_short}) * $short if $short;
	$pico += pico_per_token($row->{cache_write_long}) * $long if $long;
	$pico += pico_per_token($row->{output}) * $n{output_tokens};

	my $usd = sprintf '%013s', $pico->bstr;
	$usd =~ s/^ +/0/;
	$usd =~ s/ /0/g;
	$usd =~ s/(\d{12})$/.$1/;
	$usd =~ s/\.?0+$//;
	return $usd;
}

# USD per million tokens are a millionth of that per token: six of the twelve
# places of a pico-dollar are left.

sub pico_per_token {
	my ($usd) = @_;
	my ($whole, $part) = $usd =~ /^(\d+)(?:\.(\d{1,6}))?$/
		or die "not a price: '$usd'\n";
	return Math::BigInt->new($whole . substr(($part || '') . '000000', 0, 6));
}

sub row_of {
	my ($tree, $model) = @_;

	open my $fh, '<', "$tree/conf/prices.csv" or die "prices.csv: $!\n";
	my @names;
	while (my $line = <$fh>) {
		next if $line =~ /^\s*(#|$)/;
		chomp $line;
		my @fields = split /,/, $line, -1;
		if (!@names) {
			@names = @fields;
			next;
		}
		my %row;
		@row{@names} = @fields;
		return \%row if $row{provider} eq 'demo' && $row{model} eq $model;
	}

	return undef;
}

1;
