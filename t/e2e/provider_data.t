#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A provider that nobody has heard of is entered as data alone, through the
# console: base URL, credential, headers, time-outs, model rule, usage mapping.
# The next request is served and metered within a second, without a reload; each
# time-out is in force.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Api;
use AIProxy::Http qw(request);
use Time::Local qw(timegm);

my $t = AIProxy->new();
my $port = $t->start_demo();
$t->start_daemon();
$t->start_nginx_from_tree();
my @workers = $t->worker_pids();
my $api = AIProxy::Api->new(port => $t->console_port)
	->sign_in('admin', $t->{password});

my $provider = $api->create('/api/providers', {
	name => 'unheard-of',
	base_url => "http://127.0.0.1:$port/inference/v7",
	dialects => ['openai_chat'],
	credential => { location => 'header', name => 'X-Api-Key',
		prefix => 'token-' },
	required_headers => [{ name => 'x-demo-allow', value => '1' },
		{ name => 'X-Tenant', value => 'blue' }],
	allowed_headers => ['x-trace-*'],
	model_rules => [{ source => 'query', name => 'engine' }],
	price_list => 'demo',
	# Any counts will do: these are not those of its dialect.
	usage_mapping => { input => 'usage.total_tokens',
		output => 'sum(usage.prompt_tokens, 1)' },
	connect_timeout_ms => 400,
	first_byte_timeout_ms => 700,
	idle_timeout_ms => 700,
	total_timeout_ms => 3000,
});
my $client = client_of($provider);

# Served and metered by the very next request.

my $answer = ask($client, '?engine=demo-small', '{"messages":[{"role":"user",'
	. '"content":"Hello"}],"model":"demo-large"}', ['X-Trace-Id', 'seven']);
is($answer->{status}, 200, 'served');
my ($seen) = $t->demo_requests();
is($seen->{path}, '/inference/v7/v1/chat/completions?engine=demo-small',
	'behind its base URL');
my %header = map { lc $_->[0] => $_->[1] } @{$seen->{headers}};
is($header{'x-api-key'}, 'token-the-secret', 'its credential');
is($header{'x-tenant'}, 'blue', 'its header');
is($header{'x-trace-id'}, 'seven', 'what it allows');
my $record = $t->record($answer);
is("$record->{provider}{name} $record->{model}", 'unheard-of demo-small',
	'the record has the provider, and the model by its rule');
my ($input, $output) = @{$seen->{usage}}{qw(input_tokens output_tokens)};
is($record->{usage}{input_tokens}, $input + $output, 'input, by its rule');
is($record->{usage}{output_tokens}, $input + 1, 'output, by its rule');
ok($record->{cost_usd}, 'priced');
my $took = ms($record->{started_at}) + $record->{duration_ms}
	- ms($client->{created_at});
cmp_ok($took, '<=', 1000, "$took ms after it was entered, as the gateway says");

# Each time-out: before the first byte an error of ours, behind it a cut stream.

for (
	['the first byte', 'delay_ms=60000', 504],
	['the bytes between', 'stall=10', 200],
	['all of it', 'events=1000,event_delay_ms=50', 200],
) {
	my ($name, $fault, $status) = @$_;
	my $late = ask(client_of($provider), '', '{"model":"demo-small","stream":'
		. 'true,"messages":[{"role":"user","content":"x"}]}',
		['x-demo-fault', $fault]);
	is($late->{status}, $status, "$name: status");
	isnt($late->{complete}, 1, "$name: cut") if $status == 200;
	is($t->record($late)->{outcome}, 'failed', "$name: record");
}

# Nothing listens there, or nothing answers: both end.

my $nowhere = $api->create('/api/providers', { name => 'nowhere',
	base_url => 'http://127.0.0.1:1', dialects => ['openai_chat'],
	connect_timeout_ms => 400 });
is(ask(client_of($nowhere), '', '{"model":"m"}')->{status}, 502,
	'a refused connection');

is(join(' ', $t->worker_pids()), "@workers", 'no reload');
$t->done();

# A provider key and a client key of its own, so that none rests for another.

sub client_of {
	my ($of) = @_;
	my $n = ++$t->{made};
	my $key = $api->create('/api/provider-keys/keys', { name => "key-$n",
		provider_id => $of->{id}, secret => 'the-secret' });
	return $api->create('/api/client-keys', { name => "client-$n",
		provider_key_ids => [$key->{id}] });
}

# Of RFC 3339.

sub ms {
	my ($year, $month, $mday, $hour, $minute, $second) =
		$_[0] =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):([\d.]+)Z$/
		or die "no time: $_[0]\n";
	return 1000 * (timegm(0, $minute, $hour, $mday, $month - 1, $year)
		+ $second);
}

sub ask {
	my ($client, $query, $body, @headers) = @_;
	return request($t->proxy_port, 'POST', "/v1/chat/completions$query",
		headers => [['Authorization', "Bearer $client->{key}"],
			['Content-Type', 'application/json'], @headers],
		body => $body, timeout => 30);
}
