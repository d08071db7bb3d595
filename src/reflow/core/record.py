"""Recording: an op call appends to the thread's segment and returns a pending tensor.

The segment so far is a position in a trie. A child is found by the key (instruction, references to
inputs), so recording an op that was seen in this place before is one dictionary lookup; the child
knows the outputs' shapes and dtypes and, at a flush, the compiled programs. Shapes and dtypes are
inferred and checked only when a new child is made.

A reference is: n >= 0, output n of this segment; n < 0, leaf -n-1 that was seen already; an Aval,
a new leaf of that kind; ``float`` or ``int``, a Python number, which becomes a run-time argument;
a ScalarRef, a number that was an argument already.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import ref

import numpy as np

from reflow.core import profile, program
from reflow.core.aval import Aval, aval
from reflow.core.dtypes import DType, float32, int32
from reflow.core.errors import OpError
from reflow.core.tensor import (
    PLACEHOLDER,
    StaticTensor,
    SymbolicTensor,
    Tensor,
    leak_error,
    static_tensor,
    symbolic_error,
)

if TYPE_CHECKING:
    from reflow.core.op import Instruction, Primitive

CAP = 256
"""Ops after which a segment is cut, outside a tape."""
TAPE_CAP = 8192
"""The same inside a tape, where a cut costs more (values for the VJPs must be kept)."""
BYTES_CAP = 1 << 29
"""Bytes of new leaves after which a segment is cut, so that pending code can't hoard memory."""
NODE_LIMIT = 200_000
"""Trie nodes after which the trie starts afresh: a program of ever new shapes stays small."""


class Node:
    """A place in the trie: an instruction with its input references, after those before it."""

    __slots__ = (
        "avals",
        "compiled",
        "first",
        "instruction",
        "key",
        "leaves",
        "linked",
        "next",
        "outputs",
        "parent",
        "patience",
        "plans",
        "programs",
        "runs",
        "scalars",
        "single",
        "size",
        "stop",
    )  # fmt: skip

    def __init__(self) -> None:
        self.next: dict[Any, Node] = {}
        self.parent: Node | None = None
        self.instruction: Instruction | None = None
        self.key: tuple[Any, ...] = ()
        self.first = 0  # this op's first output slot
        self.outputs = 0  # output slots up to and including this op
        self.leaves = 0  # leaves up to and including this op
        self.scalars: tuple[tuple[type, DType], ...] = ()  # Python numbers so far, and their dtypes
        self.avals: tuple[Aval, ...] = ()
        self.single = True
        self.stop = False
        self.size = 0  # elements handled so far: chooses the tier
        self.runs = 0  # interpreted runs so far
        self.patience = 0  # and how many there may be
        self.linked: dict[int, Any] = {}  # mask -> the path as NumPy calls
        self.compiled = 0
        self.programs: dict[int, Any] = {}
        self.plans: dict[Any, Any] = {}  # gradient plans, see tape.py


class ScalarRef:
    """Refers to the n-th Python number of a segment; one object per n."""

    __slots__ = ("index",)
    _all: ClassVar[dict[int, ScalarRef]] = {}

    def __init__(self, index: int) -> None:
        self.index = index

    @classmethod
    def at(cls, index: int) -> ScalarRef:
        return cls._all.setdefault(index, cls(index))


class Segment:
    """Ops recorded and not run yet, and the leaves they start from."""

    __slots__ = (
        "__weakref__", "aliases", "assigned", "at_boundary", "bytes", "capture", "checks",
        "customs", "kept", "leaf_index", "leaves", "live", "lock", "node", "outputs", "root",
        "scalars", "slot_of", "spans", "tapes",
    )  # fmt: skip

    def __init__(self, tapes: list[Any], capture: Any, at_boundary: bool, root: Node) -> None:
        self.root = self.node = root
        self.outputs: list[ref[Tensor]] = []
        self.leaves: list[Tensor] = []
        self.leaf_index: dict[int, int] = {}
        self.scalars: list[float | int] = []
        self.tapes = tapes  # open tapes of this thread, innermost last
        self.spans: list[ref[Any]] = []  # stretches of this segment that tapes remember
        self.checks: list[tuple[Tensor, Callable[[Any], None]]] = []
        self.aliases: dict[int, Tensor] = {}  # slots that read a variable -> the variable's tensor
        self.customs: dict[int, Any] = {}  # first slot of a custom-gradient op -> its backward
        self.capture = capture  # the function being traced, or None
        self.at_boundary = at_boundary  # began at a step boundary
        self.assigned = False  # a variable was assigned since
        self.bytes = 0
        self.kept: dict[int, Any] | None = None  # after a flush: slot -> value, for tapes
        self.slot_of: dict[int, int] = {}  # after a flush: id of a live handle -> slot
        self.live: list[Tensor] = []  # keeps those ids valid
        self.lock = threading.Lock()

    def reference(self, tensor: Tensor) -> Any:
        """How an op of this segment refers to a tensor from outside it."""
        index = self.leaf_index.get(id(tensor))
        if index is not None:
            return index
        if self.capture is None:
            if tensor._value is None:
                try:
                    realize(tensor, used=True)
                except BaseException:
                    self.rollback()
                    raise
            elif tensor._value is PLACEHOLDER:
                self.rollback()
                raise leak_error(tensor)
        leaves = self.leaves
        leaves.append(tensor)
        self.leaf_index[id(tensor)] = -len(leaves)
        self.bytes += tensor._aval.nbytes
        return tensor._aval

    def rollback(self) -> None:
        """Forgets leaves that an op which failed had added."""
        count = self.node.leaves
        for tensor in self.leaves[count:]:
            del self.leaf_index[id(tensor)]
        del self.leaves[count:]


class _Thread(threading.local):
    """What each thread records into."""

    def __init__(self) -> None:
        self.tapes: list[Any] = []
        self.segment = Segment(self.tapes, None, True, _trie.root)
        self.base: tuple[Segment, list[Any]] | None = None  # what tf.init_scope goes back to


class _Trie:
    def __init__(self) -> None:
        self.root = Node()
        self.nodes = 0


_trie = _Trie()
state = _Thread()

_new = Tensor.__new__


def record(instruction: Instruction, inputs: Sequence[Any], forced: bool = True) -> Any:
    """Appends an op to the thread's segment; returns its pending output(s)."""
    segment = state.segment
    key: list[Any] = [instruction]
    scalars: list[float | int] = []
    for x in inputs:
        cls = x.__class__
        if cls is Tensor:
            key.append(x._slot if x._segment is segment else segment.reference(x))
        elif cls is float:
            scalars.append(x)
            key.append(float)
        elif cls is int and -0x80000000 <= x <= 0x7FFFFFFF:
            scalars.append(x)
            key.append(int)
        elif cls is ScalarRef:
            key.append(x)
        else:
            segment.rollback()
            symbolic = next((y for y in inputs if isinstance(y, SymbolicTensor)), None)
            if symbolic is not None:
                return symbolic._apply(instruction, inputs)
            prepared = _prepare(instruction, inputs, forced)
            if prepared is None:
                return fold(instruction, inputs)
            return record(instruction, prepared, forced)
    refs = tuple(key)
    node = segment.node.next.get(refs)
    if node is None:
        node = _extend(segment, instruction, refs, inputs, scalars, forced)
        if node is None:  # a number had to become a tensor
            return record(instruction, convert_inputs(instruction.primitive, inputs, forced))
    if scalars:
        segment.scalars += scalars
    segment.node = node
    outputs = segment.outputs
    if node.single:
        tensor = _new(Tensor)
        tensor._value = None
        tensor._segment = segment
        tensor._slot = node.first
        tensor._aval = node.avals[0]
        outputs.append(ref(tensor))
        if node.stop or segment.bytes > BYTES_CAP:
            _cut(segment)
        return tensor
    tensors = []
    for slot, kind in enumerate(node.avals, node.first):
        tensor = _new(Tensor)
        tensor._value = None
        tensor._segment = segment
        tensor._slot = slot
        tensor._aval = kind
        outputs.append(ref(tensor))
        tensors.append(tensor)
    if node.stop or segment.bytes > BYTES_CAP:
        _cut(segment)
    return tuple(tensors)


def _extend(
    segment: Segment,
    instruction: Instruction,
    refs: tuple[Any, ...],
    inputs: Sequence[Any],
    scalars: list[float | int],
    forced: bool,
) -> Node | None:
    """Makes the child for an op that is new in this place; None if a number must be converted."""
    parent = segment.node
    try:
        avals, numbers = _input_avals(segment, instruction.primitive, refs)
        if avals is None:
            segment.rollback()
            return None
        inferred = instruction.infer(avals)
    except BaseException:
        segment.rollback()
        raise
    node = Node()
    node.parent = parent
    node.instruction = instruction
    node.key = refs
    node.single = inferred.__class__ is Aval
    node.avals = (inferred,) if node.single else inferred  # type: ignore[assignment]
    node.first = parent.outputs
    node.outputs = parent.outputs + len(node.avals)
    node.leaves = len(segment.leaves)
    node.scalars = parent.scalars + numbers
    node.size = parent.size + sum(a.size for a in avals) + sum(a.size for a in node.avals)
    node.patience = program.patience(node.size)
    if segment.capture is None:
        cap = TAPE_CAP if segment.tapes else CAP
        node.stop = node.outputs >= cap and _in_phase(node)
        _trie.nodes += 1
        if _trie.nodes > NODE_LIMIT:
            _trie.root, _trie.nodes = Node(), 0
    profile.counters.misses += 1
    return parent.next.setdefault(refs, node)


def _input_avals(
    segment: Segment, primitive: Primitive, refs: tuple[Any, ...]
) -> tuple[tuple[Aval, ...] | None, tuple[tuple[type, DType], ...]]:
    """The inputs' avals; Python numbers take the dtype of the tensors they stand beside."""
    known: list[Aval | None] = []
    for r in refs[1:]:
        if r.__class__ is int:
            known.append(slot_aval(segment, r))
        elif r.__class__ is Aval:
            known.append(r)
        elif r.__class__ is ScalarRef:
            known.append(aval((), segment.node.scalars[r.index][1]))
        else:
            known.append(None)
    if None not in known:
        return tuple(known), ()  # type: ignore[arg-type]
    group = primitive.group(len(known))
    shared = next((known[i].dtype for i in group if i < len(known) and known[i] is not None), None)  # type: ignore[union-attr]
    numbers: list[tuple[type, DType]] = []
    for position, r in enumerate(refs[1:]):
        if r is not float and r is not int:
            continue
        dtype = shared if position in group else None
        if dtype is None:
            dtype = float32 if r is float else int32
            if position in group and shared is None:
                shared = dtype
        exact = dtype.is_floating or (r is int and dtype.name in ("int32", "int64"))
        if not exact:
            return None, ()
        numbers.append((r, dtype))
        known[position] = aval((), dtype)
    return tuple(known), tuple(numbers)  # type: ignore[arg-type]


def slot_aval(segment: Segment, index: int) -> Aval:
    """The Aval of an output slot (>= 0) or a leaf (< 0) of the segment."""
    if index < 0:
        return segment.leaves[-index - 1]._aval
    node: Node | None = segment.node
    while node is not None:
        if node.first <= index:
            return node.avals[index - node.first]
        node = node.parent
    raise IndexError(index)


def producer(tensor: Tensor) -> tuple[str, dict[str, Any], list[Any]] | None:
    """What gave a tensor of the function being traced.

    Returns:
      The op's name, its static arguments and its inputs (tensors; numbers as None); or None if the
      tensor is no result of an op recorded in the present function.
    """
    segment = state.segment
    if tensor._segment is not segment or segment.capture is None:
        return None
    node = segment.node
    while node.first > tensor._slot:
        assert node.parent is not None
        node = node.parent
    instruction = node.instruction
    assert instruction is not None
    leaves = node.parent.leaves if node.parent is not None else 0
    inputs: list[Any] = []
    for reference in node.key[1:]:
        if reference.__class__ is int:
            known = reference >= 0
            inputs.append(_handle(segment, reference) if known else segment.leaves[-reference - 1])
        elif reference.__class__ is Aval:
            inputs.append(segment.leaves[leaves])
            leaves += 1
        else:
            inputs.append(None)
    return instruction.primitive.name, instruction.static, inputs


def _handle(segment: Segment, slot: int) -> Tensor:
    """A handle on a recorded output, whose own may be gone."""
    tensor = segment.outputs[slot]()
    if tensor is None:
        tensor = _new(Tensor)
        tensor._value = None
        tensor._segment = segment
        tensor._slot = slot
        tensor._aval = slot_aval(segment, slot)
        segment.outputs[slot] = ref(tensor)
    return tensor


def _in_phase(node: Node) -> bool:
    """Whether cutting here lets a loop restart in phase: the ops so far are whole periods.

    A long loop then compiles a handful of programs, not one per cut.
    """
    if node.outputs >= 2 * TAPE_CAP:
        return True
    trace = []
    place: Node | None = node
    while place is not None and place.parent is not None:
        trace.append(place.instruction)
        place = place.parent
    length = len(trace)
    for period in range(1, length // 2 + 1):
        span = min(length - period, 2 * period + 64)
        if trace[:span] == trace[period : period + span]:
            return length % period == 0
    return True


# ---- conversion of inputs


def _prepare(instruction: Instruction, inputs: Sequence[Any], forced: bool) -> Sequence[Any] | None:
    """Reads variables; if anything else than tensors and small numbers is left, converts all.

    Returns None if all inputs are static: the op can be computed at once.
    """
    if all(x.__class__ is StaticTensor or x.__class__ is int for x in inputs):
        return None
    primitive = instruction.primitive
    plain = [_as_tensor(x) for x in inputs]
    for x in plain:
        cls = x.__class__
        if not (cls is Tensor or cls is float or (cls is int and abs(x) <= 0x7FFFFFFF)):
            return convert_inputs(primitive, plain, forced)
    return plain


_folded: dict[Any, list[Any]] = {}


def fold(instruction: Instruction, inputs: Sequence[Any]) -> Any:
    """Computes an op on static tensors now; its outputs are static too."""
    tensors = convert_inputs(instruction.primitive, inputs)
    key = instruction, tuple([(t._aval, t._value.tobytes()) for t in tensors])
    values = _folded.get(key)
    if values is None:
        if len(_folded) >= 4096:
            _folded.clear()
        values = _folded[key] = program.compute(instruction, tensors)
    outputs = [static_tensor(v) for v in values]
    single = instruction.infer(tuple([t._aval for t in tensors])).__class__ is Aval
    return outputs[0] if single else tuple(outputs)


def convert_inputs(primitive: Primitive, inputs: Sequence[Any], forced: bool = True) -> list[Any]:
    """Inputs that are neither tensors nor plain numbers become tensors, by TF's rules."""
    from reflow.core.convert import convert_argument

    plain = [_as_tensor(x) for x in inputs]
    group = primitive.group(len(plain))
    shared = primitive.group_dtype(plain)
    converted: list[Any] = []
    for position, x in enumerate(plain):
        if x.__class__ is not Tensor:
            member = position in group
            if member:
                x = convert_argument(x, shared, forced)
                shared = shared or x._aval.dtype
            else:
                allowed = primitive.kinds.get(position, ())
                x = convert_argument(x, next(iter(allowed)) if len(allowed) == 1 else None, True)
        converted.append(x)
    return converted


def _as_tensor(x: Any) -> Any:
    """Variables and their like as the tensor they hold now; everything else unchanged."""
    if x.__class__ is Tensor:
        return x
    read = getattr(x, "_read_tensor", None)
    return x if read is None else read()


def dtype_of(x: Any) -> DType | None:
    """The dtype of a tensor or variable, None for anything else."""
    if x.__class__ is Tensor:
        return x._aval.dtype  # type: ignore[no-any-return]
    return x.dtype if hasattr(x, "_read_tensor") else None


# ---- running


def flush(boundary: bool = False) -> None:
    """Runs the thread's segment; every handle that is still alive gets its value."""
    segment = state.segment
    if segment.capture is not None:
        raise symbolic_error("as a value")
    if segment.node is segment.root and not segment.leaves:
        segment.at_boundary = segment.at_boundary or boundary
        return
    begins = boundary or (segment.assigned and not segment.tapes)
    fresh = state.segment = Segment(segment.tapes, None, begins, _trie.root)
    for tape in segment.tapes:
        tape._move(segment, fresh)
    execute(segment)


def execute(segment: Segment) -> None:
    """Runs a segment that is no longer recorded into."""
    with segment.lock:
        if segment.node is segment.root:
            return
        live = []
        mask = 0
        for slot, reference in enumerate(segment.outputs):
            tensor = reference()
            if tensor is not None and tensor._value is None:
                live.append(tensor)
                mask |= 1 << slot
        spans = [span for span in (weak() for weak in segment.spans) if span is not None]
        needed = 0
        for span in spans:
            needed |= span.needed()
        wanted = mask | needed
        for slot in segment.aliases:
            wanted &= ~(1 << slot)
        values: dict[int, Any] = {}
        if wanted:
            values = program.run(segment.node, wanted, segment.scalars, segment.leaves)
        for slot, tensor in segment.aliases.items():
            values[slot] = values[tensor._slot] if tensor._value is None else tensor._value
        for tensor in live:
            tensor._value = values[tensor._slot]
            tensor._segment = None
        if spans:
            segment.kept = {s: values[s] for s in range(needed.bit_length()) if needed >> s & 1}
            segment.live = live
            segment.slot_of = {id(tensor): tensor._slot for tensor in live}
        else:
            segment.leaves, segment.leaf_index = [], {}
        segment.outputs, segment.aliases = [], {}
        checks, segment.checks = segment.checks, []
    for found, raiser in checks:
        raiser(found._value)


def _cut(segment: Segment) -> None:
    """Runs a segment that has grown too long (a traced function's may)."""
    if segment.capture is None:
        flush()


def realize(tensor: Tensor, used: bool = False) -> None:
    """Gives a pending tensor its value; ``used`` says that an op reads it."""
    segment = tensor._segment
    if segment is not None and segment.capture is not None:
        raise leak_error(tensor) if used else symbolic_error("as a value")
    if segment is state.segment:
        flush()
    if tensor._value is not None:
        return
    if segment is None:
        raise RuntimeError("a tensor lost its value: an earlier error stopped its computation")
    _compute_snapshot(segment, tensor)


def _compute_snapshot(segment: Segment, tensor: Tensor) -> None:
    """Computes one tensor that is pending in another thread's segment, leaving that segment alone.

    Nodes never change and the leaves are only appended to, so the path up to the tensor is an
    immutable snapshot.
    """
    with segment.lock:  # waits for the owner if it is running the segment at this moment
        if tensor._value is not None:
            return
        node = segment.node
        while node.first > tensor._slot:
            assert node.parent is not None
            node = node.parent
        values = program.run(node, 1 << tensor._slot, segment.scalars, segment.leaves)
        tensor._value = values[tensor._slot]


def host_value(tensor: Tensor) -> np.ndarray[Any, Any] | None:
    """The value as a NumPy array if the host has it already, else None."""
    value = tensor._value
    return value if value.__class__ is np.ndarray else None


def check_later(found: Tensor, raiser: Callable[[Any], None]) -> None:
    """Raises, when the segment has run, if ``found`` says that an input was bad."""
    where = profile.user_line()

    def raise_with_place(value: Any) -> None:
        try:
            raiser(value)
        except OpError as error:
            raise error.reworded(f"{error.message} (the op was called at {where})") from None

    when_run(found, raise_with_place)


def mark_assigned() -> None:
    """A variable was assigned: the next outermost tape begins a new step."""
    state.segment.assigned = True


def when_run(found: Tensor, raiser: Callable[[Any], None]) -> None:
    """Raises, when the segment has run, if ``found`` says that something was wrong."""
    segment = state.segment
    if segment.capture is not None:
        segment.capture.add_check(found, raiser)
    else:
        segment.checks.append((found, raiser))
        _check_at_exit()


@cache
def _check_at_exit() -> None:
    atexit.register(_last_checks)


def _last_checks() -> None:
    """What is wrong with data that nobody looked at is still said when the program ends."""
    if state.segment.checks:
        flush()


def enter_step() -> None:
    """A step boundary: the entry of an outermost tape, or a call of a compiled function, while an
    assignment is pending."""
    segment = state.segment
    if segment.capture is None and not segment.tapes and segment.assigned:
        if segment.at_boundary:
            flush(boundary=True)
        else:
            segment.at_boundary, segment.assigned = True, False


@contextmanager
def capturing(capture: Any) -> Iterator[Segment]:
    """Records into a private segment that is never run, only compiled: traces a function."""
    outer, outer_tapes = state.segment, state.tapes
    outermost = outer.capture is None
    if outermost:
        state.base = outer, outer_tapes
    state.tapes = []
    state.segment = Segment(state.tapes, capture, True, Node())
    try:
        yield state.segment
    finally:
        state.segment, state.tapes = outer, outer_tapes
        if outermost:
            assert state.base is not None
            state.segment, state.base = state.base[0], None
