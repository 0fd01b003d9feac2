#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Every row of the verdict table through nginx: as the first of two attempts
# and as the last one a request may have, streaming and not. What it leads to
# is read from the answer and from the record: attempts, status, what rests,
# why and how long. Then errors that open a stream of status 200, and those
# that come too late to be undone.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(text_of);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my (@rows, @events);
while (my $line = <DATA>) {
	next if $line =~ /^(#|$)/;
	my ($when, @row) = split ' ', $line, 9;
	chomp $row[-1];
	push @{$when eq 'event' ? \@events : \@rows}, \@row;
}

my %dialect = (anthropic => 'anthropic_messages', gemini => 'gemini_content');

# A key that was set to rest takes no further case, so there are as many as may
# come to rest. Two for a provider: the third that is refused within a second
# would be the egress.

my %cases = (demo => 8, bedrock => 8, cohere => 8, events => 8);
for my $row (@rows, @events) {
	my $column = $row->[1] =~ /^\d/ ? column_of($row->[0]) : 'events';
	$cases{$column} += 4 if $row->[3] eq 'key';
}

my %pool;
for my $column (sort keys %cases) {
	my $n = int(($cases{$column} + 1) / 2);
	my @providers = $t->api->create_many('/api/providers', map { {
		name => "$column-$_", price_list => 'demo',
		base_url => 'http://127.0.0.1:' . $t->demo_port,
		dialects => [qw(openai_chat anthropic_messages gemini_content)],
		required_headers => [{ name => 'x-demo-allow', value => '1' }],
		$column =~ /^(bedrock|cohere)$/ ? (verdict_table => $column) : (),
	} } 1 .. $n);
	my @keys = $t->api->create_many('/api/provider-keys/keys', map { {
		name => "$column-key-$_", secret => "demo-key-$column-$_",
		priority => $_, provider_id => $providers[$_ / 2]{id},
	} } 1 .. 2 * $n - 1);
	$pool{$column} = { map { $_ => $t->client_key(\@keys,
		strategy => 'priority', max_attempts => $_) } 1, 2 };
}

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

# A key that an accident put to rest is back after five seconds, and its next
# rest is longer: so accidents come last.

sub accidents_last {
	return sort { ($a->[2] eq 'retry') <=> ($b->[2] eq 'retry') } @_;
}

# All are asked before the first record is waited for.

my ($number, %failures, @asked) = (0);

for my $row (accidents_last(@rows)) {
	for my $case ([0, 2], [0, 1], [1, 2], [1, 1]) {
		push @asked, [\&judged, $row, @$case,
			asked_row($row, @$case)];
	}
}

for my $row (accidents_last(@events)) {
	push @asked, [\&judged_event, $row, $_, asked_event($row, $_)]
		for 2, 1;
}

for my $asked (@asked) {
	my ($judged, @case) = @$asked;
	$judged->(@case);
}

$t->done();

# Bedrock's and Cohere's columns are asked for by the provider.

sub column_of {
	my ($table) = @_;
	return $table =~ /^(bedrock|cohere)$/ ? $table : 'demo';
}

sub escaped {
	my ($text) = @_;
	$text =~ s/([^A-Za-z0-9._-])/sprintf '%%%02X', ord $1/ge;
	return $text;
}

sub asked {
	my ($table, $pool, $stream, $fault) = @_;
	$number++;
	return $t->ask($dialect{$table} || 'openai_chat', $pool,
		stream => $stream, model => "demo-$number",
		fault => "$fault,times=1,tag=$number");
}

sub asked_row {
	my ($row, $stream, $attempts) = @_;
	my ($table, $status, $body) = @$row[0, 1, 7];

	return asked($table, $pool{column_of($table)}{$attempts}, $stream,
		"status=$status"
		. ($body eq '""' ? '' : ',body=' . escaped($body)));
}

sub asked_event {
	my ($row, $attempts) = @_;

	return asked($row->[0], $pool{events}{$attempts}, 1,
		'body=' . escaped(event_of($row)));
}

sub event_of { return $_[0][7] =~ s/\\n/\n/gr }

sub judged {
	my ($row, $stream, $attempts, $answer) = @_;
	my ($table, $status, $verdict, $scope, $class, $rest, $shown, $body) =
		@$row;
	my $label = "$table $status $verdict $scope"
		. ($attempts == 1 ? ', last attempt' : ', first of two')
		. ($stream ? ', stream' : '') . ": $body";

	my $record = $t->record($answer);
	my $first = $record->{attempt_list}[0];
	my $passes = $verdict eq 'client' || $attempts == 1;
	my $hidden = $passes && $shown eq 'hidden';

	is("$answer->{status} $record->{attempts} $first->{result}",
		$hidden ? '503 1 failed' : $passes ? "$status 1 passed"
			: '200 2 next', "$label: what follows");
	is($answer->{body}, $body, "$label: the answer as it came")
		if $passes && !$hidden && $body ne '""';
	is($record->{error_code}, 'pool.keys_refused', "$label: hidden")
		if $hidden;
	rests($row, $record, $label);
}

# What an attempt set to rest. An accident's rest is twice as long each time,
# until the key serves again.

sub rests {
	my ($row, $record, $label) = @_;
	my ($table, $status, $verdict, $scope, $class, $rest) = @$row;
	my ($attempt, $next) = @{$record->{attempt_list}};
	my $key = $attempt->{provider_key}{id};
	delete $failures{$next->{provider_key}{id}} if $next;

	is(join(' ', map { $_ // '-' } @$attempt{qw(verdict scope class)}),
		"$verdict $scope $class", "$label: verdict");

	if ($rest eq '-') {
		is($attempt->{rest_ms}, undef, "$label: no rest");
		return;
	}

	my $times = $class eq 'unavailable' && $scope eq 'key'
		? 2 ** ($failures{$key} || 0) : 1;
	$failures{$key}++ if $scope eq 'key';
	is($attempt->{rest_ms}, $rest * 1000 * $times, "$label: rest");
}

# An error that opens a stream: the status is what its name means.

sub judged_event {
	my ($row, $attempts, $answer) = @_;
	my ($table, $when, $verdict, $scope, $class, $rest, $shown, $body) =
		@$row;
	my $label = "$table stream, $when, $verdict $scope"
		. ($attempts == 1 ? ', last attempt' : ', first of two')
		. ": $body";

	my $record = $t->record($answer);
	my $first = $record->{attempt_list}[0];
	my $passes = $when eq 'late' || $verdict eq 'client' || $attempts == 1;
	my $hidden = $passes && $shown eq 'hidden';

	is("$answer->{status} $record->{attempts} $first->{result}",
		$hidden ? '503 1 failed' : $passes ? '200 1 passed'
			: '200 2 next', "$label: what follows");
	is($answer->{body}, event_of($row), "$label: the stream as it came")
		if $passes && !$hidden;
	ok(length text_of($dialect{$table} || 'openai_chat', $answer),
		"$label: the next key's stream") if !$passes;
	return rests($row, $record, $label) if $when ne 'late';
	delete $failures{$first->{provider_key}{id}};
}

__DATA__
# what, table, status, verdict, what rests, why, for how many seconds, whether
# the last answer is shown, its body ("": the demo provider's own)
answer openai     400 client     -          -             -    shown   {"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}}
answer openai     400 key_dead   key        credential    60   hidden  {"code":"x","error":"Incorrect API key provided: x."}
answer openai     401 key_dead   key        credential    60   hidden  {"error":{"message":"m","type":"invalid_api_key","param":null,"code":null}}
answer openai     401 key_quota  key        quota         600  hidden  {"error":{"message":"Your IP address is not allowed","type":"x","param":null,"code":null}}
answer openai     401 key_dead   key        credential    60   hidden  <html><body>blocked</body></html>
answer openai     402 key_quota  key        quota         600  hidden  {"error":{"message":"Insufficient Balance","type":"x","param":null,"code":null}}
answer openai     403 busy       egress     busy          600  shown   {"error":{"message":"m","type":"unsupported_country_region_territory","param":null,"code":null}}
answer openai     403 key_dead   key_model  model         60   hidden  {"error":{"message":"m","type":"model_not_allowed","param":null,"code":null}}
answer openai     403 client     -          -             -    shown   {"error":{"code":403,"message":"m","metadata":{"flagged_input":"x"}}}
answer openai     403 client     -          -             -    shown   <html><body>blocked</body></html>
answer openai     404 client     -          -             -    shown   {"error":{"message":"m","type":"not_found","param":null,"code":null}}
answer openai     404 key_dead   -          -             -    shown   {"error":{"message":"does not exist or you do not have access","type":"model_not_found","param":null,"code":null}}
answer openai     405 client     -          -             -    shown   ""
answer openai     408 retry      -          -             -    shown   ""
answer openai     409 retry      -          -             -    shown   ""
answer openai     413 client     -          -             -    shown   <html><body>blocked</body></html>
answer openai     422 client     -          -             -    shown   {"detail":[]}
answer openai     425 retry      -          -             -    shown   ""
answer openai     429 key_rate   key        rate_limited  30   shown   {"error":{"message":"m","type":"requests","param":null,"code":null}}
answer openai     429 key_rate   key_model  rate_limited  30   shown   {"error":{"message":"Rate limit reached for gpt-x in organization","type":"tokens","param":null,"code":null}}
answer openai     429 key_quota  key        quota         600  hidden  {"error":{"message":"m","type":"insufficient_quota","param":null,"code":null}}
answer openai     429 busy       provider   busy          5    shown   {"error":{"message":"m","type":"resource_unavailable","param":null,"code":null}}
answer openai     429 key_rate   -          -             -    shown   {"error":{"message":"Request too large for gpt-x","type":"x","param":null,"code":null}}
answer openai     429 busy       provider   busy          5    shown   {"error":{"message":"experiencing high demand","type":"429","param":null,"code":null}}
answer openai     498 busy       provider   busy          5    shown   {"error":{"message":"m","type":"capacity_exceeded","param":null,"code":null}}
answer openai     499 client     -          -             -    shown   ""
answer openai     500 retry      key        unavailable   5    shown   {"error":{"message":"m","type":"server_error","param":null,"code":null}}
answer openai     502 retry      key        unavailable   5    shown   <html><body>blocked</body></html>
answer openai     503 busy       provider   busy          5    shown   {"error":{"message":"m","type":"slow_down","param":null,"code":null}}
answer openai     504 retry      key        unavailable   5    shown   ""
answer openai     520 retry      key        unavailable   5    shown   <html><body>blocked</body></html>
answer openai     529 busy       provider   busy          5    shown   ""
answer anthropic  400 client     -          -             -    shown   {"type":"error","error":{"type":"invalid_request_error","message":"m","details":{"error_code":""}}}
answer anthropic  400 key_quota  key        quota         600  hidden  {"type":"error","error":{"type":"x","message":"Your credit balance is too low to access","details":{"error_code":""}}}
answer anthropic  400 client     -          -             -    shown   {"type":"error","error":{"type":"x","message":"unknown: Your credit balance is too low","details":{"error_code":""}}}
answer anthropic  400 key_dead   key        credential    60   hidden  {"type":"error","error":{"type":"x","message":"m","details":{"error_code":"organization_on_hold"}}}
answer anthropic  400 key_dead   key        credential    60   hidden  {"type":"error","error":{"type":"x","message":"m","details":{"error_code":"cmek_key_disabled"}}}
answer anthropic  401 key_dead   key        credential    60   hidden  {"type":"error","error":{"type":"authentication_error","message":"m","details":{"error_code":""}}}
answer anthropic  401 client     -          -             -    shown   {"type":"error","error":{"type":"x","message":"CORS requests are not allowed for this Organization","details":{"error_code":""}}}
answer anthropic  402 key_quota  key        quota         600  hidden  {"type":"error","error":{"type":"billing_error","message":"m","details":{"error_code":""}}}
answer anthropic  402 client     -          -             -    shown   {"type":"error","error":{"type":"x","message":"m","details":{"error_code":"linked_organization_x"}}}
answer anthropic  403 key_dead   key_model  model         60   hidden  {"type":"error","error":{"type":"permission_error","message":"m","details":{"error_code":""}}}
answer anthropic  404 client     -          -             -    shown   {"type":"error","error":{"type":"not_found_error","message":"m","details":{"error_code":""}}}
answer anthropic  409 client     -          -             -    shown   {"type":"error","error":{"type":"conflict_error","message":"m","details":{"error_code":""}}}
answer anthropic  413 client     -          -             -    shown   {"type":"error","error":{"type":"request_too_large","message":"m","details":{"error_code":""}}}
answer anthropic  429 key_rate   key        rate_limited  30   shown   {"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":""}}}
answer anthropic  429 key_rate   key_model  rate_limited  30   shown   {"type":"error","error":{"type":"rate_limit_error","message":"limit (org: o, model: claude-x)","details":{"error_code":""}}}
answer anthropic  429 key_rate   key        rate_limited  30   shown   {"type":"error","error":{"type":"x","message":"m","details":{"error_code":"ramp_limit_exceeded"}}}
answer anthropic  429 key_quota  key        quota         600  hidden  {"type":"error","error":{"type":"x","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}
answer anthropic  429 busy       provider   busy          5    shown   {"type":"error","error":{"type":"overloaded_error","message":"m","details":{"error_code":""}}}
answer anthropic  500 retry      key        unavailable   5    shown   {"type":"error","error":{"type":"api_error","message":"m","details":{"error_code":""}}}
answer anthropic  503 retry      key        unavailable   5    shown   {"type":"error","error":{"type":"x","message":"m","details":{"error_code":"cmek_key_unavailable"}}}
answer anthropic  504 retry      key        unavailable   5    shown   {"type":"error","error":{"type":"timeout_error","message":"m","details":{"error_code":""}}}
answer anthropic  529 busy       provider   busy          5    shown   {"type":"error","error":{"type":"overloaded_error","message":"m","details":{"error_code":""}}}
answer gemini     400 client     -          -             -    shown   {"error":{"code":0,"message":"m","status":"INVALID_ARGUMENT","details":[]}}
answer gemini     400 key_dead   key        credential    60   hidden  {"error":{"code":0,"message":"m","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}
answer gemini     400 key_quota  key        quota         600  hidden  {"error":{"code":0,"message":"m","status":"FAILED_PRECONDITION","details":[]}}
answer gemini     400 busy       egress     busy          600  shown   {"error":{"code":0,"message":"User location is not supported","status":"FAILED_PRECONDITION","details":[]}}
answer gemini     401 key_dead   key        credential    60   hidden  {"error":{"code":0,"message":"m","status":"UNAUTHENTICATED","details":[]}}
answer gemini     403 key_dead   key_model  model         60   hidden  {"error":{"code":0,"message":"m","status":"PERMISSION_DENIED","details":[]}}
answer gemini     403 key_dead   key        credential    60   hidden  {"error":{"code":0,"message":"m","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}
answer gemini     403 key_dead   key        credential    60   hidden  {"error":{"code":0,"message":"Your key was reported as leaked.","status":"PERMISSION_DENIED","details":[]}}
answer gemini     404 client     -          -             -    shown   {"error":{"code":0,"message":"m","status":"NOT_FOUND","details":[]}}
answer gemini     409 retry      -          -             -    shown   {"error":{"code":0,"message":"m","status":"ABORTED","details":[]}}
answer gemini     429 key_rate   key_model  rate_limited  46   shown   {"error":{"code":0,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"46s"},{"violations":[{"quotaId":"RequestsPerMinutePerProjectPerModel"}]}]}}
answer gemini     429 key_quota  key        quota         600  hidden  {"error":{"code":0,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"RequestsPerDayPerProject"}]}]}}
answer gemini     429 key_dead   key_model  model         600  hidden  {"error":{"code":0,"message":"limit: 0, model: x","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"Day"}]}]}}
answer gemini     429 busy       provider   busy          5    shown   {"error":{"code":0,"message":"m","status":"RESOURCE_EXHAUSTED","details":[]}}
answer gemini     499 client     -          -             -    shown   {"error":{"code":0,"message":"m","status":"CANCELLED","details":[]}}
answer gemini     500 retry      key        unavailable   5    shown   {"error":{"code":0,"message":"m","status":"INTERNAL","details":[]}}
answer gemini     503 busy       provider   busy          5    shown   {"error":{"code":0,"message":"m","status":"UNAVAILABLE","details":[]}}
answer bedrock    400 client     -          -             -    shown   {"__type":"ValidationException","message":"m"}
answer bedrock    403 key_dead   key        credential    60   hidden  {"__type":"UnrecognizedClientException","message":"m"}
answer bedrock    400 key_dead   key        credential    60   hidden  {"__type":"ExpiredTokenException","message":"m"}
answer bedrock    403 key_dead   key_model  model         60   hidden  {"__type":"AccessDeniedException","message":"m"}
answer bedrock    404 client     -          -             -    shown   {"__type":"ResourceNotFoundException","message":"m"}
answer bedrock    408 retry      -          -             -    shown   {"__type":"ModelTimeoutException","message":"m"}
answer bedrock    424 retry      key_model  unavailable   5    shown   {"__type":"ModelErrorException","message":"m"}
answer bedrock    429 key_rate   key_model  rate_limited  30   shown   {"__type":"ThrottlingException","message":"m"}
answer bedrock    429 retry      -          -             -    shown   {"__type":"ModelNotReadyException","message":"m"}
answer bedrock    400 key_quota  key        quota         600  hidden  {"__type":"ServiceQuotaExceededException","message":"m"}
answer bedrock    500 retry      key        unavailable   5    shown   {"__type":"InternalServerException","message":"m"}
answer bedrock    503 busy       provider   busy          5    shown   {"__type":"ServiceUnavailableException","message":"m"}
answer cohere     401 key_dead   key        credential    60   hidden  {"message":"invalid api token"}
answer cohere     429 key_quota  key        quota         600  hidden  {"message":"a Trial key, which is limited to 1000 API calls / month"}
answer cohere     429 key_rate   key        rate_limited  30   shown   {"message":"too many requests"}
answer cohere     498 key_dead   key        credential    60   hidden  {"message":"m"}
answer cohere     499 client     -          -             -    shown   {"message":"m"}

# Errors inside a stream of status 200: first of all, behind what opens every
# stream, and late, behind content.
event  openai     first retry      key       unavailable  5    shown   data: {"error":{"message":"m","type":"server_error","param":null,"code":null}}\n\n
event  openai     first key_rate   key       rate_limited 30   shown   data: {"error":{"message":"m","type":"rate_limit_exceeded","param":null,"code":null}}\n\n
event  openai     first key_quota  key       quota        600  hidden  data: {"error":{"message":"m","type":"insufficient_quota","param":null,"code":null}}\n\n
event  openai     first client     -         -            -    shown   data: {"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}}\n\n
event  openai     after busy       provider  busy         5    shown   data: {"id":"x","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"error":{"message":"m","type":"server_is_overloaded","param":null,"code":null}}\n\n
event  openai     late  retry      -         -            -    shown   data: {"id":"x","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"x","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\ndata: {"error":{"message":"m","type":"server_error","param":null,"code":null}}\n\n
event  anthropic  first busy       provider  busy         5    shown   event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"m"}}\n\n
event  anthropic  first key_rate   key       rate_limited 30   shown   event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"m"}}\n\n
event  anthropic  first key_dead   key       credential   60   hidden  event: error\ndata: {"type":"error","error":{"type":"authentication_error","message":"m"}}\n\n
event  anthropic  after retry      key       unavailable  5    shown   event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\nevent: ping\ndata: {"type":"ping"}\n\nevent: error\ndata: {"type":"error","error":{"type":"api_error","message":"m"}}\n\n
event  anthropic  late  busy       -         -            -    shown   event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\nevent: ping\ndata: {"type":"ping"}\n\nevent: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\nevent: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}\n\nevent: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"m"}}\n\n
event  gemini     first busy       provider  busy         5    shown   data: {"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}\n\n
event  gemini     first retry      key       unavailable  5    shown   data: {"error":{"code":500,"message":"m","status":"INTERNAL"}}\n\n
event  gemini     late  busy       -         -            -    shown   data: {"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"index":0}]}\n\ndata: {"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}\n\n
