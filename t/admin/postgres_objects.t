#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The API on Postgres: who may, and what is configured. The same files once more, each
# on a database of its own. Left out is what never reaches the database.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy::Postgres;

AIProxy::Postgres->run_again($FindBin::Bin, qw(auth_login auth_refresh
	auth_session auth_password providers_write provider_keys_write
	client_keys_write configuration_read configuration_file input_refuse
	secrets_keep alerts_write));
