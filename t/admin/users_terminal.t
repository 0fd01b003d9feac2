#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# aiproxy-admin user, beside a daemon that runs: a lost password comes back, and
# the rules of the API hold.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;

my $t = AIProxy->new();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;

sub user {
	my ($action, @arguments) = @_;
	my $database = $ENV{AIPROXY_TEST_DATABASE}
		|| "sqlite:$t->{dir}/aiproxy.db";
	local $ENV{AIPROXY_DATABASE} = $database;
	my $text = join '', qx{@{[AIProxy::build()]}/aiproxy-admin user $action --dir $t->{dir} --run-dir $t->{run} @arguments 2>&1};
	return ($? >> 8, $text);
}

my ($status, $text) = user('list', '--json');
is($status, 0, 'list');
is(join(' ', map { $_->{username} } @{decode_json($text)}), 'admin', 'who');
like((user('list'))[1], qr/^admin +admin *$/m, 'for people');

($status, $text) = user('reset-password', 'admin');
is($status, 0, 'a new password');
chomp $text;
is($api->get('/api/auth/me', as_it_is => 1)->{status}, 401,
	'ends the sessions');
$api->sign_in('admin', $text);
ok($api->read('/api/auth/me')->{must_change_password}, 'is to be changed');
$api->change_password('what nobody else knows');

($status, $text) = user('add', 'ann', '--role', 'operator', '--json');
is($status, 0, 'add');
my $ann = decode_json($text);
is("$ann->{username} $ann->{role}", 'ann operator', 'whom');
my $hers = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
	->sign_in('ann', $ann->{password});
is((user('disable', 'ann'))[0], 0, 'disable');
is($hers->get('/api/auth/me', as_it_is => 1)->{status}, 401, 'is out');
is((user('enable', 'ann'))[0], 0, 'enable');
ok($api->read("/api/users/$ann->{id}")->{is_enabled}, 'is enabled');

for (['disable', 'admin', qr/last enabled admin/], ['enable', 'nobody',
	qr/no user nobody/], ['add', 'ann', qr/is a user ann/],
	['add', 'Ann', qr/user name/], ['add', 'x --role root', qr/role/])
{
	my ($action, $name, $why) = @$_;
	($status, $text) = user($action, $name);
	is($status, 1, "$action $name: refused");
	like($text, $why, 'and why');
}

my @entries = grep { $_->{username} eq '(terminal)' }
	$api->list('/api/audit?object_type=users');
is(join(' ', map { $_->{action} } reverse @entries),
	'update create update update', 'the audit log has it');
unlike(encode_json(\@entries), qr/\Q$ann->{password}\E/, 'without passwords');

$t->done();
