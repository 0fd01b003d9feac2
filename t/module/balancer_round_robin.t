#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Round robin: one rotation for all workers of the node, which skips what
# cannot serve and says why; a key that comes back takes its turn again.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider();
my $other = $t->provider(dialects => ['gemini_content']);
my @keys = map { $t->provider_key($provider, secret => "demo-key-$_") } 'a' .. 'd';
my $foreign = $t->provider_key($other, secret => 'demo-key-gemini');
my $client = $t->client_key([@keys, $foreign]);

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 4;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

is(served(40), 'a:10 b:10 c:10 d:10', 'each a quarter');

my @order = map { $_->{credential} =~ /(\w)$/ } $t->demo_requests();
is(join('', @order[0 .. 3]) x 10, join('', @order),
	'in one rotation, over all workers');

my $record = $t->record($t->ask('openai_chat', $client));
is($record->{decision}{strategy}, 'round_robin', 'strategy in the record');
is($record->{decision}{candidates}, 5, 'candidates in the record');
is_deeply([map { "$_->{provider_key}{id} $_->{reason}" }
	@{$record->{decision}{excluded}}], ["$foreign->{id} other_provider"],
	'who speaks another dialect is excluded');

$t->change_provider_key($keys[1], is_enabled => JSON::PP::false);
is(served(30), 'a:10 c:10 d:10', 'without the disabled key');

$record = $t->record($t->ask('openai_chat', $client));
is(join(' ', sort map { $_->{reason} } @{$record->{decision}{excluded}}),
	'disabled other_provider', 'the record says why');

$t->change_provider_key($keys[1], is_enabled => JSON::PP::true);
is(served(40), 'a:10 b:10 c:10 d:10', 'enabled again');

$t->change_client_key($client, provider_key_ids => [map { $_->{id} }
	@keys[0, 3]]);
is(served(20), 'a:10 d:10', 'a smaller pool');

$t->api->change("/api/providers/$provider->{id}",
	{ is_enabled => JSON::PP::false });
my $answer = $t->ask('openai_chat', $client);
$t->refused('openai_chat', $answer, 503, 'the provider is disabled');
$record = $t->record($answer);
is("$record->{outcome} $record->{error_code} $record->{attempts}",
	'rejected pool.no_key 0', 'no key left: record');
is(join(' ', map { $_->{reason} } @{$record->{decision}{excluded}}),
	'disabled disabled', 'no key left: reasons');

$t->done();

# served(n): who served n requests.

sub served {
	my ($n) = @_;
	my %count;

	$t->forget_demo_requests();
	$t->ask('openai_chat', $client) for 1 .. $n;
	$count{$_->{credential} =~ /(\w)$/ ? $1 : '?'}++
		for $t->demo_requests();
	return join ' ', map { "$_:$count{$_}" } sort keys %count;
}
