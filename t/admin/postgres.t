#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The API on Postgres: the same files once more, each on a database of its own.
# Left out is what never reaches the database.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Postgres;

my $t = AIProxy->new();
my $postgres = AIProxy::Postgres->new($t);
$postgres->start();

for my $name (qw(auth_login auth_refresh auth_session auth_password
	providers_write provider_keys_write client_keys_write configuration_read
	records_read events_read input_refuse secrets_keep jobs_export prices_import
	prices_unpriced health_check configuration_file alerts_write alerts_deliver
	alerts_watch tasks_read payloads_read usage_page))
{
	my $url = $postgres->create_database($name);
	my $output = do {
		local $ENV{AIPROXY_TEST_DATABASE} = $url;
		`$^X -I'$FindBin::Bin/../lib' '$FindBin::Bin/$name.t' 2>&1`;
	};
	ok($? == 0, "$name.t") or diag($output);
	unlike($output, qr/^\s*not ok/m, "$name.t: all of it");
}

$postgres->stop();
$t->done();
