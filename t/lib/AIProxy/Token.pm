package AIProxy::Token;

# SPDX-License-Identifier: MIT
#
# An issuer of signed tokens, as somebody else's identity provider is one: keys
# made by openssl, tokens put together by hand, so that bad ones can be too.

use warnings;
use strict;

use Digest::SHA qw(hmac_sha256);
use Exporter qw(import);
use JSON::PP;
use MIME::Base64 qw(encode_base64url decode_base64);

our @EXPORT_OK = qw(raw_token);

my $json = JSON::PP->new->utf8->canonical;

my %options = (RS256 => '-algorithm RSA -pkeyopt rsa_keygen_bits:2048',
	ES256 => '-algorithm EC -pkeyopt ec_paramgen_curve:P-256',
	EdDSA => '-algorithm ED25519');

# new(folder, algorithm, kid): with a key of its own; HS256 has a secret.

sub new {
	my ($class, $folder, $algorithm, $kid) = @_;

	my $self = bless { algorithm => $algorithm, kid => $kid,
		file => "$folder/token-$algorithm-$kid" }, $class;
	if ($algorithm eq 'HS256') {
		$self->{secret} = "the secret of $kid, at least 32 bytes long";
		return $self;
	}
	run("openssl genpkey $options{$algorithm} -out $self->{file}.key");
	run("openssl pkey -in $self->{file}.key -pubout -out $self->{file}.pem");
	return $self;
}

# What the API takes as one of an issuer's keys.

sub key {
	my ($self) = @_;
	return { kid => $self->{kid}, defined $self->{secret}
		? (secret => $self->{secret}) : (pem => $self->pem) };
}

sub pem { return content("$_[0]{file}.pem") }

# The public key as a member of a key set; EdDSA only.

sub jwk {
	my ($self) = @_;
	my $der = decode_base64($self->pem =~ s/-----.*?-----//gr);
	return { kty => 'OKP', crv => 'Ed25519', use => 'sig', alg => 'EdDSA',
		kid => $self->{kid}, x => encode_base64url(substr $der, -32) };
}

# sign(claims, header => {instead}, payload => bytes): a token. Claims that are
# there already win over those that every token has.

sub sign {
	my ($self, $claims, %o) = @_;
	my $now = time;
	my $payload = $o{payload} // $json->encode({ iat => $now - 5,
		exp => $now + 600, %{$claims || {}} });
	my $header = $o{raw_header} // $json->encode({ alg => $self->{algorithm},
		kid => $self->{kid}, typ => 'JWT', %{$o{header} || {}} });
	return raw_token($header, $payload, sub { $self->signature($_[0]) });
}

# raw_token(header, payload, signer): whatever the bytes are.

sub raw_token {
	my ($header, $payload, $signer) = @_;
	my $text = encode_base64url($header) . '.' . encode_base64url($payload);
	return "$text." . encode_base64url($signer->($text));
}

sub signature {
	my ($self, $text) = @_;

	return hmac_sha256($text, $self->{secret}) if defined $self->{secret};

	open my $fh, '>:raw', "$self->{file}.text" or die "$self->{file}: $!\n";
	print $fh $text;
	close $fh or die "$self->{file}: $!\n";
	my $files = "$self->{file}.text -out $self->{file}.sig";
	run($self->{algorithm} eq 'EdDSA'
		? "openssl pkeyutl -sign -rawin -inkey $self->{file}.key -in $files"
		: "openssl pkeyutl -sign -rawin -digest sha256 -inkey"
			. " $self->{file}.key -in $files");
	my $signature = content("$self->{file}.sig");
	return $self->{algorithm} eq 'ES256' ? two_numbers($signature) : $signature;
}

# RFC 7518 section 3.4: two numbers of 32 bytes, where openssl writes DER.

sub two_numbers {
	my ($der) = @_;
	my ($r, $s) = unpack 'x3 C/a x C/a', $der;
	return join '', map { substr(("\0" x 32) . $_, -32) } $r, $s;
}

sub run {
	my ($command) = @_;
	my $said = `$command 2>&1`;
	die "$command: $said\n" if $?;
}

sub content {
	open my $fh, '<:raw', $_[0] or die "$_[0]: $!\n";
	local $/;
	return scalar readline $fh;
}

1;
