/* SPDX-License-Identifier: MIT
 *
 * The entry points of the steps, in the order of a request.
 */

#pragma once

#include "ngx_aiproxy_module/ngx_http_aiproxy_ctx.h"


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
