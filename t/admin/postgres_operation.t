#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The API on Postgres: records, jobs, tasks, alerts. The same files once more, each
# on a database of its own. Left out is what never reaches the database.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy::Postgres;

AIProxy::Postgres->run_again($FindBin::Bin, qw(records_read events_read
	jobs_export prices_import prices_unpriced health_check alerts_deliver
	alerts_watch tasks_read payloads_read usage_page));
