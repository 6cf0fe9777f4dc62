// SPDX-License-Identifier: MIT
/// @file A file that one process at a time holds, and that is appended to durably: what FileJournal needs of the
/// system.
#pragma once

#include <perturb/config.hpp>

#include <fcntl.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#if defined(_WIN32)
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#else
#include <sys/file.h>
#include <unistd.h>
#endif

namespace perturb::inline PERTURB_ABI::detail::migration {

/// Members that return bool return false when the system refuses; error() then says why.
class DurableFile {
 public:
  DurableFile() = default;
  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  ~DurableFile() { close(); }

  /// Opens or creates the file, and takes hold of it: false, with is_held_elsewhere(), while another process has it.
  bool open(const std::string& path) {
#if defined(_WIN32)
    const int error =
        ::_sopen_s(&descriptor_, path.c_str(), _O_RDWR | _O_CREAT | _O_BINARY, _SH_DENYRW, _S_IREAD | _S_IWRITE);
    is_held_elsewhere_ = error == EACCES;
    return error == 0 || failed(error);
#else
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) return failed(errno);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      is_held_elsewhere_ = errno == EWOULDBLOCK;
      return failed(errno);
    }
    sync_directory(path);
    return true;
#endif
  }
  [[nodiscard]] bool is_held_elsewhere() const noexcept { return is_held_elsewhere_; }
  [[nodiscard]] std::string error() const { return std::strerror(error_); }

  bool read_all(std::vector<std::byte>& bytes) {
    bytes.clear();
    if (!seek(0)) return false;
    std::byte piece[4096];
    for (;;) {
#if defined(_WIN32)
      const int got = ::_read(descriptor_, piece, sizeof piece);
#else
      const ::ssize_t got = ::read(descriptor_, piece, sizeof piece);
      if (got < 0 && errno == EINTR) continue;
#endif
      if (got < 0) return failed(errno);
      if (got == 0) return true;
      bytes.insert(bytes.end(), piece, piece + got);
    }
  }

  /// Writes the bytes at `offset`, the end of the file, and waits until they are on the disk.
  bool append(std::size_t offset, std::span<const std::byte> bytes) {
    if (!seek(offset)) return false;
    while (!bytes.empty()) {
#if defined(_WIN32)
      const int put = ::_write(descriptor_, bytes.data(), static_cast<unsigned>(bytes.size()));
#else
      const ::ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
#endif
      if (put < 0) return failed(errno);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return sync();
  }

  bool truncate(std::size_t size) {
#if defined(_WIN32)
    const int error = ::_chsize_s(descriptor_, static_cast<long long>(size));
    if (error != 0) return failed(error);
#else
    if (::ftruncate(descriptor_, static_cast<::off_t>(size)) != 0) return failed(errno);
#endif
    return sync();
  }

 private:
  bool failed(int error) noexcept {
    error_ = error;
    return false;
  }
  bool seek(std::size_t offset) noexcept {
#if defined(_WIN32)
    return ::_lseeki64(descriptor_, static_cast<long long>(offset), SEEK_SET) >= 0 || failed(errno);
#else
    return ::lseek(descriptor_, static_cast<::off_t>(offset), SEEK_SET) >= 0 || failed(errno);
#endif
  }
  bool sync() noexcept {
#if defined(_WIN32)
    return ::_commit(descriptor_) == 0 || failed(errno);
#else
    return ::fsync(descriptor_) == 0 || failed(errno);
#endif
  }
  void close() noexcept {
    if (descriptor_ < 0) return;
#if defined(_WIN32)
    ::_close(descriptor_);
#else
    ::close(descriptor_);  // which also gives up the lock
#endif
  }
#if !defined(_WIN32)
  // The name of a new file survives a crash of the machine only once its directory is on the disk. Not every file
  // system allows that; the file is then as good as it can be.
  static void sync_directory(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    static_cast<void>(::fsync(descriptor));
    ::close(descriptor);
  }
#endif

  int descriptor_ = -1;
  int error_ = 0;
  bool is_held_elsewhere_ = false;
};

}  // namespace perturb::inline PERTURB_ABI::detail::migration
