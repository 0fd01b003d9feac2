package AIProxy::Dialect;

# SPDX-License-Identifier: MIT
#
# What a caller of each dialect sends, and how it reads a refusal: so that a
# test can loop over the dialects and name only what it is about.

use warnings;
use strict;

use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(@dialects ask_of error_of usage_of text_of);

our @dialects = qw(openai_chat anthropic_messages gemini_content);

my $json = JSON::PP->new->utf8->canonical;

my %credential_header = (
	openai_chat => 'Authorization',
	anthropic_messages => 'x-api-key',
	gemini_content => 'x-goog-api-key',
);

# ask_of(dialect, key =>, model =>, stream =>, prompt =>, fields => {more body},
# headers => [...], body => bytes, path =>): method, path, headers, body. An
# undefined key sends no credential.

sub ask_of {
	my ($dialect, %o) = @_;

	my $model = defined $o{model} ? $o{model} : 'demo-small';
	my $prompt = defined $o{prompt} ? $o{prompt} : 'Say hello.';
	my ($path, %body);

	if ($dialect eq 'gemini_content') {
		$path = "/v1beta/models/$model:"
			. ($o{stream} ? 'streamGenerateContent?alt=sse'
				: 'generateContent');
		%body = (contents => [{ role => 'user',
			parts => [{ text => $prompt }] }]);

	} else {
		$path = $dialect eq 'openai_chat' ? '/v1/chat/completions'
			: '/v1/messages';
		%body = (model => $model,
			messages => [{ role => 'user', content => $prompt }]);
		$body{stream} = JSON::PP::true if $o{stream};
		$body{max_tokens} = 64 if $dialect eq 'anthropic_messages';
	}

	%body = (%body, %{$o{fields} || {}});

	my @headers = (['Content-Type', 'application/json']);
	push @headers, ['anthropic-version', '2023-06-01']
		if $dialect eq 'anthropic_messages';
	push @headers, [$credential_header{$dialect},
		($dialect eq 'openai_chat' ? 'Bearer ' : '') . $o{key}]
		if defined $o{key};
	push @headers, @{$o{headers} || []};

	return ('POST', defined $o{path} ? $o{path} : $path, \@headers,
		defined $o{body} ? $o{body} : $json->encode(\%body));
}

# error_of(dialect, answer): the refusal's message when the answer is an error
# in the shape of this dialect, else undef.

sub error_of {
	my ($dialect, $answer) = @_;

	my $error = eval { $json->decode($answer->{body}) };
	return undef unless ref $error eq 'HASH' && ref $error->{error} eq 'HASH';
	my $status = $answer->{status};

	if ($dialect eq 'anthropic_messages') {
		return undef unless ($error->{type} || '') eq 'error'
			&& $error->{error}{type};

	} elsif ($dialect eq 'gemini_content') {
		return undef unless ($error->{error}{code} || 0) == $status
			&& ($error->{error}{status} || '') =~ /^[A-Z_]+$/;

	} else {
		return undef unless $error->{error}{type}
			&& exists $error->{error}{param}
			&& exists $error->{error}{code};
	}

	return $error->{error}{message};
}

# text_of(dialect, answer): what the model said, streamed or not.

sub text_of {
	my ($dialect, $answer) = @_;
	my $text = '';

	for my $event (events_of($answer)) {
		if ($dialect eq 'openai_chat') {
			for my $choice (@{$event->{choices} || []}) {
				my $part = $choice->{delta} || $choice->{message};
				$text .= $part->{content}
					if $part && defined $part->{content};
			}

		} elsif ($dialect eq 'gemini_content') {
			$text .= join '', map { $_->{text} // '' }
				map { @{$_->{content}{parts} || []} }
				@{$event->{candidates} || []};

		} else {
			$text .= join '', map { $_->{text} // '' }
				@{$event->{content} || []};
			$text .= $event->{delta}{text} // ''
				if ($event->{type} || '') eq 'content_block_delta';
		}
	}

	return $text;
}

# usage_of(answer): the last usage object of the answer, as it was sent.

sub usage_of {
	my ($answer) = @_;
	my $usage;

	for my $event (events_of($answer)) {
		for my $found ($event->{usage}, $event->{usageMetadata},
			$event->{message} && $event->{message}{usage})
		{
			$usage = { %{$usage || {}}, %$found }
				if ref $found eq 'HASH';
		}
	}

	return $usage;
}

# The JSON objects of an answer: its events, or the one it is.

sub events_of {
	my ($answer) = @_;

	my $whole = eval { $json->decode($answer->{body}) };
	return @$whole if ref $whole eq 'ARRAY';
	return $whole if $whole;

	return grep { $_ } map { eval { $json->decode($_) } }
		$answer->{body} =~ /^data: ?(\{.*?)\r?$/mg;
}

1;
