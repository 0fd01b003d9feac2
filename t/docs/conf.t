#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# The files in conf/ load: nginx takes both, the daemon takes its settings, the
# data files are well formed, and what they set is documented.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;
use JSON::PP;

my $t = AIProxy->new();
my $tree = AIProxy::tree();
my $readme = $t->read_file("$tree/conf/README.md");

for my $file (map { s{.*/}{}r } glob "$tree/conf/*") {
	next if $file eq 'README.md';
	like($readme, qr/`\Q$file\E`/, "$file is in conf/README.md");
}

# nginx, with this machine's paths put in.

$t->start_daemon();
$t->start_nginx_from_tree();
ok(1, 'nginx starts from conf/nginx.conf and conf/aiproxy.conf');
is(AIProxy::Http::request($t->console_port, 'GET', '/api/openapi.json')
	->{status}, 200, 'and serves');

# Each of our directives that conf/ uses is documented, with its default there.

my $module_readme = $t->read_file("$tree/ngx_aiproxy_module/README.md");
for my $directive (sort keys %{{ map { $_ => 1 }
	$t->read_file("$tree/conf/aiproxy.conf") =~ /^\s*(aiproxy\w*) [^{]*;/mg }})
{
	like($module_readme, qr/^#+ `?$directive`?\s*$/m,
		"$directive is documented");
}

# The daemon's settings: the file is taken as it is, but for what is told by
# flags, and each setting is documented.

my $settings = $t->read_file("$tree/conf/admin_daemon.conf");
my @names = $settings =~ /^#?\s?([a-z_]+)\s*=/mg;
cmp_ok(scalar @names, '>=', 4, 'the daemon has settings');
my $daemon_readme = $t->read_file("$tree/admin_daemon/README.md");
my $help = `'@{[AIProxy::build()]}/aiproxy-admin' serve --help 2>&1`;
for my $name (@names) {
	my $flag = $name =~ tr/_/-/r;
	like($daemon_readme, qr/`$name`/, "$name is documented");
	like($help, qr/--$flag\b/, "--$flag is a flag");
	like($daemon_readme, qr/AIPROXY_\U$name\E|AIPROXY_<NAME>|AIPROXY_NAME/,
		"$name: its variable is documented");
}
while ($help =~ /^\s*(?:-\w,)?--([a-z][a-z-]+)/mg) {
	my $name = $1 =~ tr/-/_/r;
	next if $name =~ /^(help|version|config)$/;
	ok(scalar(grep { $_ eq $name } @names), "--$1 is in admin_daemon.conf");
}

$t->daemon->stop();
$t->start_daemon('--config', "$tree/conf/admin_daemon.conf");
ok($t->daemon->alive, 'the daemon takes conf/admin_daemon.conf');

$t->write_file("$t->{root}/bad.conf", "nonsense = 1\n");
my $bad = $t->spawn('bad', AIProxy::build() . '/aiproxy-admin', 'serve',
	'--config', "$t->{root}/bad.conf", '--dir', "$t->{root}/none",
	'--run-dir', "$t->{root}/none");
ok($bad->wait_end(10) && $bad->{status} != 0, 'an unknown setting is refused');
like($bad->output('stderr'), qr/nonsense/, 'and named');

# Data.

my $providers = decode_json($t->read_file("$tree/conf/providers.json"));
$providers = $providers->{providers} || $providers->{items}
	if ref $providers eq 'HASH';
cmp_ok(scalar @$providers, '>=', 3, 'providers.json has providers');
for my $provider (@$providers) {
	ok($provider->{name} && $provider->{base_url}
		&& @{$provider->{dialects}}, "$provider->{name}: whole");
}

my @rows = grep { !/^\s*(#|$)/ } split /\n/,
	$t->read_file("$tree/conf/prices.csv");
my @columns = split /,/, shift @rows, -1;
my %seen;
for my $row (@rows) {
	my %row;
	@row{@columns} = split /,/, $row, -1;
	my $name = "$row{provider}/$row{model}";
	my @bad = grep { defined $row{$_} && $row{$_} !~ /^(\d+(\.\d{1,6})?)?$/ }
		qw(input output cache_read cache_write_short cache_write_long
		tier_input tier_output tier_cache_read);
	is("@bad", '', "$name: its prices are prices") if @bad;
	# Another class of service or hour is another price.
	my ($when) = join ' ', $row{more} =~ /\b((?:service|hours)=\S+)/g;
	fail("$name: twice for one date")
		if $seen{"$name $row{effective_from}$when"}++;
}
cmp_ok(scalar(keys %seen), '>', 50, 'prices.csv has prices');
ok($seen{'demo/demo-small '} && $seen{'demo/demo-large '}, 'and the demo\'s');

$t->done();
