// SPDX-License-Identifier: MIT

#include "core/provider/model_rule.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

namespace aiproxy::provider {
namespace {

class ProviderModelRule : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProviderModelRule);
    CPPUNIT_TEST(FindsItInEachPlace);
    CPPUNIT_TEST(TheFirstRuleThatFindsOneCounts);
    CPPUNIT_TEST_SUITE_END();

 public:
    void FindsItInEachPlace() {
        struct Row {
            ModelRule rule;
            const char* path;
            const char* query;
            const char* body;
            const char* model;
        };
        using enum ModelSource;
        const Row rows[] = {
            {{kPath, "deployments"},
             "/openai/deployments/gpt%2D4o/chat/completions",
             "",
             "",
             "gpt-4o"},
            {{kPath, "models"}, "/v1beta/models/g:run", "", "", "g"},
            {{kPath, "model"}, "/model/a.b%3A0/converse", "", "", "a.b:0"},
            {{kPath, "models"}, "/v1/models", "", "", ""},
            {{kPath, "models"}, "/v1/models/", "", "", ""},
            {{kPath, "models"}, "/xmodels/a", "", "", ""},
            {{kPath, "models"}, "/models/%zz", "", "", ""},
            {{kPath, "models"}, "", "", "", ""},
            {{kQuery, "deployment"}, "/x", "a=1&deployment=d%31", "", "d1"},
            {{kQuery, "deployment"}, "/x", "a=1", "", ""},
            {{kBody, "model"}, "/x", "", R"({"a":[],"model":"m\u0031"})", "m1"},
            {{kBody, "input.model"},
             "/x",
             "",
             R"({"input":{"model":"m"}})",
             "m"},
            {{kBody, "model"}, "/x", "", R"({"model":7})", ""},
            {{kBody, "model"}, "/x", "", "no json", ""},
            {{kBody, "model"}, "/x", "", "", ""},
        };
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                std::string(row.path) + row.query + row.body,
                std::string(row.model),
                FindModel({&row.rule, 1}, row.path, row.query, row.body));
        }
        const ModelRule body{kBody, "model"};
        CPPUNIT_ASSERT(
            FindModel({&body, 1}, "/", "",
                      "{\"model\":\"" + std::string(300, 'm') + "\"}")
                .size() <= 256);
    }

    void TheFirstRuleThatFindsOneCounts() {
        using enum ModelSource;
        const ModelRule rules[] = {{kQuery, "m"}, {kBody, "model"}};
        CPPUNIT_ASSERT_EQUAL(std::string("b"),
                             FindModel(rules, "/", "x=1", R"({"model":"b"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("q"),
                             FindModel(rules, "/", "m=q", R"({"model":"b"})"));
        CPPUNIT_ASSERT(FindModel({}, "/models/a", "", "").empty());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProviderModelRule);

}  // namespace
}  // namespace aiproxy::provider
