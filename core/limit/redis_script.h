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
// unless it is renewed. Costs are micro-USD. A charge is a key of its own: its
// tokens and cost, and of each scope the hash's name and where it was taken
// from (newest tn, df, mf, newest sn, mn). Its settling deletes it: settled
// once, whoever does it, and by its id alone. One that nobody renews was lost
// with its node: the ticket goes, and what it took stands as used.

#pragma once

namespace aiproxy::limit {

inline constexpr char kRedisPrefix[] = "{aiproxy}:";
// Of a charge that nobody renews.
inline constexpr int kRedisChargeMs = 600'000;

// What the scripts need.
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

// A charge as a table, its scopes in groups of six words; what of it goes back
// to a scope; and the charge as text.
#define AIPROXY_REDIS_CHARGES                                                  \
    "local function words(text)\n"                                             \
    "  local c = {}\n"                                                         \
    "  for word in string.gmatch(text or '', '%S+') do c[#c + 1] = word end\n" \
    "  return c\n"                                                             \
    "end\n"                                                                    \
    "local function back(h, p, bucket, count, set)\n"                          \
    "  if bucket > h[p .. 'n'] - 16 and bucket <= h[p .. 'n'] then\n"          \
    "    plus(h, p .. bucket % 16, -count, set)\n"                             \
    "  end\n"                                                                  \
    "end\n"                                                                    \
    "local function settle(c, at, tokens, cost, undo)\n"                       \
    "  local h, set, n = load(c[at]), {}, {}\n"                                \
    "  for i = 1, 5 do n[i] = tonumber(c[at + i]) end\n"                       \
    "  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end\n"           \
    "  if tokens < 0 then back(h, 't', n[1], -tokens, set)\n"                  \
    "  elseif tokens > 0 then add(h, 't', tokens, set) end\n"                  \
    "  if tokens > 0 or h.df == n[2] then plus(h, 'dt', tokens, set) end\n"    \
    "  if cost > 0 or h.df == n[2] then plus(h, 'dc', cost, set) end\n"        \
    "  if cost > 0 or h.mf == n[3] then plus(h, 'mc', cost, set) end\n"        \
    "  if undo then\n"                                                         \
    "    back(h, 's', n[4], 1, set); back(h, 'm', n[5], 1, set)\n"             \
    "    if h.df == n[2] then plus(h, 'dr', -1, set) end\n"                    \
    "  end\n"                                                                  \
    "  store(c[at], h, set)\n"                                                 \
    "end\n"                                                                    \
    "local function place(h)\n"                                                \
    "  return string.format('%.0f %.0f %.0f %.0f %.0f', h.tn, h.df or 0, "     \
    "h.mf or 0,\n"                                                             \
    "                       h.sn, h.mn)\n"                                     \
    "end\n"

// The client key, its user, and the first provider key of the order that has
// room: in all or in none. Or only the next provider key in place of the one
// before, whose tokens and cost go back.
// KEYS: epoch, the charge, and of each scope its hash and its sorted set: the
// fixed ones, then those of provider keys in their order.
// ARGV: tokens, cost, ms in flight, request id, how many are fixed, 1 if a
// provider key without limits follows, 1 if there is a charge already, ms that
// a charge is kept, and of each scope: requests per second, minute, day,
// tokens per minute, day, cost per day, month, in flight (-1: no limit), day
// from, day to, month from, month to.
// Reply, as text: "EMPTY"; "NO", scope (from 0), limit (from 1, as
// limit::Kind), limit, used, ms until there is room; "KEYS", of each provider
// key limit's number, limit, used, ms; or "OK", the place of the provider key
// (from 0; behind the last: the one without limits), twice (requests, tokens)
// limit's number (0: none), limit, used, ms, and of each provider key before it
// what "KEYS" has.
inline constexpr char kRedisAdmit[] =
    AIPROXY_REDIS_RINGS AIPROXY_REDIS_CHARGES R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return 'EMPTY' end
local tokens, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local fixed, again = tonumber(ARGV[5]), ARGV[7] == '1'
local function reset(scope, k, left)
  local to = k > 6 and scope.l[12] or scope.l[10]
  local p = k == 1 and 's' or k == 2 and 'm' or k == 4 and 't'
  if not p then return math.max(0, to - now) end
  local h, s = scope.h, scope.used[k]
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
local function look(i)
  local key, flight = KEYS[1 + 2 * i], KEYS[2 + 2 * i]
  local h, set, l = load(key), {}, {}
  for j = 1, 12 do l[j] = tonumber(ARGV[8 + (i - 1) * 12 + j]) end
  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end
  period(h, 'df', l[9], {'dr', 'dt', 'dc'}, set)
  period(h, 'mf', l[11], {'mc'}, set)
  return {key = key, flight = flight, h = h, set = set, l = l, used = {
    sum(h, 's'), sum(h, 'm'), h.dr or 0, sum(h, 't'), h.dt or 0, h.dc or 0,
    h.mc or 0}}
end
local function asked(k) return k < 4 and 1 or k < 6 and tokens or cost end
local function refused(scope)
  local no, l = nil, scope.l
  for k = 1, 7 do
    local limit, used, ask = l[k], scope.used[k], asked(k)
    if limit >= 0 and not (used < limit and ask <= limit - used) then
      local left = ask <= limit and limit - math.max(1, ask) or 0
      local wait = reset(scope, k, math.max(0, left))
      if not no or wait > no[4] then no = {k, limit, used, wait} end
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
  local h, set = scope.h, scope.set
  add(h, 's', 1, set); add(h, 'm', 1, set); add(h, 't', tokens, set)
  plus(h, 'dr', 1, set); plus(h, 'dt', tokens, set); plus(h, 'dc', cost, set)
  plus(h, 'mc', cost, set)
  store(scope.key, h, set)
  redis.call('ZADD', scope.flight, now + tonumber(ARGV[3]), ARGV[4])
  redis.call('PEXPIRE', scope.flight, 3456000000)
  return scope.key .. ' ' .. place(h)
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
local charge = {ARGV[1] .. ' ' .. ARGV[2]}
if again then
  local c = words(redis.call('GET', KEYS[2]))
  if #c > 0 then charge[1] = c[1] .. ' ' .. c[2] end
  for at = 3, #c, 6 do
    if string.find(c[at], '}:k:', 1, true) then
      settle(c, at, -tonumber(c[1]), -tonumber(c[2]), false)
      redis.call('ZREM', c[at] .. ':f', ARGV[4])
    else
      charge[#charge + 1] = table.concat(c, ' ', at, at + 5)
    end
  end
end
local function keep()
  redis.call('SET', KEYS[2], table.concat(charge, ' '), 'PX', ARGV[8])
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
  charge[#charge + 1] = take(scope)
  for k = 1, i <= fixed and 5 or 0 do
    local limit, at = scope.l[k], k < 4 and 1 or 2
    if limit >= 0 then
      local used = scope.used[k] + asked(k)
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
    AIPROXY_REDIS_RINGS AIPROXY_REDIS_CHARGES R"(
local c = words(redis.call('GET', KEYS[1]))
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
    AIPROXY_REDIS_RINGS AIPROXY_REDIS_CHARGES R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if not redis.call('SET', KEYS[3], '1', 'NX', 'PX', ARGV[5]) then return 0 end
local c = words(redis.call('GET', KEYS[2]))
local tokens, cost = tonumber(ARGV[2]), tonumber(ARGV[3])
local began = tonumber(ARGV[4])
redis.call('DEL', KEYS[2])
for at = 3, #c, 6 do
  redis.call('ZREM', c[at] .. ':f', ARGV[1])
  settle(c, at, tokens - c[1], cost - c[2], false)
end
for i = 4, #c > 0 and 3 or #KEYS do
  local h, set, at = load(KEYS[i]), {}, 6 + 2 * (i - 4)
  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end
  period(h, 'df', tonumber(ARGV[at]), {'dr', 'dt', 'dc'}, set)
  period(h, 'mf', tonumber(ARGV[at + 1]), {'mc'}, set)
  if began > now - 60000 then add(h, 'm', 1, set); add(h, 't', tokens, set) end
  if began >= h.df then
    plus(h, 'dr', 1, set); plus(h, 'dt', tokens, set); plus(h, 'dc', cost, set)
  end
  if began >= h.mf then plus(h, 'mc', cost, set) end
  store(KEYS[i], h, set)
end
return 1
)";

// More tokens and cost for a request that runs, in all its scopes or in none.
// KEYS: the charge. ARGV: tokens, cost, ms that a charge is kept, and of its
// client key and its user, in their order: hash, tokens per minute, day, cost
// per day, month (-1: no limit), day from, month from.
// Reply: 1; 0: there is no room, or no such charge.
inline constexpr char kRedisMore[] =
    AIPROXY_REDIS_RINGS AIPROXY_REDIS_CHARGES R"(
local c = words(redis.call('GET', KEYS[1]))
if #c == 0 then return 0 end
local tokens, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local limits, scopes = {}, {}
for i = 4, #ARGV, 7 do limits[ARGV[i]] = i end
for at = 3, #c, 6 do
  local h, set, i = load(c[at]), {}, limits[c[at]]
  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end
  if i then
    period(h, 'df', tonumber(ARGV[i + 5]), {'dr', 'dt', 'dc'}, set)
    period(h, 'mf', tonumber(ARGV[i + 6]), {'mc'}, set)
    local used = {sum(h, 't'), h.dt or 0, h.dc or 0, h.mc or 0}
    for k = 1, 4 do
      local limit, ask = tonumber(ARGV[i + k]), k < 3 and tokens or cost
      if limit >= 0 and ask > limit - used[k] then return 0 end
    end
  end
  scopes[#scopes + 1] = {c[at], h, set}
end
local charge = {string.format('%.0f %.0f', c[1] + tokens, c[2] + cost)}
for _, scope in ipairs(scopes) do
  local key, h, set = scope[1], scope[2], scope[3]
  add(h, 't', tokens, set); plus(h, 'dt', tokens, set)
  plus(h, 'dc', cost, set); plus(h, 'mc', cost, set)
  store(key, h, set)
  charge[#charge + 1] = key .. ' ' .. place(h)
end
redis.call('SET', KEYS[1], table.concat(charge, ' '), 'PX', ARGV[3])
return 1
)";

// KEYS: charges. ARGV: ms in flight, ms that a charge is kept, and of each
// charge its request id.
inline constexpr char kRedisRenew[] = AIPROXY_REDIS_RINGS AIPROXY_REDIS_CHARGES
    R"(
local till = now + tonumber(ARGV[1])
for i = 1, #KEYS do
  local c = words(redis.call('GET', KEYS[i]))
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
inline constexpr char kRedisUse[] = AIPROXY_REDIS_RINGS R"(
local out = {}
for i = 1, #KEYS, 2 do
  local h, set = load(KEYS[i]), {}
  for _, p in ipairs({'s', 'm', 't'}) do move(h, p, set) end
  period(h, 'df', tonumber(ARGV[i]), {'dr', 'dt', 'dc'}, set)
  period(h, 'mf', tonumber(ARGV[i + 1]), {'mc'}, set)
  local all = {sum(h, 's'), sum(h, 'm'), h.dr or 0, sum(h, 't'), h.dt or 0,
               h.dc or 0, h.mc or 0,
               redis.call('ZCOUNT', KEYS[i + 1], '(' .. now, '+inf')}
  for _, p in ipairs({'s', 'm', 't'}) do
    local free = 0
    for b = h[p .. 'n'] - 15, h[p .. 'n'] do
      if (h[p .. b % 16] or 0) > 0 then free = (b + 16) * size[p] - now end
    end
    all[#all + 1] = math.max(0, free)
  end
  for _, value in ipairs(all) do
    out[#out + 1] = string.format('%.0f', value)
  end
end
return table.concat(out, ' ')
)";

}  // namespace aiproxy::limit
