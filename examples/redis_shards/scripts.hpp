// SPDX-License-Identifier: MIT
/// @file The scripts that run in the servers. A script is one atomic step of its server, and that is what the protocol
/// of <perturb/migration.hpp> needs: a write, the check that the server still owns the key, and the note that the key
/// was written are one step.
///
/// What a server keeps beside the user's keys:
///
///   perturb:ring          a hash: `ring`, which ring it is; `epoch` and `state`, its version and the ring as JSON,
///   epoch
///                         1 while it is set up (first_use.hpp); `fence`, the
///                         highest fencing number that was claimed, and `given_fence`, the last that was taken;
///                         `version`, of the last noted write; and while keys move
///                         `range:N`: `sending`, `released` or, after an abort, `kept` in the source of range N,
///                         `receiving` or `owned` in its sink; `hold:N`: until when writes are held back, in ms
///   perturb:epoch         the epoch once more, in a key that changes with it alone: for WATCH
///   perturb:notes:N       a hash in the source: the keys of range N written since it is `sending`, with their versions
///   perturb:versions:N    a hash in the sink: the version of each key that writers or notes put, also of erased ones
#pragma once

#include <string>
#include <string_view>

namespace shards {

inline constexpr std::string_view kReserved = "perturb:";  ///< how keys begin that are not the user's
inline constexpr const char* kEpochKey = "perturb:epoch";

namespace lua {

inline const std::string kCommon = R"lua(
local R = 'perturb:ring'
local function now_us()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end
local function last_version() return redis.call('HGET', R, 'version') or '0' end
)lua";

/// Scripts that keep order and store no values run even when the server is full.
inline const std::string kControl = "#!lua flags=allow-oom\n";

/// KEYS: key. ARGV: epoch, range or '', command...
inline const std::string kRead = kCommon + R"lua(
local s = redis.call('HMGET', R, 'epoch', 'range:' .. ARGV[2])
if s[1] ~= ARGV[1] then return {'stale', s[1] or '0'} end
if s[2] == 'released' then return {'released'} end
local result = redis.pcall(unpack(ARGV, 3))
if type(result) == 'table' and result.err then return {'error', result.err} end
return {'ok', result}
)lua";

/// KEYS: key. ARGV: epoch, range or '', command...
/// 'forward' comes with what has to be put into the sink: result, version, expiry, dump or nothing.
/// A version is the time of the server, so that a server which lost its last writes does not use a version twice.
inline const std::string kWrite = kCommon + R"lua(
local s = redis.call('HMGET', R, 'epoch', 'range:' .. ARGV[2], 'hold:' .. ARGV[2])
if s[1] ~= ARGV[1] then return {'stale', s[1] or '0'} end
if s[2] == 'released' then return {'released'} end
if s[3] and now_us() < tonumber(s[3]) * 1000 then return {'hold'} end
local version
if s[2] == 'sending' then
  -- First the note, which does no harm if the write fails: without memory for it there must be no write.
  version = string.format('%.0f', math.max(now_us(), tonumber(last_version()) + 1))
  local noted = redis.pcall('HSET', 'perturb:notes:' .. ARGV[2], KEYS[1], version)
  if type(noted) == 'table' and noted.err then return {'error', noted.err} end
  redis.call('HSET', R, 'version', version)
end
local result = redis.pcall(unpack(ARGV, 3))
if type(result) == 'table' and result.err then return {'error', result.err} end
if not version then return {'ok', result} end
return {'forward', result, version, redis.call('PEXPIRETIME', KEYS[1]), redis.call('DUMP', KEYS[1])}
)lua";

/// ARGV: ring, epoch, state, the epoch that must be there or '', the ring whose claim gives way or '', then number and
/// state of ranges. A higher epoch ends whatever was going on.
inline const std::string kAdvance = kControl + kCommon + R"lua(
local known = redis.call('HMGET', R, 'ring', 'epoch', 'state')
local here = known[2] or '0'
local gives_way = here == '1' and known[1] == ARGV[5]
local is_same = here == '0' or known[1] == ARGV[1]
local is_newer = is_same and tonumber(here) < tonumber(ARGV[2]) and (ARGV[4] == '' or here == ARGV[4])
if not gives_way and not is_newer then return {'has', here, known[3] or ''} end
for _, field in ipairs(redis.call('HKEYS', R)) do
  local range = string.match(field, '^range:(.*)$')
  if range then redis.call('UNLINK', 'perturb:notes:' .. range, 'perturb:versions:' .. range) end
  if range or string.match(field, '^hold:') then redis.call('HDEL', R, field) end
end
redis.call('HSET', R, 'ring', ARGV[1], 'epoch', ARGV[2], 'state', ARGV[3])
redis.call('SET', 'perturb:epoch', ARGV[2])
for i = 6, #ARGV, 2 do redis.call('HSET', R, 'range:' .. ARGV[i], ARGV[i + 1]) end
return {'ok', ARGV[2], ARGV[3]}
)lua";

/// ARGV: ring. Ends the claim of a ring that is being set up.
inline const std::string kWithdraw = kControl + R"lua(
local known = redis.call('HMGET', 'perturb:ring', 'ring', 'epoch')
if known[1] == ARGV[1] and known[2] == '1' then redis.call('DEL', 'perturb:ring', 'perturb:epoch') end
)lua";

// ---- Of the mover. ARGV: epoch, fence, range, ... ------------------------------------------------------------------

inline const std::string kMover = kCommon + R"lua(
local s = redis.call('HMGET', R, 'epoch', 'fence', 'range:' .. ARGV[3])
if s[1] ~= ARGV[1] then return {'stale', s[1] or '0'} end
if ARGV[2] ~= '' and tonumber(ARGV[2]) < tonumber(s[2] or '0') then return {'fenced'} end
local state = s[3] or 'none'
local notes, versions = 'perturb:notes:' .. ARGV[3], 'perturb:versions:' .. ARGV[3]
local function is_now(name)
  redis.call('HSET', R, 'range:' .. ARGV[3], name)
  return {'ok'}
end
)lua";

/// ARGV: a number that must be exceeded. Gives a fencing number that no run had before. It stops nobody until it is
/// claimed: who takes it may find that another change of the ring was faster.
inline const std::string kTakeFence = kControl + R"lua(
local R = 'perturb:ring'
local known = redis.call('HMGET', R, 'fence', 'given_fence')
local fence = math.max(tonumber(known[1] or '0'), tonumber(known[2] or '0'), tonumber(ARGV[1])) + 1
redis.call('HSET', R, 'given_fence', string.format('%.0f', fence))
return fence
)lua";

inline const std::string kClaim = kControl + kMover + R"lua(
redis.call('HSET', R, 'fence', ARGV[2])
return {'ok'}
)lua";

/// ARGV 4: the new state, 5 and 6: the states from which it may come.
inline const std::string kTurn = kControl + kMover + R"lua(
if state ~= ARGV[4] and state ~= ARGV[5] and state ~= ARGV[6] then return {'state', state} end
if ARGV[4] == 'owned' then redis.call('UNLINK', versions) end
return is_now(ARGV[4])
)lua";

/// ARGV 4: how long writes are held back if it fails, in ms.
inline const std::string kRelease = kControl + kMover + R"lua(
if state == 'released' then return {'ok'} end
if state ~= 'sending' then return {'state', state} end
if redis.call('HLEN', notes) > 0 then
  redis.call('HSET', R, 'hold:' .. ARGV[3], string.format('%.0f', now_us() / 1000 + tonumber(ARGV[4])))
  return {'busy'}
end
redis.call('HDEL', R, 'hold:' .. ARGV[3])
return is_now('released')
)lua";

/// KEYS: keys.
inline const std::string kErase = kControl + kMover + R"lua(
if state ~= 'released' then return {'state', state} end
return {'ok', #KEYS > 0 and redis.call('UNLINK', unpack(KEYS)) or 0}
)lua";

/// A digest of a value that does not depend on how the server stores it or in what order a set or hash gives its
/// elements. Of more than 10000 elements, and of types of modules, only the number and the expiry are compared.
inline const std::string kDigest = R"lua(
local function digest(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return 'none' end
  local count, items, group = 1, {}, 1
  if kind == 'string' then items = {redis.call('GET', key)}
  elseif kind == 'list' then count = redis.call('LLEN', key)
  elseif kind == 'set' then count = redis.call('SCARD', key)
  elseif kind == 'hash' then count = redis.call('HLEN', key); group = 2
  elseif kind == 'zset' then count = redis.call('ZCARD', key); group = 2
  elseif kind == 'stream' then count = redis.call('XLEN', key)
  end
  local is_ordered = kind == 'list' or kind == 'stream'
  if count <= 10000 then
    if kind == 'list' then items = redis.call('LRANGE', key, 0, -1)
    elseif kind == 'set' then items = redis.call('SMEMBERS', key)
    elseif kind == 'hash' then items = redis.call('HGETALL', key)
    elseif kind == 'zset' then items = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    elseif kind == 'stream' then
      for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
        items[#items + 1] = entry[1] .. ' ' .. cjson.encode(entry[2])
      end
      items[#items + 1] = cjson.encode(redis.call('XINFO', 'GROUPS', key))
    end
  end
  local a, b = 0, 0
  for i = 1, #items, group do
    local text = items[i]
    if group == 2 then text = #text .. ':' .. text .. items[i + 1] end
    if is_ordered then text = i .. ':' .. text end
    local hash = redis.sha1hex(text)
    a = (a + tonumber(string.sub(hash, 1, 12), 16)) % 281474976710656
    b = (b + tonumber(string.sub(hash, 13, 24), 16)) % 281474976710656
  end
  return string.format('%s %.0f %012x%012x %.0f', kind, count, a, b, redis.call('PEXPIRETIME', key))
end
)lua";

/// KEYS: keys. ARGV: how many bytes of dumps are enough. Gives the version, and for each of the first keys, at least
/// one, expiry, dump or nothing, and digest.
inline const std::string kEntries = kCommon + kDigest + R"lua(
local result = {last_version()}
local bytes = 0
for _, key in ipairs(KEYS) do
  local dump = redis.call('DUMP', key)
  result[#result + 1] = redis.call('PEXPIRETIME', key)
  result[#result + 1] = dump
  result[#result + 1] = digest(key)
  bytes = bytes + (dump and #dump or 0)
  if bytes >= tonumber(ARGV[1]) then break end
end
return result
)lua";

/// KEYS: keys. Gives the digest of each.
inline const std::string kDigests = kDigest + R"lua(
local result = {}
for i, key in ipairs(KEYS) do result[i] = digest(key) end
return result
)lua";

/// KEYS: keys. Gives the version, and for each key whether it is there.
inline const std::string kPresent = kCommon + R"lua(
local result = {last_version()}
for _, key in ipairs(KEYS) do result[#result + 1] = redis.call('EXISTS', key) end
return result
)lua";

/// ARGV 1: range, 2: limit. Gives noted keys.
inline const std::string kNoted = R"lua(
return redis.call('HRANDFIELD', 'perturb:notes:' .. ARGV[1], ARGV[2])
)lua";

/// KEYS: keys. ARGV from 4: the version that was put of each.
inline const std::string kConfirm = kControl + kMover + R"lua(
for i, key in ipairs(KEYS) do
  local noted = redis.call('HGET', notes, key)
  if noted and tonumber(noted) <= tonumber(ARGV[3 + i]) then redis.call('HDEL', notes, key) end
end
return {'ok'}
)lua";

/// KEYS: keys. ARGV 4: '1' if these are writes and not copies; then for each key version, expiry, dump or ''.
/// A writer has no fencing number: ARGV 2 is ''.
inline const std::string kPut = kMover + R"lua(
if state ~= 'receiving' then return {'state', state} end
local is_change = ARGV[4] == '1'
local now = now_us() / 1000
for i, key in ipairs(KEYS) do
  local version, expiry, dump = ARGV[2 + 3 * i], tonumber(ARGV[3 + 3 * i]), ARGV[4 + 3 * i]
  local known = tonumber(redis.call('HGET', versions, key) or '-1')
  if known < tonumber(version) or (known == tonumber(version) and not is_change) then
    local result = true
    if dump == '' or (expiry > 0 and expiry <= now) then
      redis.call('UNLINK', key)
    else
      result = redis.pcall('RESTORE', key, math.max(expiry, 0), dump, 'REPLACE', 'ABSTTL')
    end
    if type(result) == 'table' and result.err then return {'error', result.err, key} end
    if is_change then
      result = redis.pcall('HSET', versions, key, version)
      if type(result) == 'table' and result.err then return {'error', result.err, key} end
    end
  end
end
return {'ok'}
)lua";

/// KEYS: keys. ARGV: range, then for each key version, expiry, digest. Gives the indices of those that differ, from 1.
inline const std::string kCompare = kCommon + kDigest + R"lua(
local result = {}
local now = now_us() / 1000
for i, key in ipairs(KEYS) do
  local version, expiry = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local known = redis.call('HGET', 'perturb:versions:' .. ARGV[1], key)
  local is_later = known and tonumber(known) > version
  local is_over = expiry > 0 and expiry <= now
  if not is_later and not is_over and digest(key) ~= ARGV[3 * i + 1] then result[#result + 1] = i end
end
return result
)lua";

}  // namespace lua
}  // namespace shards
