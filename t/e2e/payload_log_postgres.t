#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# payload_log.t on Postgres: what is hidden is not in its files either.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;

my $t = AIProxy->new();
my $postgres = AIProxy::Postgres->new($t);
$postgres->start();
my $output = do {
	local $ENV{AIPROXY_TEST_DATABASE} = $postgres->url();
	local $ENV{PAYLOAD_LOG_DATABASE} = $postgres->{dir};
	`$^X -I'$FindBin::Bin/../lib' '$FindBin::Bin/payload_log.t' 2>&1`;
};
is($?, 0, 'payload_log.t') or diag($output);
is($postgres->value('SELECT count(*) > 10 FROM payloads'), 't',
	'its texts are in Postgres');
$t->finish();
$postgres->stop();
done_testing();
