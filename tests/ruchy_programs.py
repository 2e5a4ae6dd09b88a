"""Random Ruchy programs, driven by the grammar, that always end; Hypothesis makes a failing one small.

`programs()` draws a `Drawn`: statements as a tree of heads and bodies, which `braces()` and `layout()` write in the two
forms of the language. Every expression is drawn for a type, so most programs run; overflow, division by zero and an
index outside of a list are left in, because engines must agree on them too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

Draw = "Callable[[st.SearchStrategy[object]], object]"
INT, FLOAT, BOOL, TEXT, LIST = "int", "float", "bool", "text", "list"
GRID, DICT, BAG = "grid", "dict", "bag"
PLAIN = (INT, FLOAT, BOOL, TEXT, LIST)
KINDS = (*PLAIN, GRID, DICT, BAG)
PASSED = (INT, INT, LIST, GRID, BAG)
KEY_TEXTS = ['"a"', '"b"', '"c"']
INTEGERS = st.one_of(st.integers(-20, 20), st.sampled_from([2**31, 2**62, 2**63 - 1, -(2**63) + 1]))
WORDS = st.sampled_from(["", "a", "be", "sea", "é"])
DEEPEST = 3


@dataclass
class Statement:
    """A line, and a body below it when it opens a block."""

    text: str
    body: list[Statement] | None = None


@dataclass
class Scope:
    """The variables that are known, by their kind, and how many names were given."""

    variables: dict[str, str] = field(default_factory=dict)
    functions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    count: int = 0
    fixed: set[str] = field(default_factory=set)

    def fresh(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def of(self, kind: str) -> list[str]:
        return [name for name, known in self.variables.items() if known == kind]


@dataclass
class Drawn:
    """A program."""

    statements: list[Statement]

    def braces(self) -> str:
        return "\n".join(_braces(self.statements, 0)) + "\n"

    def layout(self) -> str:
        return "\n".join(_layout(self.statements, 0)) + "\n"


def prelude() -> list[Statement]:
    """What every program declares: a struct that holds a list, with a method that changes it and one that does not."""
    grow = Statement(
        "fun grow(&mut self, n)", [Statement("self.size = self.size ^ (n & 7)"), Statement("self.items.push(n & 15)")]
    )
    total = Statement("fun total(&self)", [Statement("self.items.sum() ^ self.size")])
    return [
        Statement("struct Bag", [Statement("size: i64"), Statement("items: Vec<i64>")]),
        Statement("impl Bag", [grow, total]),
    ]


def _braces(statements: list[Statement], depth: int) -> list[str]:
    lines = []
    for each in statements:
        indent = "    " * depth
        if each.body is None:
            lines.append(indent + each.text)
        else:
            lines += [f"{indent}{each.text} {{", *_braces(each.body, depth + 1), f"{indent}}}"]
    return lines


def _layout(statements: list[Statement], depth: int) -> list[str]:
    lines = []
    for each in statements:
        indent = "  " * depth
        if each.body is None:
            lines.append(indent + each.text)
        else:
            lines += [f"{indent}{each.text.removesuffix(' =>')}:", *_layout(each.body, depth + 1)]
    return lines


class Author:
    """Draws one program."""

    def __init__(self, draw: Callable[..., object]) -> None:
        self.draw = draw
        self.scope = Scope()

    def choice(self, options: list[str]) -> str:
        found = self.draw(st.sampled_from(options))
        assert isinstance(found, str)
        return found

    # Expressions.

    def expression(self, kind: str, depth: int = 0) -> str:
        names = self.scope.of(kind)
        if depth >= DEEPEST or self.draw(st.booleans()):
            return self.choice(names) if names and self.draw(st.booleans()) else self.literal(kind)
        makers = {INT: self.integer, FLOAT: self.float, BOOL: self.boolean, TEXT: self.text, LIST: self.list}
        return {**makers, GRID: self.grid, DICT: self.dict, BAG: self.bag}[kind](depth + 1)

    def literal(self, kind: str) -> str:  # noqa: PLR0911 - one way out for each kind
        if kind == INT:
            value = self.draw(INTEGERS)
            return f"({value})" if int(str(value)) < 0 else str(value)
        if kind == FLOAT:
            return self.choice(["0.0", "1.5", "2.0", "0.25", "(-3.5)"])
        if kind == BOOL:
            return self.choice(["true", "false"])
        if kind == TEXT:
            return f'"{self.draw(WORDS)}"'
        if kind == GRID:
            return f"[{self.literal(LIST)}, {self.literal(LIST)}]"
        if kind == DICT:
            return f"{{a: {self.literal(INT)}, b: {self.literal(INT)}}}"
        if kind == BAG:
            return f"Bag {{ size: {self.literal(INT)}, items: {self.expression(LIST, DEEPEST)} }}"
        return f"[{', '.join(self.literal(INT) for _ in range(int(str(self.draw(st.integers(1, 3))))))}]"

    def integer(self, depth: int) -> str:  # noqa: PLR0911 - one way out for each form
        form = self.choice(["binary", "binary", "if", "length", "element", "call", "sum", "match", "part"])
        if form == "binary":
            operator = self.choice(["+", "-", "*", "/", "%", "&", "|", "^"])
            return f"({self.expression(INT, depth)} {operator} {self.expression(INT, depth)})"
        if form == "if":
            return (
                f"(if {self.expression(BOOL, depth)} {{ {self.expression(INT, depth)} }} else "
                f"{{ {self.expression(INT, depth)} }})"
            )
        if form == "length":
            return f"{self.expression(self.choice([TEXT, LIST]), depth)}.len()"
        if form == "element":
            return f"{self.expression(LIST, depth)}[{self.choice(['0', '1', '-1'])}]"
        if form == "call" and self.scope.functions:
            name = self.choice(list(self.scope.functions))
            values = ", ".join(self.expression(kind, depth) for kind in self.scope.functions[name])
            return f"{name}({values})"
        if form == "part":
            return self.part(depth)
        if form == "match":
            return (
                f"(match ({self.expression(INT, depth)}) {{ 0 => {self.expression(INT, depth)}, "
                f"1..=9 => {self.expression(INT, depth)}, n if n < 0 => {self.expression(INT, depth)}, "
                f"_ => {self.expression(INT, depth)} }})"
            )
        return f"{self.expression(LIST, depth)}.sum()"

    def part(self, depth: int) -> str:
        """A number out of something larger."""
        form = self.choice(["cell", "entry", "size", "total", "maybe"])
        if form == "cell":
            return f"{self.expression(GRID, depth)}[{self.choice(['0', '1'])}][0]"
        if form == "entry":
            return f"({self.expression(DICT, depth)}).get({self.choice(KEY_TEXTS)}, {self.literal(INT)})"
        if form == "maybe":
            value = f"(if {self.expression(BOOL, depth)} {{ Some({self.expression(INT, depth)}) }} else {{ None }})"
            return f"{value}.unwrap_or({self.literal(INT)})"
        return f"{self.expression(BAG, depth)}.{'total()' if form == 'total' else form}"

    def grid(self, depth: int) -> str:
        form = self.choice(["made", "map", "join"])
        if form == "made":
            return f"[{self.expression(LIST, depth)}, {self.expression(LIST, depth)}]"
        if form == "map":
            return f"{self.expression(GRID, depth)}.map(|row| row + {self.literal(LIST)})"
        return f"({self.expression(GRID, depth)} + {self.expression(GRID, depth)})"

    def dict(self, depth: int) -> str:
        return f"{{a: {self.expression(INT, depth)}, b: {self.expression(INT, depth)}}}"

    def bag(self, depth: int) -> str:
        return f"Bag {{ size: {self.expression(INT, depth)}, items: {self.expression(LIST, depth)} }}"

    def float(self, depth: int) -> str:
        operator = self.choice(["+", "-", "*", "/"])
        return f"({self.expression(FLOAT, depth)} {operator} {self.expression(self.choice([FLOAT, INT]), depth)})"

    def boolean(self, depth: int) -> str:
        form = self.choice(["compare", "logic", "not", "in"])
        if form == "compare":
            kind = self.choice([INT, FLOAT, TEXT])
            operator = self.choice(["==", "!=", "<", "<=", ">", ">="])
            return f"({self.expression(kind, depth)} {operator} {self.expression(kind, depth)})"
        if form == "logic":
            return f"({self.expression(BOOL, depth)} {self.choice(['&&', '||'])} {self.expression(BOOL, depth)})"
        if form == "in":
            return f"({self.expression(INT, depth)} in {self.expression(LIST, depth)})"
        return f"(!{self.expression(BOOL, depth)})"

    def text(self, depth: int) -> str:
        form = self.choice(["join", "format", "number", "method"])
        if form == "join":
            return f"({self.expression(TEXT, depth)} + {self.expression(self.choice([TEXT, INT]), depth)})"
        if form == "format":
            return 'f"<{(' + self.expression(self.choice(list(KINDS)), depth) + ')}>"'
        if form == "number":
            return f"{self.expression(INT, depth)}.to_string()"
        return f"{self.expression(TEXT, depth)}.{self.choice(['to_upper()', 'reverse()', 'trim()'])}"

    def list(self, depth: int) -> str:
        form = self.choice(["map", "filter", "join", "sort", "comprehension", "slice"])
        inner = self.expression(LIST, depth)
        if form == "map":
            return f"{inner}.map(|q| q ^ {self.literal(INT)})"
        if form == "filter":
            return f"{inner}.filter(|q| q > {self.literal(INT)})"
        if form == "join":
            return f"({inner} + {self.expression(LIST, depth)})"
        if form == "comprehension":
            return f"[q & 255 for q in {inner} if q % 2 == 0]"
        return f"{inner}.sort()" if form == "sort" else f"{inner}[0..1]"

    # Statements.

    def block(self, depth: int, *, most: int = 4) -> list[Statement]:
        known = dict(self.scope.variables)
        count = int(str(self.draw(st.integers(1, most))))
        made = [self.statement(depth) for _ in range(count)]
        self.scope.variables = known
        return made

    def statement(self, depth: int) -> Statement:
        forms = ["let", "let", "print", "assign", "push", "element", "copy", "change", "change", "keep"]
        if depth < DEEPEST:
            forms += ["if", "for", "while", "function", "try", "match", "maybe"]
        return getattr(self, f"_{self.choice(forms)}")(depth)

    def _let(self, depth: int) -> Statement:
        kind = self.choice(list(KINDS))
        value = self.expression(kind)
        name = self.scope.fresh("v")
        self.scope.variables[name] = kind
        return Statement(f"let mut {name} = {value}")

    def _copy(self, depth: int) -> Statement:
        kinds = [kind for kind in (LIST, GRID, DICT, BAG) if self.scope.of(kind)]
        if not kinds:
            return self._let(depth)
        kind = self.choice(kinds)
        source = self.choice(self.scope.of(kind))
        name = self.scope.fresh("c")
        self.scope.variables[name] = kind
        return Statement(f"let mut {name} = {source}")

    def _change(self, depth: int) -> Statement:
        """Change a part of something in its place."""
        kinds = [kind for kind in (GRID, DICT, BAG) if self.scope.of(kind)]
        if not kinds:
            return self._push(depth)
        kind = self.choice(kinds)
        name, value = self.choice(self.scope.of(kind)), self.expression(INT)
        if kind == GRID:
            return Statement(
                self.choice([f"{name}[0][0] = {value}", f"{name}[1].push({value})", f"{name}[0] = [{value}]"])
            )
        if kind == DICT:
            key = self.choice(KEY_TEXTS)
            return Statement(self.choice([f"{name}[{key}] = {value}", f"{name}.a += {value}"]))
        forms = [
            f"{name}.size = {value}",
            f"{name}.items.push({value})",
            f"{name}.grow({value})",
            f"{name}.items[0] = 3",
        ]
        return Statement(self.choice(forms))

    def _keep(self, depth: int) -> Statement:
        """Put a list into something that holds lists."""
        grids, bags = self.scope.of(GRID), self.scope.of(BAG)
        if grids and self.draw(st.booleans()):
            return Statement(f"{self.choice(grids)}.push({self.expression(LIST)})")
        if bags:
            return Statement(f"{self.choice(bags)}.items = {self.expression(LIST)}")
        return self._push(depth)

    def _try(self, depth: int) -> Statement:
        body = self.block(depth + 1)
        return Statement("if true", [Statement("try", body), Statement("catch e", [Statement("println(e)")])])

    def _print(self, depth: int) -> Statement:
        return Statement(f"println({self.expression(self.choice(list(KINDS)))}, {self.expression(INT)})")

    def _assign(self, depth: int) -> Statement:
        names = [name for name in self.scope.variables if name not in self.scope.fixed]
        if not names:
            return self._print(depth)
        name = self.choice(names)
        kind = self.scope.variables[name]
        operator = self.choice(["=", "+="]) if kind in {INT, FLOAT, TEXT} else "="
        return Statement(f"{name} {operator} {self.expression(kind)}")

    def _push(self, depth: int) -> Statement:
        names = self.scope.of(LIST)
        return Statement(f"{self.choice(names)}.push({self.expression(INT)})") if names else self._let(depth)

    def _element(self, depth: int) -> Statement:
        names = self.scope.of(LIST)
        return Statement(f"{self.choice(names)}[0] = {self.expression(INT)}") if names else self._let(depth)

    def _if(self, depth: int) -> Statement:
        return Statement(f"if {self.expression(BOOL)}", self.block(depth + 1))

    def _match(self, depth: int) -> Statement:
        arms = [Statement(f"{pattern} =>", self.block(depth + 1, most=2)) for pattern in ("0", "1..=9", "_")]
        return Statement(f"match ({self.expression(INT)})", arms)

    def _maybe(self, depth: int) -> Statement:
        """Two branches of which one is taken; the other must not be believed."""
        value = f"(if {self.expression(BOOL)} {{ Some({self.expression(INT)}) }} else {{ None }})"
        name = self.scope.fresh("o")
        known = dict(self.scope.variables)
        self.scope.variables[name] = INT
        body = self.block(depth + 1)
        self.scope.variables = known
        return Statement("if true", [Statement(f"if let Some({name}) = {value}", body)])

    def _for(self, depth: int) -> Statement:
        name = self.scope.fresh("i")
        kind = self.choice([INT, INT, LIST])
        iterable = self.choice(["0..3", "1..=2", self.expression(LIST)]) if kind == INT else self.expression(GRID)
        known = dict(self.scope.variables)
        self.scope.variables[name] = kind
        body = self.block(depth + 1)
        self.scope.variables = known
        return Statement(f"for {name} in {iterable}", body)

    def _while(self, depth: int) -> Statement:
        name = self.scope.fresh("w")
        self.scope.variables[name] = INT
        self.scope.fixed.add(name)
        body = self.block(depth + 1)
        self.scope.variables.pop(name)
        counting = Statement(f"{name} = {name} + 1")
        return Statement(
            "if true", [Statement(f"let mut {name} = 0"), Statement(f"while {name} < 3", [counting, *body])]
        )

    def _function(self, depth: int) -> Statement:
        if depth:
            return self._print(depth)
        name = self.scope.fresh("f")
        kinds = tuple(self.choice(list(PASSED)) for _ in range(int(str(self.draw(st.integers(1, 2))))))
        kept = self.scope.variables
        self.scope.variables = {f"p{place}": kind for place, kind in enumerate(kinds)}
        functions, self.scope.functions = self.scope.functions, {}
        body = [*self.block(DEEPEST, most=2), Statement(self.expression(INT))]
        self.scope.functions = {**functions, name: kinds}
        self.scope.variables = kept
        return Statement(f"fun {name}({', '.join(f'p{place}' for place in range(len(kinds)))})", body)


@st.composite
def programs(draw: Callable[..., object]) -> Drawn:
    """A program of a few statements."""
    author = Author(draw)
    count = draw(st.integers(1, 8))
    assert isinstance(count, int)
    return Drawn([*prelude(), *(author.statement(0) for _ in range(count))])
