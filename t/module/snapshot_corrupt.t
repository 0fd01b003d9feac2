#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# A damaged snapshot is refused with a reason and the old one serves on; a
# worker that has none refuses it too rather than fall over it.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $t = AIProxy->new();
$t->start_demo();
$t->start_daemon();

my $client = $t->client_key([$t->provider_key($t->provider())]);
$t->daemon->stop();

my $good = $t->read_file("$t->{dir}/snapshot");

my $conf = <<'EOC';
%%MAIN%%
worker_processes 1;
events { worker_connections 256; }
http {
    %%HTTP%%
    server {
        listen %%PROXY%%;
        location / { aiproxy on; }
    }
}
EOC

# How a copy on disk may be damaged.

my $size = length $good;
my $middle = int $size / 2;
my %damaged = (
	'empty' => '',
	'cut in the middle' => substr($good, 0, $middle),
	'one byte short' => substr($good, 0, -1),
	'one bit flipped' => flipped($good, $middle),
	'the header damaged' => flipped($good, 0),
	'the last byte damaged' => flipped($good, $size - 1),
	'zeros' => "\0" x $size,
	'something else' => join('', map { chr int rand 256 } 1 .. $size),
	'header, then noise' => substr($good, 0, 64)
		. join('', map { chr int rand 256 } 65 .. $size),
);

for my $label (sort keys %damaged) {
	with_boot_copy($damaged{$label}, sub {
		$t->refused('openai_chat', $t->ask('openai_chat', $client), 503,
			"boot from: $label");
		like($t->error_log, qr/snapshot.*(refused|invalid|corrupt|damaged)/i,
			"$label: the log says so");
	});
}

with_boot_copy($good, sub {
	is($t->ask('openai_chat', $client)->{status}, 200, 'boot from a good one');
});

# While it serves: a generation that cannot be read.

clear_run();
$t->write_file("$t->{dir}/snapshot", $good);
chmod 0640, "$t->{dir}/snapshot";
give_group("$t->{dir}/snapshot");
$t->start_daemon();
$t->start_nginx($conf);
is($t->ask('openai_chat', $client)->{status}, 200, 'it serves');

my ($current) = glob "$t->{run}/snapshots/snapshot.*";
ok($current, 'from a file on tmpfs');
$t->nginx->stop();

# A worker that starts finds only a damaged file of the present generation.

my $bytes = $t->read_file($current);
unlink $current;
$t->write_file($current, flipped($bytes, int length($bytes) / 2));
chmod 0440, $current;
give_group($current);
unlink "$t->{dir}/snapshot";
$t->start_nginx();
$t->refused('openai_chat', $t->ask('openai_chat', $client), 503,
	'a damaged file on tmpfs is refused');

# The same file made good is taken, without another generation.

system('mv', $current, "$current.bad");
$t->write_file("$current.new", $bytes);
chmod 0440, "$current.new";
give_group("$current.new");
rename "$current.new", $current;
ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }),
	'the same generation is tried again');
$t->nginx->stop();

# Whoever has none and finds the named file missing boots from the disk.

unlink $current;
$t->write_file("$t->{dir}/snapshot", $good);
chmod 0640, "$t->{dir}/snapshot";
give_group("$t->{dir}/snapshot");
$t->start_nginx();
is($t->ask('openai_chat', $client)->{status}, 200,
	'a missing file: the copy on disk serves');
like($t->error_log, qr/no configuration at .*snapshot\.\d+/,
	'and the log says what is missing');

# The next good generation heals it, without a reload.

$t->change_client_key($client, name => 'renamed');
ok(wait_for(sub { $t->ask('openai_chat', $client)->{status} == 200 }),
	'the next generation serves');

$t->done();

sub with_boot_copy {
	my ($bytes, $sub) = @_;

	clear_run();
	unlink "$t->{root}/error.log";
	$t->write_file("$t->{dir}/snapshot", $bytes);
	chmod 0640, "$t->{dir}/snapshot";
	give_group("$t->{dir}/snapshot");
	$t->start_nginx($conf);
	$sub->();
	$t->nginx->stop();
}

sub clear_run {
	system('rm', '-rf', glob("$t->{run}/*"));
}

sub give_group {
	chown 0, scalar getgrnam('www-data'), @_ if $> == 0;
}

sub flipped {
	my ($bytes, $at) = @_;
	substr($bytes, $at, 1) = chr(ord(substr $bytes, $at, 1) ^ 0x10);
	return $bytes;
}
