#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Secrets that are kept elsewhere: what nginx sends is what the variable, the
# file or the command says now; nothing else can be named, and no place tells
# them.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use File::Find qw(find);
use JSON::PP;

my $t = AIProxy->new();
$t->start_demo();

my $folder = "$t->{root}/secrets";
my $bin = "$t->{root}/bin";
mkdir $_ for $folder, $bin, "$t->{root}/other";
sub secret { $t->write_file("$folder/$_[0]", $_[1]) }
sub command {
	my ($name, $script) = @_;
	$t->write_file("$bin/$name.new", "#!/bin/sh\n$script\n");
	chmod 0755, "$bin/$name.new";
	rename "$bin/$name.new", "$bin/$name";
}
secret('openai', "sk-file-MARKER1\n");
secret('blank', "sk with blank MARKER2\n");
secret('empty', "\n");
secret('large', 'MARKER3' x 4000);
$t->write_file("$t->{root}/other/shadow", "root:MARKER4\n");
symlink "$t->{root}/other/shadow", "$folder/link";
symlink "$folder/openai", "$folder/inner";
mkdir "$folder/sub";
command('tell', 'echo "sk-command-MARKER5-$1"; echo "MARKER6 on stderr" >&2');
command('env', 'env');
command('bad', 'echo MARKER7; exit 3');
command('slow', 'sleep 60; echo MARKER8');
command('much', 'yes MARKER9 | head -c 100000');

$ENV{TEST_OPENAI} = 'sk-variable-MARKER10';
$ENV{TEST_OTHER} = 'sk-other-MARKER11';
$ENV{HIDDEN} = 'sk-hidden-MARKER12';
{
	local $ENV{AIPROXY_TEST_DEBUG} = 1;
	$t->start_daemon('--secret-variables', 'TEST_*, OPENAI_KEY',
		'--secret-folders', "$folder/", '--secret-commands',
		join(', ', "$bin/tell *", map { "$bin/$_" } qw(bad slow much env)),
		'--secret-command-seconds', 1);
}
my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;
my $provider = $t->provider();
my $path = '/api/provider-keys/keys';

sub key {
	my ($name, $reference) = @_;
	return $api->create($path, { name => $name, provider_id => $provider->{id},
		secret_reference => $reference });
}
sub error_of { return $api->read("$path/$_[0]{id}")->{secret_error} }

$t->start_nginx(<<'EOC');
%%MAIN%%
events { worker_connections 256; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC

# What the provider gets when a client key with that key alone asks.
sub sent {
	my ($client) = @_;
	$t->forget_demo_requests;
	return undef if $t->ask('openai_chat', $client,
		model => 'demo-small')->{status} != 200;
	return ($t->demo_requests)[0]{credential};
}
sub sends {
	my ($client, $secret, $label) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	ok(wait_for(sub { (sent($client) // '') eq $secret }), $label)
		or diag(sent($client));
}

# Each kind.

my %key = (env => key('env', 'env:TEST_OPENAI'),
	file => key('file', "file:$folder/openai"),
	inner => key('inner', "file:$folder/inner"),
	command => key('command', "command:$bin/tell one"));
my %client = map { $_ => $t->client_key([$key{$_}], name => "c-$_") } keys %key;
sends($client{env}, 'sk-variable-MARKER10', 'a variable');
sends($client{file}, 'sk-file-MARKER1', 'a file');
sends($client{inner}, 'sk-file-MARKER1', 'a link within the folder');
sends($client{command}, 'sk-command-MARKER5-one', 'a command');
my $shown = $api->read("$path/$key{file}{id}");
is($shown->{secret_reference}, "file:$folder/openai", 'the API shows where');
is($shown->{secret_hint}, undef, 'and nothing of it');
is($shown->{secret_error}, undef, 'all is well');

# A change is followed.

secret('openai', "sk-file-MARKER1-changed");
sends($client{file}, 'sk-file-MARKER1-changed', 'a changed file');
rename "$folder/openai", "$folder/gone";
ok(wait_for(sub { error_of($key{file}) }), 'a file that is gone');
like(error_of($key{file}), qr{^open: \Q$folder\E/openai: No such file},
	'is said to be');
is(sent($client{file}), 'sk-file-MARKER1-changed', 'the last one serves');
my ($event) = grep { $_->{provider_key} && $_->{provider_key}{id}
	== $key{file}{id} } $api->list('/api/system/events?kind=secret.unreadable');
ok($event, 'an event tells it') or diag(encode_json([$api->list('/api/system/events')]));
secret('openai', "sk-file-MARKER1-again\n");
sends($client{file}, 'sk-file-MARKER1-again', 'and when it is back');
ok(wait_for(sub { !error_of($key{file}) }), 'the error goes');
command('tell', 'echo "sk-command-MARKER5-rotated"');
sends($client{command}, 'sk-command-MARKER5-rotated', 'a command is run again');

# What cannot be read.

for (['blank', "file:$folder/blank", qr/no secret of 1 to 8192/],
	['empty', "file:$folder/empty", qr/is empty/],
	['large', "file:$folder/large", qr/no secret of 1 to 8192/],
	['link', "file:$folder/link", qr/leads out of secret_folders/],
	['sub', "file:$folder/sub", qr/is no file/],
	['missing', "file:$folder/missing", qr/No such file/],
	['unset', 'env:TEST_UNSET', qr/has no TEST_UNSET/],
	['bad', "command:$bin/bad", qr/ended with status 3/],
	['environment', "command:$bin/env", qr/no secret/],
	['much', "command:$bin/much", qr/said more than/],
	['slow', "command:$bin/slow", qr/took longer than 5000 ms/])
{
	my ($name, $reference, $why) = @$_;
	my $key = key($name, $reference);
	ok(wait_for(sub { error_of($key) }, 30), "$name: not read");
	like(error_of($key), $why, 'and why');
	is(sent($t->client_key([$key], name => "c-$name")), undef, 'and not used');
}

# What must not be named.

sub refused {
	my ($fields, $why, $field) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $answer = $api->post($path, { name => 'no',
		provider_id => $provider->{id}, %$fields });
	is($answer->{status}, 422, join ' ', map { "$_ $fields->{$_}" } keys %$fields);
	is($answer->{json}{error}{field}, $field || 'secret_reference', 'the field');
	like($answer->{json}{error}{message}, $why, 'and why');
}
refused({ secret_reference => $_ }, qr/secret_variables/)
	for 'env:HIDDEN', 'env:TEST_', 'env:', 'env:OPENAI_KEY2', 'env:*';
refused({ secret_reference => "file:$_" }, qr/secret_folders/)
	for '/etc/shadow', "$folder/../other/shadow", $folder, "$folder/",
	"$folder/..", "${folder}2/x", 'secrets/openai';
refused({ secret_reference => "command:$_" }, qr/secret_commands/)
	for '/bin/cat /etc/shadow', "$bin/bad more", "$bin/tellx", "$bin/../bin/tell x",
	'tell one', '';
refused({ secret_reference => $_ }, qr/reference/)
	for 'sk-plain', '', "env:TEST_\x{e9}", 'env:TEST_' . 'x' x 1100;
refused({ secret_reference => 'env:TEST_OPENAI', secret => 'sk-both' },
	qr/a secret or a reference/);
is($api->post($path, { name => 'no', provider_id => $provider->{id},
	secret_reference => 7 })->{status}, 422, 'no text');
my $change = $api->patch("$path/$key{env}{id}", { secret_reference => undef });
is("$change->{status} $change->{json}{error}{field}", '422 secret',
	'a secret is needed in its place');

# A user names nothing that the machine has.

my $user = $api->create('/api/users', { username => 'bob', role => 'user',
	password => 'the password of bob', must_change_password => JSON::PP::false });
my $his = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1,
	judge => $api->{judge})->sign_in('bob', 'the password of bob');
my $answer = $his->post($path, { name => 'his', provider_id => $provider->{id},
	secret_reference => 'env:TEST_OPENAI' });
is($answer->{status}, 422, 'not by a user');
like($answer->{json}{error}{message}, qr/operator/, 'who is told so');

# From one to the other.

my $plain = $t->provider_key($provider, name => 'plain',
	secret => 'sk-plain-MARKER13');
my $c = $t->client_key([$plain], name => 'c-plain');
sends($c, 'sk-plain-MARKER13', 'a secret');
$api->change("$path/$plain->{id}", { secret_reference => 'env:TEST_OTHER' });
sends($c, 'sk-other-MARKER11', 'a reference in its place');
$api->change("$path/$plain->{id}", { secret => 'sk-plain-MARKER14' });
sends($c, 'sk-plain-MARKER14', 'and back');
is($api->read("$path/$plain->{id}")->{secret_reference}, undef, 'which is all');
$api->change("$path/$key{env}{id}", { name => 'env-2', weight => 2 });
sends($client{env}, 'sk-variable-MARKER10', 'another change leaves it');

# The file of the configuration has the reference.

{
	local $ENV{AIPROXY_DATABASE} = $ENV{AIPROXY_TEST_DATABASE}
		|| "sqlite:$t->{dir}/aiproxy.db";
	my $yaml = `@{[AIProxy::build()]}/aiproxy-admin export --secrets sealed --dir $t->{dir}`;
	like($yaml, qr/^    secret_reference: env:TEST_OPENAI$/m, 'export');
	unlike($yaml, qr/MARKER/, 'without what it leads to');
	$t->write_file("$t->{root}/k.yaml", "version: 1\nprovider_keys:\n"
		. "  - {name: k, provider: $provider->{name}, secret_reference: 'file:/etc/shadow'}\n");
	my $said = `@{[AIProxy::build()]}/aiproxy-admin check $t->{root}/k.yaml --dir $t->{dir} 2>&1`;
	like($said, qr/line 3: provider_keys\[0\]\.secret_reference: .*secret_folders/,
		'an import keeps to the settings too');
}

# Nowhere in clear.

my @said = map { $api->get($_) } $path, "$path/$key{file}{id}",
	"$path/$key{command}{id}", "$path/$key{command}{id}/health",
	'/api/system/events?limit=200', '/api/system/status', '/api/audit?limit=200',
	'/api/logs/traces';
unlike(join("\n", map { $_->{raw} } @said), qr/MARKER/, 'no answer tells one');
my $log = $t->daemon->output('stderr') . $t->daemon->output('stdout');
like($log, qr/secret_not_read/, 'the log tells what is wrong');
unlike($log, qr/MARKER/, 'without any secret');
unlike($t->error_log, qr/MARKER/, 'nor does that of nginx');
$t->daemon->stop();
my @clear;
find({ no_chdir => 1, wanted => sub {
	return unless -f $_ && !-l $_;
	push @clear, $_ if $t->read_file($_) =~ /MARKER/;
} }, $t->{dir}, $t->{run});
is("@clear", '', 'no file holds one in the clear');

$spec->shown("POST $path" => [201, 422]);
$t->done();
