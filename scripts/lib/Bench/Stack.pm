package Bench::Stack;

# What the bench measures: one nginx with one worker that serves the module
# and, on other ports, stock proxy_pass; the daemon; the demo provider behind
# both. The worker has a CPU of its own where there is more than one.

use strict;
use warnings;
use AIProxy;
use Time::HiRes qw(sleep time);

# What the demo provider does in each case, asked for by the provider key.
my %faults = (
    json_2k => '',
    sse => '?events=10000000,event_delay_ms=5',
    sse_hidden => '?events=10000000,event_delay_ms=5',
    open_streams => '?events=10000000,event_delay_ms=1000',
);

# So many bytes of records may wait for the daemon before a round begins.
my $most_backlog = 64 * 1024 * 1024;

sub start {
    my ($class) = @_;

    my $self = bless { t => AIProxy->new }, $class;
    $self->place;
    $self->{t}->start_demo;
    $self->pin($self->{demo_cpu}, $self->{t}{processes}[-1]{pid});
    $self->start_gateway;
    $self->write_bodies;
    return $self;
}

# Daemon, keys, nginx. The daemon takes records in beside the load, on the
# CPU that is not measured and after everybody else.
sub start_gateway {
    my ($self) = @_;
    my $t = $self->{t};

    my $daemon = $t->start_daemon;
    $self->pin($self->{load_cpu}, $daemon->{pid});
    setpriority 0, $_, 19 for $self->thread_ids($daemon->{pid});
    my $provider = $t->provider(name => 'bench');
    for my $name (keys %faults) {
        my $secret = "demo-key-$name$faults{$name}";
        my $key = $t->provider_key($provider, name => $name,
            secret => $secret);
        $self->{keys}{ours}{$name} = $t->client_key([$key])->{key};
        $self->{keys}{stock}{$name} = $secret;
    }
    $self->{ports} = { ours => $t->proxy_port, whole => free_port(),
        streamed => free_port() };
    $t->start_nginx($self->nginx_conf);
    $self->pin_worker;
}

sub nginx_conf {
    my ($self) = @_;
    my ($whole, $streamed) = @{ $self->{ports} }{qw(whole streamed)};
    my $files = $self->most_files;
    my $connections = int($files / 2);

    return <<"END";
%%MAIN%%
worker_processes 1;
worker_rlimit_nofile $files;

events {
    worker_connections $connections;
}

http {
    %%HTTP%%
    # A full ledger must not end a round; check() says when it was full.
    aiproxy_ledger_full count;

    keepalive_requests 1000000000;
    client_max_body_size 200m;
    client_body_buffer_size 512k;

    upstream demo {
        server %%DEMO%%;
        keepalive 256;
        keepalive_requests 1000000000;
    }

    proxy_http_version 1.1;
    proxy_set_header Connection "";

    server {
        listen %%PROXY%%;
        access_log off;

        location / {
            aiproxy on;
        }
    }

    server {
        listen 127.0.0.1:$whole;
        access_log off;

        location / {
            proxy_pass http://demo;
        }
    }

    # As everybody sets it for streams.
    server {
        listen 127.0.0.1:$streamed;
        access_log off;

        location / {
            proxy_pass http://demo;
            proxy_buffering off;
        }
    }
}
END
}

# target(side, name): port, path, key and the file of the body.
sub target {
    my ($self, $side, $name) = @_;

    my $port = $side eq 'ours' ? 'ours'
        : $name eq 'json_2k' ? 'whole' : 'streamed';
    return { port => $self->{ports}{$port}, path => '/v1/chat/completions',
        key => $self->{keys}{$side}{$name}, body => $self->{bodies}{$name} };
}

sub write_bodies {
    my ($self) = @_;

    my $start = '{"model":"demo-small","temperature":0.7,"messages":['
        . '{"role":"system","content":"';
    my $end = '"},{"role":"user","content":"What is this about?"}]';
    my $filler = 'The quick brown fox jumps over the lazy dog. ' x 50;
    my %bodies = (
        json_2k => $start . substr($filler, 0,
            2048 - length("$start$end}")) . "$end}",
        sse_hidden => "$start$end,\"stream\":true}",
    );
    $bodies{$_} = "$start$end,\"stream\":true,"
        . '"stream_options":{"include_usage":true}}' for qw(sse open_streams);

    for my $name (keys %bodies) {
        my $file = "$self->{t}{root}/$name.json";
        $self->{t}->write_file($file, $bodies{$name});
        $self->{bodies}{$name} = $file;
    }
}

# --- CPUs

sub place {
    my ($self) = @_;

    my ($list) = `taskset -cp $$` =~ /: ([\d,-]+)$/
        or die "bench: taskset does not say which CPUs there are\n";
    my @cpus = map { /(\d+)-(\d+)/ ? $1 .. $2 : $_ } split /,/, $list;
    my ($worker, @others) = @cpus;
    @others = ($worker) unless @others;
    @$self{qw(worker_cpu demo_cpu load_cpu)} =
        ($worker, $others[0], $others[-1]);
}

sub placement {
    my ($self) = @_;
    return "the worker on CPU $self->{worker_cpu}, the demo provider on "
        . "$self->{demo_cpu}, the load on $self->{load_cpu}";
}

sub pin {
    my ($self, $cpu, $pid) = @_;
    system("taskset -a -cp $cpu $pid >/dev/null") == 0
        or die "bench: taskset failed\n";
}

sub thread_ids {
    my ($self, $pid) = @_;
    return map { m{/(\d+)$} } glob "/proc/$pid/task/*";
}

sub pin_worker {
    my ($self) = @_;

    my @workers;
    wait_for(sub { (@workers = $self->{t}->worker_pids) == 1 })
        or die "bench: not one worker but: @workers\n";
    $self->{worker} = $workers[0];
    $self->pin($self->{worker_cpu}, $self->{worker});
}

sub on_load_cpu {
    my ($self, @command) = @_;
    return ('taskset', '-c', $self->{load_cpu}, @command);
}

# --- the worker

sub renew_worker {
    my ($self) = @_;
    $self->{t}->reload_nginx;
    $self->pin_worker;
}

# The time its threads ran, as the scheduler counts it.
sub worker_cpu_us {
    my ($self) = @_;
    my $ns = 0;

    for my $file (glob "/proc/$self->{worker}/task/*/schedstat") {
        open my $in, '<', $file or die "bench: the worker is gone\n";
        $ns += (split ' ', readline $in)[0];
    }

    return $ns / 1000;
}

sub worker_memory_kib {
    my ($self) = @_;

    open my $in, '<', "/proc/$self->{worker}/smaps_rollup"
        or die "bench: the worker is gone\n";
    my ($kib) = join('', readline $in) =~ /^Rss:\s+(\d+) kB/m;
    return $kib;
}

# What one process of this user may open, up to what nginx needs here.
sub most_files {
    my ($self) = @_;

    my $files = `bash -c "ulimit -Hn"`;
    chomp $files;
    return $files eq "unlimited" || $files > 32768 ? 32768 : $files;
}

# stream_count(wanted): fewer when this user may not have so many files.
sub stream_count {
    my ($self, $wanted) = @_;

    my $possible = int(($self->most_files - 200) / 2);
    return $possible < $wanted ? $possible : $wanted;
}

# --- records

# settle(): lets the daemon take in what waits, for ten seconds at most, so
# that the ledger is not full in the next round.
sub settle {
    my ($self) = @_;
    my $end = time() + 10;

    sleep 0.1 while $self->backlog > $most_backlog && time() < $end;
}

sub backlog {
    my ($self) = @_;
    return $self->{t}->api->read('/api/system/status')->{ledger}{bytes};
}

# check(): what would make the figures worthless.
sub check {
    my ($self) = @_;

    my $ledger = $self->{t}->api->read('/api/system/status')->{ledger};
    my $without = $ledger->{records_lost} + $ledger->{records_refused};
    die "bench: $without records were not written: the ledger was full\n"
        if $without;
    my @alerts = $self->{t}->alerts;
    die "bench: nginx has alerts:\n", map { "$_\n" } @alerts if @alerts;
}

1;
