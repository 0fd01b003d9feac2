// SPDX-License-Identifier: MIT
//
// Every route is in the API's description, with the same access, and the other
// way round.

#include <cppunit/extensions/HelperMacros.h>

#include <set>
#include <string>

#include "admin_daemon/embedded.h"
#include "admin_daemon/http/routes.h"
#include "admin_daemon/json.h"

namespace {

using namespace aiproxy::admin;

std::set<std::string> Described() {
    std::set<std::string> found;
    const auto json =
        Json::Parse(FindEmbedded("admin_daemon/openapi.json").value());
    const char* path;
    json_t* methods;
    json_object_foreach(json_object_get(json->raw(), "paths"), path, methods) {
        const char* method;
        json_t* operation;
        json_object_foreach(methods, method, operation) {
            if (std::string(method) == "parameters") continue;
            std::string name = method;
            for (char& c : name) c = static_cast<char>(std::toupper(c));
            const char* access =
                json_string_value(json_object_get(operation, "x-access"));
            found.insert(name + " " + path + ", for " +
                         (access == nullptr ? "?" : access));
        }
    }
    return found;
}

class RoutesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RoutesTest);
    CPPUNIT_TEST(RoutesAreDescribed);
    CPPUNIT_TEST_SUITE_END();

 public:
    void RoutesAreDescribed() {
        std::set<std::string> served;
        for (const http::Route& route : http::Routes()) {
            served.insert(std::string(route.method) + " " +
                          std::string(route.path) + ", for " +
                          std::string(service::Name(route.access)));
        }
        for (const std::string& name : Described()) {
            CPPUNIT_ASSERT_MESSAGE(name, served.contains(name));
        }
        for (const std::string& name : served) {
            CPPUNIT_ASSERT_MESSAGE(name, Described().contains(name));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RoutesTest);

}  // namespace
