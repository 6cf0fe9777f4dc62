// SPDX-License-Identifier: MIT
/// @file All profiles: rings that choose the same server as other programs do. Each can be included by itself.
#pragma once

#include <perturb/profiles/brpc.hpp>
#include <perturb/profiles/envoy.hpp>
#include <perturb/profiles/grpc.hpp>
#include <perturb/profiles/haproxy.hpp>
#include <perturb/profiles/ketama.hpp>
#include <perturb/profiles/libmemcached.hpp>
#include <perturb/profiles/maglev.hpp>
#include <perturb/profiles/nginx.hpp>
#include <perturb/profiles/twemproxy.hpp>
#include <perturb/profiles/uhashring.hpp>
