// SPDX-License-Identifier: MIT
/// @file Connections to Redis servers: hiredis with exceptions whose messages say what is wrong.
#pragma once

#include <hiredis.h>
#include <sys/time.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace shards {

/// An error with a message for the user.
struct Trouble : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Where the servers are, and how they are spoken to.
struct Access {
  std::string user;
  std::string password;
  int timeout_ms = 2000;
};

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

/// HOST:PORT, also with an IPv6 address in brackets.
inline Address parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Address address;
  bool is_good = colon != std::string::npos && colon > 0;
  if (is_good) {
    address.host = text.substr(0, colon);
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    is_good = error == std::errc() && rest == end && address.port != 0;
    if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
      address.host = address.host.substr(1, address.host.size() - 2);
    }
  }
  if (!is_good) throw Trouble("'" + text + "' is no address of a server: write HOST:PORT");
  return address;
}

/// A reply, which owns its parts.
class Reply {
 public:
  explicit Reply(redisReply* reply) : owned_(reply, freeReplyObject), reply_(reply) {}

  [[nodiscard]] bool is_nothing() const { return reply_->type == REDIS_REPLY_NIL; }
  [[nodiscard]] bool is_error() const { return reply_->type == REDIS_REPLY_ERROR; }
  [[nodiscard]] std::string_view text() const {
    if (reply_->type == REDIS_REPLY_INTEGER || reply_->str == nullptr) return {};
    return {reply_->str, reply_->len};
  }
  [[nodiscard]] std::optional<std::string> value() const {
    return is_nothing() ? std::nullopt : std::optional(std::string(text()));
  }
  [[nodiscard]] std::int64_t number() const {
    if (reply_->type == REDIS_REPLY_INTEGER) return reply_->integer;
    std::int64_t value = 0;
    const std::string_view digits = text();
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }
  [[nodiscard]] std::size_t size() const { return reply_->type == REDIS_REPLY_ARRAY ? reply_->elements : 0; }
  /// Pre: i < size().
  [[nodiscard]] Reply operator[](std::size_t i) const { return Reply(owned_, reply_->element[i]); }
  /// As redis-cli shows it, about.
  [[nodiscard]] std::string shown() const {
    if (is_nothing()) return "(nothing)";
    if (reply_->type == REDIS_REPLY_INTEGER) return std::to_string(reply_->integer);
    if (reply_->type != REDIS_REPLY_ARRAY) return std::string(text());
    std::string lines;
    for (std::size_t i = 0; i < size(); ++i) lines += (i == 0 ? "" : "\n") + (*this)[i].shown();
    return lines;
  }

 private:
  Reply(std::shared_ptr<redisReply> owner, redisReply* part) : owned_(std::move(owner)), reply_(part) {}

  std::shared_ptr<redisReply> owned_;
  redisReply* reply_;
};

using Command = std::vector<std::string>;

class Connection {
 public:
  /// Throws Trouble if there is no Redis server of version 7 or later at the address that stands alone and may be
  /// written to.
  Connection(std::string name, const Access& access) : name_(std::move(name)), access_(access) {
    const Address address = parse_address(name_);
    const timeval timeout{access.timeout_ms / 1000, (access.timeout_ms % 1000) * 1000};
    context_.reset(redisConnectWithTimeout(address.host.c_str(), address.port, timeout));
    if (context_ == nullptr) throw Trouble("no memory for a connection to " + name_);
    if (context_->err != 0) fail("cannot be reached: ");
    redisSetTimeout(context_.get(), timeout);
    redisEnableKeepAlive(context_.get());
    log_in();
    inspect();
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Tells this run of this server from all others, whatever its address.
  [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }

  /// Sends a command and waits for the reply, which may be an error.
  Reply ask(const Command& command) {
    send(command);
    return next();
  }
  /// The same; an error is a Trouble.
  Reply call(const Command& command) {
    Reply reply = ask(command);
    if (reply.is_error()) throw Trouble(name_ + " refuses " + command.front() + ": " + std::string(reply.text()));
    return reply;
  }
  /// Sends a command whose reply next() gives, in order.
  void send(const Command& command) {
    std::vector<const char*> arguments;
    std::vector<std::size_t> sizes;
    for (const std::string& argument : command) {
      arguments.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    if (redisAppendCommandArgv(context_.get(), static_cast<int>(command.size()), arguments.data(), sizes.data()) !=
        REDIS_OK) {
      fail("cannot be written to: ");
    }
  }
  /// Sends a command that is already in the format of the protocol.
  void send_wire(const std::string& wire) {
    if (redisAppendFormattedCommand(context_.get(), wire.data(), wire.size()) != REDIS_OK) {
      fail("cannot be written to: ");
    }
  }
  /// Sends the commands that wait to be sent, as far as that is possible at once.
  void flush() {
    int is_done = 0;
    if (redisBufferWrite(context_.get(), &is_done) != REDIS_OK) fail("cannot be written to: ");
  }
  Reply next() {
    void* reply = nullptr;
    if (redisGetReply(context_.get(), &reply) != REDIS_OK) fail("");
    return Reply(static_cast<redisReply*>(reply));
  }

  /// A line of INFO, or "".
  std::string info(const std::string& section, const std::string& field) {
    const Reply reply = call({"INFO", section});
    const std::string text = "\n" + std::string(reply.text());
    const std::size_t at = text.find("\n" + field + ":");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + field.size() + 2;
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const redisContext& context = *context_;
    const bool is_late = context.err == REDIS_ERR_IO &&
                         (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETIMEDOUT || errno == EINPROGRESS);
    if (is_late || std::strcmp(context.errstr, "Connection timed out") == 0) {
      throw Trouble(name_ + " did not answer within " + std::to_string(access_.timeout_ms) + " ms");
    }
    if (context.err == REDIS_ERR_PROTOCOL) throw Trouble(name_ + " answers, but not as a Redis server does");
    if (context.err == REDIS_ERR_EOF || (context.err == REDIS_ERR_IO && (errno == ECONNRESET || errno == EPIPE)))
      throw Trouble(name_ + " closed the connection");
    throw Trouble(name_ + " " + (what.empty() ? "failed: " : what) + context.errstr);
  }

  void log_in() {
    if (!access_.password.empty()) {
      Command command{"AUTH"};
      if (!access_.user.empty()) command.push_back(access_.user);
      command.push_back(access_.password);
      const Reply reply = ask(command);
      if (reply.is_error()) {
        const bool has_none = reply.text().find("without any password configured") != std::string_view::npos;
        throw Trouble(name_ + (has_none ? " has no password, but one is given" : " does not accept the password") +
                      (has_none ? "" : ": " + std::string(reply.text())));
      }
    }
    const Reply pong = ask({"PING"});
    if (pong.is_error() && pong.text().starts_with("NOAUTH")) throw Trouble(name_ + " wants a password");
    if (pong.is_error()) throw Trouble(name_ + " is not ready: " + std::string(pong.text()));
    if (pong.text() != "PONG") throw Trouble(name_ + " answers, but not as a Redis server does");
  }

  void inspect() {
    run_id_ = info("server", "run_id");
    const std::string version = info("server", "redis_version");
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    if (major < 7) throw Trouble(name_ + " has version " + version + ", and 7.0 or later is needed");
    if (info("server", "redis_mode") != "standalone") {
      throw Trouble(name_ + " is part of a cluster, which places its keys itself");
    }
    if (info("replication", "role") != "master") throw Trouble(name_ + " is a replica: use the server that it follows");
  }

  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };

  std::string name_;
  std::string run_id_;
  Access access_;
  std::unique_ptr<redisContext, Free> context_;
};

}  // namespace shards
