// expect: or pass a hasher of your own
#include <perturb/hashers.hpp>

#include <vector>

struct Point {
  int x, y;
};

int main() { return perturb::XxHash<>()(std::vector<Point>{{1, 2}}) == 0; }
