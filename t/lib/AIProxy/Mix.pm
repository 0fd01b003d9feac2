package AIProxy::Mix;

# SPDX-License-Identifier: MIT
#
# Callers as they come: some send in pieces, some read slowly, some leave while
# they send or while they read, and what they ask may have any of the demo
# provider's faults. What the n-th caller does follows from seed and n alone.

use warnings;
use strict;

use AIProxy::Dialect qw(@dialects);
use AIProxy::Http;
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use POSIX ();
use Socket qw(SOL_SOCKET SO_RCVBUF);
use Time::HiRes qw(sleep);

my @harmless = qw(split=1 split=7 split=63 gzip chunked=0 crlf=1 comments
	usage_every events=300 big=200000 delay_ms=20 header_bytes=3000
	reasoning=3);
my @harmful = qw(status=500 status=503 status=529 status=429 status=400
	status=404 close reset half_header garbage cut=0 cut=1 cut=150 cut=600
	error_event no_done no_usage);

# plan(seed, n): what the n-th caller asks and does. model is its own, so that
# it is found again.

sub plan {
	my ($seed, $n) = @_;
	srand($seed * 1_000_003 + $n);

	my %plan = (n => $n, model => "mix-$n", way => 'plain',
		dialect => $dialects[rand @dialects], stream => int rand 2,
		prompt => 'x' x (rand 10 < 1 ? rand 60_000 : rand 300),
		faults => ['event_delay_ms=0']);
	for my $way (['split', 20], ['leave_sending', 5], ['leave_reading', 10],
		['slow', 3])
	{
		$plan{way} = $way->[0] if rand 100 < $way->[1];
	}
	if ($plan{way} eq 'slow') {
		push @{$plan{faults}}, 'big=300000';
	} elsif (rand 10 < 3) {
		push @{$plan{faults}}, 'split_pause_us=20', $harmless[rand @harmless];
	}
	if ($plan{way} ne 'slow' && rand 100 < 12) {
		$plan{harmed} = $harmful[rand @harmful];
		push @{$plan{faults}}, $plan{harmed} =~ /^cut=(?:150|600)$/
			&& rand 2 < 1 ? 'reset' : (), $plan{harmed};
		# Half of them fail once: another key serves.
		push @{$plan{faults}}, 'times=1', "tag=$n" if rand 2 < 1;
	}
	$plan{patience} = int rand 3000;	# bytes, of who leaves
	$plan{rst} = int rand 2;
	return \%plan;
}

# run(processes, from, to, sub { bytes of a plan }, port, seed): plays the
# callers from .. to; what each saw, by n.

sub run {
	my ($processes, $from, $to, $bytes, $port, $seed) = @_;
	my (@children, %seen);

	for my $process (0 .. $processes - 1) {
		pipe my $reader, my $writer or die "pipe: $!\n";
		my $pid = fork() // die "fork: $!\n";
		if (!$pid) {
			close $reader;
			for (my $n = $from + $process; $n <= $to; $n += $processes) {
				my $plan = plan($seed, $n);
				my $saw = eval { play($plan, $bytes->($plan), $port) }
					|| { error => "$@" };
				print $writer encode_json({ n => $n, %$saw }), "\n";
			}
			close $writer;
			POSIX::_exit(0);
		}
		close $writer;
		push @children, [$pid, $reader];
	}

	for my $child (@children) {
		my $reader = $child->[1];
		while (my $line = <$reader>) {
			my $saw = decode_json($line);
			$seen{$saw->{n}} = $saw;
		}
		waitpid $child->[0], 0;
	}
	return \%seen;
}

# sent: the whole request was; left: gone before the whole answer.

sub play {
	my ($plan, $bytes, $port) = @_;
	my $way = $plan->{way};
	my $exchange = AIProxy::Http::open_exchange($port, '', timeout => 120);
	my %saw = (sent => 1, left => 0);

	setsockopt $exchange->{socket}, SOL_SOCKET, SO_RCVBUF, pack 'i', 4096
		if $way eq 'slow';
	if ($way eq 'leave_sending') {
		my $most = rand 2 < 1 ? 200 : length $bytes;
		substr($bytes, 1 + rand($most - 1)) = '';
		$exchange->send($bytes);
		$exchange->leave(reset => $plan->{rst});
		return { sent => 0, left => 1 };
	}
	if ($way eq 'split') {
		while (length(my $piece = substr $bytes, 0, 1 + rand 400, '')) {
			$exchange->send($piece);
			sleep 0.0005 if rand 4 < 1;
		}
	}
	$exchange->send($bytes);

	while ($exchange->more) {
		if ($way eq 'leave_reading'
			&& length $exchange->{raw} >= $plan->{patience})
		{
			$saw{left} = 1;
			last;
		}
		sleep 0.001 if $way eq 'slow';
	}
	$saw{left} = 0 if $exchange->{complete};
	my $answer = $exchange->answer;
	$saw{$_} = $answer->{$_} for qw(status complete timed_out);
	$saw{sha256} = sha256_hex($answer->{body});
	$saw{bytes} = length $answer->{body};
	$exchange->leave(reset => $plan->{rst});
	return \%saw;
}

1;
