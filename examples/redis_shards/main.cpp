// SPDX-License-Identifier: MIT
/// @file redis_shards: several Redis servers as one store, with servers added and removed while it is used.
///
/// The servers are plain Redis servers; perturb::HashRing says which of them has a key, and perturb::Migration moves
/// the keys when the servers change. How that works while programs read and write: <perturb/migration.hpp>; what the
/// servers check: scripts.hpp; how to use it: docs/guides/shards.md.
#include "../standard_streams.hpp"
#include "inspect.hpp"
#include "load.hpp"
#include "moves.hpp"
#include "settings.hpp"
#include "shards.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

using shards::Shards;

int run(int argc, char** argv) {
  CLI::App app(
      "Several Redis servers as one store. A consistent-hash ring says which server has a key; servers are added and "
      "removed while programs read and write.\nExit status: 0 done, 1 no such key or a fault found, 2 refused, with "
      "a message on stderr.");
  app.require_subcommand(1);
  app.fallthrough();

  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);

  std::string config;
  std::vector<std::string> names;
  shards::Settings given;
  int timeout_ms = 0;
  int disk_wait_ms = -1;
  std::string password;
  std::string user;
  std::string journal;
  std::size_t batch = 0;
  std::size_t batch_mb = 0;
  app.add_option("-c,--config", config, "The configuration, a JSON file with the servers");
  app.add_option("-s,--server", names, "A server, HOST:PORT, instead of a configuration; may be repeated")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app.add_option("--timeout-ms", timeout_ms, "How long to wait for an answer of a server (2000)")
      ->check(CLI::Range(1, 3600000));
  app.add_option("--user", user, "The user name for the servers");
  app.add_option("--password", password, "The password for the servers; better in the configuration");
  app.add_option("--journal", journal, "Where add and remove note how far they are (redis_shards.journal)");
  app.add_option("--batch", batch, "Keys that a step of add and remove looks at (500)")->check(CLI::Range(1, 5000));
  app.add_option("--batch-mb", batch_mb, "Megabytes of values that such a step holds in memory, about (8)")
      ->check(CLI::Range(1, 1000));
  app.add_option("--disk-wait-ms", disk_wait_ms,
                 "How long a server may take to bring its append-only file to the disk (1000)")
      ->check(CLI::Range(0, 60000));

  std::string key;
  std::string value;
  std::string file;
  std::string address;
  std::string list;
  std::string same_as;
  std::vector<std::string> command;
  std::uint32_t ttl = 0;
  double weight = 1;
  bool as_json = false;
  CLI::App* const get = app.add_subcommand("get", "Print the value of a key");
  get->add_option("KEY", key)->required();
  CLI::App* const put = app.add_subcommand("put", "Set a key to a value");
  put->add_option("KEY", key)->required();
  put->add_option("VALUE", value)->required();
  put->add_option("--ttl", ttl, "Seconds that the key lives")->check(CLI::Range(1U, 4294967295U));
  CLI::App* const erase = app.add_subcommand("erase", "Erase a key");
  erase->add_option("KEY", key)->required();
  CLI::App* const write = app.add_subcommand("write", "Run any command that writes one key: write KEY RPUSH KEY VALUE");
  write->add_option("KEY", key)->required();
  write->add_option("COMMAND", command)->required();
  write->prefix_command();
  CLI::App* const owner = app.add_subcommand("owner", "Print the server that has a key");
  owner->add_option("KEY", key)->required();
  CLI::App* const load =
      app.add_subcommand("load", "Set many keys: lines of KEY tab VALUE, or KEY tab VALUE tab SECONDS");
  load->add_option("FILE", file, "- for the standard input")->required();
  CLI::App* const status = app.add_subcommand("status", "Keys, memory and share of each server");
  status->add_flag("--json", as_json, "As JSON");
  CLI::App* const add = app.add_subcommand("add", "Add an empty server and move its share of the keys to it");
  add->add_option("SERVER", address, "HOST:PORT")->required();
  add->add_option("--weight", weight, "Its share compared with others");
  CLI::App* const remove = app.add_subcommand("remove", "Move all keys of a server to the others and remove it");
  remove->add_option("SERVER", address, "HOST:PORT")->required();
  CLI::App* const resume = app.add_subcommand("resume", "Go on with an add, remove or abort that was interrupted");
  CLI::App* const abort =
      app.add_subcommand("abort", "Undo an add or remove that was interrupted: move back the keys that have passed");
  CLI::App* const check = app.add_subcommand("verify", "Read all keys: each must be on its owner, and only there");
  check->add_option("--list", list, "Write all keys to this file, with type, digest and expiry");
  check->add_option("--same-as", same_as, "Compare with the file that --list wrote earlier");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    throw shards::Trouble(error.what());
  }

  shards::Settings settings = config.empty() ? shards::Settings{} : shards::read_settings(config);
  if (!names.empty()) {
    settings.servers.clear();
    for (const std::string& name : names) settings.servers.push_back({name});
    settings.config.clear();
  }
  if (timeout_ms != 0) settings.access.timeout_ms = timeout_ms;
  if (disk_wait_ms >= 0) settings.disk_wait_ms = disk_wait_ms;
  if (!password.empty()) settings.access.password = password;
  if (!user.empty()) settings.access.user = user;
  if (!journal.empty()) settings.journal = journal;
  if (batch != 0) settings.batch = batch;
  if (batch_mb != 0) settings.batch_mb = batch_mb;
  check_settings(settings);

  Shards all(settings);
  if (*get) {
    const shards::Reply reply = all.read(key, {"GET", key});
    if (reply.is_nothing()) return 1;
    std::cout << reply.text() << '\n';
  } else if (*put) {
    shards::Command set{"SET", key, value};
    if (ttl != 0) set.insert(set.end(), {"EX", std::to_string(ttl)});
    all.write(key, set);
  } else if (*erase) {
    return all.write(key, {"DEL", key}).number() == 1 ? 0 : 1;
  } else if (*write) {
    if (std::find(command.begin() + 1, command.end(), key) == command.end()) {
      throw shards::Trouble("the command must name the key: write KEY COMMAND KEY ...");
    }
    std::cout << all.write(key, command).shown() << '\n';
  } else if (*owner) {
    std::cout << all.owner(key) << '\n';
  } else if (*load) {
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t count = shards::Loader(all).load(file);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%zu keys in %.2f s, %.0f a second\n", count, took.count(), static_cast<double>(count) / took.count());
  } else if (*status) {
    show_status(all, as_json);
  } else if (*add) {
    const shards::Member member{address, weight};
    shards::check_members({member});
    shards::Mover(all).add(member);
  } else if (*remove) {
    shards::Mover(all).remove(address);
  } else if (*resume) {
    shards::Mover(all).resume();
  } else if (*abort) {
    shards::Mover(all).abort();
  } else if (*check) {
    return verify(all, list, same_as) ? 0 : 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  occupy_standard_streams();
  try {
    const int status = run(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw shards::Trouble("the standard output cannot be written");
    return status;
  } catch (const std::exception& error) {
    std::string what = error.what();
    if (what.starts_with("perturb: ")) what.erase(0, 9);
    std::cerr << "redis_shards: " << what << '\n';
    return 2;
  }
}
