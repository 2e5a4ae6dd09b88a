"""A Rust tree as text, laid out as rustfmt would lay it out in 120 columns.

Enters: a `Program` of `tree.py`. Leaves: `Printed`, which is the text and, for each of its lines, the line of the
source that it came from. What fits on a line is spelled by `oneline.py`; what does not is laid out here, from the
outside in, in one pass: the text goes straight to its place and is never changed again. Read `law.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sovereign.migration.rust import tree, words
from sovereign.migration.rust.oneline import (
    POSTFIX,
    RANGE,
    UNARY,
    OneLine,
    binds,
    block_head,
    condition_binds,
    has_bare_struct,
    label_head,
    method_name,
    opens_with_block,
    pattern,
    plain_value,
    typed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["WIDTH", "Printed", "print_program"]

WIDTH = 120
STEP = 4
# rustfmt packs items that are no longer than this side by side.
SHORT_ITEM = 10
# The last call of a chain with so many arguments stays on the line of the chain, its arguments below each other.
RUNS_ON = 3
# Macros whose first argument is a format string: rustfmt packs what follows it. The number counts what stands before.
_FORMATS = {
    **dict.fromkeys(("eprint", "eprintln", "format", "panic", "print", "println", "todo", "unreachable"), 0),
    **dict.fromkeys(("assert", "write", "writeln", "debug_assert"), 1),
}
_SIMPLE = (tree.Name, tree.Integer, tree.Float, tree.Boolean, tree.Character, tree.Text)
_GROUPED = (tree.Use, tree.Constant, tree.Static, tree.TypeAlias_)
_ITEMS = (tree.Function, tree.Struct, tree.Enum, tree.Impl, tree.Trait, tree.Module, *_GROUPED)
_CONTROL = (tree.If, tree.Match, tree.BlockExpression)
_JUMPS = (tree.Return, tree.Break, tree.Continue)
_DOTTED = (tree.Method, tree.Field, tree.TryOperator, tree.Await)


@dataclass(frozen=True, slots=True)
class Printed:
    """Rust text; `lines[n]` is the source line of its line `n + 1`, None where nothing in the source stands behind."""

    text: str
    lines: tuple[int | None, ...]


def print_program(program: tree.Program) -> Printed:
    """Lay out a whole file.

    Cost    about 50 microseconds a line.

    >>> main = tree.Function("main", (), None, tree.Block((tree.Evaluate(tree.Call(tree.Name("run")), 3),)), line=2)
    >>> printed = print_program(tree.Program((main,)))
    >>> print(printed.text, end="")
    fn main() {
        run();
    }
    >>> printed.lines
    (2, 3, 2)
    """
    page = _Page()
    for line in words.comment_lines(program.docs, "//!") if program.docs else ():
        page.write(line)
        page.newline(0)
    for attribute in program.attributes:
        page.write(f"#![{attribute.text}]")
        page.newline(0)
    if program.docs or program.attributes:
        page.newline(0)
    page.items(program.items, 0)
    if page.line:
        page.newline(0)
    return Printed("\n".join([*page.done, ""]), tuple(page.sources))


class _Page:
    """The text so far: finished lines, the line being written, and the source line that it came from.

    `indent` is the column where the statement or list entry began to which an expression belongs; `tail` counts the
    letters that must follow an expression on its last line.
    """

    __slots__ = ("done", "line", "one", "source", "sources")

    def __init__(self) -> None:
        self.done: list[str] = []
        self.sources: list[int | None] = []
        self.line = ""
        self.source: int | None = None
        self.one = OneLine()

    def write(self, text: str) -> None:
        self.line += text

    def newline(self, indent: int) -> None:
        self.done.append(self.line if self.line.strip() else "")
        self.sources.append(self.source)
        self.line = " " * indent

    def fits(self, text: str, tail: int) -> bool:
        return len(self.line) + len(text) + tail <= WIDTH and "\n" not in text

    # Items

    def items(self, items: Sequence[tree.Item], indent: int) -> None:
        """Items with blank lines between them, the line being written at `indent`."""
        before: tree.Item | None = None
        outer = self.source
        for item in items:
            if before is not None and isinstance(item, tree.Comment) and item.trailing:
                self.trailing(item)
                continue
            if before is not None:
                self._between(before, item, indent)
            self.source = outer
            self.item(item, indent)
            before = item

    def _between(self, before: tree.Item, item: tree.Item, indent: int) -> None:
        self.newline(indent)
        self.source = None
        grouped = type(before) is type(item) and isinstance(item, _GROUPED) and not getattr(item, "docs", "")
        if not isinstance(before, tree.Comment) and not grouped:
            self.newline(indent)

    def item(self, item: tree.Item, indent: int) -> None:
        line = getattr(item, "line", None)
        if line is not None:
            self.source = line
        _LAYOUT_ITEM[type(item)](self, item, indent)

    def _docs(self, docs: str, attributes: Sequence[tree.Attribute], indent: int) -> None:
        for line in words.comment_lines(docs, "///") if docs else ():
            self.write(line)
            self.newline(indent)
        for attribute in attributes:
            self.write(f"#[{attribute.text}]")
            self.newline(indent)

    def function(self, item: tree.Function, indent: int) -> None:
        self._docs(item.docs, item.attributes, indent)
        public = "pub " if item.public else ""
        head = f"{public}{'const ' if item.constant else ''}fn {words.identifier(item.name)}{_generics(item.generics)}"
        result = "" if item.result in {None, tree.TupleType()} else f" -> {typed(item.result)}"
        parameters = [_parameter(parameter) for parameter in item.parameters]
        text = f"{head}({', '.join(parameters)}){result}"
        if self.fits(text, 2 if item.body is not None else 1):
            self.write(text)
        else:
            self.write(f"{head}(")
            for parameter in parameters:
                self.newline(indent + STEP)
                self.write(f"{parameter},")
            self.newline(indent)
            self.write(f"){result}")
        if item.body is None:
            self.write(";")
        else:
            self.write(" ")
            self.block(item.body, indent)

    def struct(self, item: tree.Struct, indent: int) -> None:
        self._docs(item.docs, item.attributes, indent)
        self.write(f"{'pub ' if item.public else ''}struct {words.identifier(item.name)}{_generics(item.generics)}")
        if not item.fields:
            self.write(";")
        elif item.fields[0].name:
            self.write(" {")
            for field in item.fields:
                self.newline(indent + STEP)
                self._docs(field.docs, (), indent + STEP)
                self.write(f"{_field_declaration(field)},")
            self.newline(indent)
            self.write("}")
        else:
            self.write(f"({', '.join([_field_declaration(field) for field in item.fields])});")

    def enum(self, item: tree.Enum, indent: int) -> None:
        self._docs(item.docs, item.attributes, indent)
        self.write(f"{'pub ' if item.public else ''}enum {words.identifier(item.name)}{_generics(item.generics)} {{")
        is_plain = not any(variant.docs for variant in item.variants)
        for variant in item.variants:
            self.newline(indent + STEP)
            self._docs(variant.docs, (), indent + STEP)
            self._variant(variant, indent + STEP, may_join=is_plain)
            self.write(",")
        if item.variants:
            self.newline(indent)
        self.write("}")

    def _variant(self, variant: tree.Variant, indent: int, *, may_join: bool) -> None:
        self.write(words.identifier(variant.name))
        if variant.types:
            self.write(f"({', '.join(map(typed, variant.types))})")
        if variant.fields:
            fields = [_field_declaration(field) for field in variant.fields]
            text = f" {{ {', '.join(fields)} }}"
            if may_join and self.fits(text, 1) and not any(field.docs for field in variant.fields):
                self.write(text)
            else:
                self.write(" {")
                for field, words_of_field in zip(variant.fields, fields, strict=True):
                    self.newline(indent + STEP)
                    self._docs(field.docs, (), indent + STEP)
                    self.write(f"{words_of_field},")
                self.newline(indent)
                self.write("}")
        if variant.value is not None:
            self.write(" = ")
            self.expression(variant.value, indent, 1)

    def implementation(self, item: tree.Impl, indent: int) -> None:
        trait = "" if item.trait is None else f" {typed(item.trait)} for"
        self.write(f"impl{_generics(item.generics)}{trait} {typed(item.type)} ")
        self._held(item.items, indent)

    def trait(self, item: tree.Trait, indent: int) -> None:
        self._docs(item.docs, (), indent)
        supers = f": {' + '.join(map(typed, item.supers))}" if item.supers else ""
        name = words.identifier(item.name)
        self.write(f"{'pub ' if item.public else ''}trait {name}{_generics(item.generics)}{supers} ")
        self._held(item.items, indent)

    def _held(self, items: Sequence[tree.Item], indent: int) -> None:
        """Items in braces."""
        self.write("{")
        if items:
            outer = self.source
            self.newline(indent + STEP)
            self.items(items, indent + STEP)
            self.newline(indent)
            self.source = outer
        self.write("}")

    def constant(self, item: tree.Constant | tree.Static, indent: int) -> None:
        self._docs(item.docs, (), indent)
        public = "pub " if isinstance(item, tree.Constant) and item.public else ""
        kind = "const" if isinstance(item, tree.Constant) else "static"
        self.write(f"{public}{kind} {words.identifier(item.name)}: {typed(item.type)} =")
        self.right_side(item.value, indent, 1)
        self.write(";")

    def type_alias(self, item: tree.TypeAlias_, indent: int) -> None:
        self._docs(item.docs, (), indent)
        self.write(f"type {words.identifier(item.name)} = {typed(item.type)};")

    def macro_item(self, item: tree.MacroItem, _indent: int) -> None:
        names = ", ".join(self.one.text(argument) for argument in item.arguments)
        self.write(f"{item.name}! {{ {names} }}")

    def use(self, item: tree.Use, _indent: int) -> None:
        self.write(f"{'pub ' if item.public else ''}use {words.path(item.path)};")

    def module(self, item: tree.Module, indent: int) -> None:
        self._docs(item.docs, item.attributes, indent)
        self.write(f"mod {words.identifier(item.name)} ")
        self._held(item.items, indent)

    def comment(self, item: tree.Comment, indent: int) -> None:
        """A comment; an empty one is a blank line, which `newline` makes of a line without text."""
        if not item.text and not item.trailing:
            return
        lines = words.comment_lines(item.text, "//")
        self.write(lines[0])
        for line in lines[1:]:
            self.newline(indent)
            self.write(line)

    def trailing(self, item: tree.Comment) -> None:
        """A comment behind what the line already holds."""
        self.write(" // " + " ".join([line[2:].strip() for line in words.comment_lines(item.text, "//")]))

    # Statements

    def block(self, block: tree.Block, indent: int) -> None:
        """A block with its braces, each statement on a line of its own."""
        self.write("{")
        if not block.statements and block.value is None:
            self.write("}")
            return
        outer = self.source
        inside = indent + STEP
        before: tree.Statement | None = None
        for statement in block.statements:
            if before is not None and isinstance(statement, tree.Comment) and statement.trailing:
                self.trailing(statement)
                continue
            if before is not None and isinstance(before, _ITEMS) != isinstance(statement, _ITEMS):
                self.newline(0)
            self.newline(inside)
            line = getattr(statement, "line", None)
            self.source = outer if line is None else line
            _STATEMENTS[type(statement)](self, statement, inside)
            before = statement
        if block.value is not None:
            self.newline(inside)
            self.source = outer if block.line is None else block.line
            self.first(block.value, inside, 0)
            self.write(";" if isinstance(block.value, _JUMPS) else "")
        self.newline(indent)
        self.source = outer
        self.write("}")

    def let(self, node: tree.Let, indent: int) -> None:
        kind = "" if node.type is None else f": {typed(node.type)}"
        self.write(f"let {pattern(node.pattern, top=False)}{kind}")
        if node.value is not None:
            self.write(" =")
            self.right_side(node.value, indent, 1)
        self.write(";")

    def assign(self, node: tree.Assign, indent: int) -> None:
        self.first(node.target, indent, len(node.operator) + 2)
        self.write(f" {node.operator}")
        self.right_side(node.value, indent, 1)
        self.write(";")

    def right_side(self, value: tree.Expression, indent: int, tail: int) -> None:
        """What stands behind `=`: on the same line, or on the next when it fits there and not here."""
        text = self.one.text(value)
        here = len(self.line) + 1 + len(text) + tail <= WIDTH
        if not here and "\n" not in text and indent + STEP + len(text) + tail <= WIDTH:
            self.newline(indent + STEP)
            self.write(text)
            return
        self.write(" ")
        self.expression(value, indent, tail)

    def evaluate(self, node: tree.Evaluate, indent: int) -> None:
        self.first(node.value, indent, 1)
        if not (isinstance(node.value, _CONTROL) and _is_unit(node.value)):
            self.write(";")

    def first(self, value: tree.Expression, indent: int, tail: int) -> None:
        """An expression where a statement begins: control flow takes lines of its own there."""
        is_bare = isinstance(value, tree.BlockExpression) and not block_head(value)
        if is_bare or isinstance(value, tree.If | tree.Match):
            _LAYOUT[type(value)](self, value, indent, tail)
        elif opens_with_block(value):
            self.write("(")
            self.expression(value, indent, tail + 1)
            self.write(")")
        else:
            self.expression(value, indent, tail)

    def while_(self, node: tree.While, indent: int) -> None:
        self.write(f"{label_head(node.label)}while ")
        self.headed(node.condition, node.body, indent)

    def for_(self, node: tree.For, indent: int) -> None:
        self.write(f"{label_head(node.label)}for {pattern(node.pattern, top=False)} in")
        text = self.one.head(node.values)
        is_flat = "\n" not in text
        if is_flat and not self.fits(text, 3) and self.fits(text, 1):
            self.write(f" {text}")
        elif is_flat and not self.fits(text, 3) and indent + STEP + len(text) <= WIDTH:
            self.newline(indent + STEP)
            self.write(text)
        else:
            self.write(" ")
            self.headed(node.values, node.body, indent)
            return
        self.newline(indent)
        self.block(node.body, indent)

    def loop(self, node: tree.Loop, indent: int) -> None:
        self.write(f"{label_head(node.label)}loop ")
        self.block(node.body, indent)

    def headed(self, head: tree.Expression, body: tree.Block, indent: int) -> None:
        """A condition and its block; the brace takes a line of its own behind a condition of several lines."""
        self.head(head, indent)
        self.block(body, indent)

    def head(self, head: tree.Expression, indent: int) -> None:
        lines = len(self.done)
        if has_bare_struct(head):
            self.write("(")
            self.expression(head, indent, 3)
            self.write(")")
        else:
            self.expression(head, indent, 2)
        ending = self.line[indent : indent + 1]
        if len(self.done) > lines and ending not in {")", "}", "]"}:
            self.newline(indent)
        else:
            self.write(" ")

    # Expressions

    def expression(self, node: tree.Expression, indent: int, tail: int) -> None:
        """An expression on this line if it fits, else over several lines."""
        text = self.one.text(node)
        if len(self.line) + len(text) + tail <= WIDTH and "\n" not in text:
            self.line += text
            return
        layout = _LAYOUT.get(type(node))
        if layout is None:
            self.line += text  # a name or literal has no place to break
        else:
            layout(self, node, indent, tail)

    def operand(self, node: tree.Expression, least: int, indent: int, tail: int) -> None:
        if binds(node) < least:
            self.write("(")
            self.expression(node, indent, tail + 1)
            self.write(")")
        else:
            self.expression(node, indent, tail)

    def prefix(self, node: tree.Unary | tree.Deref | tree.Borrow, indent: int, tail: int) -> None:
        sign = "*"
        if isinstance(node, tree.Unary):
            sign = node.operator
        elif isinstance(node, tree.Borrow):
            sign = "&mut " if node.mutable else "&"
        nested = isinstance(node, tree.Unary) and sign == "-" and self.one.operand(node.operand, UNARY)[0] == "-"
        self.write(f"{sign}(" if nested else sign)
        self.operand(node.operand, UNARY, indent, tail + nested)
        if nested:
            self.write(")")

    def binary(self, node: tree.Binary, indent: int, tail: int) -> None:
        """The operands of one operator, each on its own line behind its operator."""
        chain = [node]
        while isinstance(inner := chain[-1].left, tree.Binary) and inner.operator == node.operator:
            if binds(inner) < self.one.sides(node)[0]:
                break
            chain.append(inner)
        chain.reverse()
        left, right = self.one.sides(chain[0])
        before = self.one.operand(chain[0].left, left)
        if (
            len(chain) == 1
            and isinstance(node.right, tree.BlockExpression)
            and self.fits(before, len(node.operator) + 3)
        ):
            self.write(f"{before} {node.operator} ")
            self.operand(node.right, right, indent, tail)
            return
        self.operand(chain[0].left, left, indent, 0)
        for link in chain:
            if len(self.line) - indent <= STEP:
                self.write(f" {node.operator} ")  # behind a closing bracket
                self.operand(link.right, right, indent, tail if link is node else 0)
                continue
            self.newline(indent + STEP)
            self.write(f"{node.operator} ")
            self.operand(link.right, right, indent + STEP, tail if link is node else 0)

    def cast(self, node: tree.Cast, indent: int, tail: int) -> None:
        kind = f" as {typed(node.type)}"
        self.operand(node.operand, binds(node), indent, tail + len(kind))
        self.write(kind)

    def call(self, node: tree.Call, indent: int, tail: int) -> None:
        if isinstance(node.function, tree.Field | tree.Await):
            self.operand(node.function, POSTFIX + 1, indent, 1)
        else:
            self.operand(node.function, POSTFIX, indent, 1)
        self.arguments(node.arguments, indent, tail)

    def macro_call(self, node: tree.MacroCall, indent: int, tail: int) -> None:
        self.write(f"{node.name}!")
        before = _FORMATS.get(node.name)
        if before is None or len(node.arguments) <= before + 1 or node.brackets == "[":
            self.arguments(node.arguments, indent, tail, node.brackets)
            return
        self.write("(")
        inside = indent + STEP
        for argument in node.arguments[: before + 1]:
            self.newline(inside)
            self.expression(argument, inside, 1)
            self.write(",")
        self.newline(inside)
        rest = node.arguments[before + 1 :]
        if all(_is_short(self.one, item) for item in rest):
            self.packed(rest, inside)
        else:
            self.stacked(rest, inside, end="")
        self.newline(indent)
        self.write(")")

    def arguments(self, items: Sequence[tree.Expression], indent: int, tail: int, opening: str = "(") -> None:
        """A list in brackets: its last entry may run on over more lines, else each entry takes its own."""
        closing = "]" if opening == "[" else ")"
        self.write(opening)
        if not items:
            self.write(closing)
            return
        text = self.one.separated(items)
        if self.fits(text, tail + 1):
            self.write(text + closing)
            return
        if self._runs_on(items):
            for item in items[:-1]:
                self.write(f"{self.one.text(item)}, ")
            self.expression(items[-1], indent, tail + 1)
            self.write(closing)
            return
        inside = indent + STEP
        self.newline(inside)
        if len(items) > 1 and all(_is_short(self.one, item) for item in items):
            self.packed(items, inside, end=",")
        else:
            self.stacked(items, inside)
        self.newline(indent)
        self.write(closing)

    def stacked(self, items: Sequence[tree.Expression], inside: int, end: str = ",") -> None:
        """Each entry on a line of its own, a comma behind each."""
        last = len(items) - 1
        for number, item in enumerate(items):
            if number:
                self.newline(inside)
            self.expression(item, inside, 1)
            self.write(end if number == last else ",")

    def packed(self, items: Sequence[tree.Expression], inside: int, end: str = "") -> None:
        """As many entries on a line as fit."""
        last = len(items) - 1
        for number, item in enumerate(items):
            comma = end if number == last else ","
            if number and not self.fits(f" {self.one.text(item)}", len(comma)):
                self.newline(inside)
            elif number:
                self.write(" ")
            self.expression(item, inside, len(comma))
            self.write(comma)

    def _runs_on(self, items: Sequence[tree.Expression]) -> bool:
        """Whether the last entry may begin on this line and end on another."""
        *before, last = items
        text = self.one.separated(before)
        if "\n" in text or any(isinstance(item, tree.Closure) for item in before):
            return False
        head = _opening(self.one, last, is_only=not before)
        if head is None:
            return False
        return self.fits(f"{text}, {head}" if before else head, 0)

    def chain(self, node: tree.Expression, indent: int, tail: int) -> None:
        """A chain of methods, fields, `?` and `.await`: all but the last call on this line, or a line for each."""
        links: list[Any] = []
        root: tree.Expression = node
        while isinstance(root, _DOTTED):
            links.append(root)
            root = root.receiver if isinstance(root, tree.Method) else root.operand
        links.reverse()
        while links and isinstance(links[0], tree.TryOperator):
            root = links.pop(0)
        groups = _groups(links)
        if not groups:
            self.operand(node.operand, POSTFIX, indent, tail + 1)  # type: ignore[union-attr]
            self.write("?")
            return
        if self._last_runs_on(root, groups, indent, tail):
            for group in groups[:-1]:
                self._group(group, indent, 0)
            self._group(groups[-1], indent, tail)
            return
        lines = len(self.done)
        self.operand(root, POSTFIX, indent, 0)
        if len(self.done) > lines:
            inside = len(self.line) - len(self.line.lstrip())
        else:
            inside = indent + STEP
            if len(self.one.operand(root, POSTFIX)) <= STEP and len(groups) > 1:
                self._group(groups.pop(0), inside, 0)
        for number, group in enumerate(groups):
            self.newline(inside)
            self._group(group, inside, tail if number == len(groups) - 1 else 0)

    def _last_runs_on(self, root: tree.Expression, groups: list[list[Any]], indent: int, tail: int) -> bool:
        """Write the root when the whole chain but its last call fits here, and the last call must or may run on."""
        last = groups[-1][0]
        before = self.one.operand(root, POSTFIX) + "".join([self._spelled(group) for group in groups[:-1]])
        if not isinstance(last, tree.Method) or not last.arguments:
            return False
        if not self.fits(before + method_name(last), 1):
            return False
        alone = self._spelled(groups[-1])
        stands = "\n" not in alone and indent + STEP + len(alone) + tail <= WIDTH
        if stands and len(last.arguments) < RUNS_ON:
            return False
        self.write(self.one.operand(root, POSTFIX))
        return True

    def _spelled(self, group: list[Any]) -> str:
        """The links of one line of a chain as text."""
        texts = [self._link(link) for link in group]
        if isinstance(group[0], tree.Method):
            texts[0] = f"{method_name(group[0])}({self.one.separated(group[0].arguments)})"
        return "".join(texts)

    def _link(self, link: tree.Expression) -> str:
        if isinstance(link, tree.Field):
            return f".{link.name if link.name.isdigit() else words.identifier(link.name)}"
        return "?" if isinstance(link, tree.TryOperator) else ".await"

    def _group(self, group: list[Any], indent: int, tail: int) -> None:
        text = self._spelled(group)
        if self.fits(text, tail) or not isinstance(group[0], tree.Method):
            self.write(text)
            return
        self.write(method_name(group[0]))
        rest = "".join([self._link(link) for link in group[1:]])
        self.arguments(group[0].arguments, indent, tail + len(rest))
        self.write(rest)

    def index(self, node: tree.Index, indent: int, tail: int) -> None:
        self.operand(node.operand, POSTFIX, indent, tail + 2)
        self.write("[")
        self.expression(node.index, indent, tail + 1)
        self.write("]")

    def tuple(self, node: tree.Tuple, indent: int, tail: int) -> None:
        if len(node.items) == 1:
            self.write("(")
            self.expression(node.items[0], indent, tail + 2)
            self.write(",)")
        else:
            self.arguments(node.items, indent, tail)

    def array(self, node: tree.Array, indent: int, tail: int) -> None:
        if node.length is None:
            self.arguments(node.items, indent, tail, "[")
            return
        self.write("[")
        self.expression(node.items[0], indent, 1)
        self.write("; ")
        self.expression(node.length, indent, tail + 1)
        self.write("]")

    def struct_literal(self, node: tree.StructLiteral, indent: int, _tail: int) -> None:
        inside = indent + STEP
        self.write(f"{words.path(node.path)} {{")
        for name, value in node.fields:
            self.newline(inside)
            text = self.one.field(name, value)
            if not self.fits(text, 1):
                self.write(f"{name if name.isdigit() else words.identifier(name)}:")
                self.right_side(value, inside, 1)
                text = ""
            self.write(f"{text},")
        if node.base is not None:
            self.newline(inside)
            self.write("..")
            self.operand(node.base, RANGE + 1, inside, 0)
        self.newline(indent)
        self.write("}")

    def range(self, node: tree.Range, indent: int, tail: int) -> None:
        if node.low is not None:
            self.operand(node.low, RANGE + 1, indent, 0)
        self.write("..=" if node.inclusive else "..")
        if node.high is not None:
            self.operand(node.high, RANGE + 1, indent, tail)

    def closure(self, node: tree.Closure, indent: int, tail: int) -> None:
        self.write(self.one.closure_head(node))
        body = node.body
        if isinstance(body, tree.BlockExpression) and not (body.label or body.unsafe):
            self.block(body.block, indent)
        elif isinstance(body, tree.Match | tree.AsyncBlock | tree.BlockExpression | tree.Closure) and not node.result:
            self.expression(body, indent, tail)
        else:
            self.block(tree.Block(value=body), indent)

    def block_expression(self, node: tree.BlockExpression, indent: int, _tail: int) -> None:
        self.write(block_head(node))
        self.block(node.block, indent)

    def async_block(self, node: tree.AsyncBlock, indent: int, _tail: int) -> None:
        self.write(f"async {'move ' if node.moves else ''}")
        self.block(node.block, indent)

    def let_condition(self, node: tree.LetCondition, indent: int, tail: int) -> None:
        self.write(f"let {pattern(node.pattern)} = ")
        self.operand(node.value, condition_binds(node.value), indent, tail)

    def if_(self, node: tree.If, indent: int, _tail: int) -> None:
        self.write("if ")
        self.head(node.condition, indent)
        if node.orelse is None:
            self.block(node.then, indent)
            return
        self.branch(node.then, indent)
        orelse: tree.Block | tree.If | None = node.orelse
        while isinstance(orelse, tree.If):
            self.write(" else if ")
            self.head(orelse.condition, indent)
            self.branch(orelse.then, indent)
            orelse = orelse.orelse
        if orelse is not None:
            self.write(" else ")
            self.branch(orelse, indent)

    def branch(self, block: tree.Block, indent: int) -> None:
        """A block beside others: rustfmt breaks it even when it is empty."""
        if block.statements or block.value is not None:
            self.block(block, indent)
            return
        self.write("{")
        self.newline(indent)
        self.write("}")

    def match(self, node: tree.Match, indent: int, _tail: int) -> None:
        self.write("match ")
        self.head(node.subject, indent)
        self.write("{")
        for arm in node.arms:
            self.newline(indent + STEP)
            self.arm(arm, indent + STEP)
        if node.arms:
            self.newline(indent)
        self.write("}")

    def arm(self, arm: tree.Arm, indent: int) -> None:
        self._arm_head(arm, indent)
        body = arm.body
        if isinstance(body, tree.BlockExpression) and not (body.label or body.unsafe):
            inner = plain_value(body.block)
            if inner is None:
                self.block(body.block, indent)
                return
            body = inner
        text = self.one.first(body)
        if not isinstance(body, tree.If) and self.fits(text, 1):
            self.write(f"{text},")
        elif isinstance(body, tree.Match | tree.AsyncBlock | tree.BlockExpression):
            self.expression(body, indent, 1)
            self.write("" if isinstance(body, tree.BlockExpression) else ",")
        elif "\n" in text and isinstance(body, tree.Call | tree.MacroCall | tree.Closure | tree.StructLiteral):
            self.first(body, indent, 1)
            self.write(",")
        else:
            self.block(tree.Block(value=body), indent)

    def _arm_head(self, arm: tree.Arm, indent: int) -> None:
        text = pattern(arm.pattern)
        guard = "" if arm.guard is None else f" if {self.one.text(arm.guard)}"
        if self.fits(text + guard, 5) or not isinstance(arm.pattern, tree.OrPattern):
            self.write(text)
        else:
            for number, item in enumerate(arm.pattern.items):
                if number:
                    self.newline(indent)
                    self.write("| ")
                self.write(pattern(item, top=False))
        if arm.guard is not None:
            if not self.fits(guard, 5):
                self.newline(indent + STEP)
                self.write("if ")
            else:
                self.write(" if ")
            self.expression(arm.guard, indent + STEP, 5)
        self.write(" => ")

    def jump(self, node: tree.Return | tree.Break, indent: int, tail: int) -> None:
        target = f" '{node.label}" if isinstance(node, tree.Break) and node.label else ""
        self.write("return" if isinstance(node, tree.Return) else f"break{target}")
        if node.value is None:
            return
        self.write(" ")
        if isinstance(node, tree.Break) and isinstance(node.value, tree.BlockExpression) and node.value.label:
            self.write("(")
            self.expression(node.value, indent, tail + 1)
            self.write(")")
        else:
            self.expression(node.value, indent, tail)


def _generics(generics: Sequence[tree.GenericParameter]) -> str:
    if not generics:
        return ""
    return f"<{', '.join([_generic(parameter) for parameter in generics])}>"


def _generic(parameter: tree.GenericParameter) -> str:
    bounds = f": {' + '.join(map(typed, parameter.bounds))}" if parameter.bounds else ""
    return f"{words.identifier(parameter.name)}{bounds}"


def _parameter(parameter: tree.SelfParameter | tree.Parameter) -> str:
    if isinstance(parameter, tree.Parameter):
        return f"{'mut ' if parameter.mutable else ''}{words.identifier(parameter.name)}: {typed(parameter.type)}"
    mutable = "mut " if parameter.mutable else ""
    if parameter.type is not None:
        return f"{mutable}self: {typed(parameter.type)}"
    return f"&{mutable}self" if parameter.borrowed else f"{mutable}self"


def _field_declaration(field: tree.FieldDeclaration) -> str:
    name = f"{words.identifier(field.name)}: " if field.name else ""
    return f"{'pub ' if field.public else ''}{name}{typed(field.type)}"


def _groups(links: list[Any]) -> list[list[Any]]:
    """The links of a chain by the lines that they would take: `?` stays behind what it asks."""
    groups: list[list[Any]] = []
    for link in links:
        if isinstance(link, tree.TryOperator) and groups:
            groups[-1].append(link)
        else:
            groups.append([link])
    return groups


def _is_short(one: OneLine, node: tree.Expression) -> bool:
    """Whether rustfmt may pack the expression with its neighbours."""
    if len(one.text(node)) > SHORT_ITEM:
        return False
    while isinstance(node, tree.Unary | tree.Borrow | tree.Cast | tree.Field | tree.TryOperator):
        node = node.operand
    return isinstance(node, _SIMPLE)


def _is_unit(node: tree.Expression | tree.Block | None) -> bool:
    """Whether control flow visibly has no value, so that it needs no semicolon."""
    if node is None:
        return True
    if isinstance(node, tree.Block):
        return node.value is None or _is_unit(node.value)
    if isinstance(node, tree.BlockExpression):
        return _is_unit(node.block)
    if isinstance(node, tree.If):
        return node.orelse is None or (_is_unit(node.then) and _is_unit(node.orelse))
    if isinstance(node, tree.Match):
        return all(_is_unit(arm.body) for arm in node.arms)
    return isinstance(node, _JUMPS) or node == tree.Tuple()


def _opening(one: OneLine, node: tree.Expression, *, is_only: bool) -> str | None:
    """What an entry of a list writes before its first line break, None where it may not run on."""
    if isinstance(node, tree.Closure):
        return one.closure_head(node) + "{"
    if isinstance(node, tree.BlockExpression):
        return block_head(node) + "{"
    if isinstance(node, tree.AsyncBlock):
        return "async move {"
    if not is_only:
        return None
    return _opening_of_only(one, node)


def _opening_of_only(one: OneLine, node: tree.Expression) -> str | None:
    while isinstance(node, tree.Borrow | tree.Unary | tree.Deref | tree.TryOperator):
        node = node.operand
    if isinstance(node, tree.Call):
        return f"{one.text(node.function)}(" if node.arguments else None
    if isinstance(node, tree.MacroCall):
        return f"{node.name}!{node.brackets}"
    if isinstance(node, tree.StructLiteral):
        return f"{node.path} {{"
    if isinstance(node, tree.Match):
        return f"match {one.text(node.subject)} {{"
    return "(" if isinstance(node, tree.Tuple | tree.Array) else None


_ItemLayout: TypeAlias = "Callable[[_Page, Any, int], None]"
_ExpressionLayout: TypeAlias = "Callable[[_Page, Any, int, int], None]"
_LAYOUT_ITEM: dict[type, _ItemLayout] = {
    tree.Function: _Page.function,
    tree.Struct: _Page.struct,
    tree.Enum: _Page.enum,
    tree.Impl: _Page.implementation,
    tree.Trait: _Page.trait,
    tree.Constant: _Page.constant,
    tree.Static: _Page.constant,
    tree.TypeAlias_: _Page.type_alias,
    tree.Use: _Page.use,
    tree.MacroItem: _Page.macro_item,
    tree.Module: _Page.module,
    tree.Comment: _Page.comment,
}
_STATEMENTS: dict[type, _ItemLayout] = {
    **_LAYOUT_ITEM,
    tree.Let: _Page.let,
    tree.Assign: _Page.assign,
    tree.Evaluate: _Page.evaluate,
    tree.While: _Page.while_,
    tree.For: _Page.for_,
    tree.Loop: _Page.loop,
}
_LAYOUT: dict[type, _ExpressionLayout] = {
    tree.Unary: _Page.prefix,
    tree.Deref: _Page.prefix,
    tree.Borrow: _Page.prefix,
    tree.Binary: _Page.binary,
    tree.Call: _Page.call,
    tree.MacroCall: _Page.macro_call,
    tree.Method: _Page.chain,
    tree.Field: _Page.chain,
    tree.TryOperator: _Page.chain,
    tree.Await: _Page.chain,
    tree.Index: _Page.index,
    tree.Cast: _Page.cast,
    tree.Tuple: _Page.tuple,
    tree.Array: _Page.array,
    tree.StructLiteral: _Page.struct_literal,
    tree.Range: _Page.range,
    tree.Closure: _Page.closure,
    tree.BlockExpression: _Page.block_expression,
    tree.AsyncBlock: _Page.async_block,
    tree.LetCondition: _Page.let_condition,
    tree.If: _Page.if_,
    tree.Match: _Page.match,
    tree.Return: _Page.jump,
    tree.Break: _Page.jump,
}
