// expect: perturb::Equal: these keys have no operator==; write one, or pass an equality of your own
#include <perturb/hashers.hpp>

struct Point {
  int x, y;
};

int main() { return perturb::Equal<Point>()(Point{1, 2}, Point{1, 2}); }
