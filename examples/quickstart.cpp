// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

#include <iostream>
#include <string>

int main() {
  perturb::HashTable<std::string, int> ages = {{"Ada", 36}, {"Alan", 41}};
  ages["Grace"] = 85;
  ages.set_default("Ada", 0);  // Ada is there: nothing changes

  if (const int* age = ages.get("Alan")) std::cout << "Alan: " << *age << '\n';
  std::cout << "Edsger: " << ages.get_or("Edsger", -1) << '\n';
  std::cout << "Grace: " << ages.pop("Grace").value() << ", removed\n";

  for (const auto& [name, age] : ages) std::cout << name << " is " << age << '\n';
}
