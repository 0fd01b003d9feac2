#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The status endpoint: what runs, idles, rests and waits, with each worker's
# generation, as JSON and as Prometheus text with the same figures; and it is
# there when nothing else is.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);

my $t = AIProxy->new();

# Before there was a daemon.

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 2;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
        location /status { aiproxy_status; }
    }
}
EOC

my $status = status();
is("$status->{serving} $status->{requests_running}", '0 0',
	'no configuration, and it says so');
ok(!exists $status->{snapshot_generation}, 'no generation is not 0');
$t->expect_alert(qr/node.key/);

$t->start_demo();
$t->start_daemon();
my $provider = $t->provider();
my $good = $t->provider_key($provider);
my $bad = $t->provider_key($provider, secret => 'demo-bad?status=429,retry_after=30');
my $client = $t->client_key([$bad, $good]);

wait_for(sub { status()->{serving} }) or diag('not served');
wait_for(sub { my $s = status(); my @w = @{$s->{workers}};
	@w == 2 && !grep { $_->{generation} != $s->{config_generation} } @w })
	or diag(explain status());
$status = status();
is(join(' ', sort map { $_->{pid} } @{$status->{workers}}),
	join(' ', sort $t->worker_pids), 'each worker by its pid');
is(scalar(grep { $_->{generation} == $status->{config_generation} }
	@{$status->{workers}}), 2, 'each holds the newest generation');
is($status->{snapshot_generation}, $status->{config_generation},
	'and serves it');
ok($status->{snapshot_age_seconds} < 60, 'its age');
ok($status->{daemon_seen_seconds} < 5, 'the daemon was seen');
is("$status->{client_keys} $status->{provider_keys}", '1 2', 'keys');
is("$status->{provider_keys_resting} $status->{records_lost} "
	. "$status->{requests_refused} $status->{snapshots_refused}", '0 0 0 0',
	'nothing rests, was lost or refused');
ok($status->{ledger_bytes} > 0
	&& $status->{ledger_bytes} < $status->{ledger_quota_bytes}, 'ledger');

# What runs, idles and rests.

wait_for(sub { $t->ask('openai_chat', $client);
	status()->{provider_keys_resting} }) or diag('no key rests');
my @open = map { $t->begin('openai_chat', $client, stream => 1,
	fault => 'stall=400') } 1 .. 3;
$_->until_head for @open;
$status = status();
is($status->{requests_running}, 3, 'three run');
my $sum = 0;
$sum += $_->{requests_running} for @{$status->{workers}};
is($sum, 3, 'by worker');
is($status->{provider_keys_resting}, 1, 'one key rests');
is("$status->{resting}[0]{provider_key_id} $status->{resting}[0]{status}",
	"$bad->{id} 429", 'it is named, with its reason');
ok($status->{resting}[0]{seconds} > 20 && $status->{resting}[0]{seconds} <= 30,
	'and how long');

$_->leave for @open;
wait_for(sub { status()->{requests_running} == 0 });
is(status()->{requests_running}, 0, 'none runs');

$t->ask('openai_chat', $client);
wait_for(sub { status()->{idle_connections} > 0 });
ok(status()->{idle_connections} > 0, 'a connection idles');

# Prometheus: the same figures.

my $text = get('?format=prometheus');
$status = status();
is($text->{headers}{'content-type'}, 'text/plain; version=0.0.4; charset=utf-8',
	'type');
my %samples;
for my $line (split /\n/, $text->{body}) {
	if ($line =~ /^# (HELP \S+ .+|TYPE \S+ (gauge|counter))$/) {
		next;
	}
	my ($name, $value) = $line =~
		/^(aiproxy_\w+(?:\{\w+="\d+"\})?) (\d+(?:\.\d+)?)$/;
	ok(defined $name && !exists $samples{$name}, "valid: $line");
	$samples{$name // ''} = $value;
}
for my $name (qw(serving snapshot_generation provider_keys_resting
	config_generation ledger_quota_bytes client_keys))
{
	is($samples{"aiproxy_$name"}, $status->{$name}, "the same: $name");
}
is($samples{"aiproxy_worker_generation{pid=\"$_->{pid}\"}"},
	$_->{generation}, 'the same: worker') for @{$status->{workers}};
ok($samples{"aiproxy_provider_key_rest_seconds{provider_key=\"$bad->{id}\"}"}
	> 0, 'the key that rests');
my %types = $text->{body} =~ /^# TYPE (\S+) (\S+)$/mg;
is(join(' ', grep { $types{$_} eq 'counter' } sort keys %types),
	join(' ', grep { /_total$/ } sort keys %types),
	'counters end in _total, nothing else does');

# Which form.

my $accept = 'application/openmetrics-text;version=1.0.0;q=0.5,'
	. 'text/plain;version=0.0.4;q=0.4,*/*;q=0.1';
like(get('', ['Accept', $accept])->{body}, qr/^# HELP/, 'as Prometheus asks');
like(get('', ['Accept', '*/*'])->{body}, qr/^\{/, 'as curl asks');
like(get('?format=json', ['Accept', $accept])->{body}, qr/^\{/,
	'the query wins');
is(get('?format=xml')->{status}, 400, 'another form');
is(request($t->proxy_port, 'POST', '/status', body => 'x')->{status}, 405,
	'POST');
is(request($t->proxy_port, 'HEAD', '/status')->{status}, 200, 'HEAD');
unlike($text->{body} . get('')->{body}, qr/aip_|demo-/, 'no secret');

$t->done();

sub get {
	my ($query, @headers) = @_;
	return request($t->proxy_port, 'GET', "/status$query",
		headers => [@headers]);
}

sub status {
	my $answer = get('');
	return $answer->{json} || die "no JSON: $answer->{body}\n";
}
