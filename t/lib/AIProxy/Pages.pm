package AIProxy::Pages;

# SPDX-License-Identifier: MIT
#
# What people look at when there are many records: every kind of list, filter
# and search of the log, one record, and every chart. For a database that
# record_generator has filled; each is a name and a path of the API.

use warnings;
use strict;

use AIProxy;
use POSIX qw(strftime);

# pages(harness): makes the keys whose numbers the records name.

sub pages {
	my ($t) = @_;

	my $provider_key = $t->provider_key($t->provider(
		base_url => 'http://127.0.0.1:1'));
	my $client_key = $t->client_key([$provider_key]);
	return (lists($t), charts($provider_key, $client_key));
}

sub lists {
	my ($t) = @_;

	my $api = $t->api;
	my $logs = '/api/logs/traces?running=false&limit=50';
	my $first = $api->read($logs);
	my $some = $api->read("$logs&client_key_id=50");
	my $one = $api->read("/api/logs/traces/$some->{items}[0]{id}");
	my ($from, $to) = map { strftime '%Y-%m-%dT%H:%M:%SZ', gmtime(time - $_) }
		86_400, 43_200;
	my @lists = (
		[list => ''],
		[list_page => "&cursor=$first->{next}"],
		[list_oldest => '&sort=started_at'],
		[list_time => "&from=$from&to=$to"],
		[list_client_key => '&client_key_id=1'],
		[list_client_key_rare => '&client_key_id=199'],
		[list_client_key_page => "&client_key_id=1&cursor=$first->{next}"],
		[list_provider => '&provider_id=2'],
		[list_provider_key => '&provider_key_id=20'],
		[list_model => '&model=model-1'],
		[list_model_rare => '&model=model-29'],
		[list_model_unknown => '&model=nothing'],
		[list_status => '&status=503'],
		[list_status_unknown => '&status=418'],
		[list_status_usual => '&status=200'],
		[list_outcome => '&outcome=aborted'],
		[list_outcome_usual => '&outcome=success'],
		[list_class => '&class=limit'],
		[list_class_unknown => '&class=nothing'],
		[list_usage_source => '&usage_source=none'],
		[list_usage_source_usual => '&usage_source=reported'],
		[list_user_unknown => '&user_id=7'],
		[list_two => '&client_key_id=1&model=model-29'],
		[list_three => '&client_key_id=1&model=model-29&outcome=failed'],
		[list_none => '&client_key_id=1&status=418&model=nothing'],
		[list_none_usual => '&status=200&provider_id=9'],
		[search_request_id => "&search=$one->{request_id}"],
		[search_path => '&search=/v1/chat'],
		[search_path_rare => '&search=/v1/files'],
		[search_path_unknown => '&search=/v9'],
		[search_model => '&search=model-2'],
		[search_model_unknown => '&search=zzz'],
		[contains => '&contains=file-'],
		[contains_nothing => '&contains=nowhere'],
		[contains_time => "&contains=nowhere&from=$from&to=$to"],
	);
	return (map({ [$_->[0], "$logs$_->[1]"] } @lists),
		[tail => '/api/logs/traces?tail=now'],
		[tail_on => '/api/logs/traces?tail=1'],
		[detail => "/api/logs/traces/$one->{id}"],
		[detail_request_id => "/api/logs/traces/$one->{request_id}"]);
}

sub charts {
	my ($provider_key, $client_key) = @_;

	my $stats = '/api/statistics';
	my $keys = "/api/provider-keys/keys/$provider_key->{id}";
	my $clients = "/api/client-keys/$client_key->{id}";
	my $month = strftime '%Y-%m', gmtime;
	return (
		[chart_overview => "$stats/overview"],
		[chart_trends => "$stats/trends?days=30"],
		[chart_trends_zone => "$stats/trends?days=92&time_zone=Asia/Kathmandu"],
		[chart_trends_hours => "$stats/trends?days=7&step=hour"],
		[chart_trends_quarters => "$stats/trends?days=2&step=quarter"],
		[chart_trends_key => "$stats/trends?days=30&client_key_id=1"],
		[chart_trends_model => "$stats/trends?days=30&model=model-1"],
		[chart_minutes => "$stats/minutes"],
		[chart_minutes_key => "$stats/minutes?client_key_id=1"],
		[chart_models => "$stats/top?by=model&days=30"],
		[chart_client_keys => "$stats/top?by=client_key&days=30&order=cost"],
		[chart_users => "$stats/top?by=user&days=30&order=tokens"],
		[chart_errors => "$stats/errors?days=30"],
		[chart_errors_key => "$stats/errors?days=30&provider_key_id=1"],
		[chart_latency => "$stats/latency?days=30"],
		[chart_latency_model => "$stats/latency?days=30&model=model-1"],
		[chart_charges => "$stats/charges?by=client_key&month=$month"],
		[chart_charges_zone =>
			"$stats/charges?by=model&month=$month&time_zone=Asia/Kathmandu"],
		[chart_provider_key => "$keys/stats?days=30"],
		[chart_provider_key_days => "$keys/trends?days=30"],
		[chart_client_key => "$clients/stats?days=30"],
		[chart_client_key_days => "$clients/trends?days=30"],
		[chart_unpriced => '/api/prices/unpriced'],
	);
}

1;
