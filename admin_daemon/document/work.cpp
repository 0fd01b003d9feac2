// SPDX-License-Identifier: MIT

#include "admin_daemon/document/work.h"

#include "admin_daemon/rfc3339.h"

namespace aiproxy::admin::document {

Work::Work(const store::DatabaseOptions& options,
           const service::SealingKey& master_key, service::ReferenceRules rules)
    : master(master_key),
      database(options),
      guard(client::ParseNetworks("0.0.0.0/0, ::/0")
                .value_or(std::vector<http::Cidr>())),
      addresses("127.0.0.1", 0, guard),
      users(database, publication, passwords, NowMs),
      providers(database, publication, addresses, master, NowMs),
      references(std::move(rules)),
      provider_keys(database, publication, master, references, NowMs),
      client_keys(database, publication, NowMs),
      oauth_clients(database, publication, NowMs),
      issuers(database, publication, master, guard, NowMs),
      settings(database, publication, NowMs),
      audit(database, NowMs) {
    publication.Published({0, INT64_MAX, 0, {}, {}}, {});
}

}  // namespace aiproxy::admin::document
