// SPDX-License-Identifier: MIT
//
// Configured objects as the API shows them, without what only a running daemon
// knows, and changes as its bodies say them. Called by the routes and by
// document/, which reads and writes the same objects from files. Readers check
// types. Errors: kValidation with the field.

#pragma once

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {

Json ProviderRowJson(const service::Provider& provider);
Result<service::ProviderChange> ReadProvider(const std::string& body);

Json ProviderKeyRowJson(const service::ProviderKey& key);
Result<service::ProviderKeyChange> ReadProviderKey(const std::string& body);

Json ClientKeyJson(const service::ClientKey& key);
Result<service::ClientKeyChange> ReadClientKey(const std::string& body);

Json OAuthClientJson(const service::OAuthClient& client);
Result<service::OAuthClientChange> ReadOAuthClient(const std::string& body);

Json IssuerJson(const service::Issuer& issuer);
Result<service::IssuerChange> ReadIssuer(const std::string& body);

Result<service::UserChange> ReadUser(const std::string& body);

}  // namespace aiproxy::admin::api
