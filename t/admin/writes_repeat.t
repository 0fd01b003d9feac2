#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Writes that meet each other: a change of what has changed since it was read
# (If-Match), and a create that is sent twice (Idempotency-Key).

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;
use POSIX ();

my $t = AIProxy->new();
$t->start_daemon();
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;

my $provider = $t->provider(base_url => 'http://127.0.0.1:81');
my $key = $t->provider_key($provider);
my $client = $t->client_key([$key]);
my $user = $api->create('/api/users', { username => 'bob', role => 'user',
	password => 'a password of bob' });
my $oauth = $api->create('/api/oauth-clients', { name => 'c',
	client_key_id => $client->{id} });
my $issuer = $api->create('/api/settings/issuers', { name => 'i',
	issuer => 'https://i.example', audiences => ['a'], claim => 'sub' });

my $rule = $api->create('/api/alert-rules', { name => 'r',
	kind => 'pool_low' });
my $channel = $api->create('/api/alert-channels', { name => 'a',
	kind => 'webhook', url => 'http://127.0.0.1:1/' });

# Every operation that takes If-Match holds to it.

my %at = (
	'/api/providers/{id}' => [$provider->{id}, { total_timeout_ms => 60_000 }],
	'/api/provider-keys/keys/{id}' => [$key->{id}, { weight => 2 }],
	'/api/client-keys/{id}' => [$client->{id}, { requests_per_minute => 60 }],
	'/api/client-keys/{id}/rotate' => [$client->{id}, { grace_ms => 0 }],
	'/api/users/{id}' => [$user->{id}, { display_name => 'Bob' }],
	'/api/users/{id}/limits' => [$user->{id}, { requests_per_day => 9 }],
	'/api/oauth-clients/{id}' => [$oauth->{id}, { token_lifetime_s => 600 }],
	'/api/oauth-clients/{id}/rotate' => [$oauth->{id}, { grace_ms => 0 }],
	'/api/oauth-clients/{id}/revoke-tokens' => [$oauth->{id}, undef],
	'/api/settings/issuers/{id}' => [$issuer->{id}, { skew_s => 5 }],
	'/api/alert-rules/{id}' => [$rule->{id}, { cooldown_s => 60 }],
	'/api/alert-channels/{id}' => [$channel->{id}, { name => 'b' }],
	'/api/settings' => ['', { traceparent => JSON::PP::true }],
	'/api/settings/authentication' => ['', { jwt => JSON::PP::true }],
	'/api/settings/oidc' => ['', { name => 'Our own' }],
	'/api/auth/me' => ['', { display_name => 'The admin' }],
);
my $paths = $spec->{spec}{paths};

for my $method ('PATCH', 'POST', 'DELETE') {
	for my $path (sort { length $b <=> length $a || $a cmp $b } keys %$paths) {
		my $operation = $paths->{$path}{lc $method} or next;
		next unless grep { ($_->{'$ref'} // '') =~ /IfMatch$/ }
			@{$operation->{parameters} || []};
		my $row = $at{$path};
		if (!$row) {
			fail("$method $path: the test knows no object");
			next;
		}
		my $at = $path =~ s/\{id\}/$row->[0]/r;
		my $object = $at =~ s{/(?:rotate|revoke-tokens)$}{}r;
		my $body = $method eq 'DELETE' ? undef : $row->[1];
		my $etag = $api->get($object)->{headers}{etag};
		like($etag, qr/^"\d+"$/, "$method $path: an entity tag");
		for my $stale ('"1x"', '"999999999"', 'x', '"', '"-1"') {
			my $answer = $api->call($method, $at, $body,
				headers => [['If-Match', $stale]]);
			is($answer->{status}, 412, "$method $path: not $stale");
		}
		is($api->get($object)->{headers}{etag}, $etag, 'nothing changed');
		my $answer = $api->call($method, $at, $body,
			headers => [['If-Match', $method eq 'POST' ? "W/$etag" : $etag]]);
		like($answer->{status}, qr/^20/, "$method $path: fresh")
			or diag($answer->{body});
		next if $answer->{status} == 204;
		is($answer->{headers}{etag}, $api->get($object)->{headers}{etag},
			'the new one is told');
		is($api->call($method, $at, $body, headers =>
			[['If-Match', $etag]])->{status}, 412, 'the old one is stale')
			if $answer->{headers}{etag} ne $etag;
		isnt($answer->{headers}{etag}, $etag, 'it is another one');
	}
}
is($api->call('DELETE', "/api/client-keys/$client->{id}", undef,
	headers => [['If-Match', '*']])->{status}, 404, 'what is gone is gone');

is($api->post('/api/providers', { name => 'new', dialects => ['openai_chat'],
	base_url => 'http://127.0.0.1:81' }, headers => [['If-Match', '"1"']])
	->{status}, 201, 'a create has nothing that could have changed');

# Twice the same create.

my $body = { name => 'twice', base_url => 'http://127.0.0.1:81',
	dialects => ['openai_chat'] };
my @once = (headers => [['Idempotency-Key', 'order-66']]);
my $first = $api->post('/api/providers', $body, @once);
is($first->{status}, 201, 'created');
ok(!$first->{headers}{'idempotency-replayed'}, 'for the first time');
my $again = $api->post('/api/providers', $body, @once);
is($again->{status}, 201, 'once more');
is($again->{headers}{'idempotency-replayed'}, 'true', 'not for the first time');
is_deeply($again->{json}, $first->{json}, 'the same answer');
is($again->{headers}{location}, $first->{headers}{location}, 'and place');
is((grep { $_->{name} eq 'twice' } $api->list('/api/providers')), 1,
	'there is one');
my $other = $api->post('/api/providers', { %$body, name => 'other' }, @once);
is($other->{status}, 422, 'another create with the key');
is($other->{json}{error}{field}, 'Idempotency-Key', 'is told');
is($api->post('/api/providers', $body, headers =>
	[['Idempotency-Key', $_]])->{status}, 400, "not a key: $_")
	for 'a b', 'x' x 129, '"q"';

# What is shown once is shown to whoever asks again; who is refused may mend it.

my $p = $api->create('/api/providers', { %$body, name => 'p2' });
my $k = $t->provider_key($p);
my @keyed = (headers => [['Idempotency-Key', 'key:1']]);
is($api->post('/api/client-keys', { name => '', provider_key_ids => [] },
	@keyed)->{status}, 422, 'refused');
my $made = $api->post('/api/client-keys', { name => 'k',
	provider_key_ids => [$k->{id}] }, @keyed);
is($made->{status}, 201, 'mended');
is($api->post('/api/client-keys', { name => 'k', provider_key_ids =>
	[$k->{id}] }, @keyed)->{json}{key}, $made->{json}{key}, 'the same key');
if (!$ENV{AIPROXY_TEST_DATABASE}) {
	my $kept = `sqlite3 -readonly -cmd '.timeout 5000' $t->{dir}/aiproxy.db .dump`;
	like($kept, qr/idempotent_creates/, 'kept');
	unlike($kept, qr/\Q$made->{json}{key}\E/, 'but not in clear');
}

# At the same moment: one is made.

my @forks;
for my $n (1 .. 6) {
	my $pid = open(my $from, '-|') // die "fork: $!";
	if (!$pid) {
		my $answer = $api->post('/api/providers', { %$body, name => 'race' },
			headers => [['Idempotency-Key', 'race']]);
		print "$answer->{status} "
			. ($answer->{json}{error}{field} // 'none'), "\n";
		close STDOUT;
		POSIX::_exit(0);
	}
	push @forks, $from;
}
my @said = map { scalar readline $_ } @forks;
chomp @said;
is((grep { !/^(201 none|409 Idempotency-Key)$/ } @said), 0,
	"all at once: @said");
ok((grep { $_ eq '201 none' } @said), 'made');
is((grep { $_->{name} eq 'race' } $api->list('/api/providers')), 1, 'once');

$t->done();
