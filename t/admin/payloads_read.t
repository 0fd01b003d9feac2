#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Kept texts: who may read them, that each reading is in the audit log, which
# rules a client key may have and who gives them, and that old ones go.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;

my $t = AIProxy->new();
my $url = $ENV{AIPROXY_TEST_DATABASE};
$t->start_demo();
$t->start_daemon();
my $api = $t->api;
my $spec = AIProxy::OpenApi->watch($t);

my %api = (admin => $api);
my %user;
for my $role (qw(user viewer operator)) {
	$user{$role} = $api->create('/api/users', { username => "the-$role",
		role => $role, password => "$role with a long one",
		must_change_password => JSON::PP::false });
	$api{$role} = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
		->sign_in("the-$role", "$role with a long one");
}

my $pool = [$t->provider_key($t->provider())];
my $client = $t->client_key($pool, user_id => $user{user}{id},
	payload_log => {});
is_deeply($client->{payload_log}, { parts => 'both', max_bytes => undef,
	hide_defaults => JSON::PP::true, hide_paths => [], hide_patterns => [] },
	'what holds without more');
$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

my $planted = 'a-planted-sentence';
my @ids = map { my $answer = $t->ask('openai_chat', $client,
	prompt => "$planted $_"); $answer->{headers}{'x-request-id'} } 1 .. 2;
sub path { return "/api/logs/traces/$_[0]/payload" }
sub entries {
	return @{$api->read('/api/audit?action=read_payload')->{items}};
}
ok(wait_for(sub { $api->get(path($_))->{status} == 200 }), 'kept') for @ids;
my $read = entries();
cmp_ok($read, '>=', 2, 'each reading is entered');

subtest '200' => sub {
	for my $role (qw(operator admin)) {
		my $kept = $api{$role}->read(path($ids[0]));
		like($kept->{request}{text}, qr/\Q$planted\E 1/, "$role reads");
		my ($entry) = entries();
		is("$entry->{object_type} $entry->{object_id} $entry->{status}",
			"logs/traces $ids[0] 200", 'what was read');
		is($entry->{username}, $role eq 'admin' ? 'admin' : 'the-operator',
			'by whom');
		$entry = $api->get("/api/audit/$entry->{id}");
		unlike($entry->{body}, qr/\Q$planted\E/, 'the text is not in it');
		is($api->get(path($ids[0]))->{headers}{'cache-control'}, 'no-store',
			'no cache keeps it');
		is(scalar entries(), $read += 2, 'one for each');
	}
};

subtest '401, 403, 404' => sub {
	is($api->get(path($t->record($ids[0])->{id}))->{json}{request_id},
		$ids[0], 'by the number of its record too');
	$read++;
	my $nobody = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
	is($nobody->get(path($ids[0]))->{status}, 401, 'nobody');
	is($api{$_}->get(path($ids[0]))->{status}, 403, "a $_ does not read")
		for qw(user viewer);
	is($api->get(path($_))->{status}, 404, "no such: $_")
		for 'x', '999999', '00000000-0000-7000-8000-000000000000';
	is(scalar entries(), $read, 'what was refused is no reading');
};

# The rules of a client key, and who gives them.

subtest 'rules' => sub {
	my $at = "/api/client-keys/$client->{id}";
	for my $case ([{ parts => 'all' }, 'parts'], [{ max_bytes => 0 },
		'max_bytes'], [{ max_bytes => 1_048_577 }, 'max_bytes'],
		[{ hide_paths => ['a[0]'] }, 'hide_paths'],
		[{ hide_paths => [('a') x 33] }, 'hide_paths'],
		[{ hide_patterns => ['*abc'] }, 'hide_patterns'],
		[{ hide_patterns => [('abc') x 17] }, 'hide_patterns'],
		[{ other => 1 }, 'other'])
	{
		my $answer = $api->patch($at, { payload_log => $case->[0] });
		is("$answer->{status} $answer->{json}{error}{field}",
			"422 payload_log.$case->[1]", "wrong: $case->[1]");
	}
	my $own = $api{user}->create('/api/client-keys', { name => 'mine',
		provider_key_ids => [$api{user}->create('/api/provider-keys/keys',
			{ name => 'mine', secret => 'a-secret-of-mine',
				provider_id => $t->provider()->{id} })->{id}] });
	is($own->{payload_log}, undef, 'off by default');
	is($api{user}->patch("/api/client-keys/$own->{id}",
		{ payload_log => {} })->{status}, 403, 'a user does not turn it on');
	$api->change("/api/client-keys/$own->{id}", { payload_log => {} });
	is($api{user}->patch("/api/client-keys/$own->{id}",
		{ payload_log => undef })->{status}, 403, 'nor off');
	is($api{user}->patch("/api/client-keys/$own->{id}",
		{ name => 'still mine' })->{status}, 200, 'the rest is its own');
	my $changed = $api->change($at, { payload_log => { parts => 'request',
		max_bytes => 5, hide_defaults => JSON::PP::false,
		hide_paths => ['**.x'], hide_patterns => ['A-##'] } });
	is_deeply($api->read($at)->{payload_log}, $changed->{payload_log},
		'as it was given');
	is($changed->{payload_log}{max_bytes}, 5, 'with its cap');
	is($api->change($at, { payload_log => undef })->{payload_log}, undef,
		'off again');
};

# How long they are kept.

subtest 'retention' => sub {
	is($api->read('/api/settings')->{payload_days}, 7, 'a week by default');
	is($api->patch('/api/settings', { payload_days => $_ })->{status}, 422,
		"$_ days are refused") for 0, 366;
	is($api{operator}->patch('/api/settings', { payload_days => 3 })
		->{status}, 403, 'an admin says how long');
	$api->change('/api/settings', { payload_days => 3 });
	my $then = int((time - 4 * 86400) * 1000);
	run_sql("UPDATE payloads SET started_at = $then "
		. "WHERE request_id = '$ids[0]'");
	$t->daemon->stop();
	$t->start_daemon();
	$api = $t->api;
	ok(wait_for(sub { $api->get(path($ids[0]))->{status} == 404 }),
		'the old one goes');
	is($api->get(path($ids[1]))->{status}, 200, 'the young one stays');
	is($t->record($ids[0])->{outcome}, 'success', 'so does its record');
};

$t->done();

sub run_sql {
	my ($statement) = @_;
	my @command = $url ? ('psql', '-q', '-d', $url, '-c', $statement)
		: ('sqlite3', '-cmd', '.timeout 5000', "$t->{dir}/aiproxy.db",
			$statement);
	local $ENV{PATH} = "$ENV{PATH}:" . join ':', glob '/usr/lib/postgresql/*/bin';
	is(system(@command), 0, 'the database is changed');
}
