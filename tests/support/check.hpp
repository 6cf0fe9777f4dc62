// SPDX-License-Identifier: MIT
/// @file Checks and tests as plain functions. A typed GoogleTest costs a class, a factory and a registration for every
/// test and type, and every EXPECT an expansion of some twenty lines; hundreds of tests over a dozen table types made
/// that minutes of compilation. Here a test is a captureless lambda given to Suite::test, and a check a call.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <source_location>
#include <string>
#include <type_traits>

namespace kit {

#if defined(__cpp_lib_source_location)
using SourceLocation = std::source_location;
#else
/// For clang++ before 16, with which libstdc++ has none.
struct SourceLocation {
  const char* file;
  unsigned number;

  static constexpr SourceLocation current(const char* file = __builtin_FILE(), unsigned number = __builtin_LINE()) {
    return {file, number};
  }
  [[nodiscard]] constexpr const char* file_name() const { return file; }
  [[nodiscard]] constexpr unsigned line() const { return number; }
};
#endif

/// Fails the running test, and goes on, unless `ok`. Gives `ok` back.
inline bool check(bool ok, const char* note = "", SourceLocation where = SourceLocation::current()) {
  if (!ok) ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line())) << "this check fails. " << note;
  return ok;
}

inline bool check_equal(std::uint64_t got, std::uint64_t wanted, const char* note = "",
                        SourceLocation where = SourceLocation::current()) {
  if (got != wanted) {
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
        << got << " instead of " << wanted << ". " << note;
  }
  return got == wanted;
}

inline bool check_equal(const std::map<std::uint64_t, std::uint64_t>& got,
                        const std::map<std::uint64_t, std::uint64_t>& wanted, const char* note = "",
                        SourceLocation where = SourceLocation::current()) {
  if (got != wanted) {
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
        << ::testing::PrintToString(got) << " instead of " << ::testing::PrintToString(wanted) << ". " << note;
  }
  return got == wanted;
}

inline bool check_equal(const void* got, const void* wanted, const char* note = "",
                        SourceLocation where = SourceLocation::current()) {
  if (got != wanted) {
    ADD_FAILURE_AT(where.file_name(), static_cast<int>(where.line()))
        << got << " instead of " << wanted << ". " << note;
  }
  return got == wanted;
}

/// The call throws an `Exception`.
template <class Exception, class Call>
bool check_throws(const Call& call, SourceLocation where = SourceLocation::current()) {
  try {
    call();
  } catch (const Exception&) {
    return true;
  }
  return check(false, "the call does not throw", where);
}

/// Tests with a common name; `Fixture` surrounds each of them.
template <class Fixture = ::testing::Test>
class BasicSuite {
 public:
  explicit BasicSuite(std::string name) : name_(std::move(name)) {}

  void test(const char* name, void (*body)(), SourceLocation where = SourceLocation::current()) {
    class Case final : public Fixture {
     public:
      explicit Case(void (*body)()) : body_(body) {}

     private:
      void TestBody() override { body_(); }
      void (*body_)();
    };
    ::testing::RegisterTest(name_.c_str(), name, nullptr, nullptr, where.file_name(), static_cast<int>(where.line()),
                            [body]() -> Fixture* { return new Case(body); });
  }

 private:
  std::string name_;
};

}  // namespace kit
