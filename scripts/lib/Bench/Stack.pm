package Bench::Stack;

# What the bench measures: one nginx with one worker that serves the module
# and, on other ports, stock proxy_pass; the daemon; the demo provider behind
# both. The worker has a CPU of its own where there is more than one.

use strict;
use warnings;
use AIProxy;
use AIProxy::Redis;
use Time::HiRes qw(sleep time);

# What the demo provider does in each case, asked for by the provider key.
my %faults = (
    json_2k => '',
    sse => '?events=10000000,event_delay_ms=5',
    sse_hidden => '?events=10000000,event_delay_ms=5',
    (map { $_ => '?events=10000000,event_delay_ms=1000' }
        qw(open_streams streams_9k http2_streams)),
    (map { $_ => '' } qw(redis_2k json_64k json_5m failover tls http2 websocket)),
);

# Whole answers come through proxy_pass as it is, streams unbuffered.
my %front = (sse => 'streamed', sse_hidden => 'streamed',
    open_streams => 'streamed', streams_9k => 'streamed', tls => 'tls',
    http2 => 'http2', http2_streams => 'http2_streamed',
    websocket => 'websocket');

# So many bytes of records may wait for the daemon before a round begins.
my $most_backlog = 64 * 1024 * 1024;

# start(harness, names): Redis runs only where one of them is about it. A daemon
# that runs already is left as it is.
sub start {
    my ($class, $t, @names) = @_;

    my $self = bless { t => $t }, $class;
    $self->place;
    if (grep { $_ eq 'redis_2k' } @names) {
        $self->{redis} = AIProxy::Redis->new($self->{t});
        $self->pin($self->{demo_cpu}, $self->{redis}{process}{pid});
    }
    $self->make_certificate;
    $self->{tls_port} = $self->{t}->start_demo('--tls-cert',
        "$self->{t}{root}/bench.pem", '--tls-key',
        "$self->{t}{root}/bench.key");
    $self->pin($self->{demo_cpu}, $self->{t}{processes}[-1]{pid});
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

    if (!$t->daemon) {
        my $daemon = $t->start_daemon($self->{redis}
            ? ('--redis', $self->{redis}->url) : ());
        setpriority 0, $_, 19 for $self->thread_ids($daemon->{pid});
    }
    $self->pin($self->{load_cpu}, $t->daemon->{pid});
    $self->make_keys;
    $self->{ports} = { ours => $t->proxy_port, map { $_ => free_port() }
        qw(whole streamed tls http2 http2_streamed websocket ours_tls
        ours_http2) };
    $t->start_nginx($self->nginx_conf);
    $self->pin_worker;
}

# The first key of a failover refuses each request, and does not rest for it.
sub make_keys {
    my ($self) = @_;
    my $t = $self->{t};

    my $plain = $t->provider(name => 'bench', websocket => JSON::PP::true,
        dialects => [qw(openai_chat openai_realtime)]);
    my $tls = $t->provider(name => 'bench-tls', tls_verify => JSON::PP::false,
        base_url => "https://127.0.0.1:$self->{tls_port}");
    for my $name (keys %faults) {
        my $secret = "demo-key-$name$faults{$name}";
        my @keys = $t->provider_key($name eq 'tls' ? $tls : $plain,
            name => $name, secret => $secret, priority => 2);
        push @keys, $t->provider_key($plain, name => 'refusing',
            secret => 'demo-key-refusing?status=409', priority => 1)
            if $name eq 'failover';
        $self->{keys}{ours}{$name} = $t->client_key(\@keys,
            strategy => 'priority', $name eq 'redis_2k'
                ? (requests_per_minute => 1_000_000_000,
                    tokens_per_day => 1_000_000_000_000)
                : ())->{key};
        $self->{keys}{stock}{$name} = $secret;
    }
}

sub make_certificate {
    my ($self) = @_;
    my $root = $self->{t}{root};

    system('openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 '
        . "-nodes -days 2 -subj /CN=bench -keyout '$root/bench.key' "
        . "-out '$root/bench.pem' -batch 2>/dev/null") == 0
        or die "bench: openssl failed\n";
}

sub nginx_conf {
    my ($self) = @_;
    my ($whole, $streamed) = @{ $self->{ports} }{qw(whole streamed)};
    my $files = $self->most_files;
    my $connections = int($files / 2);
    my $redis = $self->{redis} ? 'aiproxy_redis ' . $self->{redis}->url
        . '; aiproxy_redis_timeout 1s;' : '';

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
    $redis

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
@{[ $self->other_fronts ]}
}
END
}

# HTTPS on both sides, HTTP/2, WebSockets.
sub other_fronts {
    my ($self) = @_;
    my $p = $self->{ports};
    my $root = $self->{t}{root};
    my $tls = "ssl_certificate $root/bench.pem; ssl_certificate_key "
        . "$root/bench.key;";
    my $many = 'http2_max_concurrent_streams 1000;';

    return <<"END";
    upstream demo_tls {
        server 127.0.0.1:$self->{tls_port};
        keepalive 256;
        keepalive_requests 1000000000;
    }

    server {
        listen 127.0.0.1:$p->{ours_tls} ssl;
        listen 127.0.0.1:$p->{ours_http2} http2;
        $tls
        $many
        access_log off;
        location / { aiproxy on; }
    }

    server {
        listen 127.0.0.1:$p->{tls} ssl;
        $tls
        access_log off;
        location / { proxy_pass https://demo_tls; }
    }

    server {
        listen 127.0.0.1:$p->{http2} http2;
        access_log off;
        location / { proxy_pass http://demo; }
    }

    server {
        listen 127.0.0.1:$p->{http2_streamed} http2;
        $many
        access_log off;
        location / { proxy_pass http://demo; proxy_buffering off; }
    }

    server {
        listen 127.0.0.1:$p->{websocket};
        access_log off;
        location / {
            proxy_pass http://demo;
            proxy_set_header Upgrade \$http_upgrade;
            proxy_set_header Connection upgrade;
        }
    }
END
}

# How many answers the demo provider has begun and not ended.
sub answers_open {
    my ($self) = @_;
    return AIProxy::Http::request($self->{t}->demo_port, 'GET',
        '/demo/stats')->{json}{answers_open};
}

# target(side, name): scheme, port, path, key and the file of the body.
sub target {
    my ($self, $side, $name) = @_;

    my $port = $front{$name} // 'whole';
    if ($side eq 'ours') {
        $port = $name =~ /^(tls|http2)/ ? "ours_$1" : 'ours';
    }
    return { scheme => $name eq 'tls' ? 'https' : 'http',
        port => $self->{ports}{$port}, path => $name eq 'websocket'
            ? '/v1/realtime?model=demo-small' : '/v1/chat/completions',
        key => $self->{keys}{$side}{$name}, body => $self->{bodies}{$name} };
}

sub write_bodies {
    my ($self) = @_;

    my $start = '{"model":"demo-small","temperature":0.7,"messages":['
        . '{"role":"system","content":"';
    my $end = '"},{"role":"user","content":"What is this about?"}]';
    my $filler = 'The quick brown fox jumps over the lazy dog. ';
    my $of = sub {
        my $left = $_[0] - length "$start$end}";
        return $start . substr($filler x (1 + $left / length $filler), 0,
            $left) . "$end}";
    };
    my %bodies = (
        (map { $_ => $of->(2048) } qw(json_2k redis_2k failover tls http2 websocket)),
        json_64k => $of->(65_536), json_5m => $of->(5_242_880),
        sse_hidden => "$start$end,\"stream\":true}",
    );
    $bodies{$_} = "$start$end,\"stream\":true,"
        . '"stream_options":{"include_usage":true}}'
        for qw(sse open_streams streams_9k http2_streams);

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
