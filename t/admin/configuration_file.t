#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# aiproxy-admin export, import, check and diff, beside a daemon that runs: what
# is written and brought in again is the same, and only what differs changes.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $true = JSON::PP::true;
my $false = JSON::PP::false;

# Something of every kind, each with what a kind can have.

my %secret = (provider_key => 'sk-MARKER1-0123456789',
	oauth_client => 'MARKER2 of the client', hmac => 'MARKER3' x 8,
	password => 'MARKER4 password', machine => 'MARKER5 of a machine');
my $pem = `openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout`;

my $ann = $api->create('/api/users', { username => 'ann', role => 'operator',
	password => $secret{password}, display_name => 'Ann: "the" #1',
	email => 'ann@example.com' });
$api->change("/api/users/$ann->{id}/limits", { cost_per_day => '0.5',
	requests_per_minute => 90, time_zone => 'Asia/Shanghai' });
my $p = $t->provider(name => 'first', total_timeout_ms => 60_000,
	verdict_rules => [{ status => 418, verdict => 'key_rate',
		rest_ms => 1500 }],
	usage_mapping => undef);
my $q = $t->provider(name => 'second', dialects => ['anthropic_messages'],
	oauth => { grant => 'client_credentials', client_id => 'us',
		token_url => 'http://127.0.0.1:1/token',
		client_secret => $secret{oauth_client}, scopes => ['a', 'b'] });
my $k1 = $t->provider_key($p, name => 'k1', secret => $secret{provider_key},
	weight => 3, cost_per_month => '12.25', owner_user_id => undef);
my $k2 = $t->provider_key($p, name => 'k2', is_enabled => $false,
	expires_at => '2030-01-02T03:04:05.678Z');
my $k3 = $api->create('/api/provider-keys/keys', { name => 'yes',
	provider_id => $q->{id}, kind => 'oauth', oauth_client_id => 'its own',
	secret => $secret{machine} });
my $c = $t->client_key([$k1, $k2], name => 'app', user_id => $ann->{id},
	strategy => 'sticky', sticky => { source => 'header',
	header => 'x-session' }, allowed_models => ['demo-*', '0123'],
	allowed_provider_ids => [$p->{id}], requests_per_minute => 600,
	cost_per_day => '1', ends_at_limit => $true);
my $plain = $t->client_key([$k1], name => 'null');
$api->create('/api/oauth-clients', { name => 'batch',
	client_key_id => $c->{id}, token_lifetime_s => 600 });
$api->create('/api/settings/issuers', { name => 'corp',
	issuer => 'https://corp.example', audiences => ['gw'], claim => 'sub',
	clients => [{ value => 'ann', client_key_id => $c->{id} }],
	keys => [{ kid => 'k', secret => $secret{hmac} }, { pem => $pem }] });
$api->change('/api/settings', { cors_origins => ['https://app.example'] });

sub admin {
	my ($command, @arguments) = @_;
	my $o = ref $arguments[-1] ? pop @arguments : {};
	local $ENV{AIPROXY_DATABASE} = $o->{database}
		|| $ENV{AIPROXY_TEST_DATABASE} || "sqlite:$t->{dir}/aiproxy.db";
	my $line = join ' ', map { "'$_'" } AIProxy::build() . '/aiproxy-admin',
		$command, '--dir', $t->{dir}, '--run-dir', $t->{run}, @arguments;
	my $out = qx{$line 2>$t->{root}/stderr};
	return ($? >> 8, $out, $t->read_file("$t->{root}/stderr"));
}

sub config {
	my ($name, $text) = @_;
	$t->write_file("$t->{root}/$name", $text);
	return "$t->{root}/$name";
}

# Out.

my ($status, $plain_text, $err) = admin('export');
is($status, 0, 'export') or diag($err);
unlike($plain_text, qr/MARKER|sealed_|argon2/, 'without secrets');
unlike($plain_text, qr/\Q$c->{key}\E/, 'nor a client key');
like($plain_text, qr/name: "null"/, 'a name that looks like something else');
like($plain_text, qr/cost_per_day: "0\.5"/, 'limits of users');
my $sealed = "$t->{root}/sealed.yaml";
is((admin('export', $sealed, '--secrets', 'sealed'))[0], 0, 'with secrets');
is((stat $sealed)[2] & 07777, 0600, 'in a private file');
my $sealed_text = $t->read_file($sealed);
unlike($sealed_text, qr/MARKER|argon2/, 'none of them in clear');
is(scalar(() = $sealed_text =~ /sealed_/g), 7, 'and all of them');
is((admin('export', '--secrets', 'sealed'))[1], $sealed_text, 'twice the same');
is((admin('export', '--secrets', 'clear'))[0], 1, 'there is no other way');
is(decode_json((admin('export', '--json'))[1])->{provider_keys}[0]{provider},
	'first', 'as JSON');

# In: an empty database with the same master key.

my $other = { database => "sqlite:$t->{root}/other.db" };
is((admin('diff', $sealed, $other))[0], 2, 'no database where none is');
($status, my $out, $err) = admin('import', $sealed, $other);
is($status, 0, 'import') or diag($err);
like($out, qr/ 1 changed, 0 removed, 0 unchanged$/m, 'all of it is new');
unlike($out, qr/shown this once/, 'no key is');
is((admin('export', '--secrets', 'sealed', $other))[1], $sealed_text,
	'the same bytes come out');
is((admin('export', $other))[1], $plain_text, 'and without secrets');
($status, $out) = admin('import', $sealed, $other);
like($out, qr/^0 added, 0 changed, 0 removed/m, 'again: nothing to do');
is((admin('diff', $sealed, $other))[0], 0, 'no difference');
is((admin('diff', $sealed))[0], 0, 'nor here');
my $bare = config('plain.yaml', $plain_text);
is((admin('diff', $bare))[0], 0, 'left out secrets stay');

# Without secrets provider keys wait for them.

my $third = { database => "sqlite:$t->{root}/third.db" };
my $no_hmac = $plain_text =~ s/^      - kid: k\n//mr;
($status, undef, $err) = admin('import', config('bare.yaml', $plain_text),
	$third);
is($status, 1, 'a key of an issuer is nothing without its secret');
like($err, qr/bare\.yaml: line \d+: issuers\[0\]\.keys: A key has a pem or a secret/,
	'which is said') or diag($err);
($status, $out, $err) = admin('import', config('bare.yaml', $no_hmac), $third);
is($status, 0, 'the rest can do without') or diag($err);
is((admin('export', $third))[1], $no_hmac, 'and is the same');

# What differs, and nothing else.

my $before = $api->read("/api/provider-keys/keys/$k1->{id}");
my $changed = $sealed_text =~ s/weight: 3/weight: 7/r;
my $file = config('changed.yaml', $changed);
($status, $out) = admin('diff', $file);
is($status, 1, 'a difference');
like($out, qr/^~ provider_keys k1: weight 3 -> 7\n0 added, 1 changed, 0 removed, \d+ unchanged; nothing was written$/,
	'exactly that');
my $json = decode_json((admin('diff', $file, '--json'))[1]);
is(join(' ', map { "$_->{state} $_->{section} $_->{name}" }
	@{$json->{items}}), 'changed provider_keys k1', 'as JSON too');
is((admin('import', $file, '--dry-run'))[0], 0, 'a dry run');
is($api->read("/api/provider-keys/keys/$k1->{id}")->{updated_at},
	$before->{updated_at}, 'writes nothing');
is((admin('import', $file))[0], 0, 'import');
is($api->read("/api/provider-keys/keys/$k1->{id}")->{weight}, 7, 'done');
is((admin('diff', $file))[0], 0, 'and the file is what there is');

my ($entry) = $api->list('/api/audit?action=import');
is("$entry->{username} $entry->{object_type} $entry->{object_id}",
	"(terminal) provider-keys/keys $k1->{id}", 'the audit log has it');
$entry = $api->read("/api/audit/$entry->{id}");
is($entry->{before}{weight} . $entry->{after}{weight}, 37, 'before and after');
is($entry->{after}{secret}, '***', 'without the secret');

# A new secret, by hand; it is told nowhere.

my $hand = $sealed_text =~ s/(name: k2\n(?:.*\n)*?    )sealed_secret: .*/$1secret: sk-MARKER6-by-hand/r;
$file = config('hand.yaml', $hand =~ s/weight: 3/weight: 7/r);
($status, $out) = admin('diff', $file);
like($out, qr/^~ provider_keys k2: secret \*\*\* -> \*\*\* \(changed\)$/m,
	'a secret differs');
unlike($out . (admin('diff', $file, '--json'))[1], qr/MARKER/, 'which one is not said');
($status, $out, $err) = admin('import', $file, '--json');
is($status, 0, 'import') or diag($err);
unlike($out . $err . encode_json([map { $api->read("/api/audit/$_->{id}") }
	$api->list('/api/audit?action=import')]), qr/MARKER/, 'nor kept in the audit log');
like($api->read("/api/provider-keys/keys/$k2->{id}")->{secret_hint}, qr/hand$/,
	'but it is there');

# nginx takes it up.

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
is($t->ask('openai_chat', $plain, model => 'demo-small')->{status}, 200, 'served');
$file = config('off.yaml', "version: 1\nclient_keys:\n  - name: 'null'\n"
	. "    is_enabled: false\n    provider_keys: [k1]\n");
is((admin('import', $file))[0], 0, 'a file of one key');
my $began = time;
ok(wait_for(sub { $t->ask('openai_chat', $plain)->{status} == 403 }),
	'it is refused');
cmp_ok(time - $began, '<=', 2, 'soon');
is($api->read("/api/client-keys/$c->{id}")->{name}, 'app', 'the others stay');

# A key that the file makes.

$file = config('new.yaml', <<'EOY');
version: 1
client_keys:
  - name: made
    provider_keys: [k1]
    cost_per_month: 10
EOY
is(decode_json((admin('diff', $file, '--json'))[1])->{made}[0], undef,
	'a diff makes none');
$json = decode_json((admin('import', $file, '--json'))[1]);
my $made = $json->{made}[0];
is("$made->{section} $made->{name}", 'client_keys made', 'a new key');
ok(wait_for(sub { $t->ask('openai_chat', $made->{key},
	model => 'demo-small')->{status} == 200 }), 'works');
unlike((admin('import', $file, '--json'))[1], qr/aip_\w+_\w{20}/, 'told once');

# All or nothing, and where it is wrong.

my @wrong = (
	["version: 1\nproviders: {}\n", 2, 'providers', qr/list/],
	["version: 2\n", 1, 'version', qr/must be 1/],
	["version: 1\nfoo: 1\n", 2, 'foo', qr/no such section/],
	["version: 1\nsettings:\n  jwt: maybe\n", 3, 'settings.jwt', qr/true or false/],
	["version: 1\nclient_keys:\n  - provider_keys: []\n", 3,
		'client_keys[0].name', qr/name is needed/],
	["version: 1\nclient_keys:\n  - name: x\n    provider_keys:\n      - k1\n"
		. "      - nobody\n", 6, 'client_keys[0].provider_keys[1]',
		qr/no provider key with the name nobody/],
	["version: 1\nclient_keys:\n  - name: x\n    strategy: best\n"
		. "    provider_keys: []\n", 4, 'client_keys[0].strategy', qr/./],
	["version: 1\nclient_keys:\n  - name: x\n    provider_key_ids: [1]\n", 3,
		'client_keys[0].provider_keys', qr/has names/],
	["version: 1\nproviders:\n  - name: z\n    base_url: ftp://x\n"
		. "    dialects: [openai_chat]\n", 4, 'providers[0].base_url', qr/./],
	["version: 1\nproviders:\n  - name: z\n    bogus: 1\n", 4,
		'providers[0].bogus', qr/no such field/],
	["version: 1\nusers:\n  - username: bob\n    role: root\n", 4,
		'users[0].role', qr/role/],
	["version: 1\nusers:\n  - username: bob\n    role: user\n    limits:\n"
		. "      cost_per_day: x\n", 6, 'users[0].limits.cost_per_day', qr/USD/],
	["version: 1\nusers:\n  - username: admin\n    role: user\n", 4,
		'users[0].role', qr/last enabled admin/],
	["version: 1\nprices:\n  - provider: demo\n    model: m\n    input: -1\n",
		3, 'prices[0]', qr/./],
	["version: 1\nclient_keys: [\n", 3, '', qr/./],
	["version: 1\nversion: 1\n", 2, '', qr/twice/],
	["version: 1\nprovider_keys:\n  - name: k1\n    provider: first\n"
		. "    sealed_secret: AAAA\n", 5, 'provider_keys[0].sealed_secret',
		qr/another master key/],
);
for (@wrong) {
	my ($text, $line, $field, $why) = @$_;
	$file = config('wrong.yaml', $text);
	($status, $out, $err) = admin('check', $file);
	is($status, 1, "check: $field");
	like($err, $field eq '' ? qr/wrong\.yaml: line \d+: .*$why/
		: qr/^\S+wrong\.yaml: line $line: \Q$field\E: .*$why/m, 'where and why');
	is(decode_json((admin('check', $file, '--json'))[1])->{ok}, $false, 'as JSON');
}
my $both = config('both.yaml', "version: 1\nproviders:\n"
	. "  - {name: good, base_url: 'https://x.example', dialects: [openai_chat]}\n"
	. "  - {name: bad, base_url: 'https://x.example'}\n");
is((admin('import', $both))[0], 1, 'one is wrong');
ok(!grep({ $_->{name} eq 'good' } $api->list('/api/providers')),
	'and nothing was written');
is((admin('check', $sealed))[0], 0, 'a good one is good');
is((admin('check', '--alone', config('bare.yaml', $no_hmac)))[0], 0,
	'without any database');
unlike(join('', (admin('check', $both))[1, 2]), qr/good/, 'only what is wrong');

# What a file does not name goes only when asked.

$file = config('prune.yaml', <<'EOY');
version: 1
oauth_clients: []
EOY
is((admin('diff', $file))[0], 0, 'it stays');
($status, $out) = admin('diff', '--prune', $file);
like($out, qr/^- oauth_clients batch$/m, 'it would go');
is((admin('import', '--prune', $file))[0], 0, 'it goes');
is(scalar($api->list('/api/oauth-clients')), 0, 'is gone');
my ($gone) = $api->list('/api/audit?action=delete&object_type=oauth-clients');
ok($gone, 'with an entry');
$file = config('used.yaml', "version: 1\nprovider_keys: []\nproviders: []\n");
is((admin('import', '--prune', $file))[0], 0, 'in their order');
is($api->read("/api/client-keys/$c->{id}")->{provider_key_ids}[0], undef,
	'out of the pools too');

$t->done();
