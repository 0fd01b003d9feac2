// SPDX-License-Identifier: MIT

#include "admin_daemon/document/yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace aiproxy::admin::document {
namespace {

constexpr int kMostDepth = 32;
// Aliases stand for what they name: a small file may mean a large one. Without
// them each node takes a byte at least.
constexpr std::size_t kNodesByAliases = 100'000;

Error Bad(int line, const std::string& what) {
    return Error(ErrorCode::kValidation,
                 "line " + std::to_string(line) + ": " + what);
}

int LineOf(const YAML::Node& node) {
    return std::max(node.Mark().line, 0) + 1;
}

bool IsDecimal(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('.') + 1);
    constexpr std::array others = {"provider", "model", "effective_from",
                                   "tier_at", "more"};
    if (name.starts_with("cost_per_")) return true;
    return path.starts_with("prices[") &&
           std::find(others.begin(), others.end(), name) == others.end();
}

// What a plain word is; nullopt: a text.
std::optional<Json> ReadWord(const std::string& word) {
    if (word.empty() || word == "~" || word == "null") return Json();
    if (word == "true") return Json(json_true());
    if (word == "false") return Json(json_false());
    const char* end = word.data() + word.size();
    std::int64_t number = 0;
    const auto whole = std::from_chars(word.data(), end, number);
    const std::string_view digits =
        std::string_view(word).substr(word[0] == '-' ? 1 : 0);
    const bool padded = digits.size() > 1 && digits[0] == '0' &&
                        digits.find('.') == digits.npos;
    if (padded) return std::nullopt;
    if (whole.ec == std::errc() && whole.ptr == end) {
        return Json(json_integer(number));
    }
    double real = 0;
    const bool numeric = word.find_first_not_of("0123456789+-.eE") == word.npos;
    const auto read = std::from_chars(word.data(), end, real);
    if (numeric && read.ec == std::errc() && read.ptr == end &&
        std::isfinite(real)) {
        return Json(json_real(real));
    }
    return std::nullopt;
}

class Reader {
 public:
    Reader(Lines& lines, std::size_t bytes)
        : lines_(lines), most_nodes_(bytes + kNodesByAliases) {}

    Result<Json> Read(const YAML::Node& node, const std::string& path,
                      int depth) {
        lines_.Put(path, LineOf(node));
        if (depth > kMostDepth || ++nodes_ > most_nodes_) {
            return Bad(LineOf(node), "too deep or too large");
        }
        if (node.IsMap()) return ReadMap(node, path, depth);
        if (node.IsSequence()) return ReadList(node, path, depth);
        if (!node.IsScalar()) return Json();
        const std::string& text = node.Scalar();
        if (text.find('\0') != text.npos) {
            return Bad(LineOf(node), "a text with U+0000");
        }
        if (node.Tag() == "?") {
            auto word = ReadWord(text);
            const bool number = word && json_is_number(word->raw());
            if (word && !(number && IsDecimal(path))) return std::move(*word);
        }
        return Json(json_stringn(text.data(), text.size()));
    }

 private:
    Result<Json> ReadMap(const YAML::Node& node, const std::string& path,
                         int depth) {
        Json object = Json::Object();
        std::set<std::string> names;
        for (const auto& member : node) {
            if (!member.first.IsScalar()) {
                return Bad(LineOf(member.first), "a name that is no text");
            }
            const std::string& name = member.first.Scalar();
            if (!names.insert(name).second) {
                return Bad(LineOf(member.first), name + " is there twice");
            }
            const std::string inner = path.empty() ? name : path + "." + name;
            auto value = Read(member.second, inner, depth + 1);
            if (!value.ok()) return value.error();
            // The name's line: a block begins below it.
            lines_.Put(inner, LineOf(member.first));
            object.Set(name, *value);
        }
        return object;
    }

    Result<Json> ReadList(const YAML::Node& node, const std::string& path,
                          int depth) {
        Json list = Json::Array();
        std::size_t i = 0;
        for (const auto& item : node) {
            auto value =
                Read(item, path + "[" + std::to_string(i++) + "]", depth + 1);
            if (!value.ok()) return value.error();
            list.Append(*value);
        }
        return list;
    }

    Lines& lines_;
    const std::size_t most_nodes_;
    std::size_t nodes_ = 0;
};

// A text that another reader of YAML may take for something else.
bool IsAmbiguous(const std::string& text) {
    if (text.empty() || ReadWord(text)) return true;
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    constexpr std::array words = {"yes", "no",   "on",    "off", "y",
                                  "n",   "true", "false", "null"};
    if (std::find(words.begin(), words.end(), lower) != words.end()) {
        return true;
    }
    return std::string("0123456789+-.~=").find(text[0]) != std::string::npos;
}

bool IsBlock(const std::string& text) {
    return text.size() > 1 && text.back() == '\n' &&
           text[text.size() - 2] != '\n' && text[0] != ' ' && text[0] != '\n' &&
           std::none_of(text.begin(), text.end(), [](unsigned char c) {
               return (c < 0x20 && c != '\n') || c == 0x7f;
           });
}

void Emit(YAML::Emitter& out, json_t* value) {
    if (json_is_object(value)) {
        if (json_object_size(value) == 0) out << YAML::Flow;
        out << YAML::BeginMap;
        const char* name;
        json_t* member;
        json_object_foreach(value, name, member) {
            out << YAML::Key << std::string(name) << YAML::Value;
            Emit(out, member);
        }
        out << YAML::EndMap;
    } else if (json_is_array(value)) {
        if (json_array_size(value) == 0) out << YAML::Flow;
        out << YAML::BeginSeq;
        std::size_t i;
        json_t* item;
        json_array_foreach(value, i, item) Emit(out, item);
        out << YAML::EndSeq;
    } else if (json_is_string(value)) {
        const std::string text(json_string_value(value),
                               json_string_length(value));
        if (IsBlock(text)) {
            out << YAML::Literal;
        } else if (IsAmbiguous(text)) {
            out << YAML::DoubleQuoted;
        }
        out << text;
    } else if (json_is_integer(value)) {
        out << static_cast<long long>(json_integer_value(value));
    } else if (json_is_real(value)) {
        out << Json(json_incref(value)).Dump();
    } else if (json_is_boolean(value)) {
        out << (json_is_true(value) ? "true" : "false");
    } else {
        out << YAML::Null;
    }
}

}  // namespace

int Lines::Find(std::string path) const {
    while (!path.empty()) {
        const auto found = lines_.find(path);
        if (found != lines_.end()) return found->second;
        const std::size_t cut = path.find_last_of(".[");
        path.resize(cut == path.npos ? 0 : cut);
    }
    const auto root = lines_.find("");
    return root == lines_.end() ? 1 : root->second;
}

Result<Yaml> ParseYaml(std::string_view text) {
    if (ValidUtf8(text) != text) {
        return Error(ErrorCode::kValidation,
                     "line 1: not UTF-8, or with U+0000 in it");
    }
    try {
        const auto documents = YAML::LoadAll(std::string(text));
        if (documents.size() != 1 || !documents[0].IsMap()) {
            return Bad(1, "not one map of sections");
        }
        Yaml yaml;
        Reader reader(yaml.lines, text.size());
        auto root = reader.Read(documents[0], "", 0);
        if (!root.ok()) return root.error();
        yaml.root = std::move(*root);
        return yaml;
    } catch (const YAML::Exception& e) {
        return Bad(std::max(e.mark.line, 0) + 1, e.msg);
    }
}

std::string FormatYaml(const Json& root) {
    YAML::Emitter out;
    out.SetIndent(2);
    Emit(out, root.raw());
    return std::string(out.c_str()) + "\n";
}

}  // namespace aiproxy::admin::document
