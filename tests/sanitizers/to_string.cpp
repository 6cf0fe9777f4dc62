// SPDX-License-Identifier: MIT
/// @file For the memory sanitizer: the functions of libc++ that are compiled into its library, and not for the
/// sanitizer, so that it would take what they write for never written. These are found before the library's.
#include <charconv>
#include <string>

namespace {

template <class Number>
std::string digits_of(Number number) {
  char digits[24] = {};
  const char* const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  std::string text;
  for (const char* digit = digits; digit != end; ++digit) text.push_back(*digit);
  return text;
}

}  // namespace

_LIBCPP_BEGIN_NAMESPACE_STD
string to_string(int number) { return digits_of(number); }
string to_string(unsigned number) { return digits_of(number); }
string to_string(long number) { return digits_of(number); }
string to_string(unsigned long number) { return digits_of(number); }
string to_string(long long number) { return digits_of(number); }
string to_string(unsigned long long number) { return digits_of(number); }
_LIBCPP_END_NAMESPACE_STD
