#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Every folder says in a README what it is; READMEs name what is in it, and
# what they link to is there; every migration is in sql/README.md, every
# command in scripts/README.md with a --help.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use File::Basename qw(dirname);
use File::Find qw(find);

my $tree = AIProxy::tree();
my (%folders, @documents);

find({ no_chdir => 1, wanted => sub {
	return if $File::Find::name eq $tree;
	my $path = substr $File::Find::name, length($tree) + 1;
	if (-d && $path =~ m{(?:^|/)(?:\.\w+|node_modules|dist|output|build[^/]*)$}) {
		$File::Find::prune = 1;
		return;
	}
	return unless -f _;
	$folders{dirname($path)} = 1;
	push @documents, $path if $path =~ /\.md$/;
} }, $tree);

# Folders that only hold data or the console's parts are told of one above.
for my $folder (sort keys %folders) {
	next if $folder =~ m{^(?:t/golden/|t/fuzz/corpus|t/unit/|web/|t/lib/|scripts/lib|t/\w+/lib)};
	ok(-s "$tree/$folder/README.md", "$folder has a README");
}

# Links.

for my $document (@documents) {
	my $text = slurp("$tree/$document");
	$text =~ s/^```.*?^```//msg;
	while ($text =~ /\[[^\]]*\]\(([^)#\s]+)[^)]*\)/g) {
		my $target = $1;
		next if $target =~ /^\w+:/;
		my $path = dirname("$tree/$document") . "/$target";
		ok(-e $path, "$document: $target is there");
	}
	unlike($text, qr/\bTODO\b|\bFIXME\b/, "$document: nothing left to do");
}

# Migrations.

my $sql = slurp("$tree/sql/README.md");
for my $file (map { s{.*/}{}r } glob "$tree/sql/*.sql") {
	like($sql, qr/`\Q$file\E`/, "$file is in sql/README.md");
	like($file, qr/^\d{4}_[a-z_]+\.sql$/, "$file is named as it must be");
}

# Commands.

my $scripts = slurp("$tree/scripts/README.md");
for my $path (grep { -f && -x } glob "$tree/scripts/*") {
	my ($name) = $path =~ m{([^/]+)$};
	like($scripts, qr/`\Q$name\E`/, "$name is in scripts/README.md");
	next if $name eq 'check-layers';
	my $help = `'$path' --help 2>/dev/null`;
	like($help, qr/^usage: scripts\/\Q$name\E/, "$name --help");
}
for my $path (glob "$tree/scripts/lib/*") {
	my ($name) = $path =~ m{([^/]+)$};
	like($scripts, qr/`\Q$name\E`/, "lib/$name is in scripts/README.md");
}

# Both READMEs of the root have the same sections.

my ($english, $chinese) = map { scalar(() = slurp("$tree/$_") =~ /^## /mg) }
	'README.md', 'README.zh-CN.md';
is($chinese, $english, 'the Chinese README has the same sections');

done_testing();

sub slurp {
	my ($path) = @_;
	open my $fh, '<', $path or return '';
	local $/;
	return readline($fh) // '';
}
