# SPDX-License-Identifier: MIT
"""Does random things to a dict and an OrderedDict of Python and prints what and in which order the items then are, for
python_order_test.cpp.

usage: python_dict_orders.py SEED OPERATIONS KEYS

Each line is one operation with its result after `->`, or `order` and all items. What a plain dict has no method for is
done to it by what it has; both must agree.
"""

import collections
import random
import sys


def main():
    seed, operations, keys = map(int, sys.argv[1:])
    rng = random.Random(seed)
    plain, ordered = {}, collections.OrderedDict()
    # Stretches in which mostly is added take turns with others in which mostly is removed.
    names = ["set", "update", "del", "pop", "popitem", "move", "clear"]
    growing, shrinking = [60, 3, 10, 8, 6, 12, 0.1], [20, 1, 35, 15, 15, 12, 0.3]

    for step in range(operations):
        name = rng.choices(names, growing if step // (2 * keys) % 2 == 0 else shrinking)[0]
        key, value = rng.randrange(keys), rng.randrange(1000)
        last = rng.random() < 0.5
        if name == "set":
            plain[key] = ordered[key] = value
            print("set", key, value)
        elif name == "update":
            others = {rng.randrange(keys): rng.randrange(1000) for _ in range(rng.randrange(1, 9))}
            plain |= others
            ordered.update(others)
            print("update", *(f"{k} {v}" for k, v in others.items()))
        elif name == "del":
            there = key in plain
            if there:
                del plain[key]
                del ordered[key]
            print("del", key, "->", int(there))
        elif name == "pop":
            popped = plain.pop(key, -1)
            assert popped == ordered.pop(key, -1)
            print("pop", key, "->", popped)
        elif name == "popitem":
            item = (-1, -1)
            if ordered:
                item = ordered.popitem(last)
                first_key = next(iter(plain))
                assert item == (plain.popitem() if last else (first_key, plain.pop(first_key)))
            print("popitem", int(last), "->", *item)
        elif name == "move":
            there = key in ordered
            if there:
                ordered.move_to_end(key, last)
                moved = {key: plain.pop(key)}
                plain = plain | moved if last else moved | plain
            print("move", key, int(last), "->", int(there))
        else:
            plain.clear()
            ordered.clear()
            print("clear")
        if step % 40 == 39 or step + 1 == operations:
            assert list(plain.items()) == list(ordered.items())
            print("order", *(f"{k} {v}" for k, v in plain.items()))


if __name__ == "__main__":
    main()
