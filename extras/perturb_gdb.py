# SPDX-License-Identifier: MIT
"""Shows perturb's tables, sets, their iterators and views, and rings in gdb. In ~/.gdbinit, or at gdb's prompt:

    source /usr/share/perturb/perturb_gdb.py

`info pretty-printer global perturb` lists the printers; `disable pretty-printer` turns them off; `print/r` shows the
members as they are. How many elements are shown is gdb's `set print elements`.
"""

import os
import re
import sys

import gdb
import gdb.printing

_here = os.path.dirname(os.path.abspath(os.path.expanduser(__file__)))
if _here not in sys.path:
    sys.path.insert(0, _here)
import perturb_layout as layout  # noqa: E402

layout.byte_order = lambda: "big" if "big" in gdb.execute("show endian", to_string=True) else "little"


def read(address, length):
    try:
        return bytes(gdb.selected_inferior().read_memory(layout.possible(address), length))
    except gdb.error as error:
        raise layout.Unreadable(f"memory at {address:#x} cannot be read") from error


class Value:
    """A gdb.Value as layout reads it."""

    def __init__(self, value):
        self.value = value

    def __getitem__(self, name):
        try:
            return Value(self.value[name])
        except gdb.MemoryError as error:
            raise layout.Unreadable("memory cannot be read") from error
        except gdb.error as error:
            raise KeyError(name) from error

    def __int__(self):
        if self.value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
            raise TypeError("a class")
        try:
            return int(self.value)
        except gdb.MemoryError as error:
            raise layout.Unreadable("memory cannot be read") from error
        except gdb.error as error:  # for instance: it was optimized out
            raise layout.Unreadable(str(error)) from error

    @property
    def address(self):
        return int(self.value.address)

    @property
    def target_size(self):
        return self.value.type.strip_typedefs().target().sizeof


def at(address, its_type):
    return gdb.Value(layout.possible(address)).cast(its_type.pointer()).dereference()


def basic(value):
    return gdb.types.get_basic_type(value.type)


def name_of(value):
    """perturb::HashTable<...> -> perturb::HashTable"""
    return "perturb::" + re.search(r"(\w+)(<|$)", basic(value).tag).group(1)


def slot_type(table):
    """The type of a HashTable's or HashSet's slots."""
    core = table["core_"].type.strip_typedefs()
    try:
        return gdb.lookup_type(f"{core}::Slot").strip_typedefs()
    except gdb.error:
        room = core.tag[: core.tag.index("TableCore<")]
        return gdb.lookup_type(f"{room}Slot<{core.template_argument(0)} >")


def elements_of(table):
    """The elements of any table but a sharded one."""
    if "::Ordered" in basic(table).tag.partition("<")[0]:
        state = layout.OrderedTable(Value(table), read)
        entry = table["core_"]["state_"]["block"]["block_"].type.strip_typedefs().target().template_argument(0)
        for position in state.positions():
            yield at(state.block.entry_address(position, entry.sizeof), entry)["value"]
    else:
        state = layout.SlotTable(Value(table), read)
        slot = slot_type(table)
        for index in state.full_slots():
            yield at(state.slot_address(index, slot.sizeof), slot)["value"]


def elements_from(iterator):
    """The element of an iterator, and those after it."""
    tag = basic(iterator).tag.partition("<")[0]
    if tag.endswith("::PartIterator"):
        member = "first" if "FirstPart" in str(basic(iterator).template_argument(1)) else "second"
        for element in elements_from(iterator["it_"]):
            yield element[member]
    elif tag.endswith("::ShardedIterator"):
        if int(iterator["table_"]) != int(iterator["last_"]):
            yield from elements_from(iterator["inner_"])
    elif tag.endswith("::OrderedIterator"):
        entry = basic(iterator).template_argument(1)
        state = layout.OrderedIterator(Value(iterator), entry.sizeof, read)
        for position in state.positions():
            yield at(state.block.entry_address(position, entry.sizeof), entry)["value"]
    else:
        slot = basic(iterator).template_argument(1)
        for address in layout.TableIterator(Value(iterator), read).slots():
            yield at(address, slot)["value"]


class Printer:
    """What a printer does whose value may be damaged: it then says so, and has no children."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        try:
            return self.text()
        except (layout.Damaged, KeyError, gdb.error) as fault:
            return f"{name_of(self.value)} ({fault})"

    def children(self):
        try:
            yield from self.parts()
        except (layout.Damaged, KeyError, gdb.error):
            return

    def text(self):
        return name_of(self.value)

    def parts(self):
        return ()


class TablePrinter(Printer):
    """HashTable, HashSet, OrderedHashTable, OrderedHashSet."""

    def is_map(self):
        return not name_of(self.value).endswith("Set")

    def display_hint(self):
        return "map" if self.is_map() else "array"

    def elements(self):
        return elements_of(self.value)

    def text(self):
        is_ordered = "::Ordered" in name_of(self.value)
        table = (layout.OrderedTable if is_ordered else layout.SlotTable)(Value(self.value), read)
        return f"{name_of(self.value)} with {table.summary()}"

    def parts(self):
        for number, element in enumerate(self.elements()):
            if self.is_map():
                yield f"key {number}", element["first"]
                yield f"value {number}", element["second"]
            else:
                yield f"[{number}]", element


class ShardedPrinter(TablePrinter):
    """ShardedTable."""

    def text(self):
        return f"{name_of(self.value)} with {layout.Sharded(Value(self.value)).summary()}"

    def elements(self):
        sharded = layout.Sharded(Value(self.value))
        shard = self.value["shards_"]["shards"].type.strip_typedefs().template_argument(0).strip_typedefs()
        left = sharded.size
        for address in sharded.shard_addresses():
            for element in elements_of(at(address, shard)):
                if left == 0:
                    return
                left -= 1
                yield element


class ViewPrinter(TablePrinter):
    """What keys(), values() and items() give."""

    def is_map(self):
        return "PartIterator" not in str(basic(self.value).template_argument(0))

    def text(self):
        return "a view of a perturb table"

    def elements(self):
        return elements_from(self.value["begin_"])


class IteratorPrinter(Printer):
    """Iterators: the element, or end()."""

    def text(self):
        for element in elements_from(self.value):
            return element
        return "end()"

    def to_string(self):
        try:
            return self.text()
        except (layout.Damaged, KeyError, gdb.error) as fault:
            return f"an iterator that cannot be used ({fault})"


class RingPrinter(Printer):
    """HashRing."""

    def text(self):
        return f"{name_of(self.value)} with {layout.Ring(Value(self.value)).summary()}"

    def parts(self):
        return ((name, member.value) for name, member in layout.Ring(Value(self.value)).children())


class PreferencePrinter(Printer):
    """PreferenceList: the nodes, not their addresses."""

    def display_hint(self):
        return "array"

    def text(self):
        return f"{name_of(self.value)} of {layout.plural(layout.preferred_nodes(Value(self.value))[1], 'node')}"

    def parts(self):
        first, count = layout.preferred_nodes(Value(self.value))
        node = basic(self.value).template_argument(0).const().pointer()
        for i in range(count):
            yield f"[{i}]", at(first + i * node.sizeof, node).dereference()


class HashValuePrinter(Printer):
    """HashValue."""

    def text(self):
        return f"{int(self.value['value']):#018x}"


class TokenPrinter(Printer):
    """Token128: one number."""

    def text(self):
        return f"{int(self.value['high']) << 64 | int(self.value['low']):#034x}"


def printers():
    result = gdb.printing.RegexpCollectionPrettyPrinter("perturb")
    abi = r"^perturb::(abi\w+::)?"
    for name, pattern, printer in (
        ("tables", r"(Ordered)?Hash(Table|Set)<.*>$", TablePrinter),
        ("shards", r"detail::sharded::Shard<.*>$", TablePrinter),
        ("ShardedTable", r"ShardedTable<.*>$", ShardedPrinter),
        ("views", r"detail::\w+::View<.*>$", ViewPrinter),
        ("iterators", r"detail::\w+::(Table|Ordered|Part|Sharded)Iterator<.*>$", IteratorPrinter),
        ("HashRing", r"HashRing<.*>$", RingPrinter),
        ("PreferenceList", r"PreferenceList<.*>$", PreferencePrinter),
        ("HashValue", r"HashValue$", HashValuePrinter),
        ("Token128", r"Token128$", TokenPrinter),
    ):
        result.add_printer(name, abi + pattern, printer)
    return result


gdb.printing.register_pretty_printer(None, printers(), replace=True)
