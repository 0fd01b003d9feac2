#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# WebSockets pass through, byte for byte both ways, with the credential
# swapped and no extension offered; what each response used is summed; a
# client key that may no more is told at the end of the turn, not within it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use AIProxy::WebSocket;
use Digest::SHA qw(sha256_hex);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $provider = $t->provider(idle_timeout_ms => 1500);
my $key = $t->provider_key($provider, secret => 'demo-realtime');
my $client = $t->client_key([$key]);
my $pool = $t->client_key([$t->provider_key($provider,
	secret => 'demo-dead'), $t->provider_key($provider,
	secret => 'demo-busy?status=503'), $key]);

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    log_format key '$request $http_sec_websocket_protocol';
    access_log %%ROOT%%/key.log key;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# A session: events as they were sent, usage summed over its responses.

my $socket = open_socket(key => $client->{key});
ok($socket->accepted, 'the handshake is answered as the RFC has it');
is($socket->{headers}{upgrade}, 'websocket', 'upgrade');
ok($socket->{headers}{'x-request-id'}, 'request id');
is($socket->event->{type}, 'session.created', 'the first event');

my ($input, $output) = (0, 0);
for my $text ('hello', 'x' x 1000, "\x{4f60}\x{597d}" x 50) {
	$socket->say({ type => 'conversation.item.create', item => { content =>
		[{ type => 'input_text', text => $text }] } });
	$socket->say({ type => 'response.create' });
	my @events = $socket->until_event('response.done');
	is(join(' ', map { $_->{type} } @events), join(' ',
		'conversation.item.added', 'response.created',
		('response.output_text.delta') x 8, 'response.done'),
		'events of a response');
	my $usage = $events[-1]{response}{usage};
	$input += $usage->{input_tokens};
	$output += $usage->{output_tokens};
}
my $close = $socket->close;
is($close && unpack('n', $close->[1]), 1000, 'closed as asked');

my $record = $t->record($socket->{headers}{'x-request-id'});
is(join(' ', map { $_ // 'null' } @$record{qw(status outcome usage_source
	streaming attempts input_tokens output_tokens error_code method model)}),
	"101 success reported 1 1 $input $output null GET demo-small", 'record');
ok($record->{cost_usd}, 'priced');

# What the provider saw and sent.

my ($seen) = $t->demo_requests();
my %headers = map { $_->[0] => $_->[1] } @{$seen->{headers}};
is($seen->{credential}, 'demo-realtime', 'the credential was swapped');
is($seen->{sent_bytes}, $record->{response_bytes}, 'bytes counted');
ok(!exists $headers{'sec-websocket-extensions'}, 'no extension unasked');

$t->forget_demo_requests();
$socket = open_socket(headers => [
	['Sec-WebSocket-Protocol', "realtime, openai-insecure-api-key.$client->{key}, "
		. 'openai-organization.org-1, openai-beta.realtime-v1'],
	['Sec-WebSocket-Extensions', 'permessage-deflate; client_max_window_bits'],
	['Origin', 'https://app.example'], ['User-Agent', 'browser']]);
is($socket->{headers}{'sec-websocket-protocol'}, 'realtime',
	'a browser: the subprotocol that was chosen');
$socket->close;
($seen) = $t->demo_requests();
%headers = map { lc $_->[0] => $_->[1] } @{$seen->{headers}};
is($headers{'sec-websocket-protocol'}, 'realtime, openai-beta.realtime-v1',
	'key and account stay here');
is($headers{authorization}, 'Bearer demo-realtime', 'the key is in a header');
is(join(' ', grep { /extension|origin|agent/ } sort keys %headers), '',
	'no extension, origin or agent');
unlike($t->read_file("$t->{root}/key.log"), qr/aip_/, 'the key is not logged');

# Whatever the frames: pieces, fragments, large, binary, control.

for my $fault ('split=1', 'split=7,split_pause_us=0', 'fragment=1',
	'fragment=5', 'big=300000')
{
	$socket = open_socket(key => $client->{key}, headers =>
		[$t->fault("$fault,event_delay_ms=0,input=1000,tokens=77")]);
	$socket->say({ type => 'response.create' });
	my @events = $socket->until_event('response.done');
	is(scalar @events, 11, "$fault: all events");
	$socket->close;
	$record = $t->record($socket->{headers}{'x-request-id'});
	is("$record->{input_tokens} $record->{output_tokens}", '1000 77',
		"$fault: counted");
	my ($seen) = ($t->demo_requests())[-1];
	is($seen->{sent_bytes}, $record->{response_bytes}, "$fault: bytes");
}

$socket = open_socket(key => $client->{key});
$socket->event;
for my $size (0, 1, 125, 126, 65535, 65536, 1_000_000) {
	my $bytes = join '', map { chr rand 256 } 1 .. $size;
	$socket->send(AIProxy::WebSocket::frame(2, $bytes));
	my $back = $socket->message;
	is("$back->[0] " . sha256_hex($back->[1]), '2 ' . sha256_hex($bytes),
		"$size bytes there and back");
}
$socket->send(AIProxy::WebSocket::frame(9, 'ping'));
is_deeply($socket->message, [10, 'ping'], 'ping and pong');
$socket->send(AIProxy::WebSocket::frame(1, '{"type":', 0))
	->send(AIProxy::WebSocket::frame(9, 'between'))
	->send(AIProxy::WebSocket::frame(0, '"session.update"}'));
is_deeply($socket->message, [10, 'between'], 'a ping between two fragments');
is($socket->event->{type}, 'session.updated', 'whose message is whole');
$socket->close;

# Bytes behind the handshake, in one packet with it.

my $early = AIProxy::Http::open_exchange($t->proxy_port,
	AIProxy::WebSocket::handshake(key => $client->{key})
	. AIProxy::WebSocket::frame(1, '{"type":"session.update"}'), switch => 1);
$socket = bless { exchange => $early }, 'AIProxy::WebSocket';
is(join(' ', map { $_->{type} } $socket->until_event('session.updated')),
	'session.created session.updated', 'said before the answer');
$socket->leave;

# Failing over before 101; refusals are plain HTTP.

$socket = open_socket(key => $pool->{key});
$socket->close;
is($t->record($socket->{headers}{'x-request-id'})->{attempts}, 3,
	'the third key switches');
my $refused = AIProxy::Http::open_exchange($t->proxy_port,
	AIProxy::WebSocket::handshake(key => 'aip_x'))->finish;
$t->refused('openai_chat', $refused, 401, 'no stranger');
is(request($t->proxy_port, 'GET', '/v1/realtime', headers =>
	[['Authorization', "Bearer $client->{key}"]])->{status}, 404,
	'no upgrade asked: the provider says what it says');
$refused = AIProxy::Http::open_exchange($t->proxy_port,
	AIProxy::WebSocket::handshake(key => $client->{key}, headers =>
		[$t->fault('header=sec-websocket-extensions:permessage-deflate')]))
	->finish;
is($refused->{status}, 502, 'an extension that nobody offered');
wait_for(sub { $t->health($key)->{state} ne 'resting' });

# The provider closes, dies, falls silent; the caller leaves.

$socket = open_socket(key => $client->{key}, headers =>
	[$t->fault('cut=400,event_delay_ms=0')]);
$socket->say({ type => 'response.create' });
1 while $socket->next;
ok($t->record($socket->{headers}{'x-request-id'}), 'a cut session is recorded');

my $began = time;
$socket = open_socket(key => $client->{key});
1 while $socket->next;
ok(time - $began >= 1 && time - $began < 10, 'silence ends it');
$record = $t->record($socket->{headers}{'x-request-id'});
is("$record->{outcome} $record->{error_code}", 'failed upstream.timeout',
	'and the record says so');

$socket = open_socket(key => $client->{key});
$socket->say({ type => 'response.create' });
$socket->until_event('response.done');
$socket->leave;
$record = $t->record($socket->{headers}{'x-request-id'});
ok($record->{output_tokens}, 'a caller who leaves is charged what it had');

# A key that may no more: 1008 at the end of the turn.

$socket = open_socket(key => $client->{key}, headers =>
	[$t->fault('event_delay_ms=100,fragment=9')]);
$socket->say({ type => 'response.create' });
$socket->until_event('response.created');
$t->change_client_key($client, is_enabled => JSON::PP::false);
my @events = $socket->until_event('response.done');
is(scalar @events, 9, 'the turn is ended');
$socket->say({ type => 'response.create' });
$close = $socket->next;
is($close->[0], 0x88, 'then it is closed');
is(join(' ', unpack 'na*', $close->[1]), '1008 auth.disabled_key',
	'with the reason');
is($socket->next, undef, 'and nothing comes behind it');
$record = $t->record($socket->{headers}{'x-request-id'});
is("$record->{status} $record->{error_code}", '101 auth.disabled_key',
	'record');
ok($record->{output_tokens}, 'what was used is counted');

$t->done();

sub open_socket { return AIProxy::WebSocket->open($t->proxy_port, @_) }
