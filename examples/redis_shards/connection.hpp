// SPDX-License-Identifier: MIT
/// @file Connections to Redis servers: hiredis with exceptions whose messages say what is wrong.
#pragma once

#include <fcntl.h>
#include <hiredis.h>
#include <poll.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
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

/// The moment after which nothing is waited for.
class Deadline {
 public:
  explicit Deadline(int ms) : end_(std::chrono::steady_clock::now() + std::chrono::milliseconds(ms)) {}
  [[nodiscard]] int ms_left() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

class Connection {
 public:
  /// Throws Trouble if there is no Redis server of version 7 or later at the address that stands alone and may be
  /// written to, or if it does not show that within the time-out.
  Connection(std::string name, const Access& access) : name_(std::move(name)), access_(access) {
    const Deadline deadline = new_deadline();
    const Address address = parse_address(name_);
    const timeval timeout{access.timeout_ms / 1000, (access.timeout_ms % 1000) * 1000};
    context_.reset(redisConnectWithTimeout(address.host.c_str(), address.port, timeout));
    if (context_ == nullptr) throw Trouble("no memory for a connection to " + name_);
    if (context_->err != 0) fail("cannot be reached: ");
    redisEnableKeepAlive(context_.get());
    // A socket that blocks has a time-out for each read and not for a whole reply.
    if (fcntl(context_->fd, F_SETFL, fcntl(context_->fd, F_GETFL) | O_NONBLOCK) != 0) fail("cannot be reached: ");
    context_->flags &= ~REDIS_BLOCK;
    log_in(deadline);
    inspect(deadline);
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Tells this run of this server from all others, whatever its address.
  [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }

  /// Sends a command and waits for the reply, which may be an error.
  Reply ask(const Command& command) { return ask(command, new_deadline()); }
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
  /// Sends the commands that wait to be sent, as far as that is possible at once. @returns whether that was all.
  bool flush() {
    int is_done = 0;
    if (redisBufferWrite(context_.get(), &is_done) != REDIS_OK) fail("cannot be written to: ");
    return is_done != 0;
  }
  /// The next reply. The time-out, or the deadline, is for all of it: a server that sends it slowly is too late.
  Reply next() { return next(new_deadline()); }
  Reply next(const Deadline& deadline) {
    void* reply = nullptr;
    for (;;) {
      if (redisGetReplyFromReader(context_.get(), &reply) != REDIS_OK) fail("");
      if (reply != nullptr) return Reply(static_cast<redisReply*>(reply));
      wait_for_input(deadline);
    }
  }
  [[nodiscard]] Deadline new_deadline() const { return Deadline(access_.timeout_ms); }

  /// A line of INFO, or "".
  std::string info(const std::string& section, const std::string& field) {
    return line_of(call({"INFO", section}), field);
  }

 private:
  Reply ask(const Command& command, const Deadline& deadline) {
    send(command);
    return next(deadline);
  }
  [[nodiscard]] static std::string line_of(const Reply& info, const std::string& field) {
    const std::string text = "\n" + std::string(info.text());
    const std::size_t at = text.find("\n" + field + ":");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + field.size() + 2;
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
  }
  void wait_for_input(const Deadline& deadline) {
    pollfd socket{context_->fd, static_cast<short>(flush() ? POLLIN : POLLIN | POLLOUT), 0};
    const int ms_left = deadline.ms_left();
    const int ready = poll(&socket, 1, ms_left);
    if (ready == 0 || ms_left == 0) late();
    if (ready < 0 && errno != EINTR) throw Trouble(name_ + " cannot be waited for: " + std::strerror(errno));
    if (ready > 0 && (socket.revents & ~POLLOUT) != 0 && redisBufferRead(context_.get()) != REDIS_OK) fail("");
  }
  [[noreturn]] void late() const {
    throw Trouble(name_ + " did not answer within " + std::to_string(access_.timeout_ms) + " ms");
  }
  [[noreturn]] void fail(const std::string& what) const {
    const redisContext& context = *context_;
    const bool is_late = context.err == REDIS_ERR_IO &&
                         (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETIMEDOUT || errno == EINPROGRESS);
    if (is_late || std::strcmp(context.errstr, "Connection timed out") == 0) late();
    if (context.err == REDIS_ERR_PROTOCOL) throw Trouble(name_ + " answers, but not as a Redis server does");
    if (context.err == REDIS_ERR_EOF || (context.err == REDIS_ERR_IO && (errno == ECONNRESET || errno == EPIPE)))
      throw Trouble(name_ + " closed the connection");
    throw Trouble(name_ + " " + (what.empty() ? "failed: " : what) + context.errstr);
  }

  void log_in(const Deadline& deadline) {
    if (!access_.password.empty()) {
      Command command{"AUTH"};
      if (!access_.user.empty()) command.push_back(access_.user);
      command.push_back(access_.password);
      const Reply reply = ask(command, deadline);
      if (reply.is_error()) {
        const bool has_none = reply.text().find("without any password configured") != std::string_view::npos;
        throw Trouble(name_ + (has_none ? " has no password, but one is given" : " does not accept the password") +
                      (has_none ? "" : ": " + std::string(reply.text())));
      }
    }
    const Reply pong = ask({"PING"}, deadline);
    if (pong.is_error() && pong.text().starts_with("NOAUTH")) throw Trouble(name_ + " wants a password");
    if (pong.is_error()) throw Trouble(name_ + " is not ready: " + std::string(pong.text()));
    if (pong.text() != "PONG") throw Trouble(name_ + " answers, but not as a Redis server does");
  }

  void inspect(const Deadline& deadline) {
    const Reply info = ask({"INFO"}, deadline);
    if (info.is_error()) throw Trouble(name_ + " refuses INFO: " + std::string(info.text()));
    run_id_ = line_of(info, "run_id");
    const std::string version = line_of(info, "redis_version");
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    if (version.empty()) throw Trouble(name_ + " answers, but not as a Redis server does");
    if (major < 7) throw Trouble(name_ + " has version " + version + ", and 7.0 or later is needed");
    if (line_of(info, "redis_mode") != "standalone") {
      throw Trouble(name_ + " is part of a cluster, which places its keys itself");
    }
    if (line_of(info, "role") != "master") throw Trouble(name_ + " is a replica: use the server that it follows");
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
