#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Who may do what: every operation of openapi.json, asked by nobody and by each
# role, about an object of its own and one of somebody else's. What must come
# follows from x-access alone, so a route that is not declared fails, and so
# does one that does not hold what it declares, or whose objects are not known
# here. What was changed on the way is in the audit log.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use POSIX qw(strftime);

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();
my $admin = $t->api;
my $spec = AIProxy::OpenApi->watch($t);

my $soon = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + 86400);
my @roles = qw(user viewer operator admin);
my %rank = map { $roles[$_] => $_ } 0 .. $#roles;
my %least = (public => -1, signed_in => 0, viewer_or_own => 1, viewer => 1,
	operator_or_own => 2, operator => 2, admin_or_own => 3, admin => 3);

my $provider = $t->provider();
my %user = map { $_ => $admin->create('/api/users', { username => "the-$_",
	role => $_ eq 'other' ? 'user' : $_,
	password => "$_ with a long one",
	must_change_password => JSON::PP::false }) } @roles, 'other';

sub AIProxy::Api::judged { $_[0]{judge} = $admin->{judge}; $_[0] }
sub sign_in {
	my ($role) = @_;
	return AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)->judged
		->sign_in("the-$role", "$role with a long one");
}

# Keys of each role's user, and of another one; and what came through them.

sub provider_key_of {
	my ($role) = @_;
	return $t->provider_key($provider, owner_user_id => $user{$role}{id},
		expires_at => $soon);
}
sub client_key_of {
	my ($role, $pool) = @_;
	return $t->client_key([$pool || provider_key_of($role)],
		user_id => $user{$role}{id}, payload_log => {});
}
my %api = map { $_ => sign_in($_) } @roles, 'other';
sub api_token_of {
	my ($role) = @_;
	return $api{$role}->create('/api/api-tokens', { name => 't' . rand,
		scopes => ['*:write'], expires_at => $soon });
}
my %api_token = map { $_ => api_token_of($_) } @roles, 'other';

my %provider_key = map { $_ => provider_key_of($_) } @roles, 'other';
my %client_key = map { $_ => client_key_of($_, $provider_key{$_}) } @roles,
	'other';
my $oauth_client = sub { $admin->create('/api/oauth-clients', { name =>
	'c' . rand, client_key_id => $client_key{other}{id} }) };
my $issuer = sub { my $n = rand; $admin->create('/api/settings/issuers',
	{ name => "i$n", issuer => "https://i$n.example", audiences => ['a'],
		claim => 'sub' }) };

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
my %record;
for my $whose (@roles, 'other') {
	my $answer = $t->ask('openai_chat', $client_key{$whose});
	is($answer->{status}, 200, "$whose: a request");
	$record{$whose} = $t->record($answer);
	ok(wait_for(sub { $admin->get(
		"/api/logs/traces/$record{$whose}{id}/payload")->{status} == 200 }),
		"$whose: its text is kept");
}

# Alerts about keys that expire, each seen by its owner.

sub alert_of {
	my ($role) = @_;
	my $alert;
	wait_for(sub { ($alert) = $admin->list('/api/alerts?kind='
		. "provider_key_expires&subject_id=$provider_key{$role}{id}") });
	return $alert->{id};
}
my $channel = sub { $admin->create('/api/alert-channels', { name => 'a' . rand,
	kind => 'webhook', url => 'http://127.0.0.1:1/' })->{id} };
my $delivery = $admin->post('/api/alert-channels/' . $channel->() . '/test')
	->{json}{id};

# Jobs and sign-ins, which are whose they are in any role.

my $vendor = $t->provider(oauth => { grant => 'authorization_code',
	client_id => 'us', authorize_url => 'http://127.0.0.1:1/authorize',
	token_url => 'http://127.0.0.1:1/token',
	redirect_url => 'http://127.0.0.1:1/copy' });
my %oauth_key = map { $_ => $admin->create('/api/provider-keys/keys',
	{ name => "oauth-$_", provider_id => $vendor->{id}, kind => 'oauth',
		owner_user_id => $user{$_}{id} }) } @roles, 'other';
sub sign_in_of {
	my ($role) = @_;
	return $api{$role}->create('/api/oauth/sign-ins',
		{ provider_key_id => $oauth_key{$role}{id} })->{id};
}
sub job_of {
	my ($role) = @_;
	return $api{$role}->must(202, 'POST', '/api/logs/exports',
		{ format => 'csv' })->{id};
}
my %rerate = map { $_ => $api{$_}->must(202, 'POST', '/api/prices/rerates',
	{ from => '2026-01-01T00:00:00Z', to => '2026-01-02T00:00:00Z' })->{id}
} qw(operator admin);
my $entry = $admin->read('/api/audit?limit=1')->{items}[0]{id};

# The objects of a path: by whom they are owned, and how a new one is made for
# an operation that takes it away. Without an owner all are somebody else's. And
# for what is a user's own whatever x-access says: who else may see it.

my @objects = (
	['/api/users', { map { $_ => $user{other}{id} } @roles, 'other' },
		sub { $admin->create('/api/users', { username => 'u' . int rand 1e9,
			role => 'user', password => 'a password for it' })->{id} }],
	['/api/providers', { map { $_ => $provider->{id} } @roles, 'other' },
		sub { $t->provider()->{id} }],
	['/api/provider-keys/keys',
		{ map { $_ => $provider_key{$_}{id} } @roles, 'other' },
		sub { provider_key_of($_[0])->{id} }],
	['/api/client-keys',
		{ map { $_ => $client_key{$_}{id} } @roles, 'other' },
		sub { client_key_of($_[0])->{id} }],
	['/api/api-tokens', { map { $_ => $api_token{$_}{id} } @roles, 'other' },
		sub { api_token_of($_[0])->{id} }],
	['/api/oauth-clients', undef, sub { $oauth_client->()->{id} }],
	['/api/settings/issuers', undef, sub { $issuer->()->{id} }],
	['/api/alerts', { map { $_ => alert_of($_) } @roles, 'other' }],
	['/api/alert-rules', undef, sub { $admin->create('/api/alert-rules',
		{ name => 'r' . rand, kind => 'pool_low' })->{id} }],
	['/api/alert-channels', undef, $channel],
	['/api/alert-deliveries', { map { $_ => $delivery } @roles, 'other' }],
	['/api/audit', { map { $_ => $entry } @roles, 'other' }],
	['/api/prices/rerates', { (map { $_ => $rerate{operator} } @roles),
		admin => $rerate{admin}, other => $rerate{admin} }, undef, 'admin'],
	['/api/jobs', { map { $_ => job_of($_) } @roles, 'other' }, undef,
		'admin'],
	['/api/oauth/sign-ins', { map { $_ => sign_in_of($_) } @roles, 'other' },
		\&sign_in_of, 'nobody'],
	['/api/logs/traces', { map { $_ => $record{$_}{id} } @roles, 'other' }],
);
for my $row (@objects) {
	next if $row->[1];
	my $id = $row->[2]->('other');
	$row->[1] = { map { $_ => $id } @roles, 'other' };
}

# What an operation needs to get past its body, and to do something.

my %body = ('/api/client-keys/{id}/rotate' => { grace_ms => 0 },
	'/api/client-keys/{id}/limits/raise' =>
		{ limit_name => 'requests_per_day', amount => '1' },
	'/api/oauth-clients/{id}/rotate' => { grace_ms => 0 },
	'/api/oauth/sign-ins/{id}/code' => { code => 'x' },
	'/api/users/{id}/limits' => { requests_per_day => 7 });

my $anonymous = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1)
	->judged;
my $asked = 0;

for my $path (sort keys %{$spec->{spec}{paths}}) {
	my $item = $spec->{spec}{paths}{$path};
	my ($row) = sort { length $b->[0] <=> length $a->[0] }
		grep { index($path, "$_->[0]/{") == 0 } @objects;

	for my $method (qw(GET POST PATCH PUT DELETE)) {
		my $operation = $item->{lc $method} or next;
		my $access = $operation->{'x-access'} // '';
		my $name = "$method $path ($access)";
		next if !ok(exists $least{$access}, "$name: declares its access");

		subtest $name => sub {
			my $about = $path =~ /\{/;
			return fail('the test knows no object of this path')
				if $about && !$row;

			is(answer($anonymous, $method, $path, $about && $row->[1]{other}),
				401, 'nobody') if $access ne 'public';
			for my $role (@roles) {
				for my $whose ($about ? ('own', 'other') : ('')) {
					check($method, $path, $access, $role, $whose, $row);
				}
			}
		};
	}
}

cmp_ok($asked, '>', 300, 'a matrix of some size');

# A list shows the roles below only what is their own.

for my $row (@objects) {
	my $operation = $spec->{spec}{paths}{$row->[0]}{get} or next;
	next unless $row->[3] || $operation->{'x-access'} =~ /_own$/;
	my $seer = $row->[3] || $operation->{'x-access'} =~ s/_or_own$//r;
	# Those of before are over.
	$row->[1]{$_} = $row->[2]->($_) for $row->[3] && $row->[2]
		? ('user', 'other') : ();
	my @own = all_of($api{user}, $row->[0]);
	ok((grep { $_->{id} eq $row->[1]{user} } @own), "$row->[0]: one's own");
	ok(!(grep { $_->{id} eq $row->[1]{other} } @own), "$row->[0]: no other");
	for my $role (grep { $_ ne 'user' } @roles) {
		my $sees = grep { $_->{id} eq $row->[1]{other} }
			all_of($api{$role}, $row->[0]);
		is($sees, $rank{$role} >= ($rank{$seer} // 99) ? 1 : 0,
			"$row->[0]: whether a role $role sees others'");
	}
}
{
	# Those of before were rotated.
	my $open = $t->begin('openai_chat', client_key_of('other'), stream => 1,
		fault => 'events=1000,event_delay_ms=20');
	ok($open->until_body(qr/data: /), 'one runs');
	is(scalar @{running('viewer')}, 1, 'a viewer sees who runs');
	is_deeply(running('user'), [],
		'a user does not see others run');
	$open->leave;
}

# Nobody makes a thing for somebody else, or of somebody else's things.

subtest 'what a user may make' => sub {
	my $api = $api{user};
	my %new = (provider_id => $provider->{id}, secret => 'the-users-own-1');
	my $key = $api->create('/api/provider-keys/keys', { name => 'mine', %new });
	is($key->{owner_user_id}, $user{user}{id}, 'a provider key is its own');
	refused($api, 'POST', '/api/provider-keys/keys', { name => 'not mine',
		%new, owner_user_id => $user{other}{id} }, 422, 'owner_user_id');
	refused($api, 'PATCH', "/api/provider-keys/keys/$key->{id}",
		{ owner_user_id => undef }, 422, 'owner_user_id');
	my $client = $api->create('/api/client-keys', { name => 'mine',
		provider_key_ids => [$key->{id}] });
	is($client->{user_id}, $user{user}{id}, 'a client key is its own');
	for ([{ user_id => $user{other}{id} }, 'user_id'],
		[{ user_id => undef }, 'user_id'],
		[{ provider_key_ids => [$provider_key{other}{id}] },
			'provider_key_ids'])
	{
		my ($change, $field) = @$_;
		refused($api, 'POST', '/api/client-keys', { name => 'x',
			provider_key_ids => [$key->{id}], %$change }, 422, $field);
		refused($api, 'PATCH', "/api/client-keys/$client->{id}", $change, 422,
			$field);
	}

	my $given = $t->client_key([$t->provider_key($provider)],
		user_id => $user{user}{id});
	my $at = "/api/client-keys/$given->{id}";
	is($api->get($at)->{status}, 200, 'what an operator gave is seen');
	is($api->post("$at/rotate", { grace_ms => 0 })->{status}, 200, 'rotated');
	is($api->patch($at, { requests_per_minute => undef })->{status}, 403,
		'and not changed');
	is($api->delete($at)->{status}, 403, 'nor removed');
};

# What was done is in the audit log, as it was before and after; exports and
# re-ratings make a job that was not there.

my @audit = grep { $_->{status} && $_->{status} < 300 }
	$admin->list('/api/audit');
my (%kinds, @bare);
for (@audit) {
	my $what = "$_->{object_type} $_->{action}";
	next if $_->{action} =~ /^(?:login|logout|read_|return$)/;
	$kinds{$what}++;
	push @bare, "$what: no before" if defined $_->{object_id}
		&& $_->{action} !~ /^(?:create|exports|rerates)$/ && !$_->{before};
	push @bare, "$what: no after" if $_->{action} !~ /^(?:delete|identities)$/
		&& defined $_->{object_id} && !$_->{after};
}
cmp_ok(scalar keys %kinds, '>', 30, 'changes of many kinds');
is(join("\n", @bare), '', 'each tells what there was before and after');
my ($changed) = grep { $_->{object_type} eq 'users' && $_->{action} eq 'limits' }
	@audit;
is("$changed->{after}{requests_per_day}", 7, 'what was changed, itself');

$t->done();

# What is in a list: jobs and sign-ins have no pages.

sub all_of {
	my ($api, $path) = @_;
	return @{$api->read($path)->{items}} if $path =~ m{^/api/(?:jobs|oauth/)};
	return $api->list($path);
}

sub refused {
	my ($api, $method, $path, $body, $status, $field) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $answer = $api->call($method, $path, $body);
	is("$answer->{status} " . ($answer->{json}{error}{field} // ''),
		"$status $field", "$method $path: $field");
}

sub running { return $api{$_[0]}->read('/api/logs/running')->{items} }

sub answer {
	my ($api, $method, $path, $id) = @_;
	$asked++;
	my $at = $path =~ s/\{\w+\}/$id/r;
	# nginx sends the file in place of what is answered here: jobs_export.t.
	local $api->{judge} if $path =~ m{/download$};
	return $api->call($method, $at, $body{$path} || ($method =~ /^P/ ? {}
		: undef), as_it_is => 1)->{status};
}

# check(...): one role at one operation.

sub check {
	my ($method, $path, $access, $role, $whose, $row) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my $full = $rank{$role} >= $least{$access};
	my $private = $row && $row->[3] && $whose eq 'other'
		&& $role ne $row->[3];
	my $may = $full && !$private || ($access =~ /_own$/ && $whose ne 'other');
	my $id = $row && $row->[1]{$whose eq 'own' ? $role : 'other'};
	$id = $row->[2]->($whose eq 'own' ? $role : 'other')
		if ($method eq 'DELETE' || $path =~ m{/code$}) && $may && $row
			&& $row->[2];
	my $api = $path eq '/api/auth/logout' ? sign_in($role) : $api{$role};
	my $status = answer($api, $method, $path, $id);
	my $label = join ' ', $role, $whose || ();

	if ($private) {
		is($status, $full ? 404 : 403, "$label: is not told of it");
	} elsif ($full) {
		unlike($status, $row && $whose ? qr/^(?:401|403|404|5\d\d)$/
			: $access eq 'public' ? qr/^5\d\d$/ : qr/^(?:401|403|5\d\d)$/,
			"$label: may");
	} elsif ($access !~ /_own$/) {
		is($status, 403, "$label: may not");
	} elsif ($may) {
		unlike($status, qr/^(?:401|403|404|5\d\d)$/, "$label: may");
	} else {
		is($status, 404, "$label: is not told of it");
	}
}
