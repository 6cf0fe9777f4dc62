// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../arguments.hpp"
#include "../input_error.hpp"
#include "../json_document.hpp"
#include "../key_text.hpp"
#include "../output.hpp"
#include "../progress.hpp"
#include "../ring.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct OwnerCommand {
  RingArguments ring = {};
  KeyArguments keys = {};
  std::vector<std::string> listed = {};
  std::size_t replicas = 0;
  std::size_t failover = 0;
  bool is_json = false;

  void run() const;

 private:
  [[nodiscard]] std::unique_ptr<KeySource> open_keys() const;
  [[nodiscard]] std::vector<std::uint32_t> list_of(const Ring& built, std::string_view key) const {
    return replicas != 0 ? built.replicas(key, replicas) : built.failover(key, failover);
  }
};

std::unique_ptr<KeySource> OwnerCommand::open_keys() const {
  if (!listed.empty() && keys.is_given()) throw InputError("give keys or --keys FILE, not both");
  if (!listed.empty()) return listed_keys(listed);
  const bool reads_standard_input = !keys.is_given() || keys.reads_standard_input();
  if (reads_standard_input && ring.reads_standard_input())
    throw InputError("the ring comes from standard input, so the keys cannot; name a file with --keys");
  if (keys.is_given()) return keys.open();
  if (isatty(STDIN_FILENO) == 1) throw InputError("there are no keys; give some, or --keys FILE");
  return keys.open("-");
}

/// Writes the answers through a buffer of its own.
class AnswerWriter {
 public:
  AnswerWriter(const RingSpec& spec, bool is_json) : is_json_(is_json) {
    for (const ServerSpec& server : spec.servers)
      labels_.push_back(is_json ? json_text(server.label()) : server.label());
    none_ = is_json ? "null" : "-";
    if (is_json) out_ = "[";
  }

  void add(std::string_view key, std::uint32_t owner) {
    begin(key);
    if (is_json_) out_ += ", \"owner\": ";
    out_ += label(owner);
    end();
  }
  void add(std::string_view key, std::string_view name, const std::vector<std::uint32_t>& servers) {
    begin(key);
    if (is_json_) {
      out_ += ", \"owner\": ";
      out_ += label(servers.empty() ? kNoServer : servers.front());
      out_ += ", \"" + std::string(name) + "\": [";
    }
    for (std::size_t i = 0; i < servers.size(); ++i) {
      if (i != 0) out_ += is_json_ ? ", " : "\t";
      out_ += label(servers[i]);
    }
    if (is_json_) out_ += "]";
    if (!is_json_ && servers.empty()) out_ += none_;
    end();
  }
  void finish() {
    if (is_json_) out_ += is_first_ ? "]\n" : "\n]\n";
    print(out_);
    out_.clear();
  }

 private:
  static constexpr std::size_t kBuffer = std::size_t{1} << 18;

  [[nodiscard]] const std::string& label(std::uint32_t server) const {
    return server == kNoServer ? none_ : labels_[server];
  }
  void begin(std::string_view key) {
    if (!is_json_) {
      out_ += key;
      out_ += '\t';
      return;
    }
    out_ += is_first_ ? "\n  {" : ",\n  {";
    is_first_ = false;
    append_json_key(out_, key);
  }
  void end() {
    out_ += is_json_ ? '}' : '\n';
    if (out_.size() < kBuffer) return;
    print(out_);
    out_.clear();
  }

  bool is_json_;
  bool is_first_ = true;
  std::vector<std::string> labels_;
  std::string none_;
  std::string out_;
};

void OwnerCommand::run() const {
  if (replicas != 0 && failover != 0) throw InputError("give --replicas or --failover, not both");
  const std::unique_ptr<KeySource> source = open_keys();
  const std::unique_ptr<Ring> built = make_ring(ring.load());
  AnswerWriter writer(built->spec(), is_json);
  Progress progress("owners", source->whole());
  std::vector<std::uint32_t> owners;
  for (;;) {
    const auto& batch = source->next();
    if (batch.empty()) break;
    if (replicas != 0 || failover != 0) {
      for (const std::string_view key : batch)
        writer.add(key, replicas != 0 ? "replicas" : "failover", list_of(*built, key));
    } else {
      owners.resize(batch.size());
      built->find_owners(batch, owners);
      for (std::size_t i = 0; i < batch.size(); ++i) writer.add(batch[i], owners[i]);
    }
    progress.show(source->done());
  }
  writer.finish();
}

}  // namespace

void add_owner(CLI::App& app) {
  CLI::App* const command = app.add_subcommand("owner", "Print the server that owns each key");
  const auto arguments = std::make_shared<OwnerCommand>();
  arguments->ring.add_to(*command);
  command->add_option("KEY", arguments->listed, "keys; put all of them behind -- if one begins with -")
      ->option_text(" ");
  arguments->keys.add_to(*command, "a file with a key a line (- or neither KEY nor --keys: standard input)");
  command
      ->add_option("--replicas", arguments->replicas,
                   "also the next servers, N in all, where replicas go; one of each zone first, if there are zones")
      ->option_text("N")
      ->check(from_one());
  command->add_option("--failover", arguments->failover, "also the servers that take over in turn, N in all")
      ->option_text("N")
      ->check(from_one());
  command->add_flag("--json", arguments->is_json, "print JSON");
  command->footer(
      "Prints KEY, a tab and the server; - where there is none.\n\n"
      "  perturb-ring owner -s cache-1 -s cache-2,weight=2 user:42\n"
      "  perturb-ring owner -r ring.json --keys keys.txt > owners.txt\n"
      "  perturb-ring owner -r nginx:/etc/nginx/nginx.conf#backend /index.html");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
