#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# scripts/run --smoke: three lines of JSON and nothing else on stdout, exit 0.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use JSON::PP;

my $tree = AIProxy::tree();
$ENV{AIPROXY_BUILD} ||= AIProxy::build();

my @lines = `'$tree/scripts/run' --smoke`;
is($?, 0, 'exit 0');
is(scalar @lines, 3, 'three lines');

my @names = qw(dialect model streaming status usage_source input_tokens
	output_tokens cost_usd attempts request_id);
my @dialects;
for my $line (@lines) {
	my $record = decode_json($line);
	is(join(' ', $line =~ /"(\w+)":/g), "@names", 'the names, in order');
	is(ref $record->{streaming}, 'JSON::PP::Boolean', 'streaming is a boolean');
	is("$record->{status} $record->{usage_source} $record->{attempts}",
		'200 reported 1', 'served at once, usage reported');
	cmp_ok($record->{cost_usd}, '>', 0, 'a cost');
	push @dialects, $record->{dialect};
}
is(join(' ', sort @dialects), 'anthropic_messages gemini_content openai_chat',
	'one per dialect');

done_testing();
