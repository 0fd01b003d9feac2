package AIProxy::OAuthServer;

# SPDX-License-Identifier: MIT
#
# An authorization server of somebody else, in Node: oauth_server.mjs, or
# oauth_faults.mjs, whose faults a test asks for.

use warnings;
use strict;

use AIProxy;
use AIProxy::Http;
use JSON::PP;

# start(harness, script, options): skips the test where the packages are not
# installed.

sub start {
	my ($class, $t, $script, %o) = @_;

	my $tree = AIProxy::tree();
	my ($node) = grep { -x } "$tree/.deps/node_modules/.bin/node",
		map { "$_/node" } split /:/, $ENV{PATH};
	Test::More::plan(skip_all => 'needs node and npm ci in t/')
		unless $node && -d "$tree/t/node_modules/oidc-provider"
			&& -d "$tree/t/node_modules/oauth2-mock-server";

	my $port = free_port();
	my $process = $t->spawn($script, $node, "$tree/t/lib/$script.mjs", $port,
		encode_json({ %o }));
	$process->wait_line(qr/^listening on/, 'stdout');
	return bless { port => $port, process => $process }, $class;
}

sub url { return "http://127.0.0.1:$_[0]{port}" . ($_[1] // '') }

# test(path, body): what a test may ask, and tell.

sub test {
	my ($self, $path, $body) = @_;
	my $port = $self->{port} + ($self->{process}{name} =~ /faults/ ? 1 : 0);
	my $answer = AIProxy::Http::request($port, defined $body ? 'POST' : 'GET',
		"/test/$path", body => defined $body ? encode_json($body) : undef,
		timeout => 30);
	return decode_json($answer->{body});
}

# browse(url): where a browser ends whose user agrees to all.

sub browse {
	my ($self, $url) = @_;
	return $self->test('browser?url='
		. $url =~ s/([^A-Za-z0-9])/sprintf '%%%02x', ord $1/ger);
}

1;
