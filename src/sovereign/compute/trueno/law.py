"""The two forms in which fused work exists, and the law of each: what a valid node is, and what a valid program is.

Enters: a `Node`, which is what `expression.py` builds, or the `Program` that `program.py` makes of it. Leaves: every
broken rule, as a sentence; tests assert that there is none, over generated expressions. The tables here say what Python
encodes; the native core knows the same codes, and tests run each of them. Read `expression.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "CODES",
    "ELEMENTS",
    "MOST_INPUTS",
    "MOST_STEPS",
    "OPERANDS",
    "REDUCTIONS",
    "Node",
    "Program",
    "Step",
    "node_violations",
    "nodes",
    "program_violations",
]

ELEMENTS = ("float32", "float64")
"""The element types that can be fused; one expression holds one of them."""

MOST_STEPS = 64
"""How many operations one program may have; the native core holds them without asking for memory."""

MOST_INPUTS = 32
"""How many arrays one program may read."""

REDUCTIONS = {"sum": 1, "mean": 2, "min": 3, "max": 4}
"""What may stand at the end of an expression, with its code in the header of a program."""

CODES = {
    "add": 0,
    "sub": 1,
    "mul": 2,
    "div": 3,
    "minimum": 4,
    "maximum": 5,
    "pow": 6,
    "abs": 32,
    "neg": 33,
    "sqrt": 34,
    "exp": 35,
    "log": 36,
    "relu": 37,
    "leaky_relu": 38,
    "gelu": 39,
    "gelu_tanh": 40,
    "silu": 41,
    "sigmoid": 42,
    "tanh": 43,
    "clip": 44,
    "square": 45,
}
"""The code of each operation in a program."""

OPERANDS = {name: 2 if code < CODES["abs"] else 1 for name, code in CODES.items()} | {"leaky_relu": 2, "clip": 3}
"""How many operands each operation takes."""

_NUMBERS_AFTER_THE_FIRST = ("leaky_relu", "clip")


class Node:
    """An operation on operands, or an input with its buffer; shape and element type of the result."""

    __slots__ = ("dtype", "operands", "operation", "shape", "source")

    def __init__(
        self,
        operation: str,
        operands: tuple[Node | float, ...],
        shape: tuple[int, ...],
        dtype: str,
        source: Any = None,
    ) -> None:
        self.operation = operation
        self.operands = operands
        self.shape = shape
        self.dtype = dtype
        self.source = source


class Step(NamedTuple):
    """One operation of a program, on values that are there before it."""

    operation: str
    operands: tuple[int, ...]


class Program(NamedTuple):
    """What the native core runs: values are numbered, inputs first, then scalars, then one for each step."""

    inputs: int
    scalars: tuple[float, ...]
    steps: tuple[Step, ...]
    reduction: str | None
    """What becomes of the last value; None where it is the result itself."""


def node_violations(root: Node) -> list[str]:
    """The broken rules of an expression: known operations with as many operands as they take, one shape, one type.

    >>> node_violations(Node("sqr", (), (3,), "float32"))
    ['`sqr`: there is no such operation']
    """
    return [f"`{node.operation}`: {broken}" for node in nodes(root) for broken in _broken(node, root)]


def nodes(root: Node) -> list[Node]:
    """Every node once, operands before what is made of them."""
    found: dict[int, Node] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        missing = [each for each in node.operands if not isinstance(each, float) and id(each) not in found]
        if missing:
            waiting += reversed(missing)
        else:
            found[id(waiting.pop())] = node
    return list(found.values())


def _broken(node: Node, root: Node) -> Iterator[str]:
    if node.operation == "input":
        yield from _broken_input(node)
        return
    wanted = 1 if node.operation in REDUCTIONS else OPERANDS.get(node.operation)
    if wanted is None:
        yield "there is no such operation"
        return
    if len(node.operands) != wanted:
        yield f"it takes {wanted} operands and has {len(node.operands)}"
    if node.operation in REDUCTIONS and node is not root:
        yield "a reduction stands only at the end"
    arrays = [each for each in node.operands if not isinstance(each, float)]
    if not arrays:
        yield "one operand at least is an array"
    if any((each.shape, each.dtype) != (arrays[0].shape, arrays[0].dtype) for each in arrays):
        yield "its arrays are of one shape and one element type"
    if node.operation in _NUMBERS_AFTER_THE_FIRST and len(arrays) > 1:
        yield "its parameters are numbers"


def _broken_input(node: Node) -> Iterator[str]:
    if node.operands or node.source is None:
        yield "an input has a buffer and no operands"
    if node.dtype not in ELEMENTS:
        yield f"its elements are {' or '.join(ELEMENTS)}"
    if len(node.shape) not in {1, 2}:
        yield "it has one dimension or two"


def program_violations(program: Program) -> list[str]:
    """The broken rules of a program: every step uses values that are there before it, and each value is used."""
    first = program.inputs + len(program.scalars)
    found = []
    if not 1 <= program.inputs <= MOST_INPUTS:
        found.append(f"it has 1 to {MOST_INPUTS} inputs, not {program.inputs}")
    if not 1 <= len(program.steps) <= MOST_STEPS:
        found.append(f"it has 1 to {MOST_STEPS} steps, not {len(program.steps)}")
    for number, step in enumerate(program.steps, first):
        if OPERANDS.get(step.operation) != len(step.operands):
            found.append(f"step {number}: `{step.operation}` does not take {len(step.operands)} operands")
        if not all(0 <= each < number for each in step.operands):
            found.append(f"step {number}: an operand is not there yet")
    if len(set(program.steps)) != len(program.steps):
        found.append("a step is computed twice")
    used = {each for step in program.steps for each in step.operands}
    last = first + len(program.steps) - 1
    return found + [f"value {number} is never used" for number in range(last) if number not in used]
