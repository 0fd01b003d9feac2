#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The routes that the daemon has are those of openapi.json: each documented
# method is answered, each other one is 405, and each path that the daemon's
# source names is documented. The served document is the file of the tree.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use JSON::PP;

my $t = AIProxy->new();
my $tree = AIProxy::tree();
$t->start_daemon();
# Closed it says that it is not there.
$t->api->change('/api/settings', { usage_page => JSON::PP::true });

my $json = JSON::PP->new->utf8->canonical;
my $spec = $json->decode($t->read_file("$tree/admin_daemon/openapi.json"));
is($json->encode($json->decode($t->api->get('/api/openapi.json')->{body})),
	$json->encode($spec), 'the served document is the one in the tree');

my @methods = qw(GET POST PUT PATCH DELETE);
my $anonymous = AIProxy::Api->new(port => $t->{daemon_port}, direct => 1);

for my $path (sort keys %{$spec->{paths}}) {
	my $item = $spec->{paths}{$path};
	my $at = $path =~ s/\{\w+\}/999999/gr;

	for my $method (@methods) {
		my $operation = $item->{lc $method};
		my $answer = $anonymous->call($method, $at,
			$method =~ /^P/ ? {} : undef);

		if (!$operation) {
			is($answer->{status}, 405, "$method $path: not there");
			next;
		}

		my $public = ref $operation->{security} eq 'ARRAY'
			&& !@{$operation->{security}};
		isnt($answer->{status}, 405, "$method $path: there");
		isnt($answer->{status}, 404, "$method $path: found");
		is($answer->{status}, 401, "$method $path: not for everybody")
			unless $public;
		ok($operation->{responses}{$answer->{status}},
			"$method $path: status $answer->{status} is documented");
		ok($operation->{summary} || $operation->{description},
			"$method $path: says what it is");
	}
}

is($t->api->get('/api/nothing')->{status}, 404, 'an unknown path');

# The other way round: paths in the source.

my %known = map { $_ =~ s/\{\w+\}/*/gr => 1 } keys %{$spec->{paths}};
my $source = join '', map { $t->read_file($_) }
	glob "$tree/admin_daemon/{http,api}/*.cpp";
my %named = map { $_ => 1 } $source =~ m{"(/api/[\w/{}:-]+)"}g;
ok(keys %named, 'the source names its routes');
for my $path (sort keys %named) {
	my $form = $path =~ s/\{\w+\}|:\w+/*/gr;
	ok($known{$form} || $known{$form =~ s{/$}{}r} || $known{"$form*"}
		|| grep({ index($_, $form) == 0 } keys %known),
		"$path is documented");
}

# Error codes of the API are ours.

my %codes = map { $_ => 1 }
	$t->read_file("$tree/core/base/error.h") =~ /X\(k\w+,\s*"([\w.]+)"/g;
for my $path ('/api/providers', '/api/nothing', '/api/providers?limit=x') {
	my $code = $anonymous->get($path)->{json}{error}{code};
	ok($codes{$code // ''}, "$path: its error code is in the table");
}

$t->done();
