#!/usr/bin/perl

# SPDX-License-Identifier: MIT

# Every directive is documented in the module's README with its syntax,
# default, context and version, in the order of the table or any other, and
# every variable; and nothing is documented that is not there.

use warnings;
use strict;

use Test::More;

BEGIN { use FindBin; use lib "$FindBin::Bin/../lib"; }

use AIProxy;

my $tree = AIProxy::tree();
my $code = join '', map { slurp($_) } glob "$tree/ngx_aiproxy_module/*.cpp";
my $readme = slurp("$tree/ngx_aiproxy_module/README.md");

my %contexts = (NGX_HTTP_MAIN_CONF => 'http', NGX_HTTP_SRV_CONF => 'server',
	NGX_HTTP_LOC_CONF => 'location');
my %directives;
while ($code =~ /ngx_string\("(aiproxy\w*)"\),\s*((?:NGX_\w+\s*\|?\s*)+)/g) {
	my ($name, $flags) = ($1, $2);
	$directives{$name} = [map { $contexts{$_} } grep { $flags =~ /\b$_\b/ }
		sort keys %contexts];
}
ok(keys %directives, 'the table of directives was found');

my %documented;
while ($readme =~ /^#+ `?(aiproxy\w*)`?\s*$(.*?)(?=^#|\z)/msg) {
	$documented{$1} = $2;
}

is(join(' ', sort keys %documented), join(' ', sort keys %directives),
	'documented are those that there are');

for my $name (sort keys %documented) {
	my $text = $documented{$name};
	like($text, qr/\*\*Syntax:?\*\*.*\b$name\b/s, "$name: syntax");
	like($text, qr/\*\*Default:?\*\*/, "$name: default");
	like($text, qr/\*\*Context:?\*\*/, "$name: context");
	like($text, qr/appeared in version \d+\.\d+/i, "$name: version");
	like($text, qr/```/, "$name: an example");

	my ($context) = $text =~ /\*\*Context:?\*\*:?\s*([^\n]*)/;
	is(join(' ', sort(($context // '') =~ /\b(http|server|location)\b/g)),
		join(' ', sort @{$directives{$name} || []}),
		"$name: its contexts");
}

# Variables: one row of the table each, or of two together.

my ($table) = $code =~
	/ngx_http_variable_t\s+ngx_http_aiproxy_variables\[\] = \{(.*?)\};/s;
my @variables = ($table // '') =~ /ngx_http_aiproxy_variable\((\w+)\)/g;
my @rows = $readme =~ /^\|(.*?)\|/mg;
my @told = map { /`\$aiproxy_(\w+)`/g } @rows;

ok(@variables, 'the table of variables was found');
is(join(' ', sort @told), join(' ', sort @variables),
	'documented are the variables that there are');

done_testing();

sub slurp {
	my ($path) = @_;
	open my $fh, '<', $path or return '';
	local $/;
	return readline($fh) // '';
}
