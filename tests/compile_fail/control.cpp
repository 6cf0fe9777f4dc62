// compiles: the control of the sources beside it
#include <perturb/perturb.hpp>

int main() {}
