// SPDX-License-Identifier: MIT
/// @file A shared object, which is built twice: it hands out functions that were compiled into it.
#include "api.hpp"

extern "C" __attribute__((visibility("default"))) const shared::Api* PERTURB_TEST_API() {
  static const shared::Api api = shared::api();
  return &api;
}
