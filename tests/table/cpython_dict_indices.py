# SPDX-License-Identifier: MIT
"""Prints where a live CPython 3.11 puts keys in its dicts, for probe_sequence_cpython_test.cpp.

Each line is one dict: the number of its slots; the slots, each with the number of its entry in order of insertion, or
-1 for an empty one and -2 for a dummy; `:`; and what was done to get there, `+hash` for an insertion and `-number` for
the deletion of an entry. The slots are read from the dict's dk_indices, whose place is that of CPython 3.11 alone; any
other interpreter makes the script print `unsupported` and what it is.
"""

import ctypes
import platform
import random
import sys


class Key:
    """A key with a hash of our choice, which makes the dict a general one (entries of hash, key and value)."""

    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return self.value

    def __eq__(self, other):
        return self is other


# PyDictObject: reference count, type, used, version, keys. PyDictKeysObject: reference count; one byte each for the
# log2 of the size, the log2 of the indices' bytes and the kind; usable at 16, number of entries at 24, indices from 32.
KEYS_POINTER, LOG2_SIZE, KIND, ENTRIES, INDICES = 32, 8, 10, 24, 32


def slots_of(table, entries):
    keys = ctypes.c_void_p.from_address(id(table) + KEYS_POINTER).value
    log2_size = ctypes.c_uint8.from_address(keys + LOG2_SIZE).value
    assert ctypes.c_uint8.from_address(keys + KIND).value == 0, "not a general dict"
    assert ctypes.c_ssize_t.from_address(keys + ENTRIES).value == entries, "the entries were renumbered"
    index = ctypes.c_int8 if log2_size < 8 else ctypes.c_int16 if log2_size < 16 else ctypes.c_int32
    return list((index * (1 << log2_size)).from_address(keys + INDICES))


def a_hash(rng):
    """Of all lengths, so that some collide at once and some only after a few steps; of both signs."""
    bits = rng.getrandbits(rng.choice([3, 5, 8, 13, 21, 34, 55, 62])) * rng.choice([1, 1, 8, 64])
    return (bits % 2**63) * rng.choice([1, 1, 1, -1])


def show(rng, count, changes):
    """A dict of `count` keys, then `changes` deletions and insertions that do not use up its entries."""
    table, keys, done = {}, [], []

    def insert():
        keys.append(Key(a_hash(rng)))
        table[keys[-1]] = None
        done.append("+" + str(hash(keys[-1]) % 2**64))

    for _ in range(count):
        insert()
    usable = len(slots_of(table, count)) * 2 // 3
    for _ in range(changes):
        live = [number for number, key in enumerate(keys) if key is not None]
        if live and rng.random() < 0.5:
            number = rng.choice(live)
            del table[keys[number]]
            keys[number] = None
            done.append("-" + str(number))
        elif len(keys) < usable:
            insert()
    slots = slots_of(table, len(keys))
    print(len(slots), *slots, ":", *done)


def main():
    if platform.python_implementation() != "CPython" or sys.version_info[:2] != (3, 11):
        print("unsupported", platform.python_implementation(), platform.python_version())
        return
    rng = random.Random(311)
    # Just below and just above each growth: 8 slots to 65536 and beyond.
    for count in [1, 3, 5, 6, 10, 11, 21, 22, 42, 43, 85, 86, 170, 341, 682, 1365, 2730, 5461, 10922, 21845, 43690]:
        for _ in range(200 if count < 100 else 20 if count < 2000 else 2):
            show(rng, count, 0)
    # With dummies.
    for count in [1, 2, 6, 11, 22, 43, 86]:
        for _ in range(100):
            show(rng, count, 2 * count + 6)


main()
