#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# One client key over several providers: the path's dialect decides, a prefix
# that names the provider, and for paths that two dialects share a header or
# the order of the keys. With one provider every path is its own. Where the
# model stands is the provider's to say.

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

my %name = (openai_chat => 'one', anthropic_messages => 'two',
	gemini_content => 'three');
my %key = map { $_ => $t->provider_key($t->provider(dialects => [$_],
	name => $name{$_}), secret => "demo-$name{$_}") } @dialects;
my $all = $t->client_key([@key{qw(openai_chat anthropic_messages
	gemini_content)}]);
my $turned = $t->client_key([@key{qw(anthropic_messages openai_chat)}]);
my %alone = map { $_ => $t->client_key([$key{$_}]) } @dialects;

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

# By dialect.

for my $dialect (@dialects) {
	is(went($all, ask_of($dialect))->{credential}, "demo-$name{$dialect}",
		"$dialect goes to its provider");
}

# On Vertex Claude stands beside Gemini; its tokens are counted by a path of
# their own.

my $cloud = $t->client_key([@key{qw(openai_chat gemini_content)}]);
for my $model (qw(claude-x count-tokens)) {
	my (undef, undef, $headers, $body) = ask_of('anthropic_messages');
	my $seen = went($cloud, 'POST', '/v1/projects/p/locations/l/publishers/'
		. "anthropic/models/$model:rawPredict", $headers, $body);
	is("$seen->{credential} $seen->{dialect}", 'demo-three anthropic_messages',
		"$model on Vertex");
}

# By prefix, which is removed; the rest says the dialect.

for my $dialect (@dialects) {
	my ($method, $path, $headers, $body) = ask_of($dialect);
	for my $client ($all, $alone{$dialect}) {
		my $seen = went($client, $method, "/$name{$dialect}$path?x=%2F",
			$headers, $body);
		is("$seen->{credential} $seen->{path} $seen->{dialect}",
			"demo-$name{$dialect} $path?x=%2F $dialect",
			"$dialect by prefix");
	}
}
my ($method, $path, $headers, $body) = ask_of('openai_chat');
my $seen = went($all, $method, "/two$path", $headers, $body);
is("$seen->{credential} $seen->{path}", "demo-two $path",
	'a prefix wins over the dialect');
is(went($all, 'GET', '/two/any/path', [])->{credential}, 'demo-two',
	'any path goes behind a prefix');
is(went($alone{openai_chat}, 'GET', '/two/v1/models', [])->{path},
	'/two/v1/models', 'another\'s provider is no prefix');
for my $climbs ('/two/../x', '/two/%2e%2e/x', '/two/a/../../x') {
	is(ask($all, 'GET', $climbs)->{status}, 400, "$climbs is refused");
}
my $record = $t->record(ask($all, $method, "/one$path", $headers, $body));
is("$record->{path} $record->{dialect}", "/one$path openai_chat",
	'the record has the path as it was sent');

# Shared paths.

for my $shared ('/v1/models', '/v1/models/demo-small', '/v1/files',
	'/v1/files/7/content')
{
	my @header = (['anthropic-version', '2023-06-01']);
	is(went($all, 'GET', $shared, [])->{credential}, 'demo-one',
		"$shared: the first");
	is(went($turned, 'GET', $shared, [])->{credential}, 'demo-two',
		"$shared: the first, whichever it is");
	is(went($turned, 'GET', $shared, [@header])->{credential}, 'demo-two',
		"$shared: by header");
	is(went($all, 'GET', $shared, [@header])->{credential}, 'demo-two',
		"$shared: by header over the first");
	is(went($alone{$_}, 'GET', $shared, [])->{credential},
		"demo-$name{$_}", "$shared: the only one") for @dialects;
}
is(went($all, 'GET', '/v1beta/models', [])->{credential}, 'demo-three',
	'Gemini\'s own path of models');
is(went($turned, 'POST', '/v1/moderations', [], '{"input":"x"}')->{credential},
	'demo-one', 'a path of OpenAI\'s alone');
is(went($alone{gemini_content}, 'POST', '/any', [], 'x')->{path}, '/any',
	'with one provider any path passes');
is(ask($all, 'GET', '/v1/models')->{status}, 200, 'models are listed');

# The path of a base URL: an SDK may bring it along. Azure's paths begin like
# the prefix of a provider that is called "openai".

my $url = "http://127.0.0.1:$t->{demo_port}";
my ($openai) = grep { $_->{name} eq 'openai' } $t->api->list('/api/providers');
my %azure = (
	openai => $t->provider_key($t->api->change("/api/providers/$openai->{id}",
		{ base_url => $url }), secret => 'demo-openai'),
	azure => $t->provider_key($t->provider(name => 'azure',
		base_url => "$url/openai"), secret => 'demo-azure'),
);
my $both = $t->client_key([@azure{qw(openai azure)}]);
my $azure = $t->client_key([$azure{azure}]);
my @chat = ([], '{"model":"demo-small","messages":[{"role":"user",'
	. '"content":"x"}]}');
my $deployment = '/openai/deployments/d/chat/completions?api-version=1';
for (
	[$azure, '/v1/chat/completions', 'azure /openai/v1/chat/completions'],
	[$azure, '/openai/v1/chat/completions',
		'azure /openai/v1/chat/completions'],
	[$azure, '/openai', 'azure /openai'],
	[$azure, '/openais/x', 'azure /openai/openais/x'],
	[$azure, $deployment, "azure $deployment"],
	[$both, $deployment, "azure $deployment"],
	[$both, '/openai/files?api-version=1', 'azure /openai/files?api-version=1'],
	[$both, '/openai/v1/chat/completions', 'openai /v1/chat/completions'],
	[$both, '/azure/v1/chat/completions', 'azure /openai/v1/chat/completions'],
) {
	my ($client, $asked, $expected) = @$_;
	my $seen = went($client, 'POST', $asked, @chat);
	is("$seen->{credential} $seen->{path}", "demo-$expected",
		"$asked goes to $expected");
}

# Rules of a provider.

my $own = $t->client_key([$t->provider_key($t->provider(name => 'own',
	model_rules => [{ source => 'query', name => 'engine' },
		{ source => 'path', name => 'engines' },
		{ source => 'body', name => 'input.engine' }]))],
	allowed_models => ['good']);
for (['/x?engine=good', ''], ['/v1/engines/good/run', ''],
	['/v1/engines/good:run?engine=', ''],
	['/x', '{"input":{"engine":"good"}}'],
	['/x?engine=g%6Fod', '{"input":{"engine":"bad"}}'])
{
	my ($path, $body) = @$_;
	my $answer = ask($own, 'POST', $path, [], $body);
	is($answer->{status}, 404, "$path $body: allowed");
	is($t->record($answer)->{model}, 'good', "$path $body: the model");
	$path =~ s/(?<=[=\/])g(?:o|%6F)od/bad/;
	$body =~ s/good/bad/;
	$answer = ask($own, 'POST', $path, [], $body);
	is($answer->{status}, 403, "$path $body: not allowed");
	is($t->record($answer)->{error_code}, 'auth.model_not_allowed',
		"$path $body: record");
}

$t->done();

sub ask {
	my ($client, $method, $path, $headers, $body) = @_;
	return request($t->proxy_port, $method, $path, headers =>
		[@{$headers || []}, ['Authorization', "Bearer $client->{key}"]],
		defined $body ? (body => $body) : ());
}

# What the provider saw of it.

sub went {
	$t->forget_demo_requests();
	ask(@_);
	my @seen = $t->demo_requests();
	return $seen[0] || { credential => 'nowhere', path => '', dialect => '' };
}
