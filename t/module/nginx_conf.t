#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# nginx -t refuses what it must, and says where: unknown, doubled, misplaced
# and ill-valued directives, and a run directory that is not on tmpfs. And it
# creates nothing.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();

my $frame = <<'EOC';
%%MAIN%%
events { worker_connections 64; }
http {
    access_log off;
    aiproxy_dir %%DIR%%;
    aiproxy_run_dir %%RUN%%;
    HTTP
    server {
        listen %%PROXY%%;
        SERVER
        location / { LOCATION }
    }
}
EOC

# Good.

accepts('the one directive', LOCATION => 'aiproxy on;');
accepts('status', LOCATION => 'aiproxy_status;');
accepts('status in a gateway', LOCATION =>
	'aiproxy on; location /status { aiproxy_status; }');
accepts('off', LOCATION => 'aiproxy off;');
accepts('all of http', HTTP => 'aiproxy_ledger_full count; '
	. 'aiproxy_trusted_certificate /etc/ssl/certs/ca-certificates.crt; '
	. 'aiproxy_keepalive 0; aiproxy_keepalive_requests 1; '
	. 'aiproxy_keepalive_timeout 1h; aiproxy_snapshot_max_age 15m;',
	LOCATION => 'aiproxy on;');
accepts('refuse', HTTP => 'aiproxy_ledger_full refuse;');
accepts('a location in a location',
	LOCATION => 'aiproxy on; location /x { aiproxy off; }');

# Unknown.

refuses('unknown directive', qr/unknown directive "aiproxy_nonsense"/,
	HTTP => 'aiproxy_nonsense on;');

# Doubled.

refuses('doubled aiproxy', qr/"aiproxy" directive is duplicate/,
	LOCATION => 'aiproxy on; aiproxy on;');
refuses("doubled $_->[0]", qr/"$_->[0]" directive is duplicate/,
	HTTP => "$_->[0] $_->[1]; $_->[0] $_->[1];")
	for ['aiproxy_ledger_full', 'count'],
	['aiproxy_trusted_certificate', '/etc/ssl/certs/ca-certificates.crt'],
	['aiproxy_keepalive', 1], ['aiproxy_keepalive_requests', 1],
	['aiproxy_keepalive_timeout', '1s'],
	['aiproxy_snapshot_max_age', '1s'];
refuses("doubled $_", qr/"$_" directive is duplicate/,
	HTTP => "$_ %%ROOT%%;") for 'aiproxy_dir', 'aiproxy_run_dir';

refuses('doubled aiproxy_status', qr/"aiproxy_status" directive is duplicate/,
	LOCATION => 'aiproxy_status; aiproxy_status;');
refuses('gateway and status', qr/"aiproxy_status" directive conflicts with "aiproxy"/,
	LOCATION => 'aiproxy on; aiproxy_status;');
refuses('status and gateway', qr/"aiproxy" directive is duplicate/,
	LOCATION => 'aiproxy_status; aiproxy on;');

# Misplaced.

refuses("$_->[0] in server", qr/"$_->[0]" directive is not allowed here/,
	SERVER => "$_->[0] $_->[1];")
	for ['aiproxy_dir', '/x'], ['aiproxy_run_dir', '/dev/shm'],
	['aiproxy_ledger_full', 'count'];
refuses("$_->[0] in location", qr/"$_->[0]" directive is not allowed here/,
	LOCATION => "$_->[0] $_->[1];")
	for ['aiproxy_dir', '/x'], ['aiproxy_run_dir', '/dev/shm'],
	['aiproxy_ledger_full', 'count'],
	['aiproxy_trusted_certificate', '/x'];
refuses('aiproxy_status in server',
	qr/"aiproxy_status" directive is not allowed here/,
	SERVER => 'aiproxy_status;');
refuses('aiproxy in http', qr/"aiproxy" directive is not allowed here/,
	HTTP => 'aiproxy on;');

# Ill-valued.

refuses('aiproxy_status on', qr/invalid number of arguments in "aiproxy_status"/,
	LOCATION => 'aiproxy_status on;');
refuses('aiproxy maybe', qr/invalid value "maybe" in "aiproxy"/,
	LOCATION => 'aiproxy maybe;');
refuses('aiproxy without a value',
	qr/invalid number of arguments in "aiproxy"/, LOCATION => 'aiproxy;');
refuses('aiproxy on off', qr/invalid number of arguments in "aiproxy"/,
	LOCATION => 'aiproxy on off;');
refuses('aiproxy_ledger_full perhaps', qr/invalid value "perhaps"/,
	HTTP => 'aiproxy_ledger_full perhaps;');
refuses("$_ few", qr/invalid number in/, HTTP => "$_ few;")
	for 'aiproxy_keepalive', 'aiproxy_keepalive_requests';
refuses("$_ soon", qr/invalid value/, HTTP => "$_ soon;")
	for 'aiproxy_keepalive_timeout', 'aiproxy_snapshot_max_age';

my ($missing, $why) = check($frame,
	HTTP => 'aiproxy_trusted_certificate %%ROOT%%/none.pem;',
	LOCATION => 'aiproxy on;');
isnt($missing, 0, 'a certificate that is not there');
like($why, qr/\Q$t->{root}\E\/none\.pem/, 'is named');

# The run directory.

my $text = $frame;
$text =~ s/aiproxy_run_dir %%RUN%%;/aiproxy_run_dir %%ROOT%%;/;
my ($status, $output) = check($text, LOCATION => 'aiproxy on;');
isnt($status, 0, 'run directory on a disk: refused');
like($output, qr/tmpfs/, 'it says what is wrong');
like($output, qr/mount|\/run|\/dev\/shm/, 'and what to do');

# Before the first boot it may be missing for -t, but nothing starts without.

$text = $frame;
$text =~ s/aiproxy_run_dir %%RUN%%;/aiproxy_run_dir %%RUN%%\/none;/;
$text =~ s/LOCATION/aiproxy on;/;
$text =~ s/^\s*(HTTP|SERVER)$//mg;
my $nginx = $t->spawn('none', AIProxy::Nginx::nginx_binary(), '-p', $t->{root},
	'-c', $t->write_nginx_conf($text), '-e', "$t->{root}/none.log");
ok($nginx->wait_end(10) && $nginx->{status} != 0,
	'run directory missing: nginx does not start');
like($nginx->output('stderr') . $t->read_file("$t->{root}/none.log"),
	qr/\Q$t->{run}\E\/none/, 'it names it');

# Nothing was created, and nothing is needed where aiproxy is not on.

is(join(' ', glob "$t->{run}/* $t->{dir}/*"), '', 'nginx -t creates nothing');
$text = $frame;
$text =~ s/aiproxy_(?:run_)?dir .*;//g;
($status, $output) = check($text);
is($status, 0, 'loaded and not used: no folders needed')
	or diag($output);

$t->done();

sub accepts {
	my ($label, %parts) = @_;
	my ($status, $output) = check($frame, %parts);
	is($status, 0, "accepts: $label") or diag($output);
}

sub refuses {
	my ($label, $reason, %parts) = @_;
	my ($status, $output) = check($frame, %parts);
	isnt($status, 0, "refuses: $label");
	like($output, $reason, "refuses: $label: reason");
	like($output, qr/in \Q$t->{root}\E\/nginx\.conf:\d+/,
		"refuses: $label: file and line");
}

sub check {
	my ($text, %parts) = @_;
	for my $part (qw(HTTP SERVER LOCATION)) {
		my $by = $parts{$part} || '';
		$text =~ s/^(\s*(?:location .*)?)\b$part\b/$1$by/m;
	}
	return $t->test_nginx_conf($text);
}
