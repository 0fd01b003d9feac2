package AIProxy::WebSocket;

# SPDX-License-Identifier: MIT
#
# A WebSocket's client over a plain socket: what is sent is what is said, and
# every frame that came back is kept as it came.

use warnings;
use strict;

use AIProxy::Http;
use Digest::SHA qw(sha1_base64);
use JSON::PP;

# handshake(key => undef | client key, path =>, headers => [...]): the bytes.

sub handshake {
	my (%o) = @_;

	return AIProxy::Http::message('GET', $o{path}
		|| '/v1/realtime?model=demo-small', headers => [
		['Connection', 'Upgrade'], ['Upgrade', 'websocket'],
		['Sec-WebSocket-Version', '13'],
		['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
		defined $o{key} ? ['Authorization', "Bearer $o{key}"] : (),
		@{$o{headers} || []}]);
}

# open(port, ...): an open one, or dies with the status.

sub open {
	my ($class, $port, %o) = @_;

	my $self = bless { exchange => AIProxy::Http::open_exchange($port,
		handshake(%o), timeout => $o{timeout} || 30, switch => 1),
		messages => [], fragments => 0 }, $class;
	$self->{exchange}->until_head;
	$self->{status} = $self->{exchange}{status} || 0;
	$self->{headers} = $self->{exchange}{headers};
	die "no WebSocket: $self->{status}\n" unless $self->{status} == 101;
	return $self;
}

sub accepted {
	my ($self) = @_;
	return $self->{headers}{'sec-websocket-accept'} eq sha1_base64(
		'dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11')
		. '=';
}

# frame(opcode, payload, final): as a client sends it.

sub frame {
	my ($opcode, $payload, $final) = @_;
	my $mask = pack 'N', int rand 2**32;
	my $size = length $payload;
	my $masked = $payload
		^ substr $mask x (int($size / 4) + 1), 0, $size;

	return pack('C', $opcode | (defined $final && !$final ? 0 : 0x80))
		. ($size < 126 ? pack('C', 0x80 | $size)
			: $size < 65536 ? pack('Cn', 0xfe, $size)
			: pack('CQ>', 0xff, $size))
		. $mask . $masked;
}

sub send {
	my ($self, $bytes) = @_;
	$self->{exchange}->send($bytes);
	return $self;
}

sub say { return $_[0]->send(frame(1, encode_json($_[1]))) }

# next(): the next frame as [opcode with the final bit, payload], or undef.

sub next {
	my ($self) = @_;
	my $exchange = $self->{exchange};

	while (1) {
		my $frame = take(\$exchange->{rest});
		return $frame if $frame;
		return undef unless $exchange->more;
	}
}

sub take {
	my ($bytes) = @_;

	return undef if length($$bytes // '') < 2;
	my ($head, $size) = unpack 'CC', $$bytes;
	my $at = 2;
	if ($size >= 126) {
		$at = $size == 126 ? 4 : 10;
		return undef if length $$bytes < $at;
		$size = unpack $size == 126 ? 'x2n' : 'x2Q>', $$bytes;
	}
	return undef if length $$bytes < $at + $size;
	my $payload = substr $$bytes, $at, $size;
	substr($$bytes, 0, $at + $size) = '';
	return [$head, $payload];
}

# message(): the next whole data message [opcode, text], or a control frame;
# undef at the end.

sub message {
	my ($self) = @_;
	my ($opcode, $text);

	while (my $frame = $self->next) {
		my ($head, $payload) = @$frame;
		return [$head & 15, $payload] if ($head & 15) >= 8;
		$opcode = $head & 15 if $head & 15;
		$text .= $payload;
		$self->{fragments}++;
		return [$opcode, $text] if $head & 0x80;
	}

	return undef;
}

# event(): the next JSON message, decoded.

sub event {
	my ($self) = @_;
	my $message = $self->message or return undef;
	return $message->[0] == 1 ? decode_json($message->[1]) : $message;
}

# until_event(type): all events to the first of that type, with it.

sub until_event {
	my ($self, $type) = @_;
	my @events;

	while (my $event = $self->event) {
		push @events, $event;
		return @events
			if ref $event eq 'HASH' && $event->{type} eq $type;
	}

	return ();
}

# close(): as a client leaves; the frame that answers it.

sub close {
	my ($self, $code) = @_;
	$self->send(frame(8, pack 'n', $code || 1000));
	my $last;
	while (my $frame = $self->next) {
		$last = $frame;
	}
	return $last;
}

sub leave { return $_[0]{exchange}->leave }

1;
