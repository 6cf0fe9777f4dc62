// SPDX-License-Identifier: MIT
/// @file FileJournal: the journal of a migration in a file, with checksums.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/migration/durable_file.hpp>
#include <perturb/migration/framing.hpp>
#include <perturb/migration_journal.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// A MigrationJournal in a file. Every record is on the disk before append() returns. The part of a record that a crash
/// left at the end is cut off; damage anywhere else is refused. The same bytes on every platform.
class FileJournal final : public MigrationJournal {
 public:
  /// Opens the journal, or creates it. Only one process at a time can have it open.
  /// Throws: JournalError if the file cannot be opened, is open elsewhere, is damaged, or is no journal; it is then
  /// unchanged.
  explicit FileJournal(std::string path) : path_(std::move(path)) {
    if (!file_.open(path_)) {
      refuse(file_.is_held_elsewhere() ? "another process has it open: is this migration already running?"
                                       : "it cannot be opened: " + file_.error());
    }
    std::vector<std::byte> bytes;
    if (!file_.read_all(bytes)) refuse("it cannot be read: " + file_.error());
    detail::migration::JournalContent content = detail::migration::read_journal(bytes);
    switch (content.state) {
      case detail::migration::JournalState::foreign:
        refuse("it is a file of something else");
      case detail::migration::JournalState::newer:
        refuse("it has another version of the format; update the library");
      case detail::migration::JournalState::damaged:
        refuse("it is damaged at byte " + std::to_string(content.size));
      case detail::migration::JournalState::whole:
      default:
        break;
    }
    records_ = std::move(content.records);
    size_ = content.size;
    if (size_ < bytes.size() && !file_.truncate(size_)) refuse("it cannot be written: " + file_.error());
    if (size_ == 0) write(detail::migration::journal_header());
  }

  [[nodiscard]] std::vector<std::vector<std::byte>> records() override { return records_; }
  /// Throws: JournalError if the disk is full or fails, or for a record of more than 2^20 bytes; std::bad_alloc. The
  /// record is then not in records().
  void append(std::span<const std::byte> record) override {
    if (record.size() > detail::migration::kLargestRecord) refuse("a record is too long");
    std::vector<std::byte> kept(record.begin(), record.end());
    // Memory is taken before: nothing can fail once the record is on the disk.
    if (records_.size() == records_.capacity()) records_.reserve(2 * records_.size() + 16);
    write(detail::migration::framed(record, static_cast<std::uint32_t>(records_.size())));
    records_.push_back(std::move(kept));
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    detail::raise<JournalError>("perturb: the journal " + path_ + " cannot be used: " + why);
  }
  void write(std::span<const std::byte> bytes) {
    if (is_broken_) refuse("an earlier record could not be written");
    if (!file_.append(size_, bytes)) {
      const std::string why = file_.error();
      is_broken_ = true;  // after a failed fsync nobody knows what is on the disk
      static_cast<void>(file_.truncate(size_));
      refuse("it cannot be written: " + why);
    }
    size_ += bytes.size();
  }

  std::string path_;
  detail::migration::DurableFile file_;
  std::vector<std::vector<std::byte>> records_;
  std::size_t size_ = 0;
  bool is_broken_ = false;
};

}  // namespace perturb::inline PERTURB_ABI
