"""A small language of comparisons over what was measured, for assertions of one's own.

Enters: a text such as `calls < 2000 and count("openat") <= 40`, and the numbers that its names stand for. Leaves: a
number or a truth. Python's parser reads the text; only the nodes listed here are walked, and nothing is run. Read
`assertions.py` next.
"""

from __future__ import annotations

import ast
import math
import operator
from typing import TYPE_CHECKING, NoReturn

from sovereign.errors import ParameterError
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["evaluate"]

Value = float | bool
_LONGEST = 1000
_DEEPEST = 40
_LARGEST = 1e18
_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARING: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def evaluate(
    text: str, values: Mapping[str, float], functions: Mapping[str, Callable[[str], float]] | None = None
) -> Value:
    """The value of an expression; `functions` take one text in quotes.

    Errors    ParameterError renacer.expression   when the text is none, or asks for a name that does not exist.

    >>> evaluate("2 * calls + 1 < 8 and not errors", {"calls": 3.0, "errors": 0.0})
    True
    """
    return _Expression(text, values, functions or {}).value()


class _Expression:
    """One text, walked node by node."""

    def __init__(self, text: str, values: Mapping[str, float], functions: Mapping[str, Callable[[str], float]]) -> None:
        self.text = text
        self.values = values
        self.functions = functions

    def value(self) -> Value:
        if len(self.text) > _LONGEST:
            self.refuse(f"the expression is longer than {_LONGEST} characters")
        try:
            tree = ast.parse(self.text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.refuse("the expression cannot be read")
        return self.walk(tree.body, 0)

    def refuse(self, problem: str, *, names: Iterable[str] = ()) -> NoReturn:
        shown = self.text if len(self.text) <= 2 * _DEEPEST else self.text[: 2 * _DEEPEST] + "..."
        raise ParameterError(
            "renacer.expression",
            f"{problem}: `{shown}`",
            name="expression",
            value=self.text,
            allowed=[*self.values, *self.functions],
            nearest=list(names),
        )

    def walk(self, node: ast.expr, depth: int) -> Value:
        if depth > _DEEPEST:
            self.refuse(f"the expression is nested more than {_DEEPEST} deep")
        if isinstance(node, ast.BinOp | ast.Compare | ast.BoolOp | ast.UnaryOp):
            return self.combined(node, depth + 1)
        if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
            return self.number(node.value)
        if isinstance(node, ast.Name):
            return self.named(node.id)
        if isinstance(node, ast.Call):
            return self.called(node)
        return self.foreign()

    def combined(self, node: ast.expr, depth: int) -> Value:
        if isinstance(node, ast.BoolOp):
            return self.joined(node, depth)
        if isinstance(node, ast.UnaryOp):
            return self.single(node, depth)
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            return self.computed(node, depth)
        if isinstance(node, ast.Compare):
            return self.compared(node, depth)
        return self.foreign()

    def foreign(self) -> NoReturn:
        self.refuse("the expression uses what the language of assertions does not have")

    def number(self, value: object) -> float:
        assert isinstance(value, int | float)
        if abs(value) > _LARGEST:
            self.refuse("a number of the expression is too large")
        return self.finite(float(value))

    def finite(self, value: float) -> float:
        if not math.isfinite(value):
            self.refuse("the expression has no finite value")
        return value

    def named(self, name: str) -> float:
        if name not in self.values:
            self.refuse(f"the expression asks for `{name}`, which is not measured", names=nearest(name, self.values))
        return self.values[name]

    def called(self, node: ast.Call) -> float:
        is_plain = isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords
        argument = node.args[0] if is_plain else None
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            self.foreign()
        assert isinstance(node.func, ast.Name)
        if node.func.id not in self.functions:
            name = node.func.id
            self.refuse(f"the expression calls `{name}`, which does not exist", names=nearest(name, self.functions))
        return self.functions[node.func.id](argument.value)

    def joined(self, node: ast.BoolOp, depth: int) -> bool:
        found = [bool(self.walk(each, depth)) for each in node.values]
        return all(found) if isinstance(node.op, ast.And) else any(found)

    def single(self, node: ast.UnaryOp, depth: int) -> Value:
        value = self.walk(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return not value
        if isinstance(node.op, ast.USub):
            return -value
        return self.foreign()

    def computed(self, node: ast.BinOp, depth: int) -> float:
        first, second = self.walk(node.left, depth), self.walk(node.right, depth)
        if isinstance(node.op, ast.Div) and not second:
            self.refuse("the expression divides by nothing")
        return self.finite(_ARITHMETIC[type(node.op)](first, second))

    def compared(self, node: ast.Compare, depth: int) -> bool:
        values = [self.walk(each, depth) for each in (node.left, *node.comparators)]
        for at, op in enumerate(node.ops):
            if type(op) not in _COMPARING:
                self.foreign()
            if not _COMPARING[type(op)](values[at], values[at + 1]):
                return False
        return True
