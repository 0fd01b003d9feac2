#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Signed tokens of other issuers in place of a client key: who passes, who is
# refused with 401, 403 or 503, that nothing of it is remembered but the
# signature, and that no log and no record has one in clear.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of);
use AIProxy::Http qw(request);
use AIProxy::Server;
use AIProxy::Token qw(raw_token);
use AIProxy::WebSocket;
use Digest::SHA qw(hmac_sha256);
use JSON::PP;
use MIME::Base64 qw(decode_base64);
use Time::HiRes qw(time);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $key = $t->provider_key($provider);
my $client = $t->client_key([$key]);
my $away = $t->client_key([$key], allowed_addresses => ['192.0.2.1']);
my %signer = map { $_ => AIProxy::Token->new($t->{root}, $_, "k-$_") }
	qw(HS256 RS256 ES256 EdDSA);
my $settings = '/api/settings/authentication';
my %good = (iss => 'https://id.example', aud => 'gateway', sub => 'ann');
my $issuer = $t->api->create('/api/settings/issuers', { name => 'id',
	issuer => $good{iss}, audiences => ['gateway'], skew_s => 30, clients => [
	{ value => 'ann', client_key_id => $client->{id} },
	{ value => 'far', client_key_id => $away->{id} }],
	keys => [map { $signer{$_}->key } sort keys %signer] });
my $issuer_path = "/api/settings/issuers/$issuer->{id}";

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    log_format who '$aiproxy_request_id $aiproxy_client_key_id';
    access_log %%ROOT%%/who.log who;
    large_client_header_buffers 4 32k;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my (@shown, @records);
my $good = token('EdDSA');

refused($good, 401, 'auth.mode_off', 'off by default');
$t->api->change($settings, { jwt => JSON::PP::true });

# Who passes, of each algorithm, in each dialect and place.

for my $algorithm (sort keys %signer) {
	my $answer = $t->ask('openai_chat', token($algorithm));
	is($answer->{status}, 200, $algorithm);
	is($t->record($answer)->{client_key}{id}, $client->{id},
		"$algorithm: the record names the client key");
	my $id = $answer->{headers}{'x-request-id'};
	like($t->read_file("$t->{root}/who.log"), qr/^$id $client->{id}$/m,
		"$algorithm: and so does the variable");
}
for my $dialect (@dialects) {
	is($t->ask($dialect, $good)->{status}, 200, $dialect);
}
$t->forget_demo_requests();
for (['', ['authorization', "bearer $good"]], ['', ['x-api-key', $good]],
	['', ['api-key', $good]], ['', ['x-goog-api-key', $good]],
	["?access_token=$good"], ["?a=b&key=$good&c=d"])
{
	my ($query, @header) = @$_;
	is(asked($query, @header)->{status}, 200,
		'in ' . ($query ? substr $query, 0, 14 : $header[0][0]));
}
ok(!leaks(join ' ', map { $_->{path}, map { @$_ } @{$_->{headers}} }
	$t->demo_requests()), 'the provider gets none of it');

# Attacks: 401, whatever was tried, and never upstream.

my $rsa = $signer{RS256};
my $der = decode_base64($rsa->pem =~ s/-----.*?-----//gr);
my $now = int time;
my $confused = '{"alg":"HS256","kid":"k-RS256"}';
my $payload = encode_json({ %good, exp => $now + 600 });
my ($head, $middle, $signature) = split /\./, $rsa->sign(\%good);
my $none = sub { '' };
my @attacks = (
	['alg none', raw_token('{"alg":"none","kid":"k-RS256"}', $payload, $none)],
	['alg None, some signature', raw_token('{"alg":"None"}', $payload,
		sub { 'x' x 64 })],
	['alg none, a good signature', raw_token('{"alg":"none","kid":"k-RS256"}',
		$payload, sub { $rsa->signature($_[0]) })],
	['no signature', "$head.$middle."],
	['signature cut', "$head.$middle." . substr $signature, 0, -4],
	['public DER as a secret', raw_token($confused, $payload,
		sub { hmac_sha256($_[0], $der) })],
	['public PEM as a secret', raw_token($confused, $payload,
		sub { hmac_sha256($_[0], $rsa->pem) })],
	['RS256 said to be ES256', $rsa->sign(\%good,
		header => { alg => 'ES256' })],
	['RS512', $rsa->sign(\%good, header => { alg => 'RS512' })],
	['a stranger with our kid', AIProxy::Token->new("$t->{root}/temp",
		'RS256', 'k-RS256')->sign(\%good)],
	['kid of another key', $rsa->sign(\%good, header => { kid => 'k-EdDSA' })],
	['unknown kid', $rsa->sign(\%good, header => { kid => 'k-9' })],
	['kid a path', $rsa->sign(\%good, header => { kid => '../../dev/null' })],
	['kid no text', $rsa->sign(\%good, header => { kid => 7 })],
	['crit', $rsa->sign(\%good, header => { crit => ['exp'] })],
	['alg twice', $rsa->sign(\%good, raw_header =>
		'{"alg":"none","alg":"RS256","kid":"k-RS256"}')],
	['sub twice', $rsa->sign(undef, payload =>
		$payload =~ s/\}\z/,"sub":"far"}/r)],
	['exp twice', $rsa->sign(undef, payload =>
		$payload =~ s/\}\z/,"exp":99999999999}/r)],
	['iss twice, once escaped', $rsa->sign(undef, payload =>
		$payload =~ s/\}\z/,"\\u0069ss":"x"}/r)],
	['wrong iss', $rsa->sign({ %good, iss => 'https://evil.example' })],
	['no iss', $rsa->sign({ aud => 'gateway', sub => 'ann' })],
	['wrong aud', $rsa->sign({ %good, aud => 'gateway2' }), $client],
	['no aud', $rsa->sign({ iss => $good{iss}, sub => 'ann' }), $client],
	['nbf ahead', $rsa->sign({ %good, nbf => $now + 300 }), $client],
	['iat ahead', $rsa->sign({ %good, iat => $now + 300 }), $client],
	['nbf a text', $rsa->sign({ %good, nbf => "$now" })],
	['oversized', $rsa->sign({ %good, x => 'x' x 9000 })],
	['bad UTF-8', $rsa->sign(undef, payload =>
		$payload =~ s/\}\z/,"x":"\xff\xfe"}/r)],
	['no JSON', $rsa->sign(undef, payload => 'sub=ann')],
	['deep', $rsa->sign(undef, payload =>
		$payload =~ s/\}\z/',"x":' . '[' x 3000 . ']' x 3000 . '}'/er)],
	['not base64url', "$head.${middle}!.$signature"],
	['base64 of the other kind', "$head.$middle+/=.$signature"],
	['padded', "$head.$middle==.$signature"],
	['bits left over', "$head.$middle.${signature}A"],
);
$t->forget_demo_requests();
for my $attack (@attacks) {
	# The second time it is what was remembered of it.
	for my $time ('', ' again') {
		refused($attack->[1], 401, 'auth.token_invalid',
			"$attack->[0]$time", $attack->[2]);
	}
}
refused($rsa->sign({ %good, exp => $now - 31 }), 401, 'auth.token_expired',
	'expired', $client);
refused($rsa->sign(undef, payload => encode_json(\%good)), 401,
	'auth.token_expired', 'without an end', $client);
refused("x$good", 401, 'auth.unknown_key', 'what does not begin as a token');
refused("$good.x", 401, 'auth.unknown_key', 'four parts');

# Known but not allowed.

my $far = $rsa->sign({ %good, sub => 'far' });
refused($rsa->sign({ %good, sub => 'bob' }), 403, 'auth.token_unmapped',
	'names no client key');
refused($far, 403, 'auth.address_not_allowed', 'from elsewhere', $away);
is(scalar(my @seen = $t->demo_requests()), 0, 'nothing went upstream');
is($t->ask('openai_chat', $rsa->sign({ %good, exp => int(time) - 5 }))
	->{status}, 200, 'clocks may differ a little');

# Rights are those of this moment.

$t->change_client_key($client, is_enabled => JSON::PP::false);
refused($good, 403, 'auth.disabled_key', 'disabled', $client);
$t->change_client_key($client, is_enabled => JSON::PP::true);
passes('enabled again');
$t->api->change($issuer_path, { clients => [] });
refused($good, 403, 'auth.token_unmapped', 'its claim means nobody now');
$t->api->change($issuer_path, { clients => $issuer->{clients} });
$t->api->change($issuer_path, { audiences => ['another'] });
refused($good, 401, 'auth.token_invalid', 'meant for others now', $client);
$t->api->change($issuer_path, { audiences => [] });
my ($ed) = grep { $_->{algorithm} eq 'EdDSA' } @{$issuer->{keys}};
$t->api->change($issuer_path, { keys => [map { { id => $_->{id} } }
	grep { $_->{id} != $ed->{id} } @{$issuer->{keys}}] });
refused($good, 401, 'auth.token_invalid', 'its key was removed');
$t->api->change($issuer_path, { keys => [$signer{EdDSA}->key] });
passes('its key is back');
$t->api->change($issuer_path, { is_enabled => JSON::PP::false });
refused($good, 401, 'auth.token_invalid', 'its issuer was switched off');
$t->api->change($issuer_path, { is_enabled => JSON::PP::true });
my $began = time;
$t->api->change($settings, { jwt => JSON::PP::false });
refused($good, 401, 'auth.mode_off', 'tokens are off');
cmp_ok(time - $began, '<', 5, 'soon');
is($t->ask('openai_chat', $client)->{status}, 200, 'client keys are on');
$t->api->change($settings, { jwt => JSON::PP::true,
	client_keys => JSON::PP::false });
passes('tokens alone');
is($t->ask('openai_chat', $client)->{status}, 401, 'client keys are off');
$t->api->change($settings, { client_keys => JSON::PP::true });

# A WebSocket is asked again at the end of each turn.

my $socket = AIProxy::WebSocket->open($t->proxy_port, key => $good);
$socket->say({ type => 'response.create' });
$socket->until_event('response.done');
$t->api->change($issuer_path, { clients => [] });
$socket->say({ type => 'response.create' });
$socket->until_event('response.done');
my $close = $socket->next;
is(join(' ', unpack 'na*', $close->[1]), '1008 auth.token_unmapped',
	'a session ends with its rights');
is($t->record($socket->{headers}{'x-request-id'})->{client_key}{id},
	$client->{id}, 'and its record says whose it was');
$t->api->change($issuer_path, { clients => $issuer->{clients} });

# Keys that are fetched: a new one is there soon, as it is asked for, and what
# cannot be told is 503.

my $server = AIProxy::Server->new($t->{root});
my ($first, $next) = map { AIProxy::Token->new($t->{root}, 'EdDSA', $_) }
	qw(f-1 f-2);
my $fetched = $t->api->create('/api/settings/issuers', { name => 'fetched',
	issuer => 'https://fetched.example', jwks_url => $server->url('/keys'),
	clients => [{ value => 'ann', client_key_id => $client->{id} }] });
my %theirs = (iss => 'https://fetched.example', sub => 'ann');
refused($first->sign(\%theirs), 503, 'auth.keys_stale', 'not fetched yet');
set_of($first);
$t->api->post("/api/settings/issuers/$fetched->{id}/fetch-keys");
my $old = $first->sign(\%theirs);
ok(wait_for(sub { $t->ask('openai_chat', $old)->{status} == 200 }, 60),
	'fetched');
set_of($first, $next);
my $new = $next->sign(\%theirs);
refused($new, 401, 'auth.token_invalid', 'a key that is not there');
ok(wait_for(sub { $t->ask('openai_chat', $new)->{status} == 200 }, 60),
	'it is fetched long before its time');
my $asked = $server->seen;
$t->ask('openai_chat', $next->sign(\%theirs, header => { kid => "f-$_" }))
	for 3 .. 20;
cmp_ok($server->seen - $asked, '<=', 1, 'but not for each that asks');
$server->stop;

# No log and no record has a token, or what it says.

my $told = join '', map { $t->read_file("$t->{root}/$_") }
	qw(access.log who.log error.log);
ok(!leaks($told), 'no log has one');
ok(!leaks(encode_json(\@records)), 'no record has one');

$t->done();

sub token {
	my ($algorithm, %claims) = @_;
	my $token = $signer{$algorithm}->sign({ %good, %claims });
	push @shown, $token;
	return $token;
}

sub asked {
	my ($query, @headers) = @_;
	my ($method, $path, $given, $body) = ask_of('openai_chat');
	return request($t->proxy_port, $method, $path . $query,
		headers => [@$given, @headers], body => $body);
}

sub passes {
	my ($label) = @_;
	is($t->ask('openai_chat', $good)->{status}, 200, $label);
}

# In one dialect after the other. client: whom the record must name.

my $turn;

sub refused {
	my ($token, $status, $code, $label, $client) = @_;

	push @shown, $token;
	my $dialect = $dialects[$turn++ % @dialects];
	my $answer = $t->ask($dialect, $token);
	$t->refused($dialect, $answer, $status, "$label: $status, $dialect");
	my $record = $t->record($answer);
	push @records, $record;
	is("$record->{error_code} $record->{outcome}", "$code rejected",
		"$label: $code");
	is($record->{client_key} && $record->{client_key}{id},
		$client && $client->{id}, "$label: client key in the record");
}

# Whether a text has a part of a token that was shown.

sub leaks {
	my ($text) = @_;
	return grep { length > 12 && index($text, $_) >= 0 }
		map { split /\./ } @shown;
}

sub set_of {
	$server->answer(200, encode_json({ keys => [map { $_->jwk } @_] }),
		'Cache-Control: max-age=3600');
}
