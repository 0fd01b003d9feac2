#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Alerts from rule to receiver: a signed webhook that is sent again until it is
# taken, mail, one message a cool-down, the end told too, acknowledging; and a
# daemon that is killed in between, after which another one delivers.

use warnings;
use strict;
use utf8;

use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(decode_base64 encode_base64);
use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::MailSink;
use AIProxy::OpenApi;
use AIProxy::RawServer;

my $t = AIProxy->new();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;

# The default rules say much of a gateway without keys that are in order.

$api->change("/api/alert-rules/$_->{id}", { is_enabled => JSON::PP::false })
	for $api->list('/api/alert-rules');

# A receiver that fails as often as a file says.

my $fail = "$t->{root}/fail";
my $hook = AIProxy::RawServer->start($t, sub {
	my $left = -e $fail ? do { open my $fh, '<', $fail; <$fh> } : 0;
	return undef if $left eq 'hang' && sleep 60;
	if ($left > 0) {
		$t->write_file($fail, $left - 1);
		return "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
	}
	return "HTTP/1.1 204 Taken\r\n\r\n";
});
my @got;

my $webhook = $api->create('/api/alert-channels', { name => 'hook',
	kind => 'webhook', url => $hook->url . '/services/PATHSECRET?x=1' });
my $sink = AIProxy::MailSink->start($t, refuse => 1);
my $mail = $api->create('/api/alert-channels', { name => 'mail',
	kind => 'mail', url => $sink->url, require_tls => JSON::PP::false,
	username => 'sender', secret => 'MAILSECRET',
	mail_from => 'gateway@example.org',
	mail_to => ['ops@example.org', 'boss@example.org'] });
my $provider = $api->create('/api/providers', { name => 'vendor',
	base_url => 'http://127.0.0.1:81', dialects => ['openai_chat'] });
my $key = $api->create('/api/provider-keys/keys', { name => 'schlüssel',
	provider_id => $provider->{id}, secret => 'x' });
$api->create('/api/client-keys', { name => 'caller',
	provider_key_ids => [$key->{id}] });
my $rule = $api->create('/api/alert-rules', { name => 'no keys',
	kind => 'pool_low', severity => 'critical', cooldown_s => 3600,
	channel_ids => [$webhook->{id}] });

subtest 'a message' => sub {
	$t->write_file($fail, 1);
	enable(0);
	my @sent = hooks(2);
	is(scalar @sent, 2, 'sent again after 500');
	is($sent[0][1], $sent[1][1], 'the same body');
	is(header($sent[0], 'webhook-id'), header($sent[1], 'webhook-id'),
		'the same id');
	ok(signed($_), 'signed') for @sent;
	like($sent[0][0], qr{^POST /services/PATHSECRET\?x=1 HTTP}, 'where');

	my $body = JSON::PP::decode_json($sent[1][1]);
	my $alert = the_alert();
	is($body->{type}, 'alert.firing', 'type');
	is($body->{id}, header($sent[1], 'webhook-id'), 'id');
	is($body->{text}, '[critical] no keys: client key caller, 0 '
		. '(threshold 0)', 'a line for people');
	is_deeply([@{$body->{data}}{qw(id kind severity state unit value
		threshold)}, $body->{data}{subject}{name}], [$alert->{id},
		'pool_low', 'critical', 'firing', 'count', '0', '0', 'caller'],
		'the alert');
	is($alert->{state}, 'firing', 'it fires');
	ok(wait_for(sub { deliveries()->[0]{state} eq 'delivered' }), 'delivered');
	is(deliveries()->[0]{attempts}, 2, 'twice');
};

subtest 'its end, and what comes back' => sub {
	enable(1);
	my ($sent) = hooks(1);
	my $body = JSON::PP::decode_json($sent->[1]);
	is($body->{type}, 'alert.resolved', 'the end is told');
	is($body->{data}{state}, 'resolved', 'in the alert too');
	my $alert = the_alert();
	is($alert->{state}, 'resolved', 'resolved');

	for my $times (2, 3) {
		enable(0);
		ok(wait_for(sub { the_alert()->{state} eq 'firing' }), 'it is back');
		is(the_alert()->{times}, $times, "the same alert, time $times");
		is(the_alert()->{id}, $alert->{id}, 'the same');
		enable(1);
		ok(wait_for(sub { the_alert()->{state} eq 'resolved' }), 'and over');
	}
	is_deeply([hooks(0)], [], 'nobody is told within the cool-down');
	is(scalar @{deliveries()}, 2, 'two messages in all');

	$api->change("/api/alert-rules/$rule->{id}", { cooldown_s => 0 });
	enable(0);
	my ($again) = hooks(1);
	is(JSON::PP::decode_json($again->[1])->{type}, 'alert.firing',
		'without a cool-down they are told');
	isnt(the_alert()->{id}, $alert->{id}, 'of another alert');
};

subtest 'acknowledging' => sub {
	my $id = the_alert()->{id};
	my $done = $api->post("/api/alerts/$id/acknowledge");
	is($done->{status}, 200, 'status');
	is($done->{json}{state}, 'acknowledged', 'state');
	is($done->{json}{acknowledged_by}, 'admin', 'by whom');
	is($api->post("/api/alerts/$id/acknowledge")->{status}, 409, 'once');
	my ($entry) = grep { $_->{action} eq 'acknowledge' }
		@{$api->read('/api/audit?object_type=alerts')->{items}};
	is($entry->{before}{state}, 'firing', 'the audit log has it as it was');
	is($entry->{after}{state}, 'acknowledged', 'and as it is');
	$api->change("/api/alert-rules/$rule->{id}",
		{ is_enabled => JSON::PP::false });
	hooks(1);
	is($api->read("/api/alerts/$id")->{state}, 'resolved',
		'a rule that is off fires no more');
	is($api->post("/api/alerts/$id/acknowledge")->{status}, 409,
		'what is over is not acknowledged');
};

subtest 'mail' => sub {
	$api->change("/api/alert-rules/$rule->{id}", { name => 'Keine Schlüssel',
		is_enabled => JSON::PP::true, channel_ids => [$mail->{id}] });
	my @mails;
	ok(wait_for(sub { push @mails, grep { $_->{data} } $sink->mails;
		scalar @mails }), 'it came, at the second time');
	my ($m) = @mails;
	is($m->{auth}, 'sender MAILSECRET', 'signed in');
	is($m->{from}, 'gateway@example.org', 'from');
	is($m->{to}, 'ops@example.org boss@example.org', 'to');
	my ($head, $body) = split /\r\n\r\n/, $m->{data}, 2;
	$head =~ s/\r\n //g;
	like($head, qr/^To: <ops\@example.org>,<boss\@example.org>\r$/m, 'To');
	like($head, qr/^Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000\r$/m,
		'Date');
	my ($subject) = $head =~ /^Subject: (.*)\r$/m;
	$subject =~ s/=\?UTF-8\?B\?(.*?)\?=/decode_base64($1)/ge;
	is($subject, "[critical] Keine Schl\xc3\xbcssel: client key caller, 0 "
		. '(threshold 0)', 'Subject');
	like(decode_base64($body), qr/^kind: pool_low\r$/m, 'the facts');
	my ($id) = $head =~ /^Message-ID: <(.*)\@example.org>\r$/m;
	is($id, deliveries()->[0]{message_id}, 'Message-ID');
	ok(wait_for(sub { deliveries()->[0]{state} eq 'delivered' }), 'delivered');
	is(deliveries()->[0]{attempts}, 2, 'after 451');
	enable(1);
	ok(wait_for(sub { the_alert()->{state} eq 'resolved' }), 'over');
};

subtest 'a test message' => sub {
	$t->write_file($fail, 0);
	my $begun = $api->post("/api/alert-channels/$webhook->{id}/test");
	is($begun->{status}, 202, 'status');
	my ($sent) = hooks(1);
	ok(signed($sent), 'signed');
	is(JSON::PP::decode_json($sent->[1])->{type}, 'alert.test', 'type');
	is(settled($begun)->{state}, 'delivered', 'delivered');

	$t->write_file($fail, 9);
	my $failed = settled($api->post("/api/alert-channels/$webhook->{id}/test"));
	is($failed->{state}, 'failed', 'tried once');
	like($failed->{error}, qr/answered 500/, 'why');
	is($failed->{attempts}, 1, 'one attempt');
	hooks(1);
	$t->write_file($fail, 0);

	# A server that speaks no TLS is told nothing when TLS is asked for.
	$sink->mails;
	$api->change("/api/alert-channels/$mail->{id}",
		{ require_tls => JSON::PP::true });
	$failed = settled($api->post("/api/alert-channels/$mail->{id}/test"));
	is($failed->{state}, 'failed', 'no mail without TLS');
	unlike(join('', map { "$_->{said}$_->{auth}" } $sink->mails),
		qr/AUTH|MAIL|MAILSECRET/, 'not even a password');

	my $away = $api->create('/api/alert-channels', { name => 'away',
		kind => 'webhook', url => 'http://127.0.0.1:1/' });
	$failed = settled($api->post("/api/alert-channels/$away->{id}/test"));
	like($failed->{error}, qr/connect/i, 'nobody there');
};

subtest 'a daemon that is killed' => sub {
	$t->write_file($fail, 'hang');
	$api->change("/api/alert-rules/$rule->{id}",
		{ channel_ids => [$webhook->{id}] });
	enable(0);
	my ($first) = hooks(1);
	my $id = header($first, 'webhook-id');
	$t->daemon->kill_now;
	$t->write_file($fail, 0);
	$t->start_daemon();
	my ($again) = hooks(1);
	is(header($again, 'webhook-id'), $id, 'the same message is sent again');
	ok(signed($again), 'signed');
	ok(wait_for(sub { deliveries()->[0]{state} eq 'delivered' }), 'delivered');
};

my $log = $t->daemon->output('stderr');
unlike($log, qr/PATHSECRET|MAILSECRET|\Q$webhook->{secret}\E/,
	'no secret is in the log');

$t->done();

sub enable {
	my ($on) = @_;
	$t->change_provider_key($key,
		is_enabled => $on ? JSON::PP::true : JSON::PP::false);
}

sub the_alert {
	return $api->read('/api/alerts?kind=pool_low')->{items}[0]
		|| { state => '' };
}

sub deliveries { return $api->read('/api/alert-deliveries')->{items} }

# hooks(N): what came, N of them at least.

sub hooks {
	my ($n) = @_;
	wait_for(sub { push @got, $hook->requests; @got >= $n }, 60);
	cmp_ok(scalar @got, '==', $n, "messages: $n") if $n;
	return splice @got;
}

sub header {
	my ($request, $name) = @_;
	return ($request->[0] =~ /^\Q$name\E: (.*)\r$/mi)[0];
}

# As Standard Webhooks has it.

sub signed {
	my ($request) = @_;
	my ($id, $time) = map { header($request, "webhook-$_") }
		qw(id timestamp);
	my $secret = decode_base64($webhook->{secret} =~ s/^whsec_//r);
	return abs($time - time) < 60 && header($request, 'webhook-signature')
		eq 'v1,' . encode_base64(hmac_sha256("$id.$time.$request->[1]",
			$secret), '');
}

sub settled {
	my ($begun) = @_;
	my $path = $begun->{headers}{location};
	my $now;
	wait_for(sub { ($now = $api->read($path))->{state} ne 'waiting' });
	return $now;
}
