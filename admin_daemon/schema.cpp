// SPDX-License-Identifier: MIT

#include "admin_daemon/schema.h"

#include <vector>

#include "admin_daemon/embedded.h"

namespace aiproxy::admin {

Status Migrate(store::Database& database) {
    std::vector<store::Migration> migrations;
    for (const EmbeddedFile& file : EmbeddedFiles()) {
        if (file.name.starts_with("sql/")) {
            migrations.push_back({file.name, file.content});
        }
    }
    return database.Migrate(migrations);
}

}  // namespace aiproxy::admin
