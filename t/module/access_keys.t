#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Who may pass: a missing and an unknown client key are 401, a disabled and an
# expired one 403, one bound to nothing 403, each in the shape of its dialect
# and with a record. Every place a client key may stand in is found.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of);
use AIProxy::Http qw(request);
use POSIX qw(strftime);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $key = $t->provider_key($t->provider());
my $client = $t->client_key([$key]);
my $disabled = $t->client_key([$key], is_enabled => JSON::PP::false);
my $expiring = $t->client_key([$key],
	expires_at => strftime('%Y-%m-%dT%H:%M:%S.000Z', gmtime(time() + 2)));
my $unbound = $t->client_key([]);

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# Refusals.

wait_for(sub { $t->ask('openai_chat', $expiring)->{status} == 403 })
	or diag('the key does not expire');

for my $dialect (@dialects) {
	refusal($dialect, undef, 401, 'auth.missing_key', 'missing key');
	refusal($dialect, '', 401, 'auth.missing_key', 'empty key');
	refusal($dialect, 'sk-foreign', 401, 'auth.unknown_key', 'foreign key');
	refusal($dialect, $client->{key} . 'x', 401, 'auth.unknown_key',
		'one character more');
	refusal($dialect, substr($client->{key}, 0, -1), 401,
		'auth.unknown_key', 'one character less');
	refusal($dialect, $client->{prefix}, 401, 'auth.unknown_key',
		'the prefix alone');
	refusal($dialect, $disabled, 403, 'auth.disabled_key', 'disabled key');
	refusal($dialect, $expiring, 403, 'auth.expired_key', 'expired key');
	refusal($dialect, $unbound, 403, 'auth.no_provider', 'unbound key');
}

is(scalar(grep { $_->{credential} !~ /^demo-key/ } $t->demo_requests()), 0,
	'nothing refused went upstream');

# Places.

my @places = (
	['Authorization', "Bearer $client->{key}"],
	['authorization', "bearer $client->{key}"],
	['AUTHORIZATION', "Bearer   $client->{key}"],
	['x-api-key', $client->{key}],
	['api-key', $client->{key}],
	['X-Goog-Api-Key', $client->{key}],
);

for my $place (@places) {
	is(with_headers('', $place)->{status}, 200, "in $place->[0]");
}

is(with_headers("?key=$client->{key}")->{status}, 200, 'in the query');
is(with_headers("?a=b&key=$client->{key}&c=d")->{status}, 200,
	'in the middle of the query');
is(with_headers("?xkey=$client->{key}")->{status}, 401,
	'not in the end of another name');
is(with_headers('', ['Authorization', "Basic $client->{key}"])->{status}, 401,
	'not under another scheme');

# A wrong key beside a good one is not passed on, whichever counts.

$t->forget_demo_requests();
with_headers('?key=aip_stray', ['x-api-key', $client->{key}],
	['Authorization', 'Bearer aip_stray']);
for my $seen ($t->demo_requests()) {
	unlike(join("\n", $seen->{path}, map { "$_->[0]: $_->[1]" }
		@{$seen->{headers}}), qr/aip_/, 'no stray key upstream');
}

# Back in force.

$t->change_client_key($disabled, is_enabled => JSON::PP::true);
is($t->ask('openai_chat', $disabled)->{status}, 200, 'enabled again');
$t->change_client_key($client, is_enabled => JSON::PP::false);
is($t->ask('openai_chat', $client)->{status}, 403, 'disabled at once');
$t->api->remove("/api/client-keys/$client->{id}");
is($t->ask('openai_chat', $client)->{status}, 401, 'deleted is unknown');

$t->done();

sub refusal {
	my ($dialect, $client, $status, $code, $label) = @_;

	my $answer = $t->ask($dialect, $client);
	$t->refused($dialect, $answer, $status, "$dialect, $label");
	my $record = $t->record($answer);
	is(join(' ', map { $_ // 'null' } @$record{qw(status outcome error_code
		dialect attempts cost_usd)}),
		"$status rejected $code $dialect 0 null",
		"$dialect, $label: record");
	is($record->{client_key} && $record->{client_key}{id},
		ref $client ? $client->{id} : undef,
		"$dialect, $label: client key in the record");
}

sub with_headers {
	my ($query, @headers) = @_;
	my ($method, $path, $given, $body) = ask_of('openai_chat');
	return request($t->proxy_port, $method, $path . $query,
		headers => [@$given, @headers], body => $body);
}
