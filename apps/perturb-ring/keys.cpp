// SPDX-License-Identifier: MIT
#include "keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input_error.hpp"
#include "output.hpp"
#include "text_file.hpp"

namespace ring_tool {

namespace {

constexpr std::size_t kBatch = 4096;

class ListedKeys final : public KeySource {
 public:
  explicit ListedKeys(std::vector<std::string> keys) : keys_(std::move(keys)) {}

  const std::vector<std::string_view>& next() override {
    batch_.clear();
    for (; done_ < keys_.size() && batch_.size() < kBatch; ++done_) batch_.push_back(keys_[done_]);
    return batch_;
  }
  [[nodiscard]] std::uint64_t whole() const override { return keys_.size(); }
  [[nodiscard]] std::uint64_t done() const override { return done_; }

 private:
  std::vector<std::string> keys_;
  std::size_t done_ = 0;
  std::vector<std::string_view> batch_;
};

class FileKeys final : public KeySource {
 public:
  FileKeys(const std::string& path, bool is_zero_terminated)
      : name_(path == "-" ? std::string(kStandardInput) : path), end_(is_zero_terminated ? '\0' : '\n') {
    descriptor_ = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) refuse("cannot be opened");
    struct stat status{};
    if (fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode))
      whole_ = static_cast<std::uint64_t>(status.st_size);
    buffer_.resize(kBlock);
  }
  FileKeys(const FileKeys&) = delete;
  FileKeys& operator=(const FileKeys&) = delete;
  ~FileKeys() override {
    if (descriptor_ > STDIN_FILENO) (void)close(descriptor_);
  }

  const std::vector<std::string_view>& next() override {
    batch_.clear();
    for (;;) {
      take_keys();
      if (!batch_.empty()) look_at_first();
      if (!batch_.empty() || is_at_end_) return batch_;
      fill();
      if (!is_at_end_) continue;
      // The last key may lack its end.
      if (begin_ != size_) batch_.emplace_back(buffer_.data() + begin_, size_ - begin_);
      begin_ = size_;
      return batch_;
    }
  }
  [[nodiscard]] std::uint64_t whole() const override { return whole_; }
  [[nodiscard]] std::uint64_t done() const override { return done_; }

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 20;

  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError({name_}, what + ": " + std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  }

  // A file from Windows gives other keys than it seems to.
  void look_at_first() {
    if (!is_first_ || end_ != '\n') return;
    is_first_ = false;
    if (batch_[0].ends_with('\r'))
      print_note(name_ + ": the lines end with carriage returns, which are taken as parts of the keys");
  }
  void take_keys() {
    while (batch_.size() < kBatch) {
      const char* const first = buffer_.data() + begin_;
      const auto* const last = static_cast<const char*>(std::memchr(first, end_, size_ - begin_));
      if (last == nullptr) return;
      batch_.emplace_back(first, static_cast<std::size_t>(last - first));
      begin_ += batch_.back().size() + 1;
    }
  }
  // Moves what is left to the front and reads on.
  void fill() {
    std::memmove(buffer_.data(), buffer_.data() + begin_, size_ - begin_);
    size_ -= begin_;
    begin_ = 0;
    if (size_ == buffer_.size()) buffer_.resize(2 * buffer_.size());
    ssize_t count = 0;
    do {
      count = read(descriptor_, buffer_.data() + size_, buffer_.size() - size_);
    } while (count < 0 && errno == EINTR);
    if (count < 0) refuse("cannot be read");
    size_ += static_cast<std::size_t>(count);
    done_ += static_cast<std::uint64_t>(count);
    is_at_end_ = count == 0;
  }

  std::string name_;
  char end_;
  int descriptor_ = -1;
  std::uint64_t whole_ = 0;
  std::uint64_t done_ = 0;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t size_ = 0;
  bool is_at_end_ = false;
  bool is_first_ = true;
  std::vector<std::string_view> batch_;
};

class SampleKeys final : public KeySource {
 public:
  explicit SampleKeys(std::uint64_t count) : count_(count) {}

  const std::vector<std::string_view>& next() override {
    batch_.clear();
    for (; done_ < count_ && batch_.size() < kBatch; ++done_) {
      std::array<char, kLongest>& text = texts_[batch_.size()];
      std::memcpy(text.data(), "key:", 4);
      const char* const end = std::to_chars(text.data() + 4, text.data() + text.size(), done_).ptr;
      batch_.emplace_back(text.data(), static_cast<std::size_t>(end - text.data()));
    }
    return batch_;
  }
  [[nodiscard]] std::uint64_t whole() const override { return count_; }
  [[nodiscard]] std::uint64_t done() const override { return done_; }

 private:
  static constexpr std::size_t kLongest = 24;

  std::uint64_t count_;
  std::uint64_t done_ = 0;
  std::vector<std::array<char, kLongest>> texts_ = std::vector<std::array<char, kLongest>>(kBatch);
  std::vector<std::string_view> batch_;
};

}  // namespace

std::unique_ptr<KeySource> listed_keys(std::vector<std::string> keys) {
  return std::make_unique<ListedKeys>(std::move(keys));
}
std::unique_ptr<KeySource> keys_of_file(const std::string& path, bool is_zero_terminated) {
  return std::make_unique<FileKeys>(path, is_zero_terminated);
}
std::unique_ptr<KeySource> sample_keys(std::uint64_t count) { return std::make_unique<SampleKeys>(count); }

}  // namespace ring_tool
