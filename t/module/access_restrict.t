#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# What a client key may: from which addresses, which models, which providers,
# while its owner is enabled; the old key until its grace ends; and only while
# client keys are taken at all. Each refusal has its status in every dialect.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects ask_of);
use AIProxy::Http qw(request);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my ($provider, $other) = ($t->provider(), $t->provider());
my ($key, $foreign) = ($t->provider_key($provider), $t->provider_key($other));

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Test-Address;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# Addresses.

my $client = $t->client_key([$key], allowed_addresses =>
	['192.0.2.0/25', '2001:db8::/32', '203.0.113.9']);
for (['192.0.2.1', 200], ['192.0.2.127', 200], ['192.0.2.128', 403],
	['203.0.113.9', 200], ['203.0.113.8', 403], ['2001:db8:ffff::1', 200],
	['2001:db9::1', 403], ['127.0.0.1', 403])
{
	my ($address, $status) = @$_;
	is(from($address, 'openai_chat', $client)->{status}, $status,
		"from $address: $status");
}
refused_everywhere('auth.address_not_allowed', 'another address', $client);
is($t->ask('openai_chat', $t->client_key([$key], allowed_addresses => []))
	->{status}, 403, 'an empty list allows none');

# Models.

$client = $t->client_key([$key], allowed_models => ['demo-small', 'other-*']);
for my $dialect (@dialects) {
	for (['demo-small', 200], ['other-', 200], ['other-1', 200],
		['demo-smal', 403], ['demo-small2', 403], ['another-1', 403],
		['Demo-small', 403])
	{
		my ($model, $status) = @$_;
		is($t->ask($dialect, $client, model => $model)->{status}, $status,
			"$dialect, $model: $status");
	}
}
refused_everywhere('auth.model_not_allowed', 'another model', $client,
	model => 'demo-large');
is(request($t->proxy_port, 'GET', '/v1/models', headers =>
	[['x-api-key', $client->{key}]])->{status}, 200, 'no model, no matter');
is($t->ask('openai_chat', $client, path => '/v1/responses', body => '{}')
	->{status}, 403, 'one that the provider would choose');
is($t->ask('gemini_content', $client, model => 'demo%2Dlarge')->{status}, 403,
	'however it is written');

# Providers.

$client = $t->client_key([$key, $foreign],
	allowed_provider_ids => [$other->{id}]);
for (1 .. 4) {
	my $answer = $t->ask('openai_chat', $client);
	is($answer->{status}, 200, 'the provider that it may use');
	is($t->record($answer)->{provider}{id}, $other->{id}, 'and no other');
}
my $record = $t->record($t->ask('openai_chat', $client));
is($record->{decision}{excluded}[0]{reason}, 'not_allowed',
	'the record says why');
refused_everywhere('auth.provider_not_allowed', 'another provider',
	$t->client_key([$key], allowed_provider_ids => [$other->{id}]));

# Rotation.

$client = $t->client_key([$key]);
my $old = $client->{key};
my $rotate = "/api/client-keys/$client->{id}/rotate";
my $new = $t->api->post($rotate, { grace_ms => 2_000 })->{json}{key};
isnt($new, $old, 'a new key');
is($t->ask('openai_chat', $new)->{status}, 200, 'the new one works at once');
my $answer = $t->ask('openai_chat', $old);
is($answer->{status}, 200, 'the old one in its grace');
is($t->record($answer)->{client_key}{id}, $client->{id}, 'it is the same');
wait_for(sub { $t->ask('openai_chat', $old)->{status} == 401 });
refused_everywhere('auth.unknown_key', 'the old one afterwards', $old);
is($t->ask('openai_chat', $new)->{status}, 200, 'the new one stays');

# Ways in.

my $settings = '/api/settings/authentication';
$t->api->change($settings, { client_keys => JSON::PP::false });
refused_everywhere('auth.mode_off', 'client keys are off', $new);
$t->api->change($settings, { client_keys => JSON::PP::true });
is($t->ask('openai_chat', $new)->{status}, 200, 'on again');

# Places. Wherever the key stands, it goes no further and into no log.

my ($method, $path, $headers, $body) = ask_of('openai_chat');
for my $name (qw(key api_key apikey access_token)) {
	$t->forget_demo_requests();
	is(request($t->proxy_port, $method, "$path?a=1&$name=$new&b=2",
		headers => $headers, body => $body)->{status}, 200, "?$name=");
	my ($seen) = $t->demo_requests();
	is($seen->{path}, "$path?a=1&b=2", "?$name= is removed");
}
is(request($t->proxy_port, $method, $path, headers => [@$headers,
	['X-OpenAI-Api-Key', $new]], body => $body)->{status}, 200,
	'x-openai-api-key');
request($t->proxy_port, $method, "$path?api_key=$new&apikey=$new&key=$new&"
	. "access_token=$new&api_key=$new", headers => $headers, body => $body);
request($t->proxy_port, $method, "$path?api_key=$new", headers => [@$headers,
	['Content-Length', '999999999999']]);
request($t->proxy_port, 'GET', "/%00?access_token=$new");
my ($seen) = ($t->demo_requests())[-1];
is($seen->{path}, $path, 'all of them');
unlike($t->read_file("$t->{root}/access.log") . $t->error_log, qr/\Q$new\E/,
	'no log has it');

$t->done();

sub from {
	my ($address, $dialect, $client, %o) = @_;
	return $t->ask($dialect, $client, %o,
		headers => [['X-Test-Address', $address]]);
}

sub refused_everywhere {
	my ($code, $label, $client, %o) = @_;

	$t->forget_demo_requests();
	my $status = $code =~ /unknown_key|mode_off/ ? 401 : 403;
	for my $dialect (@dialects) {
		my $answer = $t->ask($dialect, $client, %o);
		$t->refused($dialect, $answer, $status, "$dialect, $label");
		is($t->record($answer)->{error_code}, $code,
			"$dialect, $label: record");
	}
	is(scalar(my @seen = $t->demo_requests()), 0,
		"$label: nothing went upstream");
}
