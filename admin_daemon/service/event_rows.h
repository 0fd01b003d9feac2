// SPDX-License-Identifier: MIT
//
// What an event of the ledger becomes in the database: a row of its own, an
// entry in its provider key's history, and a rest when it tells of one that
// concerns other nodes too. Called by ingestion.

#pragma once

#include <optional>
#include <string>

#include "admin_daemon/store/events.h"
#include "admin_daemon/store/health.h"
#include "admin_daemon/store/rests.h"
#include "core/ledger/record.h"

namespace aiproxy::admin::service {

store::Event ToEvent(const ledger::Record& record, const std::string& node_id);
// What it tells of a provider key's health; nullopt: nothing.
std::optional<store::HistoryEntry> ToHistory(const ledger::Record& record,
                                             const std::string& node_id);
std::optional<store::Rest> ToRest(const ledger::Record& record,
                                  const std::string& node_id);

}  // namespace aiproxy::admin::service
