#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# $aiproxy_* say in nginx's own log what the record says, in every dialect,
# for what is served, failed over and refused; and what is known before the
# access phase can be used there: limit_req by client key, map.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use AIProxy::Http qw(request);
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider(name => 'the-provider');
my $good = $t->provider_key($provider);
my $bad = $t->provider_key($provider, secret => 'demo-bad?status=500');
my $broken = $t->provider_key($provider, secret => 'demo-broken?close');
my $off = $t->provider_key($provider, is_enabled => JSON::PP::false);
my $client = $t->client_key([$good]);
my $pool = $t->client_key([$bad, $good, $off]);
my $unlucky = $t->client_key([$broken]);
my $slow = $t->client_key([$good]);
my $disabled = $t->client_key([$good], is_enabled => JSON::PP::false);

my @names = qw(request_id client_key_id model decision attempts provider
	provider_key_id first_byte_time input_tokens output_tokens usage_source
	cost error_code);
my $format = '{' . join(',', map { qq("$_":"\$aiproxy_$_") } @names)
	. ',"mapped":"$mapped"}';

$t->start_nginx(<<"EOC");
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    log_format facts escape=json '$format';
    access_log %%ROOT%%/facts.log facts;
    map \$aiproxy_client_key_id \$mapped {
        default someone;
        '' stranger;
        $client->{id} known;
    }
    limit_req_zone \$aiproxy_client_key_id zone=clients:1m rate=1r/m;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
        location /slow/ { aiproxy on; limit_req zone=clients; }
        location /plain { return 200 "[\$aiproxy_client_key_id]"; }
    }
}
EOC

# Served: as the record has it.

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $answer = $t->ask($dialect, $client, stream => $stream);
		my $facts = facts($answer);
		my $record = $t->record($answer);
		my $label = "$dialect, " . ($stream ? 'stream' : 'whole');

		is(join(' ', @$facts{qw(client_key_id model attempts
			provider provider_key_id input_tokens output_tokens
			usage_source cost error_code decision mapped)}),
			join(' ', $client->{id}, 'demo-small', 1, 'the-provider',
				$good->{id}, $record->{input_tokens},
				$record->{output_tokens}, 'reported',
				$record->{cost_usd}, '', "$good->{id}=200", 'known'),
			$label);
		ok(abs($facts->{first_byte_time} * 1000
			- $record->{first_byte_ms}) <= 1, "$label: first byte");
	}
}

# Failed over, and cut.

my $answer = $t->ask('openai_chat', $pool);
my $facts = facts($answer);
is("$facts->{attempts} $facts->{provider_key_id} $facts->{mapped}",
	"2 $good->{id} someone", 'two attempts');
is(join(' ', sort split / /, $facts->{decision}), join(' ', sort
	"$bad->{id}=500", "$good->{id}=200", "$off->{id}=disabled"),
	'decision: each key of the pool');
$facts = facts($t->ask('openai_chat', $pool));
is(join(' ', sort split / /, $facts->{decision}), join(' ', sort
	"$bad->{id}=resting", "$good->{id}=200", "$off->{id}=disabled"),
	'decision: one rests');

$facts = facts($t->ask('openai_chat', $unlucky));
is("$facts->{decision} $facts->{error_code} $facts->{first_byte_time}",
	"$broken->{id}=no_answer upstream.closed ", 'no answer');
$facts = facts($t->ask('openai_chat', $client, fault => 'no_usage'));
is("[$facts->{usage_source}] [$facts->{input_tokens}] [$facts->{cost}]",
	'[estimated] [10] [0.0000171]', 'no usage is an estimate');
$facts = facts($t->ask('openai_chat', $client, fault => 'status=400'));
is("[$facts->{usage_source}] [$facts->{input_tokens}] [$facts->{cost}]",
	'[none] [] []', 'of a refusal it is empty, not zero');

# Refused.

$facts = facts($t->ask('openai_chat', 'aip_nobody'));
is(join('|', @$facts{qw(client_key_id error_code attempts decision cost mapped)}),
	'|auth.unknown_key|0|||stranger', 'a stranger');
$facts = facts($t->ask('openai_chat', $disabled));
is("$facts->{client_key_id} $facts->{error_code}",
	"$disabled->{id} auth.disabled_key", 'refused, yet known');

# Before the access phase.

is(slow($slow)->{status}, 200, 'limit_req: the first');
is(slow($slow)->{status}, 503, 'limit_req: the second of the same key');
is(slow($pool)->{status}, 200, 'limit_req: another key');
is(slow(undef)->{status}, 401, 'limit_req: none is not counted')
	for 1 .. 2;

# Where no gateway is.

is(request($t->proxy_port, 'GET', '/plain')->{body}, '[]',
	'empty outside of a gateway');

$t->done();

sub slow {
	my ($client) = @_;
	return $t->ask('openai_chat', $client,
		path => '/slow/v1/chat/completions');
}

# The line of this request.

sub facts {
	my ($answer) = @_;
	my $id = $answer->{headers}{'x-request-id'};
	my $line;

	wait_for(sub {
		my $log = $t->read_file("$t->{root}/facts.log");
		($line) = grep { /\Q$id\E/ } split /\n/, $log;
		return defined $line;
	}) or die "no line of $id\n";
	return decode_json($line);
}
