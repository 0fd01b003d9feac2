package AIProxy::Segment;

# SPDX-License-Identifier: MIT
#
# A segment of the ledger, as core/ledger/segment.h lays it out, whose writer
# is gone. A test puts in it what no worker would write.

use warnings;
use strict;

my $bytes_of_file = 4 * 1024 * 1024;
my @table = map {
	my $c = $_;
	$c = $c & 1 ? ($c >> 1) ^ 0x82f63b78 : $c >> 1 for 1 .. 8;
	$c;
} 0 .. 255;

sub new {
	my ($class) = @_;
	my $id = join '', map { chr int rand 256 } 1 .. 16;
	return bless { id => $id, frames => '' }, $class;
}

sub hex_id { return unpack 'H*', $_[0]{id} }

# frame(body, corrupt => true): one more; a corrupt one has a wrong checksum.

sub frame {
	my ($self, $body, %o) = @_;

	my $offset = 64 + length $self->{frames};
	my $crc = crc32c($self->{id} . pack('Q<', $offset) . $body);
	$crc ^= 1 if $o{corrupt};
	$self->{frames} .= pack('L<L<', length $body, $crc) . $body
		. "\0" x (-length($body) % 8);
	return $self;
}

# put(harness): into its ledger, complete at once.

sub put {
	my ($self, $t) = @_;

	my $path = "$t->{run}/ledger/" . $self->hex_id;
	my $file = 'AIPXLEDG' . pack('L<L<', 1, 64) . $self->{id}
		. pack('Q<L<L<L<', 0, 0, 0, 0);
	$file .= "\0" x (64 - length $file) . $self->{frames};
	$t->write_file("$path.test", $file . "\0" x ($bytes_of_file - length $file));
	rename "$path.test", "$path.live" or die "rename: $!\n";
	return $self;
}

sub crc32c {
	my ($bytes) = @_;
	my $crc = 0xffffffff;
	$crc = ($crc >> 8) ^ $table[($crc ^ $_) & 0xff] for unpack 'C*', $bytes;
	return $crc ^ 0xffffffff;
}

1;
