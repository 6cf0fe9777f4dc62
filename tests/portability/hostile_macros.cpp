// SPDX-License-Identifier: MIT
/// @file Every header, after macros that headers of other programs define. None of them may be used: each expands to a
/// character that no token begins with.
#include "std_headers.hpp"

#if __has_include(<fmt/ranges.h>)
#include <fmt/ranges.h>
#endif
#if __has_include(<nlohmann/json.hpp>)
#include <nlohmann/json.hpp>
#endif

// <windows.h> and what it includes
#define min(...) @
#define max(...) @
#define small @
#define interface @
#define near @
#define far @
#define hyper @
#define cdecl @
#define pascal @
#define IN @
#define OUT @
#define OPTIONAL @
#define CONST @
#define VOID @
#define BOOL @
#define TRUE @
#define FALSE @
#define ERROR @
#define DELETE @
#define STRICT @
#define ABSOLUTE @
#define RELATIVE @
#define OPAQUE @
#define TRANSPARENT @
#define INPUT @
#define NO_ERROR @
#define RGB(...) @
#define Yield(...) @
#define GetObject @
#define GetMessage @
#define SendMessage @
#define CreateWindow @
// Qt
#define emit @
#define slots @
#define signals @
#define foreach(...) @
#define forever @
// X11
#define None @
#define Bool @
#define Status @
#define Success @
#define True @
#define False @
#define Always @
#define Above @
#define Below @
#define Complex @
#define Convex @
#define Unsorted @
#define KeyPress @
#define CursorShape @
// Apple's AssertMacros.h and Objective-C
#define check(...) @
#define verify(...) @
#define require(...) @
#define nil @
#define Nil @
// POSIX, glibc, GNU C and <complex.h>
#define major(...) @
#define minor(...) @
#define makedev(...) @
#define unix @
#define linux @
#define complex @
#define I @
// Arduino, kernels, and what programs often define for themselves
#define abs(...) @
#define round(...) @
#define bit(...) @
#define sq(...) @
#define constrain(...) @
#define likely(...) @
#define unlikely(...) @
#define countof(...) @
#define ARRAY_SIZE(...) @
#define B0 @
#define F(...) @
#define log(...) @
#undef assert
#define assert(...) @
#define DEBUG @
#define EMPTY @

#include <perturb/hash/xxhash.hpp>
// <crtdbg.h> and others that replace the functions of <cstdlib>, which <xxhash.h> calls
#define malloc(...) @
#define calloc(...) @
#define realloc(...) @
#define free(...) @

#include "all_headers.hpp"
#if __has_include(<fmt/ranges.h>)
#include <perturb/fmt.hpp>
#endif
#if __has_include(<nlohmann/json.hpp>)
#include <perturb/json.hpp>
#endif
