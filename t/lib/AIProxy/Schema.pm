package AIProxy::Schema;

# SPDX-License-Identifier: MIT
#
# JSON Schema as far as admin_daemon/openapi.json uses it. A keyword that is
# not known here is an error, so that none is taken for checked. Values come
# from JSON::PP: numbers and strings are told apart as it tells them.

use warnings;
use strict;

use B ();
use JSON::PP ();

# Each keyword: what it demands of a value, and of which type. Those that say
# nothing of a value are undef.

my %formats = (
	'date' => qr/^\d{4}-\d\d-\d\d\z/,
	'date-time' =>
		qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
	uuid => qr/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
);

my %keywords = (
	type => ['any', sub {
		my ($v, $types) = @_;
		my @types = ref $types ? @$types : ($types);
		return grep({ is_type($v, $_) } @types) ? () : "is no @types";
	}],
	enum => ['any', sub {
		my ($v, $enum) = @_;
		return grep({ text_of($_) eq text_of($v) } @$enum) ? ()
			: 'is none of the enum';
	}],
	minimum => ['number', sub { $_[0] < $_[1] ? "is below $_[1]" : () }],
	maximum => ['number', sub { $_[0] > $_[1] ? "is above $_[1]" : () }],
	minLength => ['string',
		sub { length $_[0] < $_[1] ? "is shorter than $_[1]" : () }],
	maxLength => ['string',
		sub { length $_[0] > $_[1] ? "is longer than $_[1]" : () }],
	pattern => ['string', sub { $_[0] =~ /$_[1]/ ? () : "is not $_[1]" }],
	format => ['string', sub {
		my ($v, $format) = @_;
		my $form = $formats{$format} or die "unknown format: $format\n";
		return $v =~ $form ? () : "is no $format";
	}],
	minItems => ['array', sub { @{$_[0]} < $_[1] ? 'has too few' : () }],
	maxItems => ['array', sub { @{$_[0]} > $_[1] ? 'has too many' : () }],
	uniqueItems => ['array', sub {
		my %seen;
		return grep({ $seen{text_of($_)}++ } @{$_[0]}) ? 'has one twice' : ();
	}],
	required => ['object', sub {
		my ($v, $names) = @_;
		return map { "has no $_" } grep { !exists $v->{$_} } @$names;
	}],
	(map { $_ => undef } qw(description examples default readOnly writeOnly)),
);

# validate(value, schema, root): what is wrong, one sentence each. Root is the
# document in which references lead.

sub validate {
	my ($value, $schema, $root, $at) = @_;
	$at //= '$';
	my @wrong;

	for my $keyword (sort keys %$schema) {
		my $want = $schema->{$keyword};

		if ($keyword eq '$ref') {
			push @wrong, validate($value, find($want, $root), $root, $at);

		} elsif ($keyword eq 'oneOf') {
			my $fit = grep { !validate($value, $_, $root, $at) } @$want;
			push @wrong, "$at fits $fit of oneOf" if $fit != 1;

		} elsif ($keyword eq 'items') {
			next unless is_type($value, 'array');
			push @wrong, map { validate($value->[$_], $want, $root,
				"$at\[$_]") } 0 .. $#$value;

		} elsif ($keyword eq 'properties') {
			next unless is_type($value, 'object');
			push @wrong, map { validate($value->{$_}, $want->{$_}, $root,
				"$at.$_") } grep { exists $value->{$_} } sort keys %$want;

		} elsif ($keyword eq 'additionalProperties') {
			next unless is_type($value, 'object');
			my @more = grep { !exists $schema->{properties}{$_} }
				sort keys %$value;
			push @wrong, ref $want eq 'HASH'
				? map({ validate($value->{$_}, $want, $root, "$at.$_") } @more)
				: $want ? () : map({ "$at.$_ is not described" } @more);

		} elsif (!exists $keywords{$keyword}) {
			die "unknown keyword of a schema: $keyword\n";

		} elsif (my $known = $keywords{$keyword}) {
			my ($type, $check) = @$known;
			next unless $type eq 'any' || is_type($value, $type);
			push @wrong, map { "$at $_" } $check->($value, $want);
		}
	}

	return @wrong;
}

# find(reference, root): what "#/a/b" leads to.

sub find {
	my ($reference, $root) = @_;
	my $found = $root;

	for my $name (split m{/}, $reference =~ s{^#/}{}r) {
		$name =~ s{~1}{/}g;
		$found = ref $found eq 'HASH' ? $found->{$name} : undef;
		die "$reference leads nowhere\n" unless defined $found;
	}

	return $found;
}

sub is_type {
	my ($value, $type) = @_;

	return !defined $value if $type eq 'null';
	return 0 unless defined $value;
	return JSON::PP::is_bool($value) if $type eq 'boolean';
	return ref $value eq 'HASH' if $type eq 'object';
	return ref $value eq 'ARRAY' if $type eq 'array';
	return 0 if ref $value;

	my $number = B::svref_2object(\$value)->FLAGS
		& (B::SVp_IOK | B::SVp_NOK) && !(B::svref_2object(\$value)->FLAGS
		& B::SVp_POK);
	return !$number if $type eq 'string';
	return $number if $type eq 'number';
	return $number && $value == int $value if $type eq 'integer';
	die "unknown type: $type\n";
}

my $canonical = JSON::PP->new->canonical->allow_nonref;

sub text_of { return $canonical->encode([$_[0]]) }

1;
