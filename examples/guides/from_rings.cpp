// SPDX-License-Identifier: MIT
/// @file The rings of docs/moving-from.md, each with the server that it chooses for one key.
#include <perturb/profiles.hpp>

#include <cstdint>
#include <iostream>
#include <string_view>

namespace {

using namespace perturb::profiles;

void print(std::string_view program, const Server* server) {
  std::cout << program << ": " << (server == nullptr ? "none" : server->host) << '\n';
}

void libmemcached() {
  // [libmemcached]
  LibmemcachedRing ring({.mode = LibmemcachedMode::weighted});
  ring.add_server("10.0.0.1", 11211, 600);
  ring.add_server("/run/memcached.sock", 0, 300);
  // [libmemcached]
  print("libmemcached", ring.find_server("some key"));
}

void twemproxy() {
  // [twemproxy]
  TwemproxyRing ring({.hash = TwemproxyHash::murmur, .hash_tag = "{}"});
  ring.add_server("10.0.0.1", 6379, 2, "cache-1");
  ring.add_server("10.0.0.2", 11211, 1);
  // [twemproxy]
  print("twemproxy", ring.find_server("some key"));
}

void nginx() {
  // [nginx]
  NginxRing ring;
  ring.add_server("10.0.0.1", 8080, 2);
  ring.add_server("backend.example.com", 0);  // no port in the configuration, none here
  ring.add_server("unix:/run/backend.sock", 0);
  const Server* server = ring.find_server("/the/request?uri");
  // [nginx]
  print("nginx", server);
}

void haproxy() {
  // [haproxy]
  HaproxyRing ring;
  ring.add_server("10.0.0.1", 8080, 10, 1, "s1");
  ring.add_server("10.0.0.2", 8080, 20, 2, "s2");
  // [haproxy]
  print("HAProxy", ring.find_server("some key"));
}

void envoy() {
  // [envoy]
  EnvoyRing ring({.minimum_ring_size = 100'000});
  ring.add_server("10.0.0.1", 80);
  // [envoy]
  print("Envoy", ring.find_server("some key"));
}

void maglev() {
  // [maglev]
  MaglevRing ring({.table_size = 65537});
  // [maglev]
  ring.add_server("10.0.0.1", 80);
  ring.add_server("10.0.0.2", 80);
  print("Maglev", ring.find_server("some key"));
}

void grpc() {
  // [grpc]
  GrpcRing ring({.min_ring_size = 1024, .max_ring_size = 4096, .implementation = GrpcImplementation::go});
  ring.add_server("10.0.0.1", 50051);
  // [grpc]
  print("gRPC", ring.find_server("some key"));
}

void brpc() {
  const std::uint32_t code = 4'000'000'000;
  // [brpc]
  BrpcRing ring({.balancer = BrpcBalancer::c_murmurhash, .replicas = 100});
  ring.add_server("10.0.0.1", 8000);
  ring.add_server("10.0.0.2", 8000);
  const Server* server = ring.find_server_of_token(code);
  // [brpc]
  print("brpc", server);
}

void ketama() {
  // [ketama]
  KetamaRing ring;
  ring.add_server("10.0.1.1", 11211, 600);
  ring.add_server("10.0.1.2", 11211, 300);
  // [ketama]
  print("ketama", ring.find_server("some key"));
}

void uhashring() {
  // [uhashring]
  UhashringRing ring;  // UhashringKetamaRing for hash_fn="ketama"
  ring.add_server("node-a", 0, 1);
  ring.add_server("node-b", 0, 2);
  // [uhashring]
  print("uhashring", ring.find_server("some key"));
}

}  // namespace

int main() {
  libmemcached();
  twemproxy();
  nginx();
  haproxy();
  envoy();
  maglev();
  grpc();
  brpc();
  ketama();
  uhashring();
}
