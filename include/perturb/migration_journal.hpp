// SPDX-License-Identifier: MIT
/// @file MigrationJournal: where a Migration notes how far it is, so that the next run of it goes on from there.
#pragma once

#include <perturb/config.hpp>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// Thrown when a journal cannot be read or written, is damaged, or belongs to another migration. what() says which.
class JournalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A list of records that survives a crash of the process. FileJournal (file_journal.hpp) is one.
///
/// A journal that lost its last records, or all of them, costs repeated work and nothing else: the stores themselves
/// know what they have released.
class MigrationJournal {
 public:
  MigrationJournal(const MigrationJournal&) = delete;
  MigrationJournal& operator=(const MigrationJournal&) = delete;
  virtual ~MigrationJournal() = default;

  /// All records, in the order in which they were appended. Throws: JournalError.
  [[nodiscard]] virtual std::vector<std::vector<std::byte>> records() = 0;
  /// Adds a record, of a few dozen bytes. Once it returns, the record survives a crash. Throws: JournalError; then the
  /// record is there or not, but no part of it.
  virtual void append(std::span<const std::byte> record) = 0;

 protected:
  MigrationJournal() = default;
};

}  // namespace perturb::inline PERTURB_ABI
