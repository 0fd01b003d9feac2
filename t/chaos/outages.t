#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# t/e2e/outages.t for long: 20,000 requests per case, 500 in flight, the database
# away for 30 seconds.

use warnings;
use strict;

use FindBin;

$ENV{OUTAGE_REQUESTS} ||= $ENV{CHAOS_SECONDS} && $ENV{CHAOS_SECONDS} < 120
	? 500 : 20_000;
$ENV{OUTAGE_WIDTH} ||= $ENV{OUTAGE_REQUESTS} < 1000 ? 4 : 500;
$ENV{OUTAGE_SECONDS} ||= $ENV{OUTAGE_REQUESTS} < 1000 ? 3 : 30;
exec $^X, "-I$FindBin::Bin/../lib", "$FindBin::Bin/../e2e/outages.t";
