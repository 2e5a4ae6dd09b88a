"""What a program could say better: rules that find it, each with an example that fires and one that does not.

Enters: a checked program. Leaves: `Remark`s, some with a mend that changes nothing of what the program does. A name
that begins with `_` is never remarked upon. Read `cli.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.law import bound_names
from sovereign.migration.ruchy.library import METHODS, MUTATING
from sovereign.migration.ruchy.program import check_text
from sovereign.migration.ruchy.stack import on_large_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.ruchy.names import Binding
    from sovereign.migration.ruchy.program import Checked

__all__ = ["RULES", "Remark", "Rule", "lint", "mended"]


class Remark(NamedTuple):
    """A finding of one rule; `mend` is the place to replace, and by what."""

    message: str
    place: tree.Place
    mend: tuple[tree.Place, str] | None = None


class Rule(NamedTuple):
    """A rule, with a program that breaks it and one that does not."""

    find: Callable[[Checked], Iterator[Remark]]
    fires: str
    rests: str


_LEAVING = (tree.Return, tree.Break, tree.Continue, tree.Throw)
_PURE = (tree.Binary, tree.Unary, tree.Integer, tree.Float, tree.Text, tree.Boolean, tree.Name, tree.ListLiteral)
_CALLING_OPERATORS = frozenset({"&&", "||", "|>", "!", "<?", "<-"})
_ENTRIES = frozenset({"main", "handler"})


def _nodes(checked: Checked) -> Iterator[tree.Node]:
    return tree.walk(checked.programs[-1])


def _text(checked: Checked, place: tree.Place) -> str:
    source = checked.sources.source(place[0])
    return source.text[place[0] - source.base : place[1] - source.base]


def _variables(checked: Checked) -> Iterator[tuple[tree.Let, tree.BindPattern, Binding]]:
    for node in _nodes(checked):
        if isinstance(node, tree.Let):
            for pattern in tree.walk(node.pattern):
                binding = checked.names.meant.get(pattern)
                if isinstance(pattern, tree.BindPattern) and binding is not None and binding.is_variable:
                    yield node, pattern, binding


def _unused_variable(checked: Checked) -> Iterator[Remark]:
    for _, pattern, binding in _variables(checked):
        if not binding.uses and not binding.name.startswith("_"):
            yield Remark(f"a variable is never used: `{binding.name}`", pattern.place)


def _unused_function(checked: Checked) -> Iterator[Remark]:
    program = checked.programs[-1]
    runs = any(not isinstance(each, tree.FunctionDeclaration) for each in program.statements)
    for node in program.statements:
        if not isinstance(node, tree.FunctionDeclaration) or node.name.startswith("_"):
            continue
        is_entry = node.name in _ENTRIES or node.decorators or _text(checked, node.place).startswith("pub")
        if not checked.names.meant[node].uses and not is_entry and (runs or _has_main(program)):
            yield Remark(f"a function is never called: `{node.name}`", node.name_place)


def _has_main(program: tree.Program) -> bool:
    return any(isinstance(each, tree.FunctionDeclaration) and each.name == "main" for each in program.statements)


def _unused_import(checked: Checked) -> Iterator[Remark]:
    used = {node.name for node in _nodes(checked) if isinstance(node, tree.Name)}
    used |= {part for node in _nodes(checked) if isinstance(node, tree.Path) for part in node.parts}
    used |= {node.name.partition("::")[0] for node in _nodes(checked) if isinstance(node, tree.NamedType)}
    for node in _nodes(checked):
        if not isinstance(node, tree.ImportDeclaration):
            continue
        names = [alias for _, alias in node.names] if node.names else [node.alias or node.path[-1]]
        if "*" not in names and not used.intersection(names):
            yield Remark(f"an import is never used: `{'`, `'.join(names)}`", node.place, (node.place, ""))


def _unused_result(checked: Checked) -> Iterator[Remark]:
    for statement in _dropped(checked):
        is_pure = isinstance(statement, _PURE) and not (
            isinstance(statement, tree.Binary) and statement.operator in _CALLING_OPERATORS
        )
        if isinstance(statement, tree.MethodCall) and checked.names.meant.get(statement) is None:
            kind = checked.typed.kind(statement.receiver)
            is_pure = statement.name in METHODS.get(kind, {}) and statement.name not in MUTATING | {"each", "for_each"}
        if is_pure:
            yield Remark("a value is computed and not used", statement.place)


def _dropped(checked: Checked) -> Iterator[tree.Expression]:
    """Every statement whose value nobody can use."""
    for node in _nodes(checked):
        if isinstance(node, tree.Block | tree.Program):
            yield from node.statements[:-1]
        if isinstance(node, tree.While | tree.For | tree.Loop):
            yield from node.body.statements[-1:]


def _shadowing(checked: Checked) -> Iterator[Remark]:
    def visit(node: tree.Node, outer: dict[str, tree.Place]) -> Iterator[Remark]:
        inner = dict(outer)
        for child in tree.children(node):
            if isinstance(child, tree.Let):
                yield from visit(child, inner)
                for name in bound_names(child.pattern):
                    if name in inner and not name.startswith("_"):
                        yield Remark(f"a variable hides another one of its name: `{name}`", child.pattern.place)
                    inner[name] = child.pattern.place
            else:
                yield from visit(child, inner)

    yield from visit(checked.programs[-1], {})


def _unreachable(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        if isinstance(node, tree.Block):
            for before, statement in zip(node.statements, node.statements[1:], strict=False):
                if isinstance(before, _LEAVING):
                    yield Remark("this is never reached", statement.place)
                    break


def _constant_condition(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        if isinstance(node, tree.If | tree.While) and isinstance(node.condition, tree.Boolean):
            if isinstance(node, tree.While) and node.condition.value:
                head = (node.place[0], node.condition.place[1])
                yield Remark("`while true` is `loop`", head, (head, "loop"))
            else:
                yield Remark("a condition is always the same", node.condition.place)


def _missing_arm(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        if not isinstance(node, tree.Match) or not node.arms:
            continue
        declared, kind = checked.typed.declared(node.subject), checked.typed.kind(node.subject)
        wanted = tuple(declared.variants) if declared is not None else _VALUES.get(kind, ())
        seen = {name for arm in node.arms if arm.guard is None for name in _variants(arm.pattern, checked)}
        missing = [name for name in wanted if name not in seen]
        if "_" in seen:
            continue
        if missing:
            yield Remark(f"a match leaves variants out: `{'`, `'.join(missing)}`", node.subject.place)
        elif kind in _ENDLESS and not any(map(_is_open, node.arms)):
            yield Remark("a match has no arm for other values", node.subject.place)


def _is_open(arm: tree.Arm) -> bool:
    """Whether an arm takes a range without an end: two of them may hold all numbers."""
    ranges = (each for each in tree.walk(arm.pattern) if isinstance(each, tree.RangePattern))
    return any(each.low is None or each.high is None for each in ranges)


def _variants(pattern: tree.Pattern, checked: Checked) -> Iterator[str]:
    if isinstance(pattern, tree.OrPattern):
        for option in pattern.options:
            yield from _variants(option, checked)
    elif isinstance(pattern, tree.WildcardPattern):
        yield "_"
    elif isinstance(pattern, tree.BindPattern):
        yield pattern.name if checked.names.meant[pattern].kind == "variant" else "_"
    elif isinstance(pattern, tree.VariantPattern | tree.StructPattern) and pattern.path:
        yield pattern.path[-1]
    elif isinstance(pattern, tree.LiteralPattern) and isinstance(pattern.value, tree.Boolean):
        yield "true" if pattern.value.value else "false"


_VALUES = {"option": ("Some", "None"), "result": ("Ok", "Err"), "bool": ("true", "false")}
"""What there is of types of the language itself."""
_ENDLESS = frozenset({"i64", "f64", "str"})


def _repeated_arm(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        if not isinstance(node, tree.Match):
            continue
        seen: set[str] = set()
        for arm in node.arms:
            key = repr(arm.pattern)
            if key in seen:
                yield Remark("an arm before this one fits the same values", arm.pattern.place)
            if arm.guard is None:
                seen.add(key)


def _same_operands(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        if isinstance(node, tree.Binary) and node.operator in {"==", "!=", "<", "<=", ">", ">=", "-", "/", "&&", "||"}:
            if isinstance(node.left, tree.Name | tree.Field) and repr(node.left) == repr(node.right):
                yield Remark(f"both sides of `{node.operator}` are the same", node.place)
        elif isinstance(node, tree.Assign) and not node.operator and repr(node.target) == repr(node.value):
            yield Remark("a variable is assigned to itself", node.place)


def _needless_mut(checked: Checked) -> Iterator[Remark]:
    changed = set()
    for node in _nodes(checked):
        target = (
            node.target
            if isinstance(node, tree.Assign)
            else node.receiver
            if isinstance(node, tree.MethodCall)
            else None
        )
        while isinstance(target, tree.Field | tree.Index):
            target = target.receiver
        if target is not None:
            changed.add(checked.names.meant.get(target))
    for node, pattern, binding in _variables(checked):
        if node.keyword == "let mut" and binding not in changed and not binding.assignments:
            start = _text(checked, (node.place[0], pattern.place[0])).index("mut") + node.place[0]
            place = (start, pattern.place[0])
            yield Remark(f"a variable never changes: `{binding.name}`", pattern.place, (place, ""))


def _missing_mut(checked: Checked) -> Iterator[Remark]:
    for node, pattern, binding in _variables(checked):
        if node.keyword == "let" and binding.assignments:
            message = f"a variable changes and is not declared so: `{binding.name}`"
            yield Remark(message, pattern.place, ((pattern.place[0], pattern.place[0]), "mut "))


def _empty_block(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        blocks = (node.then, node.otherwise) if isinstance(node, tree.If) else ()
        if isinstance(node, tree.While | tree.For | tree.Loop):
            blocks = (node.body, None)
        for block in blocks:
            if isinstance(block, tree.Block) and not block.statements:
                yield Remark("a block is empty", block.place)


def _compared_with_truth(checked: Checked) -> Iterator[Remark]:
    for node in _nodes(checked):
        if isinstance(node, tree.Binary) and node.operator in {"==", "!="} and isinstance(node.right, tree.Boolean):
            if checked.typed.kind(node.left) != "bool":
                continue
            keeps = (node.operator == "==") == node.right.value
            left = _text(checked, node.left.place)
            mend = (node.place, left) if keeps else None
            yield Remark(f"`{node.operator} {_text(checked, node.right.place)}` says nothing new", node.place, mend)


RULES: dict[str, Rule] = {
    "unused_variable": Rule(_unused_variable, "let x = 1", "let x = 1\nprintln(x)"),
    "unused_function": Rule(_unused_function, "fun f() { 1 }\nprintln(2)", "fun f() { 1 }\nprintln(f())"),
    "unused_import": Rule(
        _unused_import,
        "use std::collections::HashMap\nprintln(1)",
        "use std::collections::HashMap\nprintln(HashMap::new())",
    ),
    "unused_result": Rule(_unused_result, "let x = [1]\nx.sort()\nprintln(x)", "let x = [1]\nprintln(x.sort())"),
    "shadowing": Rule(
        _shadowing, "let x = 1\nif x > 0 { let x = 2\nprintln(x) }", "let x = 1\nif x > 0 { let y = 2\nprintln(y) }"
    ),
    "unreachable": Rule(_unreachable, "fun f() { return 1\nprintln(2) }\nf()", "fun f() { println(2)\nreturn 1 }\nf()"),
    "constant_condition": Rule(_constant_condition, "if false { println(1) }", "let x = 1\nif x > 0 { println(1) }"),
    "missing_arm": Rule(
        _missing_arm,
        "enum E { A, B }\nprintln(match E::A { E::A => 1 })",
        "enum E { A, B }\nprintln(match E::A { E::A => 1, E::B => 2 })",
    ),
    "repeated_arm": Rule(
        _repeated_arm, "println(match 1 { 1 => 2, 1 => 3, _ => 4 })", "println(match 1 { 1 => 2, _ => 4 })"
    ),
    "same_operands": Rule(_same_operands, "let x = 1\nprintln(x == x)", "let x = 1\nlet y = 2\nprintln(x == y)"),
    "needless_mut": Rule(_needless_mut, "let mut x = 1\nprintln(x)", "let mut x = 1\nx += 1\nprintln(x)"),
    "missing_mut": Rule(_missing_mut, "let x = 1\nx += 1\nprintln(x)", "let mut x = 1\nx += 1\nprintln(x)"),
    "empty_block": Rule(_empty_block, "for i in 0..2 { }", "for i in 0..2 { println(i) }"),
    "compared_with_truth": Rule(_compared_with_truth, "let x = true\nprintln(x == true)", "let x = true\nprintln(!x)"),
}


def _remarks(checked: Checked, names: tuple[str, ...]) -> list[tuple[str, Remark]]:
    found = [(name, remark) for name in names or tuple(RULES) for remark in RULES[name].find(checked)]
    return sorted(found, key=lambda each: each[1].place)


def lint(path: str, text: str, names: tuple[str, ...] = ()) -> list[Diagnostic]:
    """The remarks of some or all rules on a program, as warnings.

    Errors    SourceError  when the program is refused.

    >>> [found.code for found in lint("a.ruchy", "let x = 1")]
    ['lint.unused_variable']
    """
    from sovereign.diagnostic import Diagnostic, Level

    def action() -> list[Diagnostic]:
        checked = check_text(path, text)
        return [
            Diagnostic(f"lint.{name}", Level.WARNING, remark.message, checked.sources.span(remark.place))
            for name, remark in _remarks(checked, names)
        ]

    return on_large_stack(action)  # type: ignore[no-any-return] # what the action gives


def mended(path: str, text: str) -> str:
    r"""A program with every mend that changes nothing of what it does.

    Errors    as `lint`.

    >>> mended("a.ruchy", "let mut x = 1\nprintln(x)")
    'let x = 1\nprintln(x)'
    """

    def action() -> str:
        checked = check_text(path, text)
        mends = [remark.mend for _, remark in _remarks(checked, ()) if remark.mend is not None]
        found, last = text, len(text) + 1
        for (start, end), replacement in sorted(mends, reverse=True):
            if end <= last:
                found, last = found[:start] + replacement + found[end:], start
        return found

    return on_large_stack(action)  # type: ignore[no-any-return] # as above
