// SPDX-License-Identifier: MIT

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <charconv>

#include "admin_daemon/store/copy.h"

namespace aiproxy::admin::store {
namespace {

constexpr std::size_t kPartBytes = 256 * 1024;

PGconn* Native(Connection& connection) {
    return static_cast<soci::postgresql_session_backend*>(
               connection.sql.get_backend())
        ->conn_;
}

// Throws what SOCI would have thrown, and takes the result.
void Check(PGconn* native, PGresult* result, ExecStatusType expected) {
    const ExecStatusType status = PQresultStatus(result);
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string sqlstate = state != nullptr ? state : "     ";
    std::string text = PQresultErrorMessage(result);
    if (text.empty()) text = PQerrorMessage(native);
    PQclear(result);
    if (status == expected) return;
    throw soci::postgresql_soci_error(text, sqlstate.c_str());
}

}  // namespace

void CopyRows::AddRaw(std::string_view text) {
    if (begun_) text_ += '\t';
    begun_ = true;
    text_ += text;
}

void CopyRows::Add(std::int64_t value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof(digits), value);
    AddRaw({digits, static_cast<std::size_t>(end.ptr - digits)});
}

void CopyRows::AddText(std::string_view text) {
    AddRaw({});
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find_first_of("\\\t\n\r", at);
        text_ += text.substr(at, end == text.npos ? end : end - at);
        if (end == text.npos) return;
        text_ += '\\';
        const char c = text[end];
        text_ += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c;
        at = end + 1;
    }
}

void CopyRows::EndRow() {
    text_ += '\n';
    begun_ = false;
    ++rows_;
}

void CopyIn(Connection& connection, const std::string& command,
            const CopyRows& rows) {
    PGconn* native = Native(connection);
    Check(native, PQexec(native, command.c_str()), PGRES_COPY_IN);
    const std::string& text = rows.text();
    bool sent = true;
    for (std::size_t at = 0; sent && at < text.size(); at += kPartBytes) {
        const std::size_t size = std::min(kPartBytes, text.size() - at);
        sent = PQputCopyData(native, text.data() + at,
                             static_cast<int>(size)) == 1;
    }
    // A failed send shows in the result, or in the connection.
    PQputCopyEnd(native, nullptr);
    Check(native, PQgetResult(native), PGRES_COMMAND_OK);
    while (PGresult* more = PQgetResult(native)) PQclear(more);
}

}  // namespace aiproxy::admin::store
