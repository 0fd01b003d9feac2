#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# TLS to providers: the certificate's chain and name are verified, and what
# does not verify is 502 with a record, not a warning. Connections of one name
# are not used for another, whatever the address.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::Dialect qw(@dialects);

my $t = AIProxy->new();
my $root = $t->{root};

certificate_authority('ca');
certificate_authority('other-ca');
certificate('good', 'ca', 'DNS:demo.example,DNS:second.example');
certificate('expired', 'ca', 'DNS:demo.example', '-days', '-1');
certificate('foreign', 'other-ca', 'DNS:demo.example');
certificate('address', 'ca', 'IP:127.0.0.1');

my %port = map { $_ => $t->start_demo('--tls-cert', "$root/$_.pem",
	'--tls-key', "$root/$_.key") } qw(good expired foreign address);
$t->start_daemon();

$t->start_nginx(<<'EOC');
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    aiproxy_trusted_certificate %%ROOT%%/ca.pem;
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

my %client = map { $_->[0] => client(@$_[1 .. $#$_]) } (
	['named', 'good', tls_name => 'demo.example'],
	['second', 'good', tls_name => 'second.example'],
	['wrong name', 'good', tls_name => 'wrong.example'],
	['no name', 'good'],
	['expired', 'expired', tls_name => 'demo.example'],
	['unknown CA', 'foreign', tls_name => 'demo.example'],
	['not verified', 'foreign', tls_verify => JSON::PP::false],
	['address', 'address'],
);

for my $dialect (@dialects) {
	for my $stream (0, 1) {
		my $answer = $t->ask($dialect, $client{named},
			stream => $stream);
		is($answer->{status}, 200, "$dialect, verified name");
		is($answer->{complete}, 1, "$dialect, whole");
	}
}

is((seen('good'))[0]{tls} ? 1 : 0, 1, 'it was TLS');
my %one = map { $_->{connection} => 1 } seen('good');
is(scalar keys %one, 1, 'kept and used again');

for my $label ('wrong name', 'no name', 'expired', 'unknown CA') {
	my $port = $label eq 'expired' ? 'expired'
		: $label eq 'unknown CA' ? 'foreign' : 'good';
	forget($port);

	my $answer = $t->ask('openai_chat', $client{$label});
	$t->refused('openai_chat', $answer, 502, $label);
	my $record = $t->record($answer);
	is("$record->{outcome} $record->{error_code}",
		'failed upstream.connect', "$label: record");
	is($record->{attempt_list}[0]{class}, 'unreachable',
		"$label: class");
	is(scalar(my @none = seen($port)), 0,
		"$label: no credential was sent");
}

is($t->ask('openai_chat', $client{'not verified'})->{status}, 200,
	'unless the operator says so');
is($t->ask('openai_chat', $client{address})->{status}, 200,
	'an address can be verified too');

# Same address, other name: another connection.

forget('good');
is($t->ask('openai_chat', $client{$_})->{status}, 200, $_)
	for qw(named second named second);
my @connections = map { $_->{connection} } seen('good');
isnt($connections[0], $connections[1], 'names do not share a connection');
is("@connections[0, 1]", "@connections[2, 3]", 'each keeps its own');

# A new connection resumes the session of its own name, and of no other.

forget('good');
for my $name (qw(named second)) {
	is($t->ask('openai_chat', $client{$name}, fault => 'cut=20')->{status},
		200, "$name: cut") for 1, 2;
	is($t->ask('openai_chat', $client{$name})->{status}, 200, $name);
}
is(join(' ', map { $_->{tls_resumed} ? 1 : 0 } seen('good')), '0 1 1 0 1 1',
	'a new connection resumes its session');
$t->refused('openai_chat', $t->ask('openai_chat', client('good',
	tls_name => 'other.example')), 502, 'a session does not stand for another name');

# The failed verification fails over.

my $both = $t->client_key([map { $t->provider_key($_) }
	provider('good', tls_name => 'wrong.example'),
	provider('good', tls_name => 'demo.example')]);
is($t->ask('openai_chat', $both)->{status}, 200, 'the next key serves')
	for 1, 2;

$t->done();

sub client { return $t->client_key([$t->provider_key(provider(@_))]) }

sub provider {
	my ($port, %fields) = @_;
	return $t->provider(base_url => "https://127.0.0.1:$port{$port}",
		%fields);
}

sub seen {
	my ($port) = @_;
	my $list = JSON::PP::decode_json(demo($port, 'GET'));
	return @{ref $list eq 'HASH' ? $list->{items} : $list};
}

sub forget { demo($_[0], 'DELETE') }

# Over TLS, which the harness does not speak: openssl does.

sub demo {
	my ($port, $method) = @_;
	my $answer = `printf '$method /demo/requests HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n' | openssl s_client -quiet -connect 127.0.0.1:$port{$port} 2>/dev/null`;
	$answer =~ s/\A.*?\r\n\r\n//s or die "no answer of the demo provider\n";
	return $answer;
}

sub certificate_authority {
	my ($name) = @_;
	openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt',
		'ec_paramgen_curve:P-256', '-nodes', '-subj', "/CN=$name",
		'-days', '2', '-keyout', "$root/$name.key", '-out',
		"$root/$name.pem");
}

sub certificate {
	my ($name, $ca, $names, @more) = @_;
	my @days = @more ? () : ('-days', '2');
	openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
		'-nodes', '-subj', '/CN=ignored', '-keyout', "$root/$name.key",
		'-out', "$root/$name.csr");
	$t->write_file("$root/$name.ext", "subjectAltName=$names\n");
	openssl('x509', '-req', '-in', "$root/$name.csr", '-CA',
		"$root/$ca.pem", '-CAkey', "$root/$ca.key", '-CAcreateserial',
		'-extfile', "$root/$name.ext", '-out', "$root/$name.pem",
		@days, @more);
}

sub openssl {
	my @command = ('openssl', @_);
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', "$root/openssl.log";
		exec @command or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	die "@command: " . $t->read_file("$root/openssl.log") if $?;
}
