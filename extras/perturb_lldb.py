# SPDX-License-Identifier: MIT
"""Shows perturb's tables, sets, their iterators and views, and rings in lldb. In ~/.lldbinit, or at lldb's prompt:

    command script import /usr/share/perturb/perturb_lldb.py

`type category disable perturb` turns it off; `frame variable --raw` shows the members as they are. How many elements
are shown is lldb's `settings set target.max-children-count`.
"""

import itertools
import os
import re
import sys

import lldb

_here = os.path.dirname(os.path.abspath(__file__))
if _here not in sys.path:
    sys.path.insert(0, _here)
import perturb_layout as layout  # noqa: E402


class Value:
    """An lldb.SBValue as layout reads it."""

    def __init__(self, value):
        self.value = value.GetNonSyntheticValue()

    def __getitem__(self, name):
        child = self.value.GetChildMemberWithName(name)
        if not child.IsValid():
            raise KeyError(name)
        return Value(child)

    def __int__(self):
        if self.value.GetType().GetCanonicalType().GetTypeClass() in (lldb.eTypeClassClass, lldb.eTypeClassStruct):
            raise TypeError("a class")
        error = lldb.SBError()
        number = self.value.GetValueAsUnsigned(error)
        if error.Fail():
            raise layout.Unreadable("memory cannot be read")
        return number

    @property
    def address(self):
        return self.value.GetLoadAddress()

    @property
    def target(self):
        return self.value.GetType().GetCanonicalType().GetPointeeType()

    @property
    def target_size(self):
        return self.target.GetByteSize()


def reader(value):
    """A function that reads the memory of the process of `value`, whose byte order layout is told."""
    process = value.GetProcess()
    is_big = process.GetByteOrder() == lldb.eByteOrderBig
    layout.byte_order = lambda: "big" if is_big else "little"

    def read(address, length):
        error = lldb.SBError()
        content = process.ReadMemory(layout.possible(address), length, error)
        if error.Fail() or len(content) != length:
            raise layout.Unreadable(f"memory at {address:#x} cannot be read")
        return content

    return read


def type_name(value):
    return value.GetType().GetCanonicalType().GetUnqualifiedType().GetName()


def name_of(value):
    """perturb::HashTable<...> -> perturb::HashTable"""
    return "perturb::" + type_name(value).partition("<")[0].rpartition("::")[2]


def slot_type(table):
    """The type of a HashTable's or HashSet's slots."""
    core = table["core_"].value.GetType().GetCanonicalType()
    if hasattr(core, "FindDirectNestedType"):
        classes = [core]
        for its_class in classes:
            slot = its_class.FindDirectNestedType("Slot").GetCanonicalType()
            if slot.IsValid() and slot.GetByteSize():
                return slot
            bases = (its_class.GetDirectBaseClassAtIndex(i) for i in range(its_class.GetNumberOfDirectBaseClasses()))
            classes += [base.GetType().GetCanonicalType() for base in bases]
    # Before lldb 18 by its name, which compilers and lldb write differently for some elements.
    room = core.GetName().partition("TableCore<")[0]
    element = core.GetTemplateArgumentType(0).GetCanonicalType().GetName()
    for name in (f"{room}Slot<{element}>", f"{room}Slot<{element} >"):
        slot = table.value.GetTarget().FindFirstType(name)
        if slot.IsValid():
            return slot
    raise layout.Damaged("the debug information lacks the type of its slots")


def at(owner, name, address, its_type):
    return owner.CreateValueFromAddress(name, layout.possible(address), its_type)


def value_at(owner, address, its_type):
    """Address and type of the element in the slot or entry at `address`."""
    slot = at(owner, "slot", address, its_type).GetNonSyntheticValue()
    union = slot.GetChildAtIndex(0)  # of the base, which lldb does not look into
    for child in union.children:
        value = child if child.GetName() == "value" else child.GetChildMemberWithName("value")
        if value.IsValid():
            return value.GetLoadAddress(), value.GetType()
    raise layout.Damaged("the debug information lacks the type of its slots")


def elements_of(table):
    """Address and type of each element of any table but a sharded one."""
    read = reader(table)
    if "::Ordered" in type_name(table).partition("<")[0]:
        state = layout.OrderedTable(Value(table), read)
        if state.block is None:
            return
        entry = Value(table)["core_"]["state_"]["block"]["block_"].target.GetTemplateArgumentType(0)
        for position in state.positions():
            yield value_at(table, state.block.entry_address(position, entry.GetByteSize()), entry)
    else:
        state = layout.SlotTable(Value(table), read)
        slot = slot_type(Value(table)) if state.size else None
        for index in state.full_slots():
            yield value_at(table, state.slot_address(index, slot.GetByteSize()), slot)


def elements_of_shards(table):
    sharded = layout.Sharded(Value(table))
    shards = Value(table)["shards_"]["shards"].value.GetType().GetCanonicalType().GetTemplateArgumentType(0)
    each = (elements_of(at(table, "shard", a, shards)) for a in sharded.shard_addresses())
    return itertools.islice(itertools.chain.from_iterable(each), sharded.size)


def elements_from(iterator):
    """Address and type of its element, and of those after it."""
    read = reader(iterator)
    tag = type_name(iterator).partition("<")[0]
    value = Value(iterator)
    if tag.endswith("::PartIterator"):
        part = iterator.GetType().GetCanonicalType().GetTemplateArgumentType(1).GetName()
        member = "first" if part.endswith("FirstPart") else "second"
        for address, its_type in elements_from(value["it_"].value):
            element = at(iterator, "element", address, its_type).GetNonSyntheticValue()
            element = element.GetChildMemberWithName(member)
            yield element.GetLoadAddress(), element.GetType()
    elif tag.endswith("::ShardedIterator"):
        if int(value["table_"]) != int(value["last_"]):
            yield from elements_from(value["inner_"].value)
    elif tag.endswith("::OrderedIterator"):
        entry = value["block_"].target.GetTemplateArgumentType(0)
        state = layout.OrderedIterator(value, entry.GetByteSize(), read)
        for position in state.positions():
            yield value_at(iterator, state.block.entry_address(position, entry.GetByteSize()), entry)
    else:
        slot = value["slot_"].target
        for address in layout.TableIterator(value, read).slots():
            yield value_at(iterator, address, slot)


class Elements:
    """The elements of a table as its children."""

    def __init__(self, value, _):
        self.value = value.GetNonSyntheticValue()

    def update(self):
        self.known = []
        self.rest = iter(self.elements())
        try:
            self.size = self.count()
        except (layout.Damaged, KeyError):
            self.size = 0
        return False

    def elements(self):
        return elements_of(self.value)

    def count(self):
        is_ordered = "::Ordered" in type_name(self.value).partition("<")[0]
        return (layout.OrderedTable if is_ordered else layout.SlotTable)(Value(self.value), reader(self.value)).size

    def has_children(self):
        return self.size != 0

    def num_children(self, _max=None):
        return self.size

    def get_child_index(self, name):
        match = re.fullmatch(r"\[(\d+)\]", name)
        return int(match.group(1)) if match else -1

    def get_child_at_index(self, index):
        if not 0 <= index < self.size:
            return None
        try:
            self.known += itertools.islice(self.rest, max(0, index + 1 - len(self.known)))
            address, its_type = self.known[index]
        except (layout.Damaged, KeyError, IndexError):
            return None
        return at(self.value, f"[{index}]", address, its_type)


class ShardedElements(Elements):
    def elements(self):
        try:
            return elements_of_shards(self.value)
        except (layout.Damaged, KeyError):
            return ()

    def count(self):
        return layout.Sharded(Value(self.value)).size


class ViewElements(Elements):
    """What a view begins with: how many elements it has, only walking through it shows."""

    MOST = 1000

    def elements(self):
        return itertools.islice(elements_from(Value(self.value)["begin_"].value), self.MOST)

    def count(self):
        self.known = list(self.elements())
        return len(self.known)


class PreferredNodes(Elements):
    def elements(self):
        first, count = layout.preferred_nodes(Value(self.value))
        node = self.value.GetType().GetCanonicalType().GetTemplateArgumentType(0).GetPointerType()
        for i in range(count):
            pointer = at(self.value, "node", first + i * node.GetByteSize(), node)
            yield pointer.GetValueAsUnsigned(), node.GetPointeeType()

    def count(self):
        return layout.preferred_nodes(Value(self.value))[1]


class Element:
    """The element of an iterator as its only child."""

    def __init__(self, value, _):
        self.value = value.GetNonSyntheticValue()

    def update(self):
        try:
            self.element = next(elements_from(self.value), None)
        except (layout.Damaged, KeyError):
            self.element = None
        return False

    def has_children(self):
        return self.element is not None

    def num_children(self, _max=None):
        return 1 if self.element else 0

    def get_child_index(self, name):
        return 0 if name == "element" else -1

    def get_child_at_index(self, index):
        if index != 0 or self.element is None:
            return None
        return at(self.value, "element", *self.element)


class RingMembers:
    """The nodes, weights and states of a ring as its children."""

    def __init__(self, value, _):
        self.value = value.GetNonSyntheticValue()

    def update(self):
        try:
            self.children = layout.Ring(Value(self.value)).children()
        except (layout.Damaged, KeyError):
            self.children = []
        return False

    def has_children(self):
        return bool(self.children)

    def num_children(self, _max=None):
        return len(self.children)

    def get_child_index(self, name):
        return next((i for i, (known, _) in enumerate(self.children) if known == name), -1)

    def get_child_at_index(self, index):
        if not 0 <= index < len(self.children):
            return None
        name, member = self.children[index]
        return at(self.value, name, member.address, member.value.GetType())


def guarded(summary):
    """A summary of a value that may be damaged."""

    def function(value, _):
        value = value.GetNonSyntheticValue()
        try:
            return summary(value)
        except (layout.Damaged, KeyError) as fault:
            return f"{name_of(value)} ({fault})"

    return function


@guarded
def table_summary(value):
    is_ordered = "::Ordered" in type_name(value).partition("<")[0]
    table = (layout.OrderedTable if is_ordered else layout.SlotTable)(Value(value), reader(value))
    if table.size and not is_ordered:
        slot_type(Value(value))  # says so if it is not known, since there are no children to say it
    return f"{name_of(value)} with {table.summary()}"


@guarded
def sharded_summary(value):
    return f"{name_of(value)} with {layout.Sharded(Value(value)).summary()}"


@guarded
def ring_summary(value):
    return f"{name_of(value)} with {layout.Ring(Value(value)).summary()}"


@guarded
def preference_summary(value):
    return f"{name_of(value)} of {layout.plural(layout.preferred_nodes(Value(value))[1], 'node')}"


def view_summary(_value, _):
    return "a view of a perturb table"


@guarded
def hash_summary(value):
    return f"{int(Value(value)['value']):#018x}"


@guarded
def token_summary(value):
    return f"{int(Value(value)['high']) << 64 | int(Value(value)['low']):#034x}"


def iterator_summary(value, _):
    try:
        return "end()" if next(elements_from(value.GetNonSyntheticValue()), None) is None else ""
    except (layout.Damaged, KeyError) as fault:
        return f"an iterator that cannot be used ({fault})"


def __lldb_init_module(debugger, _):
    category = debugger.CreateCategory("perturb")
    abi = "^perturb::(abi[A-Za-z0-9_]+::)?"
    for pattern, summary, children in (
        ("(Ordered)?Hash(Table|Set)<.*>$", table_summary, Elements),
        ("detail::sharded::Shard<.*>$", table_summary, Elements),
        ("ShardedTable<.*>$", sharded_summary, ShardedElements),
        ("detail::[a-z]+::View<.*>$", view_summary, ViewElements),
        ("detail::[a-z]+::(Table|Ordered|Part|Sharded)Iterator<.*>$", iterator_summary, Element),
        ("HashRing<.*>$", ring_summary, RingMembers),
        ("PreferenceList<.*>$", preference_summary, PreferredNodes),
        ("HashValue$", hash_summary, None),
        ("Token128$", token_summary, None),
    ):
        types = lldb.SBTypeNameSpecifier(abi + pattern, True)
        name = next(name for name, function in globals().items() if function is summary)
        options = lldb.eTypeOptionHideChildren if children is None else lldb.eTypeOptionCascade
        category.AddTypeSummary(types, lldb.SBTypeSummary.CreateWithFunctionName(f"{__name__}.{name}", options))
        if children is not None:
            synthetic = lldb.SBTypeSynthetic.CreateWithClassName(f"{__name__}.{children.__name__}")
            synthetic.SetOptions(lldb.eTypeOptionCascade)
            category.AddTypeSynthetic(types, synthetic)
    category.SetEnabled(True)
