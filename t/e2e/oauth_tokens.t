#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The life of a token by OAuth 2.0 client credentials, through both ports of
# the tree's own nginx: it works in the request after it was given, on every
# worker, and is refused within a second after it was revoked, its client or
# client key was switched off, or tokens were.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use JSON::PP;
use MIME::Base64 qw(encode_base64 decode_base64url encode_base64url);
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $key = $t->provider_key($t->provider());
my $client = $t->client_key([$key]);
my $app = new_app('app');
my $settings = '/api/settings/authentication';
$t->start_nginx_from_tree();
my @ports = ([callers => $t->proxy_port], [console => $t->console_port]);

# Given on both ports, and in force in the next request.

for (@ports) {
	my ($name, $port) = @$_;
	is(given($app, port => $port)->{json}{error}, 'unauthorized_client',
		"$name: off by default");
}
$t->api->change($settings, { oauth => JSON::PP::true });
for (@ports) {
	my ($name, $port) = @$_;
	my $answer = given($app, port => $port);
	is($answer->{status}, 200, "$name: given");
	is($answer->{headers}{'cache-control'}, 'no-store', "$name: kept nowhere");
	is($t->ask('openai_chat', $answer->{json}{access_token})->{status}, 200,
		"$name: in force at once");
	$answer = given($app, port => $port, basic => 1);
	is($answer->{status}, 200, "$name: the secret in the header");
	is(given({ %$app, client_secret => 'x' }, port => $port)->{status}, 401,
		"$name: a wrong secret");
	is(request($port, 'POST', '/oauth2/token', headers => [['Content-Type',
		'application/x-www-form-urlencoded'], map { ["X-Junk-$_",
		'x' x 3000] } 1 .. 4], body => form($app))->{status}, 200,
		"$name: headers that the daemon never meets");
}
my @new = map { new_app("new-$_") } 1 .. 10;
is(join(' ', map { $t->ask('openai_chat', token($_))->{status} } @new),
	join(' ', (200) x 10), 'those of new clients too');

my $token = token($app);
for my $dialect (@dialects) {
	my $answer = $t->ask($dialect, $token);
	is($answer->{status}, 200, $dialect);
	is($t->record($answer)->{client_key}{id}, $client->{id},
		"$dialect: the record names the client key");
}

# What is bent, or signed by others, is nobody's.

my ($head, $claims, $signature) = split /\./, $token;
my %claims = %{decode_json(decode_base64url($claims))};
my $longer = encode_base64url(encode_json({ %claims,
	exp => $claims{exp} + 86400 }));
for (['longer', "$head.$longer.$signature"],
	['unsigned', encode_base64url('{"alg":"none"}') . ".$claims."],
	['bent', "$head.$claims." . ($signature =~ s/^(.)/$1 eq 'A' ? 'B' : 'A'/er)])
{
	refused($_->[1], 401, 'auth.token_invalid', $_->[0]);
}

# Revoked.

my $other = token($app);
my $began = time;
revoke($app, $token);
refused($token, 401, 'auth.token_revoked', 'revoked', $began);
is($t->ask('openai_chat', $other)->{status}, 200, 'the other one is not');
for my $port (map { $_->[1] } @ports) {
	my $third = token($app);
	is(revoke($app, $third, port => $port)->{status}, 200, 'on both ports');
	refused($third, 401, 'auth.token_revoked', 'revoked there');
}

# Rights are those of its client and client key now.

switch('client', "/api/oauth-clients/$app->{id}", { is_enabled =>
	JSON::PP::false }, { is_enabled => JSON::PP::true }, 403,
	'auth.token_unmapped');
switch('client key', "/api/client-keys/$client->{id}", { is_enabled =>
	JSON::PP::false }, { is_enabled => JSON::PP::true }, 403,
	'auth.disabled_key');
switch('tokens', $settings, { oauth => JSON::PP::false },
	{ oauth => JSON::PP::true }, 401, 'auth.mode_off');
switch('client keys', $settings, { client_keys => JSON::PP::false },
	{ client_keys => JSON::PP::true }, undef, undef);
my $doomed = token($new[0]);
$began = time;
$t->api->remove("/api/oauth-clients/$new[0]{id}");
refused($doomed, 403, 'auth.token_unmapped', 'client removed', $began);

# After a reload, and without the daemon.

$t->reload_nginx;
refused($token, 401, 'auth.token_revoked', 'after a reload');
is($t->ask('openai_chat', $other)->{status}, 200, 'a good one');
my ($daemon) = grep { $_->{name} eq 'daemon' } @{$t->{processes}};
$daemon->stop;
is($t->ask('openai_chat', $other)->{status}, 200, 'without the daemon');
is($t->ask('openai_chat', $token)->{status}, 401, 'a revoked one');
my $away = given($app);
is($away->{status}, 503, 'no new one then');
is($away->{json}{error}, 'temporarily_unavailable', 'named');
ok($away->{headers}{'retry-after'}, 'try again');
$t->start_daemon();
ok(wait_for(sub { given($app)->{status} == 200 }), 'again with it');
is($t->ask('openai_chat', $token)->{status}, 401, 'revoked it stays');

# Nothing of it in the logs.

my $logs = $t->error_log . $t->read_file("$t->{root}/log/nginx-access.log")
	. join '', map { $_->output('stderr') } @{$t->{processes}};
for my $secret ($app->{client_secret}, map { split /\./ } $token, $other) {
	next if $secret eq $head;
	ok(index($logs, $secret) < 0, 'no log has it');
}

$t->done();

sub new_app {
	my ($name) = @_;
	return $t->api->create('/api/oauth-clients', { name => $name,
		client_key_id => $client->{id}, token_lifetime_s => 600 });
}

sub form {
	my ($app, %fields) = @_;
	%fields = (grant_type => 'client_credentials', %fields);
	@fields{qw(client_id client_secret)} = @$app{qw(client_id client_secret)}
		if $app;
	return join '&', map { "$_=$fields{$_}" } sort keys %fields;
}

sub posted {
	my ($path, $body, %o) = @_;
	return request($o{port} || $t->proxy_port, 'POST', $path, headers =>
		[['Content-Type', 'application/x-www-form-urlencoded'],
		@{$o{headers} || []}], body => $body);
}

sub given {
	my ($app, %o) = @_;
	my $basic = encode_base64("$app->{client_id}:$app->{client_secret}", '');
	return posted('/oauth2/token', form($o{basic} ? undef : $app), %o,
		headers => $o{basic} ? [['Authorization', "Basic $basic"]] : []);
}

sub token { return given(@_)->{json}{access_token} // die "no token\n" }

sub revoke {
	my ($app, $token, %o) = @_;
	return posted('/oauth2/revoke', form($app, token => $token), %o);
}

# began: when what refuses it was asked for.

sub refused {
	my ($token, $status, $code, $label, $began) = @_;

	my $answer = $t->ask('openai_chat', $token);
	cmp_ok(time - $began, '<', 1, "$label: within a second") if $began;
	$t->refused('openai_chat', $answer, $status, "$label: $status");
	is($t->record($answer)->{error_code}, $code, "$label: $code");
}

# Off, and on again; status undef: it changes nothing for a token.

sub switch {
	my ($label, $path, $off, $on, $status, $code) = @_;

	my $token = token($app);
	my $began = time;
	$t->api->change($path, $off);
	if ($status) {
		refused($token, $status, $code, "$label off", $began);
	} else {
		is($t->ask('openai_chat', $token)->{status}, 200, "$label off");
	}
	$t->api->change($path, $on);
	is($t->ask('openai_chat', $token)->{status}, 200, "$label on again");
}
