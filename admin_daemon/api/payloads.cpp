// SPDX-License-Identifier: MIT

#include "admin_daemon/api/fields.h"

namespace aiproxy::admin::api {
namespace {

Json TextJson(const std::optional<service::KeptText>& kept) {
    if (!kept) return Json();
    Json json = Json::Object();
    json.Set("text", kept->text);
    json.Set("content_type", kept->content_type);
    json.Set("bytes", kept->bytes);
    json.Set("hidden", kept->hidden);
    json.Set("is_cut", kept->is_cut);
    json.Set("is_binary", kept->is_binary);
    return json;
}

}  // namespace

Result<Reply> GetTracePayload(Services& services, const Call& call) {
    const Status status = Query(call).Finish();
    if (!status.ok()) return status.error();
    std::string request_id = call.id;
    if (!ParseRequestId(request_id)) {
        const auto record = services.records.Get(call.id);
        if (!record.ok()) return record.error();
        request_id = record->request_id;
    }
    const auto kept = services.payloads.Get(request_id);
    if (!kept.ok()) return kept.error();
    Json json = Json::Object();
    json.Set("request_id", request_id);
    json.Set("client_key_id", kept->client_key_id);
    json.Set("started_at", FormatTime(kept->started_at));
    json.Set("kept_until", FormatTime(kept->kept_until));
    json.Set("request", TextJson(kept->request));
    json.Set("answer", TextJson(kept->answer));
    return JsonReply(200, json);
}

}  // namespace aiproxy::admin::api
