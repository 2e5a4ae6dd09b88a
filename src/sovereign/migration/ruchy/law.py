"""What a valid tree is.

Enters: a `Program`. Leaves: findings about what the grammar lets through and the language does not: a jump outside of
its loop, an open range that indexes nothing, patterns whose alternatives bind different names, names given twice.
Read `names.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.migration.ruchy.findings import Findings

__all__ = ["bound_names", "judge"]

_LOOPS = (tree.While, tree.Loop, tree.For)
_FUNCTIONS = (tree.FunctionDeclaration, tree.Closure)


def judge(program: tree.Program, findings: Findings) -> None:
    """Report everything in a file that is well formed and still not allowed."""
    pending: list[tuple[tree.Node, tuple[tree.Node, ...], bool]] = [(program, (), False)]
    while pending:
        node, loops, in_function = pending.pop()
        check = _CHECKS.get(type(node))
        if check is not None:
            check(node, loops, findings, in_function)
        if isinstance(node, _FUNCTIONS):
            loops, in_function = (), True
        for child in tree.children(node):
            inside = isinstance(node, _LOOPS) and child is node.body
            pending.append((child, (*loops, node) if inside else loops, in_function))


def _jump(node: tree.Node, loops: tuple[tree.Node, ...], findings: Findings, _in_function: bool) -> None:  # noqa: FBT001 - one signature for all checks
    assert isinstance(node, tree.Break | tree.Continue)
    word = "break" if isinstance(node, tree.Break) else "continue"
    if not loops:
        findings.error("ruchy.syntax", f"`{word}` stands outside of a loop", node.place)
        return
    labels = [each.label for each in loops if isinstance(each, _LOOPS)]
    if node.label is not None and node.label not in labels:
        findings.error("ruchy.name", f"no loop around this has the label `'{node.label}`", node.place)
    target = loops[-1]
    if node.label is not None and node.label in labels:
        target = loops[len(labels) - 1 - labels[::-1].index(node.label)]
    if isinstance(node, tree.Break) and node.value is not None and not isinstance(target, tree.Loop):
        findings.error("ruchy.syntax", "only a `loop` has a value that `break` gives it", node.value.place)


def _return(node: tree.Node, _loops: tuple[tree.Node, ...], findings: Findings, in_function: bool) -> None:  # noqa: FBT001 - as above
    if not in_function:
        findings.error("ruchy.syntax", "`return` stands outside of a function", node.place)


def _open_range(node: tree.Node, _loops: tuple[tree.Node, ...], findings: Findings, _in_function: bool) -> None:  # noqa: FBT001 - as above
    assert isinstance(node, tree.For)
    if isinstance(node.iterable, tree.Range) and node.iterable.start is None:
        findings.error("ruchy.syntax", "a range that is iterated needs a start", node.iterable.place)


def _alternatives(node: tree.Node, _loops: tuple[tree.Node, ...], findings: Findings, _in_function: bool) -> None:  # noqa: FBT001 - as above
    assert isinstance(node, tree.OrPattern)
    names = [set(bound_names(option)) for option in node.options]
    for option, found in zip(node.options, names, strict=True):
        if found != names[0]:
            missing = ", ".join(f"`{name}`" for name in sorted(found ^ names[0]))
            findings.error("ruchy.name", f"the alternatives of a pattern bind different names: {missing}", option.place)


def _parameters(node: tree.Node, _loops: tuple[tree.Node, ...], findings: Findings, _in_function: bool) -> None:  # noqa: FBT001 - as above
    assert isinstance(node, tree.FunctionDeclaration | tree.Closure)
    seen: set[str] = set()
    for parameter in node.parameters:
        for name in bound_names(parameter.pattern):
            if name in seen and name != "_":
                findings.error("ruchy.name", f"two parameters have one name: `{name}`", parameter.place)
            seen.add(name)


def _members(node: tree.Node, _loops: tuple[tree.Node, ...], findings: Findings, _in_function: bool) -> None:  # noqa: FBT001 - as above
    assert isinstance(node, tree.StructDeclaration | tree.EnumDeclaration)
    seen: set[str] = set()
    parts: tuple[tree.FieldDeclaration | tree.Variant, ...] = (
        node.entries if isinstance(node, tree.StructDeclaration) else node.variants
    )
    for part in parts:
        if part.name in seen:
            findings.error("ruchy.name", f"`{node.name}` has this name twice: `{part.name}`", part.place)
        seen.add(part.name)


_CHECKS: dict[type[tree.Node], Callable[[tree.Node, tuple[tree.Node, ...], Findings, bool], None]] = {
    tree.Break: _jump,
    tree.Continue: _jump,
    tree.Return: _return,
    tree.For: _open_range,
    tree.OrPattern: _alternatives,
    tree.FunctionDeclaration: _parameters,
    tree.Closure: _parameters,
    tree.StructDeclaration: _members,
    tree.EnumDeclaration: _members,
}


def bound_names(pattern: tree.Node) -> Iterator[str]:
    """Every name that a pattern binds, in source order."""
    for node in tree.walk(pattern):
        if isinstance(node, tree.BindPattern) or (isinstance(node, tree.RestPattern) and node.name is not None):
            yield str(node.name)
