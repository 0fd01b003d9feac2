package AIProxy::Sqlite;

# SPDX-License-Identifier: MIT
#
# The file of SQLite beside the daemon: asked, changed, and locked.

use warnings;
use strict;

use Exporter qw(import);
use IO::Handle;
use IPC::Open2 qw(open2);

our @EXPORT_OK = qw(sql lock_database);

# sql(harness, statement): what it says.

sub sql {
	my ($t, $statement) = @_;
	my $said = `sqlite3 -cmd '.timeout 5000' $t->{dir}/aiproxy.db "$statement"`;
	chomp $said;
	return $said;
}

# lock_database(harness): nobody writes until what it returns is called.

sub lock_database {
	my ($t) = @_;

	my $pid = open2(my $from, my $to, 'sqlite3', '-cmd', '.timeout 5000',
		"$t->{dir}/aiproxy.db");
	print {$to} "BEGIN IMMEDIATE;\nSELECT 'held';\n";
	$to->flush;
	(readline($from) // '') eq "held\n" or die "sqlite3: no lock\n";
	return sub {
		print {$to} "ROLLBACK;\n.quit\n";
		close $to;
		waitpid $pid, 0;
	};
}

1;
