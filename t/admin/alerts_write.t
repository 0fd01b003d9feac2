#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Rules and channels of alerts by the API: what is made, changed, refused and
# removed. A channel's address and secret go in and never come out.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my ($rules, $channels) = map { "/api/alert-$_" } qw(rules channels);

my $hook = $api->post($channels, { name => 'hook', kind => 'webhook',
	url => 'http://127.0.0.1:9/URLSECRET' });
my $mail = $api->post($channels, { name => 'mail', kind => 'mail',
	url => 'smtp://127.0.0.1:25', username => 'u', secret => 'PASSSECRET',
	mail_from => 'a@example.org', mail_to => ['b@example.org'] });
my $rule = $api->post($rules, { name => 'r', kind => 'cost_per_day',
	threshold => '12.5', channel_ids => [$hook->{json}{id}] });

subtest 'status 201' => sub {
	is($_->{status}, 201, 'status') for $hook, $mail, $rule;
	is($hook->{headers}{location}, "$channels/$hook->{json}{id}", 'where');
	like($hook->{json}{secret}, qr/^whsec_[A-Za-z0-9+\/]{43}=$/,
		'a secret is made, and shown once');
	is($mail->{json}{secret}, undef, 'one that was given is not shown');
	is($hook->{json}{target}, 'http://127.0.0.1:9', 'the host is shown');
	is_deeply([@{$rule->{json}}{qw(unit threshold window_s cooldown_s severity
		is_enabled)}], ['usd', '12.5', undef, 3600, 'warning',
		JSON::PP::true], 'defaults');
	my $other = $api->create($rules, { name => 'usual',
		kind => 'client_key_errors' });
	is_deeply([@$other{qw(threshold window_s)}], ['50', 900],
		'what is usual for the kind');
	$api->delete("$rules/$other->{id}");
};

subtest 'status 200' => sub {
	my $id = $hook->{json}{id};
	my $read = $api->read("$channels/$id");
	ok(!exists $read->{secret}, 'the secret is not shown again');
	is($read->{has_secret}, JSON::PP::true, 'but that there is one');
	my @all = map { $_->{raw} } $api->get($channels),
		$api->get("$channels/$id"), $api->get("/api/audit"),
		$api->patch("$channels/$id", { name => 'hook 2' });
	unlike("@all", qr/URLSECRET|PASSSECRET|\Q$hook->{json}{secret}\E/,
		'nothing secret is shown, in the audit log neither');
	is($api->read("$channels/$id")->{name}, 'hook 2', 'changed');
	my $changed = $api->change("$rules/$rule->{json}{id}",
		{ threshold => '0.000000000001', severity => 'critical' });
	is($changed->{threshold}, '0.000000000001', 'to the last digit');
	is_deeply([map { $_->{name} } @{$api->read("$rules?search=r&sort=-name")
		->{items}}[0]], [$api->read("$rules?search=r&sort=-name")
		->{items}[0]{name}], 'searched and sorted');
};

subtest 'status 409' => sub {
	for my $answer ($api->post($rules, { name => 'r', kind => 'pool_low' }),
		$api->post($channels, { name => 'mail', kind => 'webhook',
			url => 'https://x.example' }))
	{
		is($answer->{status}, 409, 'a name that is taken');
		is($answer->{json}{error}{field}, 'name', 'is named');
	}
};

subtest 'status 422' => sub {
	my %rule = (name => 'x', kind => 'client_key_errors');
	for (['name', ''], ['kind', 'x'], ['severity', 'x'], ['threshold', '0'],
		['threshold', '101'], ['threshold', '1.5'], ['threshold', '-1'],
		['threshold', 5], ['window_s', 899], ['window_s', 86_401],
		['cooldown_s', -1], ['channel_ids', [999_999]],
		['channel_ids', [($hook->{json}{id}) x 2]])
	{
		my ($field, $value) = @$_;
		refused($rules, { %rule, $field => $value }, $field);
	}
	refused($rules, { name => 'x', kind => 'issuer_keys', threshold => '1' },
		'threshold');
	refused($rules, { name => 'x', kind => 'issuer_keys', window_s => 60 },
		'window_s');
	refused("$rules/$rule->{json}{id}", { kind => 'pool_low' }, 'kind');

	my %hook = (name => 'x', kind => 'webhook', url => 'https://x.example/');
	my %mail = (name => 'x', kind => 'mail', url => 'smtps://x.example',
		mail_from => 'a@x.example', mail_to => ['b@x.example']);
	for (['kind', 'x'], ['url', 'ftp://x.example'], ['url', 'x'],
		['url', 'http://x.example/'], ['url', 'https://10.1.2.3/'],
		['url', 'https://169.254.169.254/'], ['url', "https://x.example/\n"],
		['url', 'https://u:p@x.example/'], ['secret', 'short'],
		['secret', 'whsec_x'], ['username', 'u'], ['mail_from', 'a@b'],
		['mail_to', ['a@b']])
	{
		refused($channels, { %hook, $_->[0] => $_->[1] }, $_->[0]);
	}
	for (['url', 'https://x.example'], ['url', 'smtp://x.example/path'],
		['url', 'smtp://10.1.2.3'], ['mail_from', undef], ['mail_from', 'x'],
		['mail_from', "a\@x.example\r\nBcc: c\@x.example"], ['mail_to', []],
		['mail_to', ['a@x.example>']], ['mail_to', [('a@x.example') x 17]],
		['username', 'a b'])
	{
		refused($channels, { %mail, $_->[0] => $_->[1] }, $_->[0]);
	}
	refused($channels, { %mail, url => 'smtp://x.example', secret => 'x',
		username => 'x', require_tls => JSON::PP::false }, 'require_tls');
	refused("$channels/$mail->{json}{id}", { url => 'smtp://127.0.0.2:25' },
		'secret');
	refused("$channels/$hook->{json}{id}", { secret => undef }, 'secret');
};

subtest 'status 403' => sub {
	$api->create('/api/users', { username => "a-$_", role => $_,
		password => "a password of $_" }) for qw(viewer operator);
	for my $role (qw(viewer operator)) {
		my $other = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
		$other->sign_in("a-$role", "a password of $role");
		$other->post('/api/auth/password', { current_password =>
			"a password of $role", new_password => 'another password' });
		$other->sign_in("a-$role", 'another password');
		is($other->get($channels)->{status}, 200, "$role: channels are seen");
		is($other->post("$channels/$hook->{json}{id}/test")->{status}, 403,
			"$role: sends nothing");
		is($other->patch("$channels/$hook->{json}{id}",
			{ url => 'https://evil.example' })->{status}, 403,
			"$role: changes no channel");
		is($other->patch("$rules/$rule->{json}{id}", { cooldown_s => 60 })
			->{status}, $role eq 'viewer' ? 403 : 200, "$role: rules");
	}
};

subtest 'status 204' => sub {
	is($api->delete("$channels/$hook->{json}{id}")->{status}, 204, 'channel');
	is_deeply($api->read("$rules/$rule->{json}{id}")->{channel_ids}, [],
		'rules forget it');
	is($api->delete("$rules/$rule->{json}{id}")->{status}, 204, 'rule');
	is($api->get($_)->{status}, 404, 'gone') for
		"$channels/$hook->{json}{id}", "$rules/$rule->{json}{id}";
};

$t->done();

sub refused {
	my ($path, $body, $field) = @_;
	my $answer = $path =~ /\d$/ ? $api->patch($path, $body)
		: $api->post($path, $body);
	is($answer->{status}, 422, "$field refused: "
		. JSON::PP->new->canonical->encode($body));
	like($answer->{json}{error}{field} // '', qr/^\Q$field\E/, "$field named");
}
