#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# aiproxy-admin key, beside a daemon that runs: what it makes works, is shown
# once, and is told in the audit log.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $k = $t->provider_key($t->provider(), name => 'k');
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

sub key {
	my ($action, @arguments) = @_;
	local $ENV{AIPROXY_DATABASE} = $ENV{AIPROXY_TEST_DATABASE}
		|| "sqlite:$t->{dir}/aiproxy.db";
	my $text = join '', qx{@{[AIProxy::build()]}/aiproxy-admin key $action --dir $t->{dir} --run-dir $t->{run} @arguments 2>&1};
	return ($? >> 8, $text);
}

sub soon {
	my ($secret, $status) = @_;
	return wait_for(sub { $t->ask('openai_chat', $secret,
		model => 'demo-small')->{status} == $status });
}

my ($status, $text) = key('create', 'app', '--provider-key', 'k', '--user',
	'admin');
is($status, 0, 'create') or diag($text);
my ($secret) = $text =~ /^(aip_\S+)$/m;
ok($secret, 'the key alone is said');
ok(soon($secret, 200), 'it works');

($status, $text) = key('list', '--json');
my ($app) = @{decode_json($text)};
is("$app->{name} $app->{provider_key_ids}[0]", "app $k->{id}", 'list');
unlike($text . (key('list'))[1], qr/\Q$secret\E/, 'without the key');
like((key('list'))[1], qr/^app +aip_[\w-]+ +1 keys$/m, 'for people');

($status, $text) = key('rotate', 'app', '--json');
my $next = decode_json($text)->{key};
isnt($next, $secret, 'rotate');
ok(soon($next, 200), 'the new one works');
ok(soon($secret, 401), 'the old one does not');

($status, $text) = key('rotate', 'app', '--grace-minutes', 5);
chomp(my $third = $text);
ok(soon($third, 200), 'with a grace');
is($t->ask('openai_chat', $next, model => 'demo-small')->{status}, 200,
	'both work');

is((key('disable', 'app'))[0], 0, 'disable');
ok(soon($third, 403), 'is refused');
is((key('enable', 'app'))[0], 0, 'enable');
ok(soon($third, 200), 'is not');

for (['create', 'app', qr/name: Another client key/],
	['create', 'x --provider-key no', qr/no provider key no/],
	['create', 'x --user no', qr/no user no/],
	['rotate', 'no', qr/no client key no/],
	['rotate', 'app --grace-minutes -1', qr/grace/],
	['disable', '', qr/required/])
{
	my ($action, $arguments, $why) = @$_;
	($status, $text) = key($action, $arguments);
	isnt($status, 0, "$action $arguments: refused");
	like($text, $why, 'and why');
}

my @entries = grep { $_->{username} eq '(terminal)' }
	$api->list('/api/audit?object_type=client-keys');
is(join(' ', map { $_->{action} } reverse @entries),
	'create rotate rotate update update', 'the audit log has it');
my $entry = $api->read("/api/audit/$entries[0]{id}");
ok(!$entry->{before}{is_enabled} && $entry->{after}{is_enabled},
	'before and after');
unlike(encode_json([map { $api->read("/api/audit/$_->{id}") } @entries]),
	qr/\Q$third\E|\Q$next\E/, 'without keys');

$t->done();
