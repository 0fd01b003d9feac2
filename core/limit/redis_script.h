// SPDX-License-Identifier: MIT
//
// The limits that nodes share, as scripts that Redis runs: the same windows as
// counters.h, on the server's clock. All keys have one hash tag, so that a
// cluster holds them on one shard. Without the epoch nothing is known: Redis
// was emptied, and days and months must be rebuilt first.
//
// A scope is a hash: three windows (s: requests per second, m: requests per
// minute, t: tokens per minute; 16 counts and the number of the newest bucket,
// packed) and the calendar (df, dr, dt, dc: day from, requests, tokens, cost;
// mf, mc). Beside it a sorted set holds who is in flight, by when it ends
// unless it is renewed. Costs are micro-USD. A charge is a key of its own,
// packed: its tokens and cost, and of each scope the hash's name and where it
// was taken from (newest bucket of t, df, mf, newest ones of s and m). Its
// settling deletes it: settled once, whoever does it, and by its id alone. One
// that nobody renews was lost with its node: the ticket goes, and what it took
// stands as used.

#pragma once

namespace aiproxy::limit {

inline constexpr char kRedisPrefix[] = "{aiproxy}:";
// Of a charge that nobody renews.
inline constexpr int kRedisChargeMs = 600'000;

// What the scripts need. A window is a plain array with its newest bucket at
// 17, packed by struct, which makes no name for each bucket. A hash gets its
// expiry when a window of minutes moves.
#define AIPROXY_REDIS_SCOPES                                                 \
    "local clock = redis.call('TIME')\n"                                     \
    "local now = clock[1] * 1000 + math.floor(clock[2] / 1000)\n"            \
    "local size = {s = 67, m = 4000, t = 4000}\n"                            \
    "local all, packed = {'s', 'm', 't'}, '<ddddddddddddddddd'\n"            \
    "local calendar = {'df', 'dr', 'dt', 'dc', 'mf', 'mc'}\n"                \
    "local function move(w, size)\n"                                         \
    "  local b, n = math.floor(now / size), w[17]\n"                         \
    "  if b <= n then return false end\n"                                    \
    "  for i = math.max(n + 1, b - 15), b do w[1 + i % 16] = 0 end\n"        \
    "  w[17] = b\n"                                                          \
    "  return true\n"                                                        \
    "end\n"                                                                  \
    "local function load(key, names)\n"                                      \
    "  local was = redis.call('HMGET', key, 'df', 'dr', 'dt', 'dc', 'mf',\n" \
    "                         'mc', unpack(names))\n"                        \
    "  local h = {key = key, names = names, was = was}\n"                    \
    "  for i = 1, 6 do\n"                                                    \
    "    was[i] = tonumber(was[i] or 0)\n"                                   \
    "    h[calendar[i]] = was[i]\n"                                          \
    "  end\n"                                                                \
    "  for i, p in ipairs(names) do\n"                                       \
    "    local w = was[6 + i] and {struct.unpack(packed, was[6 + i])}\n"     \
    "              or {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}\n" \
    "    h[p], h.moved = w, move(w, size[p])\n"                              \
    "  end\n"                                                                \
    "  return h\n"                                                           \
    "end\n"                                                                  \
    "local function sum(w)\n"                                                \
    "  local n = 0\n"                                                        \
    "  for i = 1, 16 do n = n + w[i] end\n"                                  \
    "  return n\n"                                                           \
    "end\n"                                                                  \
    "local function add(w, count)\n"                                         \
    "  local i = 1 + w[17] % 16\n"                                           \
    "  w[i] = w[i] + count\n"                                                \
    "end\n"                                                                  \
    "local function period(h, day, month)\n"                                 \
    "  if day > h.df or h.df > day + 3456000000 then\n"                      \
    "    h.df, h.dr, h.dt, h.dc = day, 0, 0, 0\n"                            \
    "  end\n"                                                                \
    "  if month > h.mf or h.mf > month + 3456000000 then\n"                  \
    "    h.mf, h.mc = month, 0\n"                                            \
    "  end\n"                                                                \
    "end\n"                                                                  \
    "local function store(h)\n"                                              \
    "  local a, n = {'HSET', h.key}, 2\n"                                    \
    "  for _, p in ipairs(h.names) do\n"                                     \
    "    a[n + 1], a[n + 2] = p, struct.pack(packed, unpack(h[p], 1, 17))\n" \
    "    n = n + 2\n"                                                        \
    "  end\n"                                                                \
    "  for i, f in ipairs(calendar) do\n"                                    \
    "    if h[f] ~= h.was[i] then\n"                                         \
    "      a[n + 1], a[n + 2] = f, string.format('%d', h[f])\n"              \
    "      n = n + 2\n"                                                      \
    "    end\n"                                                              \
    "  end\n"                                                                \
    "  redis.call(unpack(a))\n"                                              \
    "  if h.moved then redis.call('PEXPIRE', h.key, '3456000000') end\n"     \
    "end\n"

// A charge, its scopes in groups of six; what of it goes back to a scope.
#define AIPROXY_REDIS_CHARGES                                                 \
    "local function charged(key)\n"                                           \
    "  local c = redis.call('GET', key)\n"                                    \
    "  return c and cmsgpack.unpack(c) or {}\n"                               \
    "end\n"                                                                   \
    "local function plus(h, f, count) h[f] = math.max(0, h[f] + count) end\n" \
    "local function back(w, bucket, count)\n"                                 \
    "  if bucket > w[17] - 16 and bucket <= w[17] then\n"                     \
    "    local i = 1 + bucket % 16\n"                                         \
    "    w[i] = math.max(0, w[i] - count)\n"                                  \
    "  end\n"                                                                 \
    "end\n"                                                                   \
    "local function settle(c, at, tokens, cost, undo)\n"                      \
    "  local h = load(c[at], undo and all or {'t'})\n"                        \
    "  local day = h.df == c[at + 2]\n"                                       \
    "  if tokens < 0 then back(h.t, c[at + 1], -tokens)\n"                    \
    "  else add(h.t, tokens) end\n"                                           \
    "  if tokens > 0 or day then plus(h, 'dt', tokens) end\n"                 \
    "  if cost > 0 or day then plus(h, 'dc', cost) end\n"                     \
    "  if cost > 0 or h.mf == c[at + 3] then plus(h, 'mc', cost) end\n"       \
    "  if undo then\n"                                                        \
    "    back(h.s, c[at + 4], 1)\n"                                           \
    "    back(h.m, c[at + 5], 1)\n"                                           \
    "    if day then plus(h, 'dr', -1) end\n"                                 \
    "  end\n"                                                                 \
    "  store(h)\n"                                                            \
    "end\n"                                                                   \
    "local function place(c, h)\n"                                            \
    "  local n = #c\n"                                                        \
    "  c[n + 1], c[n + 2], c[n + 3] = h.key, h.t[17], h.df\n"                 \
    "  c[n + 4], c[n + 5], c[n + 6] = h.mf, h.s[17], h.m[17]\n"               \
    "end\n"

// The client key, its user, and the first provider key of the order that has
// room: in all or in none. Or only the next provider key in place of the one
// before, whose tokens and cost go back.
// KEYS: epoch, the charge, and of each scope its hash and its sorted set: the
// fixed ones, then those of provider keys in their order.
// ARGV: tokens, cost, ms in flight, request id, how many are fixed, 1 if a
// provider key without limits follows, 1 if there is a charge already, ms that
// a charge is kept, and of each scope, as little-endian doubles in one word:
// requests per second, minute, day, tokens per minute, day, cost per day,
// month, in flight (-1: no limit), day from, day to, month from, month to.
// Reply, as text: "EMPTY"; "NO", scope (from 0), limit (from 1, as
// limit::Kind), limit, used, ms until there is room; "KEYS", of each provider
// key limit's number, limit, used, ms; or "OK", the place of the provider key
// (from 0; behind the last: the one without limits), twice (requests, tokens)
// limit's number (0: none), limit, used, ms, and of each provider key before it
// what "KEYS" has.
inline constexpr char kRedisAdmit[] =
    AIPROXY_REDIS_SCOPES AIPROXY_REDIS_CHARGES R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return 'EMPTY' end
local tokens, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local fixed, again = tonumber(ARGV[5]), ARGV[7] == '1'
local till = string.format('%d', now + tonumber(ARGV[3]))
local asks = {1, 1, 1, tokens, tokens, cost, cost}
local window = {'s', 'm', [4] = 't'}
local function reset(scope, k, left)
  local p = window[k]
  if not p then return math.max(0, scope.l[k > 6 and 12 or 10] - now) end
  local w, used = scope.h[p], scope.used[k]
  if used <= left then return 0 end
  local b = w[17] - 15
  while b < w[17] do
    used = used - w[1 + b % 16]
    if used <= left then break end
    b = b + 1
  end
  return (b + 16) * size[p] - now
end
local function look(i)
  local h = load(KEYS[1 + 2 * i], all)
  local l = {struct.unpack('<dddddddddddd', ARGV[8 + i])}
  period(h, l[9], l[11])
  local used = {0, 0, h.dr, 0, h.dt, h.dc, h.mc}
  for k, p in pairs(window) do
    if l[k] >= 0 then used[k] = sum(h[p]) end
  end
  return {h = h, flight = KEYS[2 + 2 * i], l = l, used = used}
end
local function refused(scope)
  local no, l = nil, scope.l
  for k = 1, 7 do
    local limit = l[k]
    if limit >= 0 then
      local used, ask = scope.used[k], asks[k]
      if not (used < limit and ask <= limit - used) then
        local left = ask <= limit and limit - math.max(1, ask) or 0
        local wait = reset(scope, k, math.max(0, left))
        if not no or wait > no[4] then no = {k, limit, used, wait} end
      end
    end
  end
  if l[8] >= 0 then
    redis.call('ZREMRANGEBYSCORE', scope.flight, '-inf', now)
    local running = redis.call('ZCARD', scope.flight)
    if running >= l[8] and not no then no = {8, l[8], running, 0} end
  end
  return no
end
local function take(scope)
  local h = scope.h
  add(h.s, 1)
  add(h.m, 1)
  add(h.t, tokens)
  h.dr, h.dt, h.dc = h.dr + 1, h.dt + tokens, h.dc + cost
  h.mc = h.mc + cost
  store(h)
  redis.call('ZADD', scope.flight, till, ARGV[4])
  redis.call('PEXPIRE', scope.flight, '3456000000')
end
local scopes, no = {}, nil
for i = 1, fixed do
  scopes[i] = look(i)
  local why = refused(scopes[i])
  if why and (not no or why[4] > no[6]) then
    no = {'NO', i - 1, why[1], why[2], why[3], why[4]}
  end
end
if no then return table.concat(no, ' ') end
local charge = {tokens, cost}
if again then
  local c = charged(KEYS[2])
  if #c > 0 then charge = {c[1], c[2]} end
  for at = 3, #c, 6 do
    if string.find(c[at], '}:k:', 1, true) then
      settle(c, at, -c[1], -c[2], false)
      redis.call('ZREM', c[at] .. ':f', ARGV[4])
    else
      for i = at, at + 5 do charge[#charge + 1] = c[i] end
    end
  end
end
local function keep()
  redis.call('SET', KEYS[2], cmsgpack.pack(charge), 'PX', ARGV[8])
end
local picked, out = (#KEYS - 2) / 2 - fixed, {}
for i = fixed + 1, (#KEYS - 2) / 2 do
  local scope = look(i)
  local why = refused(scope)
  if not why then
    picked = i - fixed - 1
    scopes[#scopes + 1] = scope
    break
  end
  for j = 1, 4 do out[#out + 1] = why[j] end
end
if picked == (#KEYS - 2) / 2 - fixed and ARGV[6] ~= '1' then
  if again then keep() end
  return 'KEYS ' .. table.concat(out, ' ')
end
local told = {{0, 0, 0, 0, 2}, {0, 0, 0, 0, 2}}
for i, scope in ipairs(scopes) do
  take(scope)
  place(charge, scope.h)
  for k = 1, i <= fixed and 5 or 0 do
    local limit, at = scope.l[k], k < 4 and 1 or 2
    if limit >= 0 then
      local used = scope.used[k] + asks[k]
      local share = limit == 0 and 0 or (limit - used) / limit
      if share < told[at][5] then
        scope.used[k] = used
        told[at] = {k, limit, used, reset(scope, k, 0), share}
      end
    end
  end
end
keep()
local reply = {'OK', picked}
for i = 1, 2 do
  for j = 1, 4 do reply[#reply + 1] = math.floor(told[i][j]) end
end
for j = 1, #out do reply[#reply + 1] = out[j] end
return table.concat(reply, ' ')
)";

// KEYS: the charge. ARGV: request id, tokens, cost, and 1 when the request was
// never sent, which takes it back; tokens and cost of -1: what was charged.
// Reply: 1; 0: it was settled before.
inline constexpr char kRedisSettle[] =
    AIPROXY_REDIS_SCOPES AIPROXY_REDIS_CHARGES R"(
local c = charged(KEYS[1])
if #c == 0 then return 0 end
redis.call('DEL', KEYS[1])
local tokens, cost = tonumber(ARGV[2]) - c[1], tonumber(ARGV[3]) - c[2]
for at = 3, #c, 6 do
  redis.call('ZREM', c[at] .. ':f', ARGV[1])
  settle(c, at, tokens, cost, ARGV[4] == '1')
end
return 1
)";

// What a request used of which Redis was not told, for it was away: its charge
// is settled if it is still there, else its scopes are charged now. Once: what
// was told is remembered for as long as a charge is kept.
// KEYS: epoch, the charge, what remembers, and of each scope its hash.
// ARGV: request id, tokens, cost, when the request began, ms that it is
// remembered, and of each scope day from and month from.
// Reply: 1; 0: it was told before; -1: Redis is empty.
inline constexpr char kRedisOwe[] =
    AIPROXY_REDIS_SCOPES AIPROXY_REDIS_CHARGES R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if not redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[5]) then return 0 end
local c = charged(KEYS[2])
local tokens, cost = tonumber(ARGV[2]), tonumber(ARGV[3])
local began = tonumber(ARGV[4])
redis.call('DEL', KEYS[2])
for at = 3, #c, 6 do
  redis.call('ZREM', c[at] .. ':f', ARGV[1])
  settle(c, at, tokens - c[1], cost - c[2], false)
end
for i = 4, #c > 0 and 3 or #KEYS do
  local h, at = load(KEYS[i], all), 6 + 2 * (i - 4)
  period(h, tonumber(ARGV[at]), tonumber(ARGV[at + 1]))
  if began > now - 60000 then add(h.m, 1); add(h.t, tokens) end
  if began >= h.df then
    h.dr, h.dt, h.dc = h.dr + 1, h.dt + tokens, h.dc + cost
  end
  if began >= h.mf then h.mc = h.mc + cost end
  store(h)
end
return 1
)";

// More tokens and cost for a request that runs, in all its scopes or in none.
// KEYS: the charge. ARGV: tokens, cost, ms that a charge is kept, and of its
// client key and its user, in their order: hash, tokens per minute, day, cost
// per day, month (-1: no limit), day from, month from.
// Reply: 1; 0: there is no room, or no such charge.
inline constexpr char kRedisMore[] =
    AIPROXY_REDIS_SCOPES AIPROXY_REDIS_CHARGES R"(
local c = charged(KEYS[1])
if #c == 0 then return 0 end
local tokens, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local limits, scopes = {}, {}
for i = 4, #ARGV, 7 do limits[ARGV[i]] = i end
for at = 3, #c, 6 do
  local h, i = load(c[at], all), limits[c[at]]
  if i then
    period(h, tonumber(ARGV[i + 5]), tonumber(ARGV[i + 6]))
    local used = {sum(h.t), h.dt, h.dc, h.mc}
    for k = 1, 4 do
      local limit, ask = tonumber(ARGV[i + k]), k < 3 and tokens or cost
      if limit >= 0 and ask > limit - used[k] then return 0 end
    end
  end
  scopes[#scopes + 1] = h
end
local charge = {c[1] + tokens, c[2] + cost}
for _, h in ipairs(scopes) do
  add(h.t, tokens)
  h.dt, h.dc, h.mc = h.dt + tokens, h.dc + cost, h.mc + cost
  store(h)
  place(charge, h)
end
redis.call('SET', KEYS[1], cmsgpack.pack(charge), 'PX', ARGV[3])
return 1
)";

// KEYS: charges. ARGV: ms in flight, ms that a charge is kept, and of each
// charge its request id.
inline constexpr char kRedisRenew[] = AIPROXY_REDIS_SCOPES AIPROXY_REDIS_CHARGES
    R"(
local till = now + tonumber(ARGV[1])
for i = 1, #KEYS do
  local c = charged(KEYS[i])
  for at = 3, #c, 6 do
    redis.call('ZADD', c[at] .. ':f', 'XX', till, ARGV[2 + i])
  end
  redis.call('PEXPIRE', KEYS[i], ARGV[2])
end
return 1
)";

// How far limits are used. KEYS: of each scope its hash and its sorted set.
// ARGV: of each scope day from and month from. Reply, as text: of each scope
// what is used of the seven limits and in flight, and of the three windows the
// ms until all of it is free.
inline constexpr char kRedisUse[] = AIPROXY_REDIS_SCOPES R"(
local out = {}
for i = 1, #KEYS, 2 do
  local h = load(KEYS[i], all)
  period(h, tonumber(ARGV[i]), tonumber(ARGV[i + 1]))
  local used = {sum(h.s), sum(h.m), h.dr, sum(h.t), h.dt, h.dc, h.mc,
                redis.call('ZCOUNT', KEYS[i + 1], '(' .. now, '+inf')}
  for _, p in ipairs(all) do
    local w, free = h[p], 0
    for b = w[17] - 15, w[17] do
      if w[1 + b % 16] > 0 then free = (b + 16) * size[p] - now end
    end
    used[#used + 1] = math.max(0, free)
  end
  for _, value in ipairs(used) do
    out[#out + 1] = string.format('%.0f', value)
  end
end
return table.concat(out, ' ')
)";

}  // namespace aiproxy::limit
