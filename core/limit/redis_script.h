// SPDX-License-Identifier: MIT
//
// The limits that nodes share, as scripts that Redis runs: the same windows as
// counters.h, on the server's clock. All keys have one hash tag, so that a
// cluster holds them on one shard. Without the epoch nothing is known: Redis
// was emptied, and days and months must be rebuilt first.
//
// A scope is a hash: three rings (s: requests per second, m: requests per
// minute, t: tokens per minute; "sn" is the newest bucket, s0 to s15 the
// counts) and the calendar (df, dr, dt, dc: day from, requests, tokens, cost;
// mf, mc). Beside it a sorted set holds who is in flight, by when it ends
// unless it is renewed. Costs are micro-USD. A charge is a key of its own,
// which its settling deletes: settled once, whoever does it.

#pragma once

namespace aiproxy::limit {

inline constexpr char kRedisPrefix[] = "{aiproxy}:";

// What both scripts need.
#define AIPROXY_REDIS_RINGS                                             \
    "local t = redis.call('TIME')\n"                                    \
    "local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"               \
    "local size = {s = 67, m = 4000, t = 4000}\n"                       \
    "local function load(key)\n"                                        \
    "  local flat, h = redis.call('HGETALL', key), {}\n"                \
    "  for i = 1, #flat, 2 do h[flat[i]] = tonumber(flat[i + 1]) end\n" \
    "  return h\n"                                                      \
    "end\n"                                                             \
    "local function move(h, p, set)\n"                                  \
    "  local b, n = math.floor(now / size[p]), h[p .. 'n'] or 0\n"      \
    "  for i = math.max(n + 1, b - 15), b do\n"                         \
    "    h[p .. i % 16] = 0; set[p .. i % 16] = true\n"                 \
    "  end\n"                                                           \
    "  if b > n then h[p .. 'n'] = b; set[p .. 'n'] = true end\n"       \
    "end\n"                                                             \
    "local function sum(h, p)\n"                                        \
    "  local s = 0\n"                                                   \
    "  for i = 0, 15 do s = s + (h[p .. i] or 0) end\n"                 \
    "  return s\n"                                                      \
    "end\n"                                                             \
    "local function add(h, p, count, set)\n"                            \
    "  local f = p .. h[p .. 'n'] % 16\n"                               \
    "  h[f] = (h[f] or 0) + count; set[f] = true\n"                     \
    "end\n"                                                             \
    "local function plus(h, f, count, set)\n"                           \
    "  h[f] = math.max(0, (h[f] or 0) + count); set[f] = true\n"        \
    "end\n"                                                             \
    "local function period(h, f, from, zero, set)\n"                    \
    "  if from > (h[f] or 0) or (h[f] or 0) > from + 3456000000 then\n" \
    "    h[f] = from; set[f] = true\n"                                  \
    "    for _, z in ipairs(zero) do h[z] = 0; set[z] = true end\n"     \
    "  end\n"                                                           \
    "end\n"                                                             \
    "local function store(key, h, set)\n"                               \
    "  local a = {}\n"                                                  \
    "  for f in pairs(set) do\n"                                        \
    "    a[#a + 1] = f; a[#a + 1] = string.format('%.0f', h[f])\n"      \
    "  end\n"                                                           \
    "  if #a > 0 then\n"                                                \
    "    redis.call('HSET', key, unpack(a))\n"                          \
    "    redis.call('PEXPIRE', key, 3456000000)\n"                      \
    "  end\n"                                                           \
    "end\n"

// KEYS: epoch, the charge, and of each scope its hash and its sorted set.
// ARGV: tokens, cost, ms in flight, request id, and of each scope: requests
// per second, minute, day, tokens per minute, day, cost per day, month, in
// flight (-1: no limit), day from, day to, month from, month to.
// Reply: "EMPTY"; "NO", scope (from 0), limit (from 1, as limit::Kind), limit,
// used, ms until there is room; or "OK" and twice (requests, tokens) limit's
// number (0: none), limit, used, ms.
inline constexpr char kRedisAdmit[] = AIPROXY_REDIS_RINGS R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return {'EMPTY'} end
local tokens, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local scopes, no = {}, nil
for i = 1, (#KEYS - 2) / 2 do
  local key, flight = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
  local h, set, l = load(key), {}, {}
  for j = 1, 12 do l[j] = tonumber(ARGV[4 + (i - 1) * 12 + j]) end
  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end
  period(h, 'df', l[9], {'dr', 'dt', 'dc'}, set)
  period(h, 'mf', l[11], {'mc'}, set)
  local rows = {
    {sum(h, 's'), 1, 's'}, {sum(h, 'm'), 1, 'm'}, {h.dr or 0, 1, l[10]},
    {sum(h, 't'), tokens, 't'}, {h.dt or 0, tokens, l[10]},
    {h.dc or 0, cost, l[10]}, {h.mc or 0, cost, l[12]}}
  local function reset(row, left)
    if type(row[3]) == 'number' then return math.max(0, row[3] - now) end
    local p, s = row[3], row[1]
    if s <= left then return 0 end
    local n = h[p .. 'n']
    local b = n - 15
    while b < n do
      s = s - (h[p .. b % 16] or 0)
      if s <= left then break end
      b = b + 1
    end
    return (b + 16) * size[p] - now
  end
  for k = 1, 7 do
    local limit, row = l[k], rows[k]
    if limit >= 0 and not (row[1] < limit and row[2] <= limit - row[1]) then
      local left = 0
      if row[2] <= limit then left = limit - math.max(1, row[2]) end
      local wait = reset(row, math.max(0, left))
      if not no or wait > no[6] then
        no = {'NO', i - 1, k, limit, row[1], wait}
      end
    end
  end
  if l[8] >= 0 then
    redis.call('ZREMRANGEBYSCORE', flight, '-inf', now)
    local running = redis.call('ZCARD', flight)
    if running >= l[8] and not no then
      no = {'NO', i - 1, 8, l[8], running, 0}
    end
  end
  scopes[i] = {key, flight, h, set, l, rows, reset}
end
if no then return no end
local charge, told = {}, {{0, 0, 0, 0, 2}, {0, 0, 0, 0, 2}}
for i, scope in ipairs(scopes) do
  local key, flight, h, set, l, rows = unpack(scope, 1, 6)
  add(h, 's', 1, set); add(h, 'm', 1, set); add(h, 't', tokens, set)
  plus(h, 'dr', 1, set); plus(h, 'dt', tokens, set); plus(h, 'dc', cost, set)
  plus(h, 'mc', cost, set)
  store(key, h, set)
  redis.call('ZADD', flight, now + tonumber(ARGV[3]), ARGV[4])
  redis.call('PEXPIRE', flight, 3456000000)
  charge[#charge + 1] = string.format('%.0f %.0f %.0f %.0f %.0f', h.tn, h.df,
                                      h.mf, h.sn, h.mn)
  for k = 1, 5 do
    local limit, told_at = l[k], told[k < 4 and 1 or 2]
    if limit >= 0 then
      local used = rows[k][1] + rows[k][2]
      local share = limit == 0 and 0 or (limit - used) / limit
      if share < told_at[5] then
        rows[k][1] = used
        told[k < 4 and 1 or 2] = {k, limit, used, scope[7](rows[k], 0), share}
      end
    end
  end
end
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. ARGV[2] .. ' ' ..
           table.concat(charge, ' '), 'PX', 172800000)
return {'OK', told[1][1], told[1][2], told[1][3], math.floor(told[1][4]),
        told[2][1], told[2][2], told[2][3], math.floor(told[2][4])}
)";

// KEYS: the charge, and of each scope its hash and its sorted set. ARGV:
// request id, tokens, cost, and 1 when the request was never sent, which
// takes it back. Reply: 1; 0: it was settled before.
inline constexpr char kRedisSettle[] = AIPROXY_REDIS_RINGS R"(
local text = redis.call('GET', KEYS[1])
for i = 1, (#KEYS - 1) / 2 do
  redis.call('ZREM', KEYS[1 + 2 * i], ARGV[1])
end
if not text then return 0 end
redis.call('DEL', KEYS[1])
local c = {}
for word in string.gmatch(text, '%S+') do c[#c + 1] = tonumber(word) end
local tokens, cost = tonumber(ARGV[2]) - c[1], tonumber(ARGV[3]) - c[2]
local undo = ARGV[4] == '1'
for i = 1, (#KEYS - 1) / 2 do
  local key, at = KEYS[2 * i], 2 + (i - 1) * 5
  local h, set = load(key), {}
  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end
  local function back(p, bucket, count)
    if bucket > h[p .. 'n'] - 16 and bucket <= h[p .. 'n'] then
      plus(h, p .. bucket % 16, -count, set)
    end
  end
  if tokens < 0 then back('t', c[at + 1], -tokens)
  elseif tokens > 0 then add(h, 't', tokens, set) end
  if tokens > 0 or h.df == c[at + 2] then plus(h, 'dt', tokens, set) end
  if cost > 0 or h.df == c[at + 2] then plus(h, 'dc', cost, set) end
  if cost > 0 or h.mf == c[at + 3] then plus(h, 'mc', cost, set) end
  if undo then
    back('s', c[at + 4], 1); back('m', c[at + 5], 1)
    if h.df == c[at + 2] then plus(h, 'dr', -1, set) end
  end
  store(key, h, set)
end
return 1
)";

// KEYS: sorted sets. ARGV: ms in flight, and of each set a request id.
inline constexpr char kRedisRenew[] = R"(
local t = redis.call('TIME')
local till = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[1])
for i = 1, #KEYS do redis.call('ZADD', KEYS[i], 'XX', till, ARGV[1 + i]) end
return 1
)";

}  // namespace aiproxy::limit
