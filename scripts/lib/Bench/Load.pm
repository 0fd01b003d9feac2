package Bench::Load;

# The loads of the bench: wrk, and t/lib/bench_load for what wrk cannot do.
# Each dies when a request fails: a figure of failing requests is none.

use strict;
use warnings;
use Exporter qw(import);
use FindBin;
use IPC::Open2 qw(open2);
use JSON::PP qw(decode_json);
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(run_wrk run_h2load run_latency run_sockets open_streams
    open_h2_streams);

# run_wrk(stack, side, name, seconds): 16 connections, as much as goes.
sub run_wrk {
    my ($stack, $side, $name, $seconds) = @_;

    my $target = $stack->target($side, $name);
    local $ENV{BENCH_KEY} = $target->{key};
    local $ENV{BENCH_BODY} = $target->{body};
    my $output = output_of($stack->on_load_cpu('wrk', '-t1', '-c16',
        "-d${seconds}s", '-s', "$FindBin::Bin/bench_post.lua",
        "$target->{scheme}://127.0.0.1:$target->{port}$target->{path}"));

    die "bench: requests failed, $side, $name:\n$output"
        if $output =~ /Non-2xx or 3xx|Socket errors/;
    my ($requests, $took, $unit) =
        $output =~ /^\s*(\d+) requests in ([\d.]+)(ms|s|m),/m
        or die "bench: wrk did not say how many:\n$output";
    $took *= { ms => 0.001, s => 1, m => 60 }->{$unit};
    return { requests => $requests, seconds => $took,
        requests_per_s => $requests / $took };
}

# run_h2load(stack, side, name, seconds): 4 connections, 4 streams on each.
sub run_h2load {
    my ($stack, $side, $name, $seconds) = @_;

    my $output = output_of($stack->on_load_cpu(h2load_command($stack, $side,
        $name, '-c4', '-m4', "-D$seconds")));
    my ($requests, $failed) = $output =~
        /^requests: \d+ total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed/m
        or die "bench: h2load did not say how many:\n$output";
    die "bench: requests failed, $side, $name:\n$output"
        if $failed || !$requests;
    return { requests => $requests, requests_per_s => $requests / $seconds };
}

sub h2load_command {
    my ($stack, $side, $name, @options) = @_;

    my $target = $stack->target($side, $name);
    return ('h2load', '-t1', @options, '-d', $target->{body},
        '-H', 'content-type: application/json',
        '-H', "authorization: Bearer $target->{key}",
        "http://127.0.0.1:$target->{port}$target->{path}");
}

# run_sockets(stack, side, name, seconds, count): {messages}.
sub run_sockets {
    my ($stack, $side, $name, $seconds, $count) = @_;

    return decode_json(output_of($stack->on_load_cpu(
        load_command($stack, $side, $name, 'sockets'),
        '--seconds', $seconds, '--count', $count)));
}

# run_latency(stack, side, name, rate, seconds): {p50_us, p90_us, p99_us}.
sub run_latency {
    my ($stack, $side, $name, $rate, $seconds) = @_;

    my $output = output_of($stack->on_load_cpu(
        load_command($stack, $side, $name, 'latency'),
        '--rate', $rate, '--seconds', $seconds));
    my $run = decode_json($output);
    die "bench: $run->{failed} of $run->{sent} requests failed, $side\n"
        if $run->{failed};
    return $run;
}

# open_streams(stack, side, name, count): returns when each has had an event.
sub open_streams {
    my ($stack, $side, $name, $count) = @_;

    my $self = bless {}, __PACKAGE__;
    $self->{pid} = open2($self->{out}, $self->{in}, $stack->on_load_cpu(
        load_command($stack, $side, $name, 'streams'), '--count', $count));
    my $line = readline($self->{out}) // '';
    die "bench: the streams did not open, $side, $name\n"
        unless $line eq "open\n";
    return $self;
}

# events(): how many have arrived up to now.
sub events {
    my ($self) = @_;

    syswrite $self->{in}, "\n";
    my ($events) = (readline($self->{out}) // '') =~ /^(\d+) \d+$/
        or die "bench: the streams have ended\n";
    return $events;
}

sub close {
    my ($self) = @_;

    return $self->close_h2 if $self->{h2};
    CORE::close $self->{in};
    waitpid $self->{pid}, 0;
    die "bench: a stream broke\n" if $?;
}

sub close_h2 {
    my ($self) = @_;

    kill TERM => $self->{pid};
    waitpid $self->{pid}, 0;
    my $end = time() + 30;
    sleep 0.1 while $self->{stack}->answers_open > $self->{before}
        && time() < $end;
}

# open_h2_streams(stack, side, name, count): the same over HTTP/2, a hundred on
# each connection; the demo provider tells when all have come.
sub open_h2_streams {
    my ($stack, $side, $name, $count) = @_;

    my $clients = int(($count + 99) / 100);
    my @command = $stack->on_load_cpu(h2load_command($stack, $side, $name,
        "-c$clients", '-m100', "-n$count"));
    my $before = $stack->answers_open;
    my $pid = fork // die "bench: fork: $!\n";
    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        exec @command or die "bench: h2load: $!\n";
    }

    my $end = time() + 60;
    while ($stack->answers_open - $before < $count) {
        sleep 0.1;
        next if time() < $end;
        kill TERM => $pid;
        die "bench: the streams did not open, $side, $name\n";
    }
    return bless { pid => $pid, h2 => 1, stack => $stack,
        before => $before }, __PACKAGE__;
}

sub load_command {
    my ($stack, $side, $name, $mode) = @_;

    my $target = $stack->target($side, $name);
    return ("$ENV{AIPROXY_BUILD}/bench_load", $mode,
        map { ("--$_", $target->{$_}) } qw(port path key body));
}

sub output_of {
    my (@command) = @_;

    open my $pipe, '-|', @command or die "bench: $command[0]: $!\n";
    my $output = do { local $/; readline $pipe } // '';
    CORE::close $pipe or die "bench: $command[0] failed:\n$output";
    return $output;
}

1;
