// SPDX-License-Identifier: MIT
#include <perturb/file_journal.hpp>
#include <perturb/migration.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#endif

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "migration/reference_store.hpp"

namespace {

using perturb::FileJournal;
using perturb::JournalError;
using testing::HasSubstr;
using Records = std::vector<std::vector<std::byte>>;

std::vector<std::byte> bytes_of(const std::string& text) {
  std::vector<std::byte> bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

class FileJournals : public testing::Test {
 protected:
  FileJournals() : path_(testing::TempDir() + "perturb-journal-" + std::to_string(::getpid()) + '-' + info()->name()) {}
  ~FileJournals() override { std::remove(path_.c_str()); }

  static const testing::TestInfo* info() { return testing::UnitTest::GetInstance()->current_test_info(); }
  [[nodiscard]] std::string content() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  [[nodiscard]] static std::string refusal_of(const std::string& path) {
    try {
      const FileJournal journal(path);
    } catch (const JournalError& error) {
      return error.what();
    }
    return "accepted";
  }
  [[nodiscard]] std::string refusal() const { return refusal_of(path_); }
  const Records kThree{bytes_of("one"), bytes_of(""), bytes_of(std::string(40, 'x'))};
  void write_three() const {
    FileJournal journal(path_);
    for (const auto& record : kThree) journal.append(record);
  }

  std::string path_;
};

TEST_F(FileJournals, KeepTheirRecords) {
  write_three();
  FileJournal journal(path_);
  EXPECT_EQ(journal.records(), kThree);
  EXPECT_EQ(journal.path(), path_);
}

TEST_F(FileJournals, HaveTheSameBytesEverywhere) {
  {
    FileJournal journal(path_);
    journal.append(bytes_of("A"));
  }
  std::string hex;
  for (const char c : content()) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    hex += digits;
  }
  EXPECT_EQ(hex,
            "706572747572624a"
            "01000000"
            "01000000"
            "00000000"
            "dda40405d5b2889a"
            "41");
}

TEST_F(FileJournals, CutOffWhatACrashLeftOfARecord) {
  write_three();
  const std::string whole = content();
  const std::size_t last = whole.size() - 56;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write(whole.substr(0, size));
    {
      FileJournal journal(path_);
      Records records = journal.records();
      const std::size_t expected = size < 12 + 19 ? 0 : size < 12 + 19 + 16 ? 1 : 2;
      ASSERT_EQ(records.size(), expected) << size << " bytes are left";
      for (std::size_t i = 0; i < expected; ++i) ASSERT_EQ(records[i], kThree[i]);
      journal.append(bytes_of("later"));
    }
    ASSERT_EQ(FileJournal(path_).records().back(), bytes_of("later"));
  }
  // The blocks of a file need not reach the disk in order: the record has its length, but not its bytes.
  write(whole.substr(0, last + 20) + std::string(36, '\0'));
  EXPECT_EQ(FileJournal(path_).records().size(), 2U);
}

TEST_F(FileJournals, AreRefusedWhereABitIsWrongBeforeTheLastRecord) {
  write_three();
  const std::string whole = content();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    write(damaged);
    if (at < whole.size() - 56) {
      ASSERT_THAT(refusal(), HasSubstr("cannot be used: it ")) << "at " << at;
      ASSERT_EQ(content(), damaged) << "a refused journal must stay as it is";
    } else {
      ASSERT_EQ(FileJournal(path_).records().size(), 2U) << "at " << at;
    }
  }
}

TEST_F(FileJournals, AreRefusedWithoutARecordBetweenTheOthers) {
  write_three();
  const std::string whole = content();
  write(whole.substr(0, 12 + 19) + whole.substr(12 + 19 + 16));
  EXPECT_THAT(refusal(), HasSubstr("it is damaged at byte 31"));
}

TEST_F(FileJournals, MayLieInTheWorkingDirectory) {
  const std::filesystem::path before = std::filesystem::current_path();
  const std::filesystem::path path = path_;
  std::filesystem::current_path(path.parent_path());
  path_ = path.filename().string();
  write_three();
  EXPECT_EQ(FileJournal(path_).records(), kThree);
  std::filesystem::current_path(before);
  path_ = path.string();
  EXPECT_FALSE(content().empty());
}

TEST_F(FileJournals, SayWhatIsWrong) {
  write("something else that somebody needs");
  EXPECT_THAT(refusal(), HasSubstr("it is a file of something else"));
  EXPECT_EQ(content(), "something else that somebody needs");
  write(std::string("perturbJ\2\0\0\0", 12));
  EXPECT_THAT(refusal(), HasSubstr("another version of the format"));
  path_ += "/no/such/directory";
  EXPECT_THAT(refusal(), HasSubstr("cannot be opened: "));
}

#if defined(__linux__)
TEST_F(FileJournals, KeepWhatTheyHadWhenTheDiskIsFull) {
  write_three();
  const std::size_t size = content().size();
  {
    FileJournal journal(path_);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    ::rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
    const ::rlimit full{size + 5, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
    std::string first;
    std::string second;
    for (std::string* const message : {&first, &second}) {
      try {
        journal.append(kThree[2]);
      } catch (const JournalError& error) {
        *message = error.what();
      }
    }
    ::setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, ignored);
    EXPECT_THAT(first, HasSubstr("it cannot be written: "));
    EXPECT_THAT(second, HasSubstr("an earlier record could not be written"));
    EXPECT_EQ(journal.records(), kThree);
    EXPECT_THROW(journal.append(kThree[0]), JournalError) << "there may be a hole in the file";
  }
  EXPECT_EQ(content().size(), size) << "the part of a record was cut off";
  EXPECT_EQ(FileJournal(path_).records(), kThree);
}

// The disk is full after so many bytes, while the file is made and while a migration runs with it, which goes
// on when there is room again.
TEST_F(FileJournals, LetAMigrationGoOnWhereverTheDiskWasFull) {
  using reference::World;
  const reference::Ring before(std::vector<std::string>{"a", "b"});
  const reference::Ring after(std::vector<std::string>{"a", "c"});
  std::map<std::string, std::string> keys;
  for (int i = 0; i < 10; ++i) keys["key " + std::to_string(i)] = "value " + std::to_string(i);
  const auto run = [](World& world, const std::string& path) {
    FileJournal journal(path);
    const auto store_of = [&world](const std::string& node) -> reference::Store& { return world.store(node); };
    reference::Migration(world.plan(), store_of, store_of, journal,
                         {.batch = 8, .arcs_at_once = reference::Ranges::kAllArcs})
        .run();
  };
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  ::rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  bool was_full = true;
  for (std::size_t size = 0; was_full; size += 5) {
    std::remove(path_.c_str());
    World world(before, after, reference::Ranges::kAllArcs);
    for (const auto& [key, value] : keys) world.set(key, value);
    std::string message;
    const ::rlimit full{size, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
    try {
      run(world, path_);
    } catch (const JournalError& error) {
      message = error.what();
    }
    ::setrlimit(RLIMIT_FSIZE, &limit);
    was_full = !message.empty();
    EXPECT_THAT(message, testing::AnyOf("", HasSubstr("it cannot be written: File too large")));
    for (const auto& [key, value] : keys) ASSERT_EQ(world.get(key), value) << size << " bytes";
    run(world, path_);
    ASSERT_EQ(world.content(), world.placed(keys, after)) << size << " bytes";
  }
  std::signal(SIGXFSZ, ignored);
  EXPECT_GT(content().size(), 200U) << "the migration writes less than it must";
}

// Nothing that is written there is kept: fsync says so.
TEST_F(FileJournals, AreRefusedWhereNothingIsKept) {
  EXPECT_THAT(refusal_of("/dev/null"), HasSubstr("it cannot be written: "));
}

// The first page of the address space is never mapped.
TEST_F(FileJournals, AreRefusedWhereNothingCanBeRead) {
  EXPECT_THAT(refusal_of("/proc/self/mem"), HasSubstr("it cannot be "));
}

TEST_F(FileJournals, AreRefusedIfWhatACrashLeftCannotBeCutOff) {
  write_three();
  const std::string cut = content().substr(0, 40);
  const int memory = ::memfd_create("journal", MFD_ALLOW_SEALING);
  ASSERT_GE(memory, 0);
  EXPECT_EQ(::write(memory, cut.data(), cut.size()), static_cast<::ssize_t>(cut.size()));
  EXPECT_EQ(::fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK), 0);
  EXPECT_THAT(refusal_of("/proc/self/fd/" + std::to_string(memory)), HasSubstr("it cannot be written: "));
  ::close(memory);
}

TEST_F(FileJournals, AreNoPipes) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(refusal(), HasSubstr("it cannot be read: "));
}
#endif

TEST_F(FileJournals, BelongToOneProcessAtATime) {
  const FileJournal journal(path_);
  EXPECT_THAT(refusal(), HasSubstr("another process has it open"));
}

TEST_F(FileJournals, RefuseRecordsThatTheyCouldNotReadAgain) {
  FileJournal journal(path_);
  EXPECT_THROW(journal.append(std::vector<std::byte>((std::size_t{1} << 20) + 1)), JournalError);
  EXPECT_TRUE(journal.records().empty());
}

// The journal is cut at every byte, as if the mover had been killed and the machine had stopped, and the migration goes
// on with it from the state in which the stores were at the end of the first run.
TEST_F(FileJournals, LetAMigrationGoOnWhereverTheyWereCut) {
  using reference::World;
  const auto open = [](World& world, FileJournal& journal, std::uint64_t fence) {
    const auto store_of = [&world](const std::string& node) -> reference::Store& { return world.store(node); };
    return reference::Migration(world.plan(), store_of, store_of, journal,
                                {.batch = 8, .arcs_at_once = reference::Ranges::kAllArcs, .fence = fence});
  };
  const reference::Ring before(std::vector<std::string>{"a", "b", "c"});
  const reference::Ring after(std::vector<std::string>{"a", "b", "c", "d"});
  for (std::size_t steps = 0;; ++steps) {
    World world(before, after, reference::Ranges::kAllArcs);
    std::map<std::string, std::string> keys;
    for (int i = 0; i < 40; ++i) keys["key " + std::to_string(i)] = "value " + std::to_string(i);
    for (const auto& [key, value] : keys) world.set(key, value);
    std::remove(path_.c_str());
    bool is_done = false;
    {
      FileJournal journal(path_);
      auto mover = open(world, journal, 0);
      for (std::size_t i = 0; i < steps; ++i) mover.step();
      is_done = mover.is_done();
    }
    const std::string whole = content();
    write(whole.substr(0, whole.size() * (steps % 7) / 7));
    FileJournal journal(path_);
    open(world, journal, 2).run();
    ASSERT_EQ(world.content(), world.placed(keys, after)) << steps << " steps";
    if (is_done) break;
  }
}

}  // namespace
