// SPDX-License-Identifier: MIT
/// @file What a Migration writes into its journal, and what the next run reads out of it.
///
///   'B' id plan ranges   a migration begins: its id, a hash of its plan, the number of its ranges
///   'R' fence            a run begins, with this fencing number
///   'S' range stage      the range has reached the stage
///   'E'                  the migration is done
///   'A'                  the migration was abandoned: as if it had never begun
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/migration/framing.hpp>
#include <perturb/migration_journal.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::migration {

/// How far a range is, as far as the next run has to know.
enum class Stage : std::uint8_t { untouched, copying, copied, released, done };

/// The id of the migration that the journal has begun and not ended.
[[nodiscard]] inline std::optional<std::uint64_t> unfinished_id(MigrationJournal& journal) {
  std::optional<std::uint64_t> id;
  for (const std::vector<std::byte>& record : journal.records()) {
    const char kind = record.empty() ? '\0' : static_cast<char>(record[0]);
    if (kind == 'E' || kind == 'A') id.reset();
    if (kind == 'B' && record.size() > 8) id = migration::get_integer<std::uint64_t>(std::span(record).subspan(1));
  }
  return id;
}

class ProgressLog {
 public:
  /// Reads the journal, and begins the migration in it if it is empty or ends with another one that is done.
  ProgressLog(MigrationJournal& journal, std::uint64_t id, std::uint64_t plan_hash, std::uint32_t ranges)
      : journal_(&journal), stages_(ranges, Stage::untouched) {
    bool has_begun = false;
    bool is_ours = false;
    for (const std::vector<std::byte>& record : journal.records()) {
      if (record.empty()) refuse("it has a record without content");
      const std::span<const std::byte> rest = std::span(record).subspan(1);
      switch (static_cast<char>(record[0])) {
        case 'B':
          expect(rest, 20);
          if (has_begun && !is_done_) refuse("a migration begins in it before another one is done");
          has_begun = true;
          is_done_ = false;
          stages_.assign(ranges, Stage::untouched);
          is_ours = migration::get_integer<std::uint64_t>(rest) == id &&
                    migration::get_integer<std::uint64_t>(rest.subspan(8)) == plan_hash &&
                    migration::get_integer<std::uint32_t>(rest.subspan(16)) == ranges;
          break;
        case 'R':
          expect(rest, 8);
          last_fence_ = (std::max)(last_fence_, migration::get_integer<std::uint64_t>(rest));
          break;
        case 'S': {
          expect(rest, 5);
          const auto range = migration::get_integer<std::uint32_t>(rest);
          const auto stage = migration::get_integer<std::uint8_t>(rest.subspan(4));
          if (stage > static_cast<std::uint8_t>(Stage::done)) refuse("it has a stage that there is not");
          if (!is_ours) break;  // of an earlier migration
          if (range >= ranges) refuse("it has a range that the plan does not have");
          stages_[range] = static_cast<Stage>(stage);
          break;
        }
        case 'E':
          is_done_ = true;
          break;
        case 'A':
          has_begun = is_ours = is_done_ = false;
          stages_.assign(ranges, Stage::untouched);
          break;
        default:
          refuse("it has a record of an unknown kind");
      }
    }
    if (has_begun && !is_ours && !is_done_) {
      refuse(
          "it belongs to another migration, which is not done: another plan, or another version of the ring; if that "
          "one is over or never began, remove the journal");
    }
    if (is_ours) return;
    is_done_ = false;
    std::vector<std::byte> record{static_cast<std::byte>('B')};
    migration::put_integer(record, id);
    migration::put_integer(record, plan_hash);
    migration::put_integer(record, ranges);
    journal.append(record);
  }

  [[nodiscard]] bool is_done() const noexcept { return is_done_; }
  [[nodiscard]] std::uint64_t last_fence() const noexcept { return last_fence_; }
  [[nodiscard]] Stage stage(std::uint32_t range) const noexcept { return stages_[range]; }

  void begin_run(std::uint64_t fence) {
    std::vector<std::byte> record{static_cast<std::byte>('R')};
    migration::put_integer(record, fence);
    journal_->append(record);
    last_fence_ = fence;
  }
  void reach(std::uint32_t range, Stage stage) {
    std::vector<std::byte> record{static_cast<std::byte>('S')};
    migration::put_integer(record, range);
    migration::put_integer(record, static_cast<std::uint8_t>(stage));
    journal_->append(record);
    stages_[range] = stage;
  }
  void finish() {
    journal_->append(std::vector<std::byte>{static_cast<std::byte>('E')});
    is_done_ = true;
  }

 private:
  [[noreturn]] static void refuse(const std::string& why) {
    detail::raise<JournalError>("perturb: the journal cannot be used: " + why);
  }
  static void expect(std::span<const std::byte> rest, std::size_t size) {
    if (rest.size() != size) refuse("it has a record of the wrong size");
  }

  MigrationJournal* journal_;
  std::vector<Stage> stages_;
  std::uint64_t last_fence_ = 0;
  bool is_done_ = false;
};

}  // namespace perturb::inline PERTURB_ABI::detail::migration
