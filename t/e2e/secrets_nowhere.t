#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Every secret that a gateway ever has, made and used, on SQLite and on Postgres:
# none of them is in a log, a dump of the database, the snapshot, the ledger,
# another file or an answer that came after it was shown; neither as it is, nor in
# hex, nor in base64.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Http qw(request);
use AIProxy::MailSink;
use AIProxy::OAuthServer;
use AIProxy::Postgres;
use AIProxy::RawServer;
use Digest::SHA qw(hmac_sha256);
use File::Find qw(find);
use JSON::PP;
use MIME::Base64 qw(encode_base64 encode_base64url);
use POSIX qw(strftime);

# By name: what was made, and how it may be shown.

my (%secret, @answers, $t, $api);

for my $database ('sqlite', 'postgres') {
	subtest $database => sub { live($database) };
}
done_testing();

sub live {
	my ($database) = @_;
	(%secret, @answers) = ();
	delete local $ENV{AIPROXY_TEST_DATABASE};
	$t = AIProxy->new();
	my $postgres;
	if ($database eq 'postgres') {
		$postgres = AIProxy::Postgres->new($t);
		$postgres->start;
		$t->{database} = $postgres->url;
	}
	my $paste = 'http://127.0.0.1:1/copy';
	my $oauth = AIProxy::OAuthServer->start($t, 'oauth_server',
		redirect_uris => [$paste, 'http://localhost/oidc/callback']);
	my $hook = AIProxy::RawServer->start($t, sub {
		"HTTP/1.1 204 Taken\r\n\r\n" });
	my $mail = AIProxy::MailSink->start($t, hello => ['AUTH PLAIN']);
	mkdir "$t->{root}/secrets";
	$t->write_file("$t->{root}/secrets/key",
		$secret{'a referenced secret'} = 'sk-referenced-5d81c0aa9');
	$t->start_demo();
	{
		local $ENV{AIPROXY_TEST_DEBUG} = 1;
		$t->start_daemon('--secret-folders', "$t->{root}/secrets");
	}
	$api = $t->api;
	$secret{'the admin\'s password'} = $t->{password};
	$secret{'an access token of the console'} = $api->{token};
	$api->{judge} = sub { push @answers, [@_] };

	configure($oauth, $paste, $hook, $mail);
	use_all($oauth);
	$secret{'the master key'} = $t->read_file("$t->{dir}/master.key")
		=~ s/\s+//gr;
	$secret{'the node key'} = $t->read_file("$t->{dir}/node.key");
	cmp_ok(keys %secret, '>=', 30, scalar(keys %secret) . ' secrets');
	is(join(', ', grep { length $secret{$_} < 8 } keys %secret), '',
		'each of some length');

	# What is shown after that.
	@answers = ();
	read_all();
	my %in = ('an answer' => join "\n", map { $_->[2]{raw} } @answers);
	cmp_ok(scalar @answers, '>', 60, 'everything is read once more');

	$in{'the status of nginx'} = request($t->proxy_port, 'GET', '/status')
		->{body};
	$in{'the list of processes'} = join '', map { $t->read_file(
		"/proc/$_/cmdline") } $t->daemon->{pid}, $t->worker_pids;
	$in{'a backup'} = dump_of($postgres);
	$in{'the log of the daemon'} = $t->daemon->output('stderr')
		. $t->daemon->output('stdout');
	like($in{'the log of the daemon'}, qr/request_refused/, 'it tells a lot');
	like($t->read_file("$t->{root}/access.log"), qr/ 401 /, 'nginx too');

	# While they run, and what is left of them.
	look(\%in, 'while it runs');
	$t->nginx->stop;
	$t->daemon->stop;
	look({ 'the dump' => dump_of($postgres) }, 'stopped');
	$postgres->stop if $postgres;
	$t->expect_daemon_error(qr/request_failed/);
	$t->finish;
}

sub kept { $secret{$_[0]} = $_[1]; return $_[1] }

# One of every kind.

sub configure {
	my ($oauth, $paste, $hook, $mail) = @_;

	my $provider = $t->provider(name => 'demo');
	my $key = $api->create('/api/provider-keys/keys', { name => 'k',
		provider_id => $provider->{id}, secret =>
		kept('a provider key', 'demo-key-first-77ab20f1') });
	$api->change("/api/provider-keys/keys/$key->{id}", { secret =>
		kept('another one in its place', 'demo-key-second-93c1b7de') });
	$api->create('/api/provider-keys/keys', { name => 'elsewhere',
		provider_id => $provider->{id},
		secret_reference => "file:$t->{root}/secrets/key" });
	my $client = $t->client_key([$key], name => 'app', payload_log => {});
	kept('a client key', $client->{key});
	$t->{app} = $client;
	$t->{rotated} = $api->must(200, 'POST',
		"/api/client-keys/$client->{id}/rotate", { grace_ms => 600_000 });
	kept('a rotated client key', $t->{rotated}{key});
	my $once = $api->post('/api/client-keys', { name => 'once',
		provider_key_ids => [$key->{id}] },
		headers => [['Idempotency-Key', 'once']]);
	kept('a client key that is told twice', $once->{json}{key});

	$api->change('/api/settings/authentication',
		{ oauth => JSON::PP::true, jwt => JSON::PP::true });
	my $app = $api->create('/api/oauth-clients', { name => 'batch',
		client_key_id => $client->{id} });
	kept('the secret of an OAuth client', $app->{client_secret});
	$t->{oauth_app} = { client_id => $app->{client_id}, client_secret =>
		kept('a rotated one', $api->must(200, 'POST',
			"/api/oauth-clients/$app->{id}/rotate",
			{ grace_ms => 0 })->{client_secret}) };
	$api->create('/api/settings/issuers', { name => 'corp',
		issuer => 'https://corp.example', audiences => ['gw'],
		claim => 'sub', clients => [{ value => 'ann',
		client_key_id => $client->{id} }], keys => [{ kid => 'k', secret =>
		kept('a secret of an issuer', 'hs256-secret-of-corp-' . 'x1y2' x 8) }] });

	my $token = $api->create('/api/api-tokens', { name => 'ci',
		scopes => ['*:read'], expires_at => strftime('%Y-%m-%dT%H:%M:%SZ',
			gmtime time + 3600) });
	kept('a token of the API', $token->{token});
	$api->create('/api/users', { username => 'ann', role => 'viewer',
		password => kept('a password', 'the password that ann has'),
		must_change_password => JSON::PP::false });

	my $hooked = $api->create('/api/alert-channels', { name => 'hook',
		kind => 'webhook', url => $hook->url . '/'
			. kept('the address of a webhook', 'T0K3N-in-the-path-11aa') });
	kept('the secret of a webhook', $hooked->{secret});
	my $mailed = $api->create('/api/alert-channels', { name => 'mail',
		kind => 'mail', url => $mail->url, username => 'gateway',
		secret => kept('a password for mail', 'smtp-password-66f0'),
		mail_from => 'gw@example.com', mail_to => ['ops@example.com'],
		require_tls => JSON::PP::false });
	for my $channel ($hooked, $mailed) {
		my $sent = $api->must(202, 'POST',
			"/api/alert-channels/$channel->{id}/test");
		ok(wait_for(sub { $api->read("/api/alert-deliveries/$sent->{id}")
			->{state} eq 'delivered' }), "$channel->{kind}: told");
	}

	my $vendor = $t->provider(name => 'vendor', oauth => { client_id =>
		'confidential', grant => 'authorization_code', client_secret =>
		kept('our secret at a provider', 'the-clients-secret'),
		client_authentication => 'basic', scopes => ['openid'],
		authorize_url => $oauth->url('/auth'),
		token_url => $oauth->url('/token'), redirect_url => $paste });
	$t->{renewed} = $api->create('/api/provider-keys/keys', {
		name => 'renewed', provider_id => $vendor->{id}, kind => 'oauth' });
	my $begun = $api->create('/api/oauth/sign-ins',
		{ provider_key_id => $t->{renewed}{id} });
	my $back = $oauth->browse($begun->{authorize_url})->{location};
	kept('a code', $back =~ /[?&]code=([^&]+)/ && $1);
	$api->post("/api/oauth/sign-ins/$begun->{id}/code", { code => $back });
	ok(wait_for(sub { $api->read("/api/oauth/sign-ins/$begun->{id}")
		->{state} eq 'done' }), 'signed in for a key');
	$t->{renewed_client} = $t->client_key([$t->{renewed}]);
	kept('the client key of it', $t->{renewed_client}{key});

	$api->change('/api/settings/oidc', { is_enabled => JSON::PP::true,
		name => 'There', issuer => $oauth->url, client_id => 'confidential',
		client_secret => 'the-clients-secret', role_claim => 'sub',
		roles => [{ value => '*', role => 'viewer' }],
		scopes => ['openid', 'profile'], creates_users => JSON::PP::true });
	ok(wait_for(sub { $api->read('/api/settings/oidc')->{is_ready} }),
		'an identity provider');
}

# Each of them is used, and refused.

sub use_all {
	my ($oauth) = @_;

	$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    log_format all '$remote_addr "$request" $status $args '
        '"$http_authorization" "$http_x_api_key" "$http_x_goog_api_key"';
    access_log %%ROOT%%/access.log all;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
        location = /status { aiproxy_status; }
    }
}
EOC
	for my $key ($t->{app}, $t->{rotated}, $t->{renewed_client}) {
		is($t->ask('openai_chat', $key)->{status}, 200, 'a client key');
	}
	my ($with) = grep { $_->{path} =~ /chat/ && $_->{credential} !~ /^demo-/ }
		$t->demo_requests;
	kept('an access token of a provider', $with->{credential});
	my $before = $api->read("/api/provider-keys/keys/$t->{renewed}{id}")
		->{oauth}{obtained_at};
	$api->post("/api/provider-keys/keys/$t->{renewed}{id}/refresh");
	ok(wait_for(sub { $api->read("/api/provider-keys/keys/$t->{renewed}{id}")
		->{oauth}{obtained_at} gt $before }), 'renewed');

	my $form = join '&', 'grant_type=client_credentials',
		map { "$_=$t->{oauth_app}{$_}" } sort keys %{$t->{oauth_app}};
	my $given = request($t->{daemon_port}, 'POST', '/oauth2/token', headers =>
		[['Content-Type', 'application/x-www-form-urlencoded'],
		['X-Aiproxy-Console', '1']], body => $form);
	my $token = kept('a token of a caller', decode_json($given->{body})
		->{access_token});
	is($t->ask('openai_chat', $token)->{status}, 200, 'a token that we gave');
	my $text = encode_base64url('{"alg":"HS256","kid":"k"}') . '.'
		. encode_base64url(encode_json({ iss => 'https://corp.example',
		sub => 'ann', aud => 'gw', exp => time + 600 }));
	my $jwt = kept('a token of an issuer', "$text." . encode_base64url(
		hmac_sha256($text, $secret{'a secret of an issuer'})));
	is($t->ask('openai_chat', $jwt)->{status}, 200, 'a token of an issuer');

	# In each place, also where it is refused.
	my $wrong = kept('a key that is none', 'aip_abcdefgh_' . 'Zq' x 21 . 'Z');
	for my $key ($wrong, $t->{app}{key}) {
		for my $name ('x-api-key', 'x-goog-api-key', 'api-key') {
			request($t->proxy_port, 'POST', '/v1/chat/completions',
				headers => [[$name, $key]], body => '{}');
		}
		request($t->proxy_port, 'GET', "/v1/models?$_=$key")
			for qw(key api_key access_token);
		request($t->proxy_port, 'GET', '/v1/realtime?model=x', headers =>
			[['Sec-WebSocket-Protocol', "openai-insecure-api-key.$key"],
			['Upgrade', 'websocket'], ['Connection', 'Upgrade']]);
	}
	$api->get('/api/auth/me', as_it_is => 1, headers => [['Authorization',
		'Bearer ' . kept('a token that is none', 'eyJub25lIjoxfQ.aaaa.bbbb')]]);
	$api->post('/api/auth/login', { username => 'ann',
		password => kept('a wrong password', 'not what ann would say') });
	my $ann = $api->post('/api/auth/login', { username => 'ann',
		password => $secret{'a password'} });
	kept('a refresh token of the console',
		$ann->{headers}{'set-cookie'} =~ /^sid=([\w-]+)/ && $1);
	kept('another access token of it', $ann->{json}{access_token});

	my $nobody = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);
	my $begun = $nobody->post('/api/auth/oidc/start', undef,
		headers => [['Origin', 'http://localhost']]);
	my ($browser) = $begun->{headers}{'set-cookie'} =~ /^sid=([\w-]+)/;
	kept('what a browser holds', $browser);
	my %back = $oauth->browse($begun->{json}{authorize_url})->{location}
		=~ /[?&](state|code)=([^&]+)/g;
	kept('a state', $back{state});
	kept('a code of a sign-in', $back{code});
	my $in;
	ok(wait_for(sub { $in = $nobody->post('/api/auth/oidc/return', \%back,
		headers => [['Origin', 'http://localhost'],
		['Cookie', "sid=$browser"]]); $in->{status} != 202 }), 'returned');
	is($in->{status}, 200, 'signed in elsewhere');
	kept('a session of that', $in->{json}{access_token});
	my $n = 0;
	kept('a token of a provider, ' . ++$n, $_) for @{$oauth->test('tokens')};

	$api->must(202, 'POST', '/api/logs/exports', { format => 'csv' });
	ok(wait_for(sub { !grep { $_->{state} ne 'done' }
		@{$api->read('/api/jobs')->{items}} }), 'an export');
	ok(wait_for(sub { $api->read('/api/system/status')->{ledger}
		{waiting_bytes} == 0 }), 'all is in the database');
}

# Every GET of the API, and every object of every list.

sub read_all {
	my $spec = decode_json($t->read_file(AIProxy::tree()
		. '/admin_daemon/openapi.json'))->{paths};
	my %lists;
	for my $path (sort { length $a <=> length $b } keys %$spec) {
		next unless $spec->{$path}{get} && $path !~ m{/download$|/public/};
		if ($path !~ /^(.*?)\/\{\w+\}(.*)$/) {
			my $answer = $api->get($path);
			$lists{$path} = $answer->{json}{items} if $answer->{json};
			next;
		}
		my ($list, $rest) = ($1, $2);
		$api->get("$list/$_->{id}$rest")
			for grep { defined $_->{id} } @{$lists{$list} || []};
	}
}

sub dump_of {
	my ($postgres) = @_;
	return scalar `sqlite3 -readonly -cmd '.timeout 5000' $t->{dir}/aiproxy.db .dump`
		unless $postgres;
	my ($bin) = reverse sort glob '/usr/lib/postgresql/*/bin';
	return scalar `'$bin/pg_dump' -d '@{[$postgres->url]}'`;
}

# look(places, when): each secret in each place, and in each file but where it
# belongs.

sub look {
	my ($in, $when) = @_;
	my %mine = map { $_ => 1 } "$t->{dir}/master.key", "$t->{dir}/node.key";
	my ($files, @where) = (0);
	my $forms = forms();
	my $search = sub {
		my ($place, $bytes) = @_;
		while ($bytes =~ /($forms->{any})/g) {
			push @where, "$forms->{of}{$1} in $place";
			last;
		}
	};
	$search->($_, $in->{$_}) for sort keys %$in;
	find({ no_chdir => 1, wanted => sub {
		return if $mine{$_} || !-f $_ || -l $_ || -s _ > 1 << 30;
		$files++;
		$search->($_, $t->read_file($_));
	} }, $t->{dir}, $t->{run}, grep { -e } "$t->{root}/access.log",
		"$t->{root}/error.log", "$t->{root}/temp");
	cmp_ok($files, '>', 8, "$when: $files files");
	is(join("\n", @where), '', "$when: no secret");
}

# A secret as it is, in hex, and in base64 wherever in a text it begins.

sub forms {
	my %of;
	for my $name (keys %secret) {
		my $bytes = $secret{$name};
		$of{$bytes} = $name;
		$of{unpack 'H*', $bytes} = "$name in hex";
		for my $shift (0 .. 2) {
			my $text = encode_base64('x' x $shift . $bytes, '');
			# But for the characters that its neighbours have a part in.
			my $inner = substr $text, $shift ? 4 : 0;
			$inner =~ s/.{1,4}$//;
			$of{$inner} = "$name in base64" if length $inner >= 10;
			$of{$inner =~ tr{+/}{-_}r} = "$name in base64"
				if length $inner >= 10;
		}
	}
	return { of => \%of, any => join '|', map { quotemeta }
		sort { length $b <=> length $a } keys %of };
}
