package AIProxy::Nginx;

# SPDX-License-Identifier: MIT
#
# The harness's nginx: its configuration, its processes. AIProxy is one.

use warnings;
use strict;

use Carp qw(croak);
use File::Path qw(make_path);

sub nginx_binary {
	return $ENV{AIPROXY_NGINX} if $ENV{AIPROXY_NGINX};
	return (grep { -x } map { "$_/nginx" } split(/:/, $ENV{PATH}),
		'/usr/sbin', '/usr/local/sbin')[0] || 'nginx';
}

# write_nginx_conf(text): with %%NAMES%% filled in (see expand below).

sub write_nginx_conf {
	my ($self, $text) = @_;
	$self->write_file("$self->{root}/nginx.conf", $self->expand($text));
	return "$self->{root}/nginx.conf";
}

# start_nginx(conf): nginx in the foreground under this process; it has come
# up when the proxy port takes connections.

sub start_nginx {
	my ($self, $text) = @_;

	$self->write_nginx_conf($text) if defined $text;
	$self->{nginx} = $self->spawn('nginx', nginx_binary(),
		'-p', $self->{root}, '-c', "$self->{root}/nginx.conf",
		'-e', "$self->{root}/error.log");
	$self->{nginx}->wait_port($self->proxy_port);
	$self->wait_workers;
	return $self->{nginx};
}

# start_nginx_from_tree(): nginx with the tree's own conf/, as an operator
# would run it: callers and console.

sub start_nginx_from_tree {
	my ($self) = @_;

	my ($root, $tree) = ($self->{root}, AIProxy::tree());
	make_path("$root/nginx/temp", "$root/log");
	system('cp', '-r', "$tree/web/dist", "$root/web") if !-d "$root/web";
	system("$tree/scripts/lib/nginx_conf", $tree, $root,
		'module=' . AIProxy::build() . '/ngx_aiproxy_module.so',
		'user=' . ($> == 0 ? 'www-data' : ''), 'files=4096',
		'connections=1024', "mime_types=/etc/nginx/mime.types",
		"data=$self->{dir}", "run=$self->{run}", "web=$root/web",
		'port=' . $self->proxy_port, 'admin_port=' . $self->console_port,
		"daemon_port=$self->{daemon_port}") == 0
		or croak 'scripts/lib/nginx_conf failed';

	$self->{nginx} = $self->spawn('nginx', nginx_binary(), '-p', $root,
		'-c', "$root/nginx/nginx.conf", '-e', "$root/error.log",
		'-g', 'daemon off;');
	$self->{nginx}->wait_port($self->proxy_port);
	$self->{nginx}->wait_port($self->console_port);
	$self->wait_workers;
	return $self->{nginx};
}

sub nginx { return $_[0]{nginx} }
sub proxy_port { return $_[0]{proxy_port} ||= AIProxy::free_port() }
sub console_port { return $_[0]{console_port} ||= AIProxy::free_port() }

# test_nginx_conf(conf): exit status and output of nginx -t.

sub test_nginx_conf {
	my ($self, $text) = @_;

	my $conf = $self->write_nginx_conf($text);
	my $binary = nginx_binary();
	my $output = `$binary -t -p $self->{root} -c $conf -e stderr 2>&1`;
	return ($? >> 8, $output);
}

# The pids of nginx's workers, without those that are on their way out.

sub worker_pids {
	my ($self) = @_;
	my %title = $self->nginx_children;

	my @workers = sort { $a <=> $b }
		grep { $title{$_} =~ /worker process(?! is shutting)/ } keys %title;
	return @workers;
}

# nginx takes connections before its workers are there: master listens, forks,
# and a child bears the master's title until it has set its own.

sub wait_workers {
	my ($self) = @_;

	AIProxy::wait_for(sub {
		my @titles = values %{{$self->nginx_children}};
		return grep({ /worker process/ } @titles)
			&& !grep { /master process/ } @titles;
	}) or croak 'nginx has no worker';
}

# nginx_children(): pid => title of the master's living children.

sub nginx_children {
	my ($self) = @_;
	my $master = $self->{nginx}{pid};
	my %title;

	for my $stat (glob '/proc/[0-9]*/stat') {
		open my $fh, '<', $stat or next;
		my ($pid, $state, $parent) =
			(<$fh> // '') =~ /^(\d+) \(nginx.*\) (\S) (\d+)/ or next;
		next unless $parent == $master && $state ne 'Z';
		open my $cmdline, '<', "/proc/$pid/cmdline" or next;
		$title{$pid} = <$cmdline> // '';
	}

	return %title;
}

sub reload_nginx {
	my ($self) = @_;

	my %old = map { $_ => 1 } $self->worker_pids;
	kill HUP => $self->{nginx}{pid};
	AIProxy::wait_for(sub { grep { !$old{$_} } $self->worker_pids })
		or die "no new worker after a reload\n";
	AIProxy::wait_for(sub { !grep { $old{$_} } $self->worker_pids })
		or die "the old workers take connections after a reload\n";
}

sub expand {
	my ($self, $text) = @_;

	my $root = $self->{root};
	my $level = $ENV{AIPROXY_TEST_DEBUG} ? 'debug' : 'info';
	my %names = (
		ROOT => $root, DIR => $self->{dir}, RUN => $self->{run},
		TREE => AIProxy::tree(), MODULE => $self->{names}{MODULE}
			|| AIProxy::build() . "/ngx_aiproxy_module.so",
		PROXY => '127.0.0.1:' . $self->proxy_port,
		CONSOLE => '127.0.0.1:' . $self->console_port,
		DAEMON => '127.0.0.1:' . ($self->{daemon_port} || 1),
		DEMO => '127.0.0.1:' . ($self->{demo_port} || 1),
		%{$self->{names}},
	);
	$names{MAIN} = join "\n    ", "daemon off;", "pid $root/nginx.pid;",
		"error_log $root/error.log $level;",
		($> == 0 ? 'user www-data;' : ()),
		"load_module $names{MODULE};";
	$names{HTTP} = join "\n    ", "access_log $root/access.log;",
		(map { "${_}_temp_path $root/temp/$_;" }
			qw(client_body proxy fastcgi uwsgi scgi)),
		"aiproxy_dir $self->{dir};", "aiproxy_run_dir $self->{run};";

	$text =~ s/%%([A-Z_0-9]+)%%/
		defined $names{$1} ? $names{$1} : croak "what is %%$1%%?"/gex;
	return $text;
}

1;
