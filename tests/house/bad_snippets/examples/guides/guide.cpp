// SPDX-License-Identifier: MIT
int main() {
  // [shown]
  int shown = 1;
  // [shown]
  // [forgotten]
  return shown - 1;
  // [forgotten]
}
