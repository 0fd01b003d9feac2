#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# URLs that people enter lead nowhere near the gateway itself unless the
# setting allowed_networks opens the way.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use AIProxy::OpenApi;
use AIProxy::Server;

my $t = AIProxy->new();
$t->start_daemon('--allowed-networks', '10.1.0.0/16');

my $spec = AIProxy::OpenApi->watch($t);
my $api = $t->api;

for my $host (qw(127.0.0.1 127.9.9.9 localhost x.localhost 10.2.0.1 0.0.0.0
	172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 198.18.0.1 224.0.0.1
	255.255.255.255 [::1] [::] [fe80::1] [fd00::1] [::ffff:127.0.0.1]
	[::127.0.0.1] [64:ff9b::a00:1] [2002:7f00:1::]))
{
	my $answer = $api->post('/api/providers', { name => 'closed',
		base_url => "http://$host:81", dialects => ['openai_chat'] });
	is($answer->{status}, 422, "$host is closed");
	is($answer->{json}{error}{field}, 'base_url', 'the field is named');
	like($answer->{json}{error}{message}, qr/allowed_networks/,
		'and what would open it');
}

my $n;
for my $host (qw(10.1.2.3 8.8.8.8 192.0.2.1 [2001:4860::1]
	[::ffff:10.1.2.3]))
{
	is($api->post('/api/providers', { name => 'open-' . ++$n,
		base_url => "http://$host:81", dialects => ['openai_chat'] })
		->{status}, 201, "$host is open");
}

# A name tells nothing before it is resolved: this machine's own leads back.

SKIP: {
	chomp(my $name = `hostname`);
	my $at = gethostbyname $name;
	skip 'this machine has no name of its own', 2
		unless $at && join('.', unpack 'C4', $at) =~ /^(127|172|192\.168)\./;
	my $provider = $api->create('/api/providers', { name => 'named',
		base_url => "http://$name:81", dialects => ['openai_chat'] });
	ok(wait_for(sub { ($api->read("/api/providers/$provider->{id}")
		->{resolve_error} // '') =~ /allowed_networks/ }),
		'what it resolves to is judged');
	is_deeply($api->read("/api/providers/$provider->{id}")->{addresses}, [],
		'no address is given to nginx');
}

$t->done();
