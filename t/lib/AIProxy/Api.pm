package AIProxy::Api;

# SPDX-License-Identifier: MIT
#
# A client of the management API. It speaks to nginx's console port, or to the
# daemon itself with the header that nginx would set.

use warnings;
use strict;

use AIProxy::Http;
use Carp qw(croak);
use JSON::PP;

my $json = JSON::PP->new->utf8->canonical;

# new(port => N, direct => true when N is the daemon's own port). What stands
# in {judge} is shown every answer: sub (method, path, answer).

sub new {
	my ($class, %o) = @_;
	return bless { %o }, $class;
}

sub sign_in {
	my ($self, $username, $password) = @_;

	my $answer = $self->post('/api/auth/login',
		{ username => $username, password => $password });
	croak "sign-in failed, status: $answer->{status}, $answer->{body}"
		unless $answer->{status} == 200;

	$self->{token} = $answer->{json}{access_token};
	$self->{signed_in} = [$username, $password];
	return $self;
}

# change_password(new): one's own; says the new one.

sub change_password {
	my ($self, $new) = @_;

	$self->must(204, 'POST', '/api/auth/password', {
		current_password => $self->{signed_in}[1], new_password => $new });
	$self->{signed_in}[1] = $new;
	return $new;
}

# call(method, path, body, headers => [...], raw => bytes in place of body)

sub call {
	my ($self, $method, $path, $body, %o) = @_;

	my $answer = $self->call_once($method, $path, $body, %o);

	# An access token lives ten minutes, a slow test may live longer.
	if ($answer->{status} == 401 && $self->{signed_in} && !$o{as_it_is}
		&& $path !~ m{^/api/auth/})
	{
		$self->sign_in(@{$self->{signed_in}});
		$answer = $self->call_once($method, $path, $body, %o);
	}

	return $answer;
}

sub call_once {
	my ($self, $method, $path, $body, %o) = @_;

	my @headers = @{$o{headers} || []};
	my %given = map { lc $_->[0] => 1 } @headers;

	push @headers, ['X-Aiproxy-Console', '1'], ['Connection', 'keep-alive']
		if $self->{direct};
	push @headers, ['Authorization', "Bearer $self->{token}"]
		if $self->{token} && !$given{authorization};

	my $bytes = defined $o{raw} ? $o{raw}
		: defined $body ? $json->encode($body) : undef;
	push @headers, ['Content-Type', 'application/json'] if defined $bytes;

	my $answer = AIProxy::Http::request($self->{port}, $method, $path,
		headers => \@headers, body => $bytes, timeout => $o{timeout});

	# The daemon may send its JSON with or without a charset.
	$answer->{json} = eval { $json->decode($answer->{body}) }
		if !$answer->{json} && length $answer->{body};
	$self->{judge}->($method, $path, $answer) if $self->{judge};
	return $answer;
}

sub get { my $self = shift; $self->call('GET', $_[0], undef, @_[1 .. $#_]) }
sub post { my $self = shift; $self->call('POST', @_) }
sub patch { my $self = shift; $self->call('PATCH', @_) }
sub delete { my $self = shift; $self->call('DELETE', $_[0], undef, @_[1 .. $#_]) }

# The same, for tests that want the thing and not the answer.

sub create { my $self = shift; $self->must(201, 'POST', @_) }
sub read { my $self = shift; $self->must(200, 'GET', $_[0]) }
sub change { my $self = shift; $self->must(200, 'PATCH', @_) }
sub remove { my $self = shift; $self->must(204, 'DELETE', $_[0]) }

sub must {
	my ($self, $status, $method, $path, $body) = @_;

	my $answer = $self->call($method, $path, $body);
	croak "$method $path: status $answer->{status} rather than $status: "
		. "$answer->{body}" unless $answer->{status} == $status;
	return $answer->{json};
}

# create_many(path, body, ...): a dozen at once, so that one publication serves
# them all.

sub create_many {
	my ($self, $path, @bodies) = @_;
	my @made;

	while (my @part = splice @bodies, 0, 12) {
		my @open = map { AIProxy::Http::open_exchange($self->{port},
			AIProxy::Http::message('POST', $path, body =>
				$json->encode($_), headers => [
				['Authorization', "Bearer $self->{token}"],
				['X-Aiproxy-Console', '1'],
				['Content-Type', 'application/json']])) } @part;
		for my $answer (map { $_->finish } @open) {
			croak "POST $path: status $answer->{status}: "
				. $answer->{body} unless $answer->{status} == 201;
			push @made, $json->decode($answer->{body});
		}
	}

	return @made;
}

# All items of a list, over its pages.

sub list {
	my ($self, $path) = @_;
	my ($sign, $cursor, @items) = ($path =~ /\?/ ? '&' : '?');

	do {
		my $page = $self->read($path . $sign . 'limit=200'
			. (defined $cursor ? "&cursor=$cursor" : ''));
		push @items, @{$page->{items}};
		$cursor = $page->{next};
	} while (defined $cursor);

	return @items;
}

1;
