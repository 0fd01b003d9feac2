#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# nginx's own way to build a module: configure --add-dynamic-module with this
# tree, make modules; what comes out loads.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

plan skip_all => 'the sanitized build is not built this way'
	if $ENV{AIPROXY_SANITIZE};

my $t = AIProxy->new();
my $tree = AIProxy::tree();
my $objs = "$t->{root}/objs";
my ($source, $configure);

if ($ENV{NGINX_SOURCE}) {
	# configure writes into the source's folder: a copy.
	$source = "$t->{root}/nginx";
	system('cp', '-r', AIProxy::build() . '/nginx-source', $source) == 0
		or die "cannot copy the source\n";
	$configure = './configure --with-compat --with-threads '
		. '--with-http_ssl_module --with-http_v2_module --with-debug '
		. '--with-http_realip_module --with-http_stub_status_module '
		. '--with-http_gzip_static_module';
} else {
	$source = '/usr/share/nginx/src';
	$configure = '. ./conf_flags && ./configure "${NGX_CONF_FLAGS[@]}"';
}

my $cmake = '-DCMAKE_CXX_COMPILER_LAUNCHER=ccache';
$ENV{NGX_AIPROXY_CMAKE_OPTIONS} = $cmake if `command -v ccache 2>/dev/null`;

my $output = `cd '$source' && bash -c '$configure --add-dynamic-module=$tree --builddir=$objs' 2>&1`;
is($?, 0, 'configure') or diag($output);
like($output, qr/ngx_aiproxy_module was configured/, 'with our module');
$output = `cd '$source' && make -f $objs/Makefile modules 2>&1`;
is($?, 0, 'make modules') or diag(substr $output, -3000);
ok(-f "$objs/ngx_aiproxy_module.so", 'the module is there');

$t->{names}{MODULE} = "$objs/ngx_aiproxy_module.so";
my ($status, $said) = $t->test_nginx_conf(<<'EOC');
%%MAIN%%
events { worker_connections 64; }
http {
    %%HTTP%%
    server { listen %%PROXY%%; location / { aiproxy on; } }
}
EOC
is($status, 0, 'and loads') or diag($said);

my $static = `cd '$source' && bash -c '$configure --add-module=$tree --builddir=$objs-static' 2>&1`;
isnt($?, 0, 'a static build is refused');
like($static, qr/--add-dynamic-module/, 'with what to do');

$t->done();
