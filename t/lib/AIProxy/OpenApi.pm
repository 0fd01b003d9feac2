package AIProxy::OpenApi;

# SPDX-License-Identifier: MIT
#
# admin_daemon/openapi.json as a judge of answers: whether the operation has
# that status, its headers and a body of that shape. Counts what it saw, so
# that a test can say at its end what it must have shown.

use warnings;
use strict;

use AIProxy::Schema;
use JSON::PP;
use Test::More;

# watch(harness): from now on every answer of its API is judged, as a test
# that is silent when all is well.

sub watch {
	my ($class, $t) = @_;

	my $tree = AIProxy::tree();
	my $self = bless { seen => {}, spec => JSON::PP->new->utf8->decode(
		$t->read_file("$tree/admin_daemon/openapi.json")) }, $class;
	$t->api->{judge} = sub { $self->judge(@_) };
	return $self;
}

# judge(method, path, answer): true when it is as described.

sub judge {
	my ($self, $method, $path, $answer) = @_;

	my @wrong = $self->wrong($method, $path, $answer);
	return 1 unless @wrong;
	fail("$method $path: $answer->{status} is as described");
	diag(join "\n", @wrong, substr $answer->{body}, 0, 2000);
	return 0;
}

sub wrong {
	my ($self, $method, $path, $answer) = @_;

	my $template = $self->template($path)
		or return $answer->{status} == 404 ? () : 'no such path';
	my $operation = $self->{spec}{paths}{$template}{
		lc($method eq 'HEAD' ? 'GET' : $method)};
	return $answer->{status} == 405 ? () : 'no such method' unless $operation;

	my $response = $operation->{responses}{$answer->{status}}
		or return "status $answer->{status} is not described";
	$response = AIProxy::Schema::find($response->{'$ref'}, $self->{spec})
		if $response->{'$ref'};
	$self->{seen}{"$method $template"}{$answer->{status}}++;

	my @wrong = map { "no header $_" }
		grep { !defined $answer->{headers}{lc $_} }
		sort keys %{$response->{headers} || {}};
	return @wrong if $method eq 'HEAD';

	my $content = $response->{content}{'application/json'}
		or return (@wrong, length $answer->{body} ? 'there is a body' : ());
	push @wrong, 'it is no JSON'
		if ($answer->{headers}{'content-type'} // '')
			!~ m{^application/json};
	return (@wrong, AIProxy::Schema::validate($answer->{json},
		$content->{schema}, $self->{spec}));
}

# template(path): the path of the document that it is, without its query.

sub template {
	my ($self, $path) = @_;
	$path =~ s/\?.*//s;

	return $path if $self->{spec}{paths}{$path};
	for my $template (keys %{$self->{spec}{paths}}) {
		my $form = join '[^/]+', map { quotemeta }
			split /\{\w+\}/, $template, -1;
		return $template if $path =~ /^$form$/;
	}
	return undef;
}

# shown(operation => [statuses], ...): fails for one that was not seen.

sub shown {
	my ($self, %wanted) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;

	my @missing;
	for my $operation (sort keys %wanted) {
		push @missing, map { "$operation $_" }
			grep { !$self->{seen}{$operation}{$_} } @{$wanted{$operation}};
	}
	is(join(', ', @missing), '', 'every status was shown');
}

1;
