/* SPDX-License-Identifier: MIT
 *
 * The types that the steps share, then their entry points in the order of a
 * request.
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


extern "C" {
extern ngx_module_t  ngx_aiproxy_module;
}


/* conf */

void *ngx_http_aiproxy_create_main_conf(ngx_conf_t *cf);
char *ngx_http_aiproxy_init_main_conf(ngx_conf_t *cf, void *conf);
void *ngx_http_aiproxy_create_srv_conf(ngx_conf_t *cf);
void *ngx_http_aiproxy_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_aiproxy_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
char *ngx_http_aiproxy_redis_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_aiproxy_flag(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* 1 route */

ngx_int_t ngx_http_aiproxy_route_handler(ngx_http_request_t *r);
ngx_http_aiproxy_ctx_t *ngx_http_aiproxy_ctx(ngx_http_request_t *r);
/* where it goes, as far as path and client key decide */
void ngx_http_aiproxy_route_bind(ngx_http_aiproxy_ctx_t *ctx);
bool ngx_http_aiproxy_route_takes(const ngx_http_aiproxy_ctx_t *ctx,
    uint32_t provider);
/* path and query as the provider gets them */
std::string_view ngx_http_aiproxy_route_uri(const ngx_http_aiproxy_ctx_t *ctx);
/* the first header of that name, which is in lower case; NULL data: none */
std::string_view ngx_http_aiproxy_header(ngx_http_request_t *r,
    std::string_view name);
uint64_t ngx_http_aiproxy_now_us(void);
aiproxy::UnixMs ngx_http_aiproxy_unix_ms(void);
aiproxy::BootMs ngx_http_aiproxy_boot_ms(void);

/* 2 access */

ngx_int_t ngx_http_aiproxy_access_handler(ngx_http_request_t *r);
void ngx_http_aiproxy_credential_take(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_credential_forget(ngx_http_aiproxy_ctx_t *ctx);
/* whose client key it is; may be asked before the access phase */
aiproxy::ErrorCode ngx_http_aiproxy_access_identify(
    ngx_http_aiproxy_ctx_t *ctx);
/* whether the present configuration would let it in again */
aiproxy::ErrorCode ngx_http_aiproxy_access_again(
    const ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_credential_hide(ngx_http_request_t *r);
ngx_int_t ngx_http_aiproxy_credential_watch(ngx_cycle_t *cycle);

/* 3 body */

ngx_int_t ngx_http_aiproxy_body_handler(ngx_http_request_t *r);
off_t ngx_http_aiproxy_body_size(ngx_http_request_t *r);

/* 3, 8 and 10, of a client key whose texts are kept */

void ngx_http_aiproxy_payload_start(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, std::string_view body);
/* REQUIRES: it was started */
void ngx_http_aiproxy_payload_answer(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view bytes);
void ngx_http_aiproxy_payload_write(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_payload_init(const ngx_str_t &run_dir);

/* 4 limit */

/* again after a wait: what rested then may serve now */
void ngx_http_aiproxy_candidates(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared);
bool ngx_http_aiproxy_candidates_speaks(
    const aiproxy::snapshot::wire::Provider &provider,
    const aiproxy::dialect::Route &route);
aiproxy::state::SlotRef ngx_http_aiproxy_limit_slot(
    const aiproxy::snapshot::wire::ProviderKey &key);
aiproxy::state::SlotRef ngx_http_aiproxy_limit_slot(
    const aiproxy::snapshot::wire::Provider &provider);
aiproxy::state::SlotRef ngx_http_aiproxy_limit_client_slot(
    const ngx_http_aiproxy_ctx_t *ctx);
aiproxy::pool::Exclusion ngx_http_aiproxy_candidates_refused(
    aiproxy::state::Admission admission);
ngx_int_t ngx_http_aiproxy_limit_admit(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
/*
 * After a wait; NGX_AGAIN: still none of its keys may be had; NGX_BUSY: a
 * counter's lock was not had.
 */
ngx_int_t ngx_http_aiproxy_limit_again(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
/* whether one of them may be had now; between attempts */
bool ngx_http_aiproxy_limit_look(ngx_http_aiproxy_ctx_t *ctx);
/* whether one that the order has left may be had now; a retry */
bool ngx_http_aiproxy_candidates_left(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared);
/* whether the one that was tried last may be had once more */
bool ngx_http_aiproxy_candidates_again(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared);
/* when one of its keys may be had, 0: never by waiting */
aiproxy::BootMs ngx_http_aiproxy_candidates_free_at(
    const ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_limit_no_key(ngx_http_aiproxy_ctx_t *ctx);
/* goes on with step 4 at the end of this turn of the event loop */
void ngx_http_aiproxy_limit_post(ngx_http_aiproxy_ctx_t *ctx);
/* what the body may come to; before the body is let go */
void ngx_http_aiproxy_use_read(ngx_http_aiproxy_ctx_t *ctx,
    std::string_view body);
/* what is asked of the limits; false: it cannot be told what it costs */
bool ngx_http_aiproxy_use_most(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared, aiproxy::limit::Use &use);
void ngx_http_aiproxy_quota_init(ngx_http_aiproxy_ctx_t *ctx);
aiproxy::state::Now ngx_http_aiproxy_quota_now(void);
aiproxy::state::Scope ngx_http_aiproxy_quota_scope(
    const ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::snapshot::wire::ProviderKey &key);
/* what is asked of the limits; else why it is refused */
ngx_int_t ngx_http_aiproxy_quota_prepare(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared);
/* NGX_AGAIN: none of the provider keys may be had; NGX_BUSY: not now */
ngx_int_t ngx_http_aiproxy_quota_take(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared);
aiproxy::state::Verdict ngx_http_aiproxy_quota_next(
    ngx_http_aiproxy_ctx_t *ctx, aiproxy::state::State *shared,
    const aiproxy::snapshot::wire::ProviderKey &key);
/* in this node's counters; false: there is no room */
bool ngx_http_aiproxy_quota_charge_more(ngx_http_aiproxy_ctx_t *ctx,
    std::span<const aiproxy::state::Scope> limited,
    const aiproxy::limit::Use &more);
/* a turn of a WebSocket is over; kNone: there is room for another one */
aiproxy::ErrorCode ngx_http_aiproxy_quota_turn(ngx_http_aiproxy_ctx_t *ctx);
/* how far a stream has come, should this worker die */
void ngx_http_aiproxy_quota_spent(ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_quota_left_out(const ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::pool::Candidate &candidate,
    const aiproxy::state::Verdict &verdict);
void ngx_http_aiproxy_quota_settle(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared, std::optional<int64_t> cost);
/* whether a stream that wrote so many tokens may go on */
bool ngx_http_aiproxy_quota_more(ngx_http_aiproxy_ctx_t *ctx,
    uint64_t output);
/* which limit, how much of it is used, and when there is room again */
ngx_int_t ngx_http_aiproxy_headroom_refuse(ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::state::Verdict &verdict);
ngx_int_t ngx_http_aiproxy_headroom_headers(ngx_http_request_t *r,
    const ngx_http_aiproxy_ctx_t *ctx);
/* false: it may not wait, or there is nothing to wait for */
bool ngx_http_aiproxy_park(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_park_between(ngx_http_aiproxy_ctx_t *ctx,
    ngx_msec_t ms);
void ngx_http_aiproxy_park_leave(ngx_http_aiproxy_ctx_t *ctx);

/* 4 to 7, of OAuth keys */

/* the key at that place in the request's snapshot, as it is now */
ngx_http_aiproxy_token_t ngx_http_aiproxy_refresh_token(
    const ngx_http_aiproxy_ctx_t *ctx, uint32_t index);
/* 0: it is no OAuth key's */
uint64_t ngx_http_aiproxy_refresh_serial(
    const ngx_http_aiproxy_token_t &token);
aiproxy::pool::Exclusion ngx_http_aiproxy_refresh_exclusion(
    const ngx_http_aiproxy_ctx_t *ctx, uint32_t index, uint64_t refused);
/* whether the present attempt is one with a renewed token */
bool ngx_http_aiproxy_refresh_was(const ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_refresh_tell(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::state::State *shared);
/* whether a key is left out only until its token was renewed */
bool ngx_http_aiproxy_refresh_awaited(const ngx_http_aiproxy_ctx_t *ctx);
/* how long it may wait for one of its keys, in ms; 0: not at all */
int64_t ngx_http_aiproxy_refresh_patience(const ngx_http_aiproxy_ctx_t *ctx);

/* 5 balancer */

ngx_int_t ngx_http_aiproxy_balancer_start(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_balancer_init(ngx_http_request_t *r,
    ngx_http_upstream_srv_conf_t *us);

bool ngx_http_aiproxy_wait_may(ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_wait_begin(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
/* until Redis has answered: at the end of this turn of the event loop */
ngx_int_t ngx_http_aiproxy_wait_hold(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_wait_post(ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_wait_end(ngx_http_aiproxy_ctx_t *ctx);
bool ngx_http_aiproxy_wait_is(const ngx_connection_t *c);

/* what is left of the request's time, at most "ms" */
ngx_msec_t ngx_http_aiproxy_balancer_time(const ngx_http_aiproxy_ctx_t *ctx,
    ngx_msec_t ms);

uint32_t ngx_http_aiproxy_keepalive_count(void);
ngx_http_aiproxy_origin_t *ngx_http_aiproxy_keepalive_origin(
    std::string_view name);
ngx_connection_t *ngx_http_aiproxy_keepalive_take(
    ngx_http_aiproxy_origin_t *origin);
void ngx_http_aiproxy_keepalive_put(ngx_http_aiproxy_origin_t *origin,
    ngx_connection_t *c);

/* 6 request */

ngx_int_t ngx_http_aiproxy_request_build(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_request_wipe(ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_request_give(ngx_http_aiproxy_ctx_t *ctx);

/* memory for what is in clear: in no core dump; NULL: there is none */
u_char *ngx_http_aiproxy_secret_take(size_t size);
/* REQUIRES: nothing will send from it any more */
void ngx_http_aiproxy_secret_give(u_char *block, size_t size);

/* 7 response */

ngx_int_t ngx_http_aiproxy_response_status(ngx_http_request_t *r);
ngx_int_t ngx_http_aiproxy_response_invalid(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, const char *what);
ngx_int_t ngx_http_aiproxy_header_take(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_header_push(ngx_http_request_t *r,
    std::string_view name, std::string_view value, ngx_str_t *kept,
    ngx_uint_t hash = 0);

/* what its first bytes say; failed: it is an error.  false: more must come */
bool ngx_http_aiproxy_opening_read(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, aiproxy::retry::ErrorFacts &facts,
    bool &failed);
void ngx_http_aiproxy_opening_end(ngx_http_aiproxy_ctx_t *ctx);

ngx_http_aiproxy_verdict_t ngx_http_aiproxy_verdict(
    ngx_http_aiproxy_ctx_t *ctx, aiproxy::retry::Failure failure, int status,
    const aiproxy::retry::ErrorFacts *facts);
bool ngx_http_aiproxy_verdict_more(const ngx_http_aiproxy_ctx_t *ctx);

/* 8 stream */

void ngx_http_aiproxy_stream_init(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_stream_filter_init(void *data);
ngx_int_t ngx_http_aiproxy_stream_filter(void *data, ssize_t bytes);
void ngx_http_aiproxy_stream_finalize(ngx_http_request_t *r, ngx_int_t rc);

/* fills in what the provider did not count; a long prompt takes a while */
void ngx_http_aiproxy_prompt_settle(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);

/* 5 and 8, of a caller who leaves */

void ngx_http_aiproxy_drain_init(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
/* nothing goes to the caller any more; for the filters, with their result */
bool ngx_http_aiproxy_drain_takes(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx, ngx_int_t rc);
ngx_int_t ngx_http_aiproxy_drain_count(ngx_http_aiproxy_ctx_t *ctx,
    size_t bytes);

/* 6 to 8, of a WebSocket */

bool ngx_http_aiproxy_socket_asked(ngx_http_request_t *r);
std::string ngx_http_aiproxy_socket_model(ngx_http_request_t *r);
void ngx_http_aiproxy_socket_head(ngx_http_request_t *r, std::string &head);
void ngx_http_aiproxy_socket_start(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);

/* 9 error */

ngx_int_t ngx_http_aiproxy_error(ngx_http_aiproxy_ctx_t *ctx,
    aiproxy::ErrorCode code);
ngx_int_t ngx_http_aiproxy_answer_header(ngx_http_request_t *r,
    std::string_view name, std::string_view value);
void ngx_http_aiproxy_error_init_filters(void);

/* CORS, in steps 1 and 9 */

ngx_int_t ngx_http_aiproxy_cors_preflight(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
ngx_int_t ngx_http_aiproxy_cors_headers(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);

/* 10 log */

ngx_int_t ngx_http_aiproxy_log_handler(ngx_http_request_t *r);
void ngx_http_aiproxy_log_sent(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
/* without a cost: no usage, or unpriced */
aiproxy::snapshot::Rated ngx_http_aiproxy_log_rate(
    const ngx_http_aiproxy_ctx_t *ctx);

/* worker */

ngx_int_t ngx_http_aiproxy_worker_init(ngx_cycle_t *cycle);
void ngx_http_aiproxy_worker_exit(ngx_cycle_t *cycle);

/* NULL: none yet, and the log says why */
ngx_http_aiproxy_snapshot_ref_t ngx_http_aiproxy_snapshot_current(void);
void ngx_http_aiproxy_snapshot_init(const ngx_str_t &dir,
    const ngx_str_t &run_dir);
void ngx_http_aiproxy_snapshot_check(void);
/*
 * how long ago it was known that the database has no newer configuration; at
 * most that long if the daemon was not seen since the state file was made
 */
int64_t ngx_http_aiproxy_snapshot_age_ms(
    const aiproxy::snapshot::Snapshot &view);
void ngx_http_aiproxy_snapshot_done(void);

/* NULL: not mapped, or without a column; the log says why */
aiproxy::state::State *ngx_http_aiproxy_state(void);
/* where an entry lives: the state file may have been replaced meanwhile */
aiproxy::state::State *ngx_http_aiproxy_state_of(
    const aiproxy::state::Entry *entry);
void ngx_http_aiproxy_state_init(ngx_cycle_t *cycle, const ngx_str_t &run_dir);
void ngx_http_aiproxy_state_check(void);
void ngx_http_aiproxy_state_done(void);

void ngx_http_aiproxy_redis_init(ngx_cycle_t *cycle,
    ngx_http_aiproxy_main_conf_t *amcf);
void ngx_http_aiproxy_redis_done(void);
bool ngx_http_aiproxy_redis_used(void);
/* NGX_DONE: the request waits */
ngx_int_t ngx_http_aiproxy_redis_ask(ngx_http_request_t *r,
    ngx_http_aiproxy_ctx_t *ctx);
/* whether the limits of this request's provider keys are asked there */
bool ngx_http_aiproxy_redis_holds(const ngx_http_aiproxy_ctx_t *ctx);
/* from peer.get; true: it has to wait, redis_again will say */
bool ngx_http_aiproxy_redis_ask_next(ngx_http_aiproxy_ctx_t *ctx);
/* whether a stream that wrote so many tokens may go on */
bool ngx_http_aiproxy_redis_more(ngx_http_aiproxy_ctx_t *ctx, uint64_t output,
    const aiproxy::limit::Use &step);
bool ngx_http_aiproxy_redis_turn(ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::limit::Use &turn);
void ngx_http_aiproxy_redis_more_leave(ngx_http_aiproxy_ctx_t *ctx);
bool ngx_http_aiproxy_redis_owed(const ngx_http_aiproxy_ctx_t *ctx);
void ngx_http_aiproxy_redis_settle(ngx_http_aiproxy_ctx_t *ctx,
    const aiproxy::limit::Use &used, bool undo);
void ngx_http_aiproxy_redis_leave(ngx_http_aiproxy_ctx_t *ctx);

/* reserves room for one more record; false: there is none */
bool ngx_http_aiproxy_ledger_reserve(void);
void ngx_http_aiproxy_ledger_unreserve(void);
/* false: lost, which is counted and logged */
bool ngx_http_aiproxy_ledger_append(const aiproxy::ledger::Record &record);
void ngx_http_aiproxy_ledger_init(const ngx_str_t &run_dir);
void ngx_http_aiproxy_ledger_done(void);

/* the cache manager keeps the ledger while no daemon runs */
ngx_int_t ngx_http_aiproxy_spool_init(ngx_cycle_t *cycle);

typedef enum {
    ngx_http_aiproxy_event_next = 0,    /* another attempt follows */
    ngx_http_aiproxy_event_rest,        /* what it is about rests */
    ngx_http_aiproxy_event_ready        /* it was the trial, and good */
} ngx_http_aiproxy_event_e;

void ngx_http_aiproxy_event_attempt(const ngx_http_aiproxy_ctx_t *ctx,
    ngx_http_aiproxy_event_e event);
void ngx_http_aiproxy_event_snapshot(const std::string &path,
    const char *why);

/* variables */

ngx_int_t ngx_http_aiproxy_variables_add(ngx_conf_t *cf);

/* status */

/* what only this worker knows, for the others to tell */
void ngx_http_aiproxy_status_publish(void);
char *ngx_http_aiproxy_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
