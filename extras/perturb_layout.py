# SPDX-License-Identifier: MIT
"""Where the parts of perturb's tables and rings are in memory: what the scripts for gdb and lldb have in common.

Both give a `Value` of the debugger and a function `read(address, length) -> bytes`. A Value has

    value[name]            its member, also of a base class; KeyError if there is none
    int(value)             a number, or the address in a pointer
    value.address          where it is
    value.target_size      of a pointer: the size of what it points to

and raises Unreadable, as `read` does, where memory cannot be read. Memory may hold anything: before a constructor has
run, after a destructor or a stray write. So what contradicts itself raises Damaged, and no loop is longer than what
was checked. Both exceptions have a message for people.
"""

GROUP_WIDTH = 16
EMPTY, TOMBSTONE, SENTINEL, FIRST_TAG = 0, 1, 2, 3
MAX_LOG2 = 48
CHUNK = 4096
COUNTED = 1 << 20  # the most control bytes that are read only to count tombstones


class Damaged(Exception):
    """The memory holds no such object."""


class Unreadable(Damaged):
    """The memory cannot be read."""


def check(is_so, message):
    if not is_so:
        raise Damaged(message)


def plural(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def possible(address):
    """The address, if it is one."""
    if not 0 <= address < 1 << 64:
        raise Unreadable(f"memory at {address:#x} cannot be read")
    return address


def pointer(value, member):
    """The address in a pointer; an allocator's class of pointers is not understood."""
    try:
        return int(value[member])
    except (TypeError, ValueError) as error:
        raise Damaged("its allocator's pointers are not understood") from error


class SlotTable:
    """A HashTable or HashSet: include/perturb/table/state.hpp, slots.hpp, control_group.hpp."""

    def __init__(self, table, read):
        state = table["core_"]["state_"]
        self.read = read
        self.size = int(state["size"])
        log2 = int(state["log2"]["log2"])
        few = int(state["few_slots"])
        check(log2 <= MAX_LOG2, "not initialized or overwritten: impossible capacity")
        self.capacity = 1 << log2 if log2 else 0
        self.allocated = few or self.capacity
        check(self.allocated <= self.capacity, "not initialized or overwritten: more memory than slots")
        check(self.size <= self.allocated, "not initialized or overwritten: more elements than slots")
        self.controls = pointer(state["controls"], "controls_")
        if self.capacity:
            one_group = self.allocated < self.capacity or self.capacity <= GROUP_WIDTH
            mask = 0 if one_group else self.capacity - GROUP_WIDTH
            check(int(state["home_mask"]) == mask, "not initialized or overwritten: a mask of another capacity")
            sentinel_index = GROUP_WIDTH - 1 if self.allocated < GROUP_WIDTH else self.capacity
            sentinel = read(self.controls + sentinel_index, 1)
            check(sentinel[0] == SENTINEL, "not initialized or overwritten: no sentinel where one must be")

    def full_slots(self):
        """The indices of the full slots, in order: as many as there are elements."""
        left = self.size
        for start in range(0, self.allocated, CHUNK):
            if left == 0:
                return
            controls = self.read(self.controls + start, min(CHUNK, self.allocated - start))
            for index, control in enumerate(controls, start):
                if control >= FIRST_TAG and left:
                    left -= 1
                    yield index

    def slot_address(self, index, slot_size):
        return self.controls - (index + 1) * slot_size

    def summary(self):
        text = plural(self.size, "element")
        if self.capacity:
            text += f" in {self.capacity} slots"
            if self.capacity <= COUNTED:
                tombstones = self.read(self.controls, self.allocated).count(TOMBSTONE)
                if tombstones:
                    text += f", {plural(tombstones, 'tombstone')}"
        return text


class OrderedTable:
    """An OrderedHashTable or OrderedHashSet: include/perturb/ordered/ordered_storage.hpp and entries.hpp."""

    def __init__(self, table, read):
        state = table["core_"]["state_"]
        self.size = int(state["size"])
        log2 = int(state["log2"]["log2"])
        check(log2 <= MAX_LOG2, "not initialized or overwritten: impossible capacity")
        self.capacity = 1 << log2 if log2 else 0
        check(self.size <= self.capacity, "not initialized or overwritten: more elements than slots")
        self.block = None
        if self.capacity:
            address = pointer(state["block"], "block_")
            self.block = Block(address, state["block"]["block_"], read)
            check(self.block.capacity <= self.capacity, "not initialized or overwritten: more entries than slots")
            check(self.size <= self.block.end - self.block.first, "overwritten: more elements than entries")

    def positions(self):
        """The positions of the entries, in order: as many as there are elements."""
        if self.block is None:
            return
        left = self.size
        for position in self.block.positions(self.block.first):
            if left == 0:
                return
            left -= 1
            yield position

    def summary(self):
        text = plural(self.size, "element")
        if self.capacity:
            text += f" in {self.capacity} slots"
            holes = self.block.end - self.block.first - self.size
            if holes:
                text += f", {plural(holes, 'hole')}"
        return text


class Block:
    """The entries of an ordered table: include/perturb/ordered/entries.hpp. `block` is the pointer at `address`."""

    def __init__(self, address, block, read):
        self.address = address
        self.read = read
        self.header_size = block.target_size
        self.first, self.end, self.capacity = (int(block[name]) for name in ("first", "end", "capacity"))
        is_sound = self.first <= self.end <= self.capacity <= 1 << MAX_LOG2
        check(is_sound, "not initialized or overwritten: impossible positions of entries")

    def positions(self, first):
        for start in range(first - first % 64, self.end, 64):
            word = self.read(self.address - 8 * (start // 64 + 1), 8)
            holes = int.from_bytes(word, byte_order())
            for position in range(max(start, first), min(start + 64, self.end)):
                if not holes >> (position - start) & 1:
                    yield position

    def is_entry(self, position):
        if not self.first <= position < self.end:
            return False
        return next(self.positions(position), None) == position

    def entry_address(self, position, slot_size):
        return self.address + self.header_size + position * slot_size


def byte_order():
    """Of the debugged program; each script sets it."""
    return "little"


def vector_bounds(vector):
    """Address of the first element, size of an element, number of elements: of libstdc++'s or libc++'s std::vector."""
    try:
        begin, end = vector["_M_impl"]["_M_start"], vector["_M_impl"]["_M_finish"]
    except KeyError:
        begin, end = vector["__begin_"], vector["__end_"]
    first, last, size = int(begin), int(end), begin.target_size
    is_sound = 0 <= first <= last and size > 0 and (last - first) % size == 0 and last - first <= 1 << MAX_LOG2
    check(is_sound, "not initialized or overwritten: impossible bounds of a vector")
    return first, size, (last - first) // size


def vector_size(vector):
    return vector_bounds(vector)[2]


class Ring:
    """A HashRing: include/perturb/ring/members.hpp and layout.hpp."""

    MEMBERS = (("nodes", "nodes_"), ("weights", "weights_"), ("states", "states_"))

    def __init__(self, ring):
        self.members = ring["members_"]
        sizes = {vector_size(self.members[member]) for _, member in self.MEMBERS}
        check(len(sizes) == 1, "not initialized or overwritten: not as many weights as nodes")
        self.size = sizes.pop()
        numbers = ring["layout_"]["set_"]["points"]["values_"]
        self.points = vector_size(numbers["narrow_"]) + vector_size(numbers["wide_"])
        self.up = int(self.members["up_count_"])
        check(self.up <= self.size, "not initialized or overwritten: more nodes that are up than nodes")

    def children(self):
        """Names and values."""
        return [(name, self.members[member]) for name, member in self.MEMBERS] if self.size else []

    def summary(self):
        text = f"{plural(self.size, 'node')}, {plural(self.points, 'point')}"
        return text if self.up == self.size else f"{text}, {self.size - self.up} not up"


class Sharded:
    """A ShardedTable: include/perturb/sharded/shard_set.hpp."""

    def __init__(self, table):
        shards = table["shards_"]
        self.size = int(shards["size"])
        self.ring = Ring(shards["ring"])
        self.first, self.shard_size, self.count = vector_bounds(shards["shards"])
        check(self.count & (self.count - 1) == 0, "not initialized or overwritten: impossible number of shards")
        check(self.count or not self.size, "not initialized or overwritten: elements without shards")

    def shard_addresses(self):
        return (self.first + i * self.shard_size for i in range(self.count))

    def summary(self):
        return f"{plural(self.size, 'element')} on {plural(self.ring.size, 'node')}"


class TableIterator:
    """include/perturb/table/iterator.hpp; `slot` is the address of its slot, or 0 at the end."""

    def __init__(self, iterator, read):
        self.read = read
        self.slot = int(iterator["slot_"])
        self.slot_size = iterator["slot_"].target_size
        if self.slot:
            distance = int(iterator["first_"]) - self.slot
            self.control = int(iterator["block_"]) + distance // self.slot_size
            is_sound = 0 <= distance < 64 * self.slot_size and distance % self.slot_size == 0
            check(is_sound, "not initialized or overwritten")
            check(read(self.control, 1)[0] >= FIRST_TAG, "its element was erased")

    def slots(self):
        """The addresses of this and the following full slots."""
        address, control = self.slot, self.control if self.slot else 0
        while address and (here := self.read(control, 1)[0]) != SENTINEL:
            if here >= FIRST_TAG:
                yield address
            control += 1
            address -= self.slot_size


class OrderedIterator:
    """include/perturb/ordered/iterator.hpp; `position` is None at the end."""

    def __init__(self, iterator, slot_size, read):
        offset = int(iterator["offset_"])
        self.position = None
        if offset:
            self.block = Block(int(iterator["block_"]), iterator["block_"], read)
            distance = offset - self.block.header_size
            check(distance >= 0 and distance % slot_size == 0, "not initialized or overwritten")
            self.position = distance // slot_size
            check(self.block.is_entry(self.position), "its element was erased")

    def positions(self):
        return iter(()) if self.position is None else self.block.positions(self.position)


def preferred_nodes(nodes):
    """The pointers in a PreferenceList: (address of the first one, how many). include/perturb/preference_list.hpp"""
    size = int(nodes["size_"])
    first, _, count = vector_bounds(nodes["many_"])
    if count:
        check(count == size, "not initialized or overwritten")
        return first, count
    check(size <= 8, "not initialized or overwritten")
    return nodes["few_"].address, size
