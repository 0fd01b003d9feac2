#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Texts of requests: nothing of them is anywhere unless a client key asks for
# it; then they are kept cut, redacted and sealed, and whatever becomes of them,
# requests and records are not harmed. On SQLite, and by payload_log_postgres.t on
# Postgres, whose folder PAYLOAD_LOG_DATABASE then names.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);
use Encode qw(encode_utf8);
use File::Find qw(find);
use JSON::PP;

my $t = AIProxy->new();
$t->expect_alert(qr/exited on signal 9/);
$t->start_demo();
$t->start_daemon();
my $api = $t->api;

my $provider = $t->provider();
my $pool = [$t->provider_key($provider)];
my $off = $t->client_key($pool);
my $on = $t->client_key($pool, payload_log => {});
my $small = $t->client_key($pool, payload_log => { max_bytes => 100 });
my $request_only = $t->client_key($pool,
	payload_log => { parts => 'request' });
my $answer_only = $t->client_key($pool, payload_log => { parts => 'answer' });
my $ruled = $t->client_key($pool, payload_log => {
	hide_paths => ['messages[].content'], hide_patterns => ['ACME-####-*'] });

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; client_body_buffer_size 8k; }
    }
}
EOC

my $planted = 'a-planted-sentence-of-the-caller';
my $credential = 'sk-planted0123456789abcdef';

# Off: nothing is anywhere.

my $answer = $t->ask('openai_chat', $off, prompt => $planted);
is($answer->{status}, 200, 'off: served');
my $record = $t->record($answer);
is(payload($answer, 404), undef, 'off: not recorded');
is_deeply([holders($planted)], [], 'off: in no file');

# On: what was sent and what came, in every dialect, streaming or not.

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $label = "$dialect, stream $stream";
		$answer = $t->ask($dialect, $on, prompt => "$planted $dialect",
			stream => $stream);
		my $kept = payload($answer);
		like($kept->{request}{text}, qr/\Q$planted\E $dialect/,
			"$label: request");
		is($kept->{answer}{text}, $answer->{body},
			"$label: the answer as the caller got it");
		ok(!$kept->{$_}{is_cut}, "$label: $_ is whole")
			for qw(request answer);
		is($kept->{answer}{bytes}, length $answer->{body}, "$label: bytes");
		is($t->record($answer)->{outcome}, 'success', "$label: record");
	}
}
is_deeply([holders($planted)], [], 'on: in clear in no file');

# Coded answers are kept as text.

$answer = $t->ask('openai_chat', $on, fault => 'gzip',
	headers => [['Accept-Encoding', 'gzip']]);
is($answer->{headers}{'content-encoding'}, 'gzip', 'a coded answer');
my $kept = payload($answer);
like($kept->{answer}{text}, qr/"choices"/, 'is kept as text');
is($kept->{answer}{bytes}, length $answer->{body}, 'its bytes as they passed');
ok(!$kept->{answer}{is_cut}, 'and whole');

# Beyond the cap it is cut, and says so; a body in a file as well.

my $long = join ' ', map { "word$_" } 1 .. 5000;
for my $stream (0, 1) {
	$answer = $t->ask('openai_chat', $small, prompt => $long,
		stream => $stream, fault => 'tokens=200');
	$kept = payload($answer);
	for my $part (qw(request answer)) {
		ok($kept->{$part}{is_cut}, "stream $stream: $part is cut");
		is(length $kept->{$part}{text}, 100, "stream $stream: at the cap");
		cmp_ok($kept->{$part}{bytes}, '>', 100, 'the rest is counted');
	}
}
$answer = $t->ask('openai_chat', $on, prompt => $long);
ok(index(payload($answer)->{request}{text}, $long) > 0,
	'a body in a file is kept whole');

# Half of it, if half is asked for.

$answer = $t->ask('openai_chat', $request_only, prompt => $planted);
$kept = payload($answer);
like($kept->{request}{text}, qr/\Q$planted\E/, 'the request alone');
is($kept->{answer}, undef, 'no answer');
$answer = $t->ask('openai_chat', $answer_only, prompt => $planted);
$kept = payload($answer);
is($kept->{request}, undef, 'no request');
is($kept->{answer}{text}, $answer->{body}, 'the answer alone');

# What the rules name is hidden.

$answer = $t->ask('openai_chat', $on, prompt => "use $credential now",
	fields => { metadata => { password => 'planted-password' },
		image => 'Q' x 4000 });
$kept = payload($answer);
unlike($kept->{request}{text}, qr/planted|QQQQ/, 'built-in rules');
like($kept->{request}{text}, qr/use \[hidden\] now/, 'the rest stays');
is($kept->{request}{hidden}, 3, 'how many places');
$answer = $t->ask('openai_chat', $ruled, prompt => $planted,
	fields => { user => 'of ACME-1234-xyz here' });
$kept = payload($answer);
unlike($kept->{request}{text}, qr/planted|1234/, 'own rules');
like($kept->{request}{text}, qr/of \[hidden\] here/, 'where they say');
is_deeply([holders($_)], [], "in no file: $_")
	for $credential, 'planted-password', 'ACME-1234-xyz', 'Q' x 100;

# What does not end well is kept as far as it went; nothing is asked twice.

my $open = $t->begin('openai_chat', $on, stream => 1,
	fault => 'events=1000,event_delay_ms=20', prompt => $planted);
ok($open->until_body(qr/^data: .*\n\n/m), 'a stream');
my $id = $open->answer->{headers}{'x-request-id'};
$open->leave();
$kept = payload($id);
like($kept->{answer}{text}, qr/^data: /, 'of a caller who left, what it got');
is($t->record($id)->{outcome}, 'aborted', 'and its record');
$answer = $t->ask('openai_chat', $on, fault => 'cut=300', stream => 1);
is(payload($answer)->{answer}{bytes}, length $answer->{body},
	'of a provider that broke off, what came');
$answer = $t->ask('openai_chat', $on, fault => 'status=400');
is($answer->{status}, 400, 'an error of the provider');
is(payload($answer)->{answer}{text}, $answer->{body}, 'is kept too');

# A worker dies: its requests' texts are lost, their records are not.

my @streams = map { $t->begin('openai_chat', $on, stream => 1,
	fault => 'events=150,event_delay_ms=20') } 1 .. 10;
ok($_->until_body(qr/^data: /m), 'it streams') for @streams;
kill KILL => ($t->worker_pids())[0];
for (map { $_->finish } @streams) {
	$record = $t->record($_);
	is($record->{outcome}, $_->{complete} ? 'success' : 'aborted', 'record');
	is(payload($_)->{answer}{text}, $_->{body}, 'text') if $_->{complete};
}
ok(wait_for(sub { $t->worker_pids() == 2 }), 'a new worker is there');

# The daemon is away: texts wait, as records do.

my $place = "$t->{run}/payloads";
$t->daemon->stop();
$answer = $t->ask('openai_chat', $on, prompt => $planted);
is($answer->{status}, 200, 'served without a daemon');
ok(wait_for(sub { files($place) == 1 }), 'its text waits');
is_deeply([holders($planted)], [], 'sealed');
$t->start_daemon();
$api = $t->api;
like(payload($answer)->{request}{text}, qr/\Q$planted\E/, 'and is taken');
ok(wait_for(sub { files($place) == 0 }), 'its file is gone');

# No room: dropped and counted, the request is not harmed.

my $full = $> == 0
	&& system("mount -t tmpfs -o size=64k none '$place' 2>/dev/null") == 0;
SKIP: {
	skip 'no file system can be mounted here', 4 unless $full;
	my $before = dropped();
	$answer = $t->ask('openai_chat', $on, prompt => 'word ' x 12000);
	is($answer->{status}, 200, 'no room: served');
	is($t->record($answer)->{outcome}, 'success', 'no room: its record');
	ok(wait_for(sub { dropped() == $before + 1 }), 'no room: counted');
	is(payload($answer, 404), undef, 'no room: not recorded');
}
system('umount', $place) if $full;
is($api->read('/api/system/status')->{ledger}{records_lost}, 0,
	'no record was lost');

# A file that is none, and one that a worker which died left half written.

$t->write_file("$place/00000000-0000-7000-8000-000000000000", 'nonsense');
$t->write_file("$place/x.new", 'half');
utime time - 100, time - 100, "$place/x.new";
ok(wait_for(sub { files($place) == 0 }), 'what is no text is removed');

# Off again: from then on nothing is kept.

$t->change_client_key($on, payload_log => undef);
$answer = $t->ask('openai_chat', $on, prompt => $planted);
$t->record($answer);
is(payload($answer, 404), undef, 'off again');

$t->done();

# What is kept of a request; with 404: that nothing is, once the ones before it
# have been taken.

sub payload {
	my ($of, $status) = @_;
	my $request = ref $of ? $of->{headers}{'x-request-id'} : $of;
	my $path = "/api/logs/traces/$request/payload";

	wait_for(sub { files("$t->{run}/payloads") == 0 }) if $status;
	my $found;
	wait_for(sub { ($found = $api->get($path))->{status}
		== ($status || 200) }) or return "status $found->{status}";
	return undef if $status;
	$_->{text} = encode_utf8($_->{text})
		for grep { $_ } @{$found->{json}}{qw(request answer)};
	return $found->{json};
}

sub files { my ($folder) = @_; return scalar(() = glob "$folder/*") }

sub dropped {
	return $api->read('/api/system/status')->{ledger}{payloads_dropped};
}

# The files of gateway, daemon and database that hold a text.

sub holders {
	my ($text) = @_;
	my @found;
	find({ no_chdir => 1, wanted => sub {
		return unless -f && -s _;
		open my $file, '<:raw', $_ or return;
		local $/;
		push @found, $_ if index(<$file> // '', $text) >= 0;
	} }, $t->{root}, $t->{run}, $ENV{PAYLOAD_LOG_DATABASE} // ());
	return @found;
}
