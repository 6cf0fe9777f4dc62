// SPDX-License-Identifier: MIT
/// @file All profiles: rings that choose the same server as other programs do. Each can be included by itself.
#pragma once

#include <perturb/ring/profiles/brpc.hpp>
#include <perturb/ring/profiles/envoy.hpp>
#include <perturb/ring/profiles/grpc.hpp>
#include <perturb/ring/profiles/haproxy.hpp>
#include <perturb/ring/profiles/ketama.hpp>
#include <perturb/ring/profiles/libmemcached.hpp>
#include <perturb/ring/profiles/maglev.hpp>
#include <perturb/ring/profiles/nginx.hpp>
#include <perturb/ring/profiles/twemproxy.hpp>
#include <perturb/ring/profiles/uhashring.hpp>
