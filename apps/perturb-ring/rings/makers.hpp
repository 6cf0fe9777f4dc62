// SPDX-License-Identifier: MIT
/// @file The functions that build a ring of each profile. They are in several sources, since each takes long to
/// compile.
#pragma once

#include <memory>

#include "../ring.hpp"

namespace ring_tool {

[[nodiscard]] std::unique_ptr<Ring> make_perturb(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_libmemcached(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_twemproxy(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_ketama(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_nginx(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_haproxy(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_envoy(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_maglev(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_grpc(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_brpc(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_uhashring(const RingSpec& spec);
[[nodiscard]] std::unique_ptr<Ring> make_uhashring_ketama(const RingSpec& spec);

}  // namespace ring_tool
