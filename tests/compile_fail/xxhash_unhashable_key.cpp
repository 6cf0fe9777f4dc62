// expect: perturb::XxHash cannot hash this type: write template <class State> void perturb_hash(State& state,
#include <perturb/hashers.hpp>

struct Point {
  int x, y;
};

int main() { return perturb::hash_key(perturb::XxHash<Point>(), Point{1, 2}) == perturb::HashValue(0); }
