package Bench::Report;

# What the bench prints: medians, ratios, and how they stand to the targets.

use strict;
use warnings;
use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(median result print_table print_json missed);

# The most that ours may take: a ratio to stock, more than stock, or a figure.
my %most = (
    cpu_us_per_request => { ratio => 1.4 },
    cpu_us_per_event => { ratio => 1.2 },
    memory_kib_per_stream => { more => 12 },
    ns_per_event => { ours => 300 },
    us_per_answer => { ours => 2 },
    cpu_us_beside_backlog => { ratio => 1.05 },
    readable_p99_ms => { ours => 1000 },
);

# The least that it must do.
my %least = (
    gb_per_s => { ours => 1 },
    mb_per_s => { ratio => 4 },
    ingested_per_s => { ours => 20_000 },
);

sub median {
    my @sorted = sort { $a <=> $b } @_;
    my $middle = int(@sorted / 2);
    return @sorted % 2 ? $sorted[$middle]
        : ($sorted[$middle - 1] + $sorted[$middle]) / 2;
}

# result(name, metric, unit, ours, stock, most): stock is undef where it has
# none; most is what ours may be, for metrics that are not named above.
sub result {
    my ($name, $metric, $unit, $ours, $stock, $most) = @_;

    $most{$metric} //= { ours => $most } if defined $most;
    return { name => $name, metric => $metric, unit => $unit,
        ours => rounded($ours, 2), stock => rounded($stock, 2),
        ratio => $stock ? rounded($ours / $stock, 3) : undef };
}

sub rounded {
    my ($value, $digits) = @_;
    return defined $value ? 0 + sprintf("%.${digits}f", $value) : undef;
}

sub print_json {
    my (@results) = @_;
    print JSON::PP->new->canonical->encode({ results => \@results }), "\n";
}

sub print_table {
    my (@results) = @_;
    my ($width) = sort { $b <=> $a } 22, map { length $_->{metric} } @results;
    my $row = "%-13s %-${width}s %-4s %10s %10s %7s  %s\n";

    printf $row, qw(name metric unit ours stock ratio target);
    for my $result (@results) {
        printf $row, @$result{qw(name metric unit)},
            (map { defined $_ ? sprintf('%.2f', $_) : '-' }
                @$result{qw(ours stock ratio)}),
            against_target($result);
    }
}

# missed(results): those that are beyond their target.
sub missed {
    return grep { against_target($_) =~ /MISSED/ } @_;
}

sub against_target {
    my ($result) = @_;

    if (my $least = $least{ $result->{metric} }) {
        my ($what) = keys %$least;
        return ">= $least->{$what}" . ($what eq 'ratio' ? ' x stock' : '')
            . ($result->{$what} >= $least->{$what} ? ', met' : ', MISSED');
    }
    my $most = $most{ $result->{metric} } or return '-';
    return "<= $most->{ours}"
        . ($result->{ours} <= $most->{ours} ? ', met' : ', MISSED')
        if $most->{ours};
    my ($is, $text) = $most->{ratio}
        ? ($result->{ratio} <= $most->{ratio}, "<= $most->{ratio} x stock")
        : ($result->{ours} - $result->{stock} <= $most->{more},
            "<= stock + $most->{more} $result->{unit}");
    return $text . ($is ? ', met' : ', MISSED');
}

1;
