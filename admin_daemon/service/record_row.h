// SPDX-License-Identifier: MIT
//
// A record of the ledger as the row that the database keeps. Called by
// service/ingestion.

#pragma once

#include <string>

#include "admin_daemon/store/records.h"
#include "core/ledger/record.h"
#include "core/state/layout.h"

namespace aiproxy::admin::service {

store::Record MakeRow(const ledger::Record& record, const std::string& node_id);

// Of a request whose process died before it could write a record.
store::Record MakeAbortedRow(const state::Entry& entry,
                             const std::string& node_id, UnixMs now);

}  // namespace aiproxy::admin::service
