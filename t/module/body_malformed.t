#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A body that we must understand and cannot is 400 in the caller's dialect and
# never goes upstream: JSON that is none, no model, and fields that a provider
# could read in another way than we do. Where the model is in the path any body
# passes.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(ask_of);
use AIProxy::Http qw(request);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $client = $t->client_key([$t->provider_key($t->provider())]);

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

my $rest = '"messages":[{"role":"user","content":"hi"}],"max_tokens":9';
my @bad = (
	['empty', '', 'malformed_json'],
	['a brace', '{', 'malformed_json'],
	['no object', '["model","m"]', 'malformed_json'],
	['a string', '"model"', 'malformed_json'],
	['no value', '{"model":}', 'malformed_json'],
	['cut', '{"model":"demo-small","messages":[{"role":', 'malformed_json'],
	['cut string', '{"model":"demo-sm', 'malformed_json'],
	['no comma', '{"model":"demo-small" "stream":true}', 'malformed_json'],
	['more behind', qq({"model":"demo-small",$rest} {}), 'malformed_json'],
	['bad literal', qq({"model":"demo-small","stream":tru,$rest}),
		'malformed_json'],
	['single quotes', "{'model':'demo-small'}", 'malformed_json'],
	['too deep', '{"model":"demo-small","x":' . ('[' x 20000)
		. (']' x 20000) . '}', 'malformed_json'],
	['no model', "{$rest}", 'missing_model'],
	['model null', qq({"model":null,$rest}), 'missing_model'],
	['model a number', qq({"model":4,$rest}), 'missing_model'],
	['model twice', qq({"model":"a","model":"demo-small",$rest}),
		'duplicate_field'],
	['model escaped', qq({"model":"a","m\\u006fdel":"demo-small",$rest}),
		'duplicate_field'],
	['model in another case', qq({"model":"a","Model":"demo-small",$rest}),
		'duplicate_field'],
	['stream twice',
		qq({"model":"demo-small","stream":true,"stream":false,$rest}),
		'duplicate_field'],
	['stream in another case',
		qq({"model":"demo-small","stream":true,"STREAM":false,$rest}),
		'duplicate_field'],
	['stream a string', qq({"model":"demo-small","stream":"yes",$rest}),
		'bad'],
);

for my $dialect (qw(openai_chat anthropic_messages)) {
	for my $case (@bad) {
		my ($label, $body, $code) = @$case;
		my $answer = $t->ask($dialect, $client, body => $body);
		$t->refused($dialect, $answer, 400, "$dialect, $label");
		my $record = $t->record($answer);
		is("$record->{status} $record->{outcome} $record->{error_code}",
			"400 rejected request.$code", "$dialect, $label: record");
	}
}

is(scalar(my @none = $t->demo_requests()), 0, 'nothing went upstream');

# Good JSON in odd clothes passes, untouched.

my @good = (
	['spaces', qq( \r\n\t{ "model" : "demo-small" , $rest } \n)],
	['model inside is no model', qq({"metadata":{"model":"a","stream":true},)
		. qq("model":"demo-small",$rest})],
	['escaped value', qq({"model":"demo\\u002dsmall",$rest})],
	['stream null', qq({"model":"demo-small","stream":null,$rest})],
);

for my $dialect (qw(openai_chat anthropic_messages)) {
	for my $case (@good) {
		my ($label, $body) = @$case;
		$t->forget_demo_requests();
		my $answer = $t->ask($dialect, $client, body => $body);
		is($answer->{status}, 200, "$dialect, $label");
		is(($t->demo_requests())[0]{body}, $body,
			"$dialect, $label: not a byte changed");
		is($t->record($answer)->{model}, 'demo-small',
			"$dialect, $label: model");
	}
}

# Gemini has the model in its path: what the provider says of a bad body is
# its answer, and passes.

for my $body ('', '{', '["x"]', '{"contents":}') {
	$t->forget_demo_requests();
	my $answer = $t->ask('gemini_content', $client, body => $body);
	my @seen = $t->demo_requests();
	is(scalar @seen, 1, "gemini_content, '$body' goes upstream");
	is($answer->{status}, $seen[0]{status}, "'$body': its status passes");
	my $record = $t->record($answer);
	is($record->{model}, 'demo-small', "'$body': model from the path");
	is($record->{error_code}, undef, "'$body': no error of ours");
}

# A method without a body needs none.

my $models = request($t->proxy_port, 'GET', '/v1/models',
	headers => [['Authorization', "Bearer $client->{key}"]]);
is($models->{status}, 200, 'GET without a body');

$t->done();
