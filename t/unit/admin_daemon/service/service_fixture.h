// SPDX-License-Identifier: MIT
//
// What the services' tests stand on: the real store over SQLite in memory, a
// clock that a test moves, and a publication that is always up to date.

#pragma once

#include <cppunit/extensions/HelperMacros.h>
#include <sodium.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "admin_daemon/embedded.h"
#include "admin_daemon/log.h"
#include "admin_daemon/service/client_keys.h"
#include "admin_daemon/service/provider_keys.h"
#include "admin_daemon/service/providers.h"
#include "admin_daemon/store/database.h"

namespace aiproxy::admin::service {

// A folder on tmpfs that goes with the test.
class TemporaryFolder {
 public:
    ~TemporaryFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    // Made when it is asked for: the fixtures of all tests live at once.
    const std::string& path() const {
        if (path_.empty()) {
            std::string name = "/dev/shm/aiproxy-unit-XXXXXX";
            CPPUNIT_ASSERT(::mkdtemp(name.data()) != nullptr);
            path_ = name;
        }
        return path_;
    }

 private:
    mutable std::string path_;
};

class ServiceFixture : public CppUnit::TestFixture {
 public:
    // Not before its test runs: the fixtures of all tests live at once.
    void setUp() override {
        CPPUNIT_ASSERT(::sodium_init() >= 0);
        std::vector<store::Migration> migrations;
        for (const EmbeddedFile& file : EmbeddedFiles()) {
            if (file.name.starts_with("sql/")) {
                migrations.push_back({file.name, file.content});
            }
        }
        CPPUNIT_ASSERT(database_.Migrate(migrations).ok());
        publication_.Published({7, INT64_MAX, 0, {}, {}}, {});
    }

 protected:
    // REQUIRES: ok(); the test fails with the reason if not.
    template <class T>
    static T Must(Result<T> result) {
        if (!result.ok()) {
            CPPUNIT_FAIL(std::string(result.error().text()) + ": " +
                         result.error().detail);
        }
        return std::move(*result);
    }
    static void Must(const Status& status) {
        if (!status.ok()) CPPUNIT_FAIL(status.error().detail);
    }
    template <class R>
    static void AssertCode(ErrorCode code, const R& result) {
        CPPUNIT_ASSERT_EQUAL(std::string(Describe(code).name),
                             std::string(Describe(result.code()).name));
    }
    // A field that is not valid, by its name.
    template <class R>
    static void AssertField(const std::string& field, const R& result) {
        AssertCode(ErrorCode::kValidation, result);
        CPPUNIT_ASSERT_EQUAL(field, result.error().field);
        CPPUNIT_ASSERT(!result.error().text().empty());
    }

    Provider MakeProvider(const std::string& name) {
        ProviderChange change;
        change.name = name;
        change.base_url = "http://127.0.0.1:8081/v1";
        change.dialects = {"openai_chat"};
        return Must(providers_.Create(change)).value;
    }
    ProviderKey MakeProviderKey(const std::string& name,
                                std::int64_t provider_id,
                                const std::string& secret = "the-secret-1") {
        ProviderKeyChange change;
        change.name = name;
        change.provider_id = provider_id;
        change.secret = secret;
        return Must(provider_keys_.Create(change)).value;
    }
    NewClientKey MakeClientKey(const std::string& name,
                               std::vector<std::int64_t> pool) {
        ClientKeyChange change;
        change.name = name;
        change.pool = std::move(pool);
        return Must(client_keys_.Create(change)).value;
    }

    UnixMs now_ = 1'800'000'000'000;
    const Clock clock_ = [this] { return now_; };
    const Log log_{"off"};
    store::Database database_{*store::ParseDatabaseUrl("sqlite::memory:")};
    Publication publication_;
    // Everything is open.
    const client::NetworkGuard guard_{
        *client::ParseNetworks("0.0.0.0/0, ::/0")};
    Addresses addresses_{"127.0.0.1", 9091, guard_};
    const SealingKey master_{key::SealKey{1, 2, 3}};
    Providers providers_{database_, publication_, addresses_, master_, clock_};
    SecretReferences references_{{}};
    ProviderKeys provider_keys_{database_, publication_, master_, references_,
                                clock_};
    ClientKeys client_keys_{database_, publication_, clock_};
};

}  // namespace aiproxy::admin::service
