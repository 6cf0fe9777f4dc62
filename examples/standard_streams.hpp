// SPDX-License-Identifier: MIT
/// @file Keeps connections from getting the numbers of closed standard streams.
#pragma once

#include <fcntl.h>

/// Opens /dev/null for each standard stream that is closed: a connection that got its number would be sent what is
/// printed.
inline void occupy_standard_streams() {
  for (int stream = 0; stream <= 2; ++stream) {
    if (fcntl(stream, F_GETFD) == -1) (void)open("/dev/null", O_RDONLY);
  }
}
