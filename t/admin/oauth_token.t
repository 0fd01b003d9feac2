#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The token endpoint of callers, as RFC 6749 and RFC 7009 have it: who gets a
# token, what it says, who is refused and in which words.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;
use MIME::Base64 qw(encode_base64 decode_base64url);

my $t = AIProxy->new();
$t->start_daemon();

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $client_key = $t->client_key([]);
my $client = $api->create('/api/oauth-clients', { name => 'app',
	client_key_id => $client_key->{id}, token_lifetime_s => 600 });
my ($id, $secret) = @$client{qw(client_id client_secret)};
my %good = (grant_type => 'client_credentials', client_id => $id,
	client_secret => $secret);

is(token(\%good)->{json}{error}, 'unauthorized_client',
	'switched off by default');
$api->change('/api/settings/authentication', { oauth => JSON::PP::true });

subtest 'status 200' => sub {
	my $answer = token(\%good);
	is($answer->{status}, 200, 'secret in the body');
	is($answer->{json}{token_type}, 'Bearer', 'type');
	is($answer->{json}{expires_in}, 600, 'life');
	is($answer->{headers}{'cache-control'}, 'no-store', 'kept nowhere');

	my ($header, $claims, $signature) = parts($answer);
	is($header->{alg}, 'EdDSA', 'algorithm');
	ok($header->{kid}, 'key id');
	is($claims->{client_id}, $id, 'client');
	is($claims->{iss}, 'aiproxy', 'issuer');
	is($claims->{exp} - $claims->{iat}, 600, 'lifetime');
	is(length $signature, 64, 'signed');

	my $again = token(\%good);
	isnt((parts($again))[1]{jti}, $claims->{jti}, 'each has its own id');

	$answer = basic($id, $secret);
	is($answer->{status}, 200, 'secret in the header');
	is((parts($answer))[1]{client_id}, $id, 'the same client');
	is(basic(escaped($id), escaped($secret))->{status}, 200, 'form-encoded');
	is(basic($id, $secret, client_id => $id)->{status}, 200,
		'named once more');
	is(token(\%good, type => 'Application/X-WWW-Form-URLEncoded; charset=utf-8')
		->{status}, 200, 'a charset');
};

subtest 'rotation' => sub {
	my $rotate = "/api/oauth-clients/$client->{id}/rotate";
	my $new = $api->post($rotate, { grace_ms => 60_000 })->{json}
		{client_secret};
	is(token({ %good, client_secret => $_ })->{status}, 200, 'both work')
		for $secret, $new;
	my $newest = $api->post($rotate, { grace_ms => 0 })->{json}
		{client_secret};
	is(token({ %good, client_secret => $_ })->{status}, 401, 'over')
		for $secret, $new;
	is(token({ %good, client_secret => $newest })->{status}, 200, 'the newest');
	$good{client_secret} = $secret = $newest;
};

subtest 'status 400' => sub {
	for (['invalid_request', { grant_type => undef }],
		['invalid_request', { grant_type => '' }],
		['unsupported_grant_type', { grant_type => 'password' }],
		['invalid_scope', { scope => 'all' }])
	{
		my ($error, $change) = @$_;
		my %form = (%good, %$change);
		delete @form{grep { !defined $form{$_} } keys %form};
		my $answer = token(\%form);
		is($answer->{status}, 400, $error);
		is($answer->{json}{error}, $error, 'named');
		ok($answer->{json}{error_description}, 'described');
	}
	for (['application/json', '{}'], ['', form(%good)],
		[undef, 'grant_type=a&grant_type=b'], [undef, 'grant_type=%zz'])
	{
		my $answer = post('/oauth2/token', $_->[1], type => $_->[0]);
		is($answer->{status}, 400, $_->[1]);
		is($answer->{json}{error}, 'invalid_request', 'named');
	}
};

subtest 'status 401' => sub {
	for ({ client_secret => 'wrong' }, { client_secret => '' },
		{ client_id => 'aoc_unknown' }, { client_id => '' },
		{ client_secret => "$secret " }, { client_id => "' OR 1=1 --" })
	{
		my $answer = token({ %good, %$_ });
		is($answer->{status}, 401, join ' ', %$_);
		is($answer->{json}{error}, 'invalid_client', 'named');
		ok(!$answer->{headers}{'www-authenticate'}, 'no challenge');
	}
	for my $answer (basic($id, 'wrong'), basic($id, $secret,
			client_id => 'another'), basic($id, $secret,
			client_secret => $secret), post('/oauth2/token', form(%good),
			headers => [['Authorization', 'Basic %%%']]),
		post('/oauth2/token', 'grant_type=client_credentials',
			headers => [['Authorization', "Bearer $t->{api}{token}"]]))
	{
		is($answer->{status}, 401, 'header');
		is($answer->{headers}{'www-authenticate'}, 'Basic realm="aiproxy"',
			'challenge');
	}
	for my $change ({ is_enabled => JSON::PP::false }, { is_enabled =>
			JSON::PP::true, expires_at => '2020-01-01T00:00:00Z' })
	{
		$api->change("/api/oauth-clients/$client->{id}", $change);
		is(token(\%good)->{status}, 401, join ' ', %$change);
	}
	$api->change("/api/oauth-clients/$client->{id}", { expires_at => undef });
	is(token(\%good)->{status}, 200, 'as before');
};

subtest 'status 403' => sub {
	is(AIProxy::Http::request($t->{daemon_port}, 'POST', '/oauth2/token',
		headers => [['Content-Type', 'application/x-www-form-urlencoded']],
		body => form(%good))->{status}, 403, 'nginx stands in front');
};

subtest 'status 413' => sub {
	is(token({ %good, x => 'x' x 1_100_000 })->{status}, 413, 'too large');
};

subtest 'revocation' => sub {
	my $token = token(\%good)->{json}{access_token};
	my %mine = (client_id => $id, client_secret => $secret);
	for (['a token', $token], ['again', $token], ['none of ours', 'x.y.z'],
		['no token', 'x'], ['one of ours, bent', $token . 'x'])
	{
		my $answer = post('/oauth2/revoke', form(%mine, token => $_->[1]));
		is($answer->{status}, 200, $_->[0]);
	}
	my $generation = $api->read('/api/system/status')->{config_generation};
	post('/oauth2/revoke', form(%mine,
		token => token(\%good)->{json}{access_token}));
	cmp_ok($api->read('/api/system/status')->{config_generation}, '>',
		$generation, 'in force when it is answered');

	my $other = $api->create('/api/oauth-clients', { name => 'other',
		client_key_id => $client_key->{id} });
	my $answer = post('/oauth2/revoke', form(token => $token,
		map { $_ => $other->{$_} } qw(client_id client_secret)));
	is($answer->{status}, 400, 'not of another client');
	is($answer->{json}{error}, 'invalid_grant', 'named');
	is(post('/oauth2/revoke', form(%mine))->{json}{error},
		'invalid_request', 'no token given');
	$answer = post('/oauth2/revoke', form(%mine, token => $token,
		client_secret => 'wrong'));
	is($answer->{status}, 401, 'not by anybody');
	is(post('/oauth2/revoke', form(token => $token, x => 'x' x 1_100_000))
		->{status}, 413, 'too large');
};

$spec->shown('POST /oauth2/token' => [200, 400, 401, 413],
	'POST /oauth2/revoke' => [200, 400, 401, 413]);
$t->done();

sub escaped { return $_[0] =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ger }

sub form {
	my %fields = @_;
	return join '&', map { escaped($_) . '=' . escaped($fields{$_}) }
		sort keys %fields;
}

sub post {
	my ($path, $body, %o) = @_;
	my $type = $o{type} // 'application/x-www-form-urlencoded';
	my $answer = AIProxy::Http::request($t->{daemon_port}, 'POST', $path,
		headers => [['X-Aiproxy-Console', 1], ['Connection', 'keep-alive'],
			length $type ? ['Content-Type', $type] : (),
			@{$o{headers} || []}], body => $body);
	$answer->{json} = eval { JSON::PP->new->utf8->decode($answer->{body}) };
	$spec->judge('POST', $path, $answer);
	return $answer;
}

sub token {
	my ($fields, %o) = @_;
	return post('/oauth2/token', form(%$fields), %o);
}

sub basic {
	my ($user, $password, %fields) = @_;
	return post('/oauth2/token',
		form(grant_type => 'client_credentials', %fields), headers => [[
			'Authorization', 'Basic ' . encode_base64("$user:$password", '')]]);
}

# Header, claims and signature of the token in an answer.

sub parts {
	my @parts = map { decode_base64url($_) }
		split /\./, $_[0]{json}{access_token};
	return (JSON::PP::decode_json($parts[0]), JSON::PP::decode_json($parts[1]),
		$parts[2]);
}
