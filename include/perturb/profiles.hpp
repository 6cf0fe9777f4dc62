// SPDX-License-Identifier: MIT
/// @file All profiles: rings that choose the same server as libmemcached and others. Each can be included by itself.
#pragma once

#include <perturb/ring/profiles/haproxy.hpp>
#include <perturb/ring/profiles/libmemcached.hpp>
#include <perturb/ring/profiles/nginx.hpp>
#include <perturb/ring/profiles/twemproxy.hpp>
