/* SPDX-License-Identifier: MIT
 *
 * The types that the steps share: configurations, a snapshot as a worker has
 * it, and the context of a request.
 */

#pragma once

#include "ngx_aiproxy_module/ngx_http_aiproxy_bridge.h"

#include <sys/mman.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/spare.h"
#include "core/dialect/dialect.h"
#include "core/dialect/estimate.h"
#include "core/dialect/mapping.h"
#include "core/dialect/meter.h"
#include "core/dialect/request.h"
#include "core/dialect/stream_end.h"
#include "core/dialect/turn_watch.h"
#include "core/dialect/usage_hider.h"
#include "core/key/digest.h"
#include "core/key/seal.h"
#include "core/ledger/record.h"
#include "core/limit/vendor_quota.h"
#include "core/pool/scheduler.h"
#include "core/pricing/price.h"
#include "core/provider/head.h"
#include "core/retry/judge.h"
#include "core/snapshot/prices.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/token_access.h"
#include "core/state/state.h"


#define NGX_HTTP_AIPROXY_REFUSE  0
#define NGX_HTTP_AIPROXY_COUNT   1


typedef struct {
    ngx_str_t                       dir;
    ngx_str_t                       run_dir;
    ngx_uint_t                      ledger_full;
    ngx_str_t                       trusted_certificate;
    ngx_uint_t                      keepalive;           /* idle, an origin */
    ngx_uint_t                      keepalive_requests;
    ngx_msec_t                      keepalive_timeout;
    ngx_str_t                       redis_host;     /* with a NUL behind */
    in_port_t                       redis_port;
    ngx_str_t                       redis_password;
    ngx_uint_t                      redis_database;
    ngx_msec_t                      redis_timeout;
    ngx_msec_t                      snapshot_max_age;   /* 0: any */
    ngx_flag_t                      used;       /* some location is on */
    ngx_ssl_t                      *ssl;        /* towards providers */
    ngx_http_upstream_srv_conf_t    upstream;   /* with our peer.init */
} ngx_http_aiproxy_main_conf_t;


typedef struct {
    ngx_flag_t                      used;       /* some location is on */
} ngx_http_aiproxy_srv_conf_t;


typedef struct {
    ngx_flag_t                      enable;
    ngx_http_upstream_conf_t        upstream;   /* copied for each request */
} ngx_http_aiproxy_loc_conf_t;


/*
 * The connections to one scheme, host, port and TLS name that idle, and the
 * last TLS session there.  Lives as long as the worker.
 */

typedef struct {
    std::vector<ngx_connection_t *>  idle;
    ngx_ssl_session_t               *session;
} ngx_http_aiproxy_origin_t;


typedef struct ngx_http_aiproxy_parked_s  ngx_http_aiproxy_parked_t;
class ngx_http_aiproxy_prompt_t;
typedef struct ngx_http_aiproxy_asked_s   ngx_http_aiproxy_asked_t;
typedef struct ngx_http_aiproxy_more_s    ngx_http_aiproxy_more_t;
class ngx_http_aiproxy_payload_t;


/* what Redis says of a request */

typedef enum {
    ngx_http_aiproxy_redis_not_asked = 0,
    ngx_http_aiproxy_redis_admitted,
    ngx_http_aiproxy_redis_refused,
    ngx_http_aiproxy_redis_no_key,    /* none of the order has room */
    ngx_http_aiproxy_redis_unknown
} ngx_http_aiproxy_redis_e;


/* what follows an attempt */

typedef enum {
    ngx_http_aiproxy_verdict_pass = 0,  /* its answer goes to the caller */
    ngx_http_aiproxy_verdict_again,     /* another attempt */
    ngx_http_aiproxy_verdict_hide       /* an error of ours instead */
} ngx_http_aiproxy_verdict_t;


/* what an attempt is: of another key, or of the same one once more */

typedef enum {
    ngx_http_aiproxy_next_key = 0,
    ngx_http_aiproxy_new_connection,    /* the kept one was closed */
    ngx_http_aiproxy_next_address
} ngx_http_aiproxy_again_e;


typedef struct {
    ngx_sockaddr_t                   sockaddr;
    socklen_t                        socklen;
    std::string                      name;
} ngx_http_aiproxy_address_t;


/* what a provider's row means to its connections; made once for a snapshot */

typedef struct {
    ngx_http_aiproxy_origin_t       *origin;
    std::vector<ngx_http_aiproxy_address_t>  addresses;
    std::string                      tls_name;  /* an IPv6 one in brackets */
    aiproxy::provider::HeadRules     rules;     /* of what it receives */
    /* how its usage is read; NULL: as its dialect says */
    std::shared_ptr<const aiproxy::dialect::Mapping>  mapping;
} ngx_http_aiproxy_target_t;


typedef std::shared_ptr<const aiproxy::snapshot::Prices>
    ngx_http_aiproxy_prices_ref_t;


/* a snapshot, its mapping, what opens its credentials, and what it means */

class ngx_http_aiproxy_snapshot_t {
public:
    ngx_http_aiproxy_snapshot_t(std::byte *file, size_t size,
                                aiproxy::snapshot::Snapshot view,
                                const aiproxy::key::SealKey &node_key)
        : view(view), opener(node_key), node_key(node_key), file_(file),
          size_(size) {}
    ~ngx_http_aiproxy_snapshot_t();
    ngx_http_aiproxy_snapshot_t(const ngx_http_aiproxy_snapshot_t &) = delete;

    aiproxy::snapshot::Snapshot     view;
    mutable aiproxy::key::Opener    opener;
    aiproxy::key::SealKey           node_key;
    std::vector<ngx_http_aiproxy_target_t>  targets;    /* by provider */
    ngx_http_aiproxy_prices_ref_t   prices;

private:
    std::byte                   *file_;
    size_t                       size_;
};

typedef std::shared_ptr<const ngx_http_aiproxy_snapshot_t>
    ngx_http_aiproxy_snapshot_ref_t;


/* a provider key, and the configuration that has its credential */

typedef struct {
    ngx_http_aiproxy_snapshot_ref_t             snapshot;
    const aiproxy::snapshot::wire::ProviderKey *key;
} ngx_http_aiproxy_token_t;


/*
 * A request's body in one piece: a view of memory, or a mapping of nginx's
 * temporary file.  Lives no longer than the request.
 */

class ngx_http_aiproxy_body_t {
public:
    explicit ngx_http_aiproxy_body_t(ngx_http_request_t *r);
    ~ngx_http_aiproxy_body_t();
    ngx_http_aiproxy_body_t(const ngx_http_aiproxy_body_t &) = delete;

    std::string_view  bytes;
    bool              failed = false;

private:
    void             *mapped_ = MAP_FAILED;
    size_t            size_ = 0;
    std::string       joined_;
};


/*
 * What we know of a request.  Lives in its pool.  Each field is written by
 * the step that it stands under.
 */

struct ngx_http_aiproxy_ctx_t : aiproxy::Spare<ngx_http_aiproxy_ctx_t> {
    explicit ngx_http_aiproxy_ctx_t(ngx_http_request_t *r) : request(r) {}
    ~ngx_http_aiproxy_ctx_t();

    ngx_http_request_t                *request;

    /* 1 route */
    aiproxy::dialect::Route            route;
    aiproxy::RequestId                 id;
    char                               id_text[36];
    aiproxy::UnixMs                    started_ms;
    uint64_t                           started_us;
    std::optional<aiproxy::key::Digest>  digest;  /* of the credential */
    std::string                        token;     /* it is one; until step 2 */
    bool                               preflight = false;
    std::string                        traceparent;  /* if it is passed on */
    size_t                             prefix = 0; /* of the path, ours */
    std::optional<uint32_t>            only_provider; /* in the snapshot */
    bool                               azure = false; /* its path, its key */

    /* 2 access */
    ngx_http_aiproxy_snapshot_ref_t    snapshot;  /* until the first byte */
    const aiproxy::snapshot::wire::ClientKey  *client = nullptr;
    int64_t                            client_id = 0;
    aiproxy::ledger::Access            access{};
    /* what a WebSocket's token said */
    std::optional<aiproxy::snapshot::TokenVerifier::Proven>  proven;
    uint64_t                           generation = 0;

    /* 3 body */
    aiproxy::dialect::RequestFields    fields;
    std::optional<aiproxy::dialect::Edit>  edit;
    std::string                        model;     /* asked, body or path */
    bool                               streaming = false;
    bool                               ask_usage = false;
    uint64_t                           prompt_bound = 0;  /* its tokens */
    ngx_http_aiproxy_payload_t        *payload = nullptr; /* it is kept */

    /* 4 limit */
    aiproxy::state::Entry             *entry = nullptr;
    aiproxy::pool::Strategy            strategy{};
    std::vector<aiproxy::pool::Candidate>  candidates;
    aiproxy::pool::Decision            decision;
    size_t                             next = 0;  /* into its order */
    bool                               booked = false; /* that one is had */
    std::vector<aiproxy::state::Scope> scopes;    /* client key and user */
    aiproxy::limit::Use                use;       /* charged */
    uint64_t                           prompt_cost = 0;  /* of that */
    uint64_t                           output_cost = 0;
    uint64_t                           output_bound = 0;
    aiproxy::state::Headroom           headroom;
    ngx_event_t                        busy{};    /* asks again */
    ngx_msec_t                         busy_ms = 0;  /* it has waited */
    ngx_http_aiproxy_redis_e           redis{};
    ngx_http_aiproxy_asked_t          *asked = nullptr; /* it waits */
    bool                               redis_charged = false;
    ngx_uint_t                         redis_serial = 0; /* over which */
    size_t                             redis_pick = 0;  /* of the order */
    aiproxy::state::Verdict            refusal;
    ngx_http_aiproxy_parked_t         *parked = nullptr;  /* it waits */
    uint64_t                           parked_us = 0;     /* in all */
    uint64_t                           waited_us = 0; /* for this attempt */
    bool                               room = false;  /* in the ledger */

    /* 5 balancer */
    ngx_http_upstream_conf_t           upstream_conf;
    std::vector<aiproxy::ledger::Attempt>  attempts;
    std::optional<uint32_t>            key_index; /* of this attempt */
    aiproxy::state::SlotRef            key_slot;
    bool                               same_key_tried = false;
    uint64_t                           attempt_us = 0;
    ngx_http_aiproxy_again_e           again{};
    const ngx_http_aiproxy_target_t   *target = nullptr;  /* as snapshot */
    ngx_http_aiproxy_origin_t         *origin = nullptr;
    ngx_str_t                          peer_name;
    ngx_sockaddr_t                     sockaddr;
    uint32_t                           address_index = 0;
    uint32_t                           addresses_tried = 0;
    uint32_t                           total_ms = 0;    /* 0: not bounded */
    uint32_t                           idle_ms = 0;
    bool                               verify = false;  /* its certificate */
    bool                               cached = false;
    bool                               judged = false;
    bool                               waiting = false;  /* peer.get waits */
    ngx_http_aiproxy_redis_e           redis_again{};  /* of the next key */

    /* 6 request */
    u_char                            *secret = nullptr;
    size_t                             secret_size = 0;
    uint64_t                           token_serial = 0; /* 0: no OAuth */

    /* 7 response */
    ngx_http_status_t                  status;
    ngx_http_chunked_t                 chunked;
    bool                               status_done = false;
    bool                               headers_done = false;
    bool                               has_length = false;
    std::optional<aiproxy::frame::Coding>  coding;  /* of its answer */
    bool                               has_upgrade = false;
    bool                               has_extension = false;
    bool                               leaving = false;  /* reads the rest */
    off_t                              left_bytes = 0;   /* that were read */
    std::optional<int64_t>             retry_after_ms;
    std::optional<bool>                should_retry;
    std::string                        error_type;
    aiproxy::limit::VendorQuota        quota;
    std::string_view                   content_type; /* in r->pool */
    std::string_view                   provider_request_id; /* too */
    bool                               passing = false;  /* its answer */
    ngx_event_t                        opening_timer{};
    ngx_recv_pt                        opening_recv = nullptr;
    u_char                             opening_byte = 0;
    bool                               opening_over = false;

    /* 8 stream */
    std::shared_ptr<const aiproxy::dialect::Mapping>  mapping;
    std::optional<aiproxy::dialect::Meter>  meter;
    std::optional<aiproxy::dialect::UsageHider>  hider;
    std::string                        held;      /* out of the hider */
    ngx_http_aiproxy_prices_ref_t      prices;    /* instead of snapshot */
    std::string                        price_list;
    ngx_recv_pt                        recv = nullptr; /* of a WebSocket */
    std::optional<aiproxy::dialect::TurnWatch>  watch;
    bool                               left = false; /* it may no more */
    bool                               left_told = false;
    uint64_t                           first_byte_us = 0;
    uint64_t                           body_bytes = 0;
    std::optional<aiproxy::dialect::StreamEnd>  ending; /* at a limit */
    bool                               ended = false; /* so it was */
    ngx_http_aiproxy_more_t           *more = nullptr;  /* is asked for */
    bool                               more_refused = false;
    aiproxy::limit::Use                turns;     /* of a WebSocket, charged */
    bool                               complete = false;
    bool                               aborted = false;
    std::optional<aiproxy::dialect::Reading>  reading;
    aiproxy::dialect::Calibration      calibration;
    ngx_http_aiproxy_prompt_t         *prompt = nullptr;  /* is counted */

    /* 8 stream, of a caller who left */
    uint32_t                           drain_ms = 0;      /* 0: it is cut */
    uint64_t                           drain_bytes = 0;   /* at most */
    ngx_http_event_handler_pt          caller_reads = nullptr;   /* nginx's */
    ngx_http_event_handler_pt          caller_writes = nullptr;
    bool                               draining = false;
    uint64_t                           drained_bytes = 0;

    /* 9 error */
    aiproxy::ErrorCode                 error = aiproxy::ErrorCode::kNone;
    int64_t                            retry_after_s = 0;
    std::string                        error_detail; /* behind its text */
    bool                               replaced = false; /* by our body */
    bool                               replaced_sent = false;
    bool                               last = false;     /* its last buffer */

    /* 10 log */
    bool                               logged = false;
    std::optional<int64_t>             cost;
};
