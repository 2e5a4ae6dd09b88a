"""Types, patterns and expressions as Rust text on one line.

Enters: nodes of `tree.py`. Leaves: text with the parentheses that Rust's grammar asks for and no others. A node that
cannot stand on one line, such as a `match`, gives a text with a line break in it, and so does everything around it:
`printer.py` asks for this text first and lays a node out over several lines when it does not fit. Each expression is
spelled once per `OneLine`, which therefore must not outlive the tree. Read `printer.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sovereign.migration.rust import tree, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "JUMP",
    "POSTFIX",
    "RANGE",
    "UNARY",
    "OneLine",
    "binds",
    "block_head",
    "condition_binds",
    "ends_in_cast",
    "has_bare_struct",
    "label_head",
    "method_name",
    "opens_with_block",
    "pattern",
    "plain_value",
    "typed",
]

BREAK = "\n"

# How tightly an expression holds together; higher binds tighter.
JUMP, RANGE, OR, AND, COMPARISON, BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, CAST, UNARY, POSTFIX = range(14)
_BINARY = {
    "||": OR,
    "&&": AND,
    **dict.fromkeys(("==", "!=", "<", ">", "<=", ">="), COMPARISON),
    "|": BIT_OR,
    "^": BIT_XOR,
    "&": BIT_AND,
    **dict.fromkeys(("<<", ">>"), SHIFT),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/", "%"), PRODUCT),
}
_BINDS: dict[type, int] = {
    tree.Unary: UNARY,
    tree.Deref: UNARY,
    tree.Borrow: UNARY,
    tree.Cast: CAST,
    tree.Range: RANGE,
    tree.Closure: JUMP,
    tree.Return: JUMP,
    tree.Break: JUMP,
    tree.Continue: JUMP,
    tree.LetCondition: JUMP,
}
_BLOCKS = (tree.If, tree.Match, tree.BlockExpression)
_PREFIXED = (tree.Unary, tree.Deref, tree.Borrow)
_ON_ITS_OWN = (tree.If, tree.Match, tree.Return, tree.Break, tree.Continue)
_LEFT: dict[type, str] = {
    tree.Binary: "left",
    tree.Call: "function",
    tree.Index: "operand",
    tree.Cast: "operand",
    tree.Range: "low",
    tree.Method: "receiver",
    tree.Field: "operand",
    tree.TryOperator: "operand",
    tree.Await: "operand",
}
# Behind a block these go on with the expression; the others would begin a new statement.
_DOTTED = (tree.Method, tree.Field, tree.TryOperator, tree.Await)


def binds(node: tree.Expression) -> int:
    """How tightly the outermost operator of an expression binds."""
    kind = type(node)
    if kind is tree.Binary:
        return _BINARY[node.operator]  # type: ignore[union-attr]
    if kind is tree.Integer or kind is tree.Float:
        return UNARY if str(node.value)[0] == "-" else POSTFIX  # type: ignore[union-attr]
    return _BINDS.get(kind, POSTFIX)


def ends_in_cast(node: tree.Expression) -> bool:
    """Whether the text ends in `as type`, which a following `<` would be read as a part of."""
    while isinstance(node, tree.Binary):
        node = node.right
    return isinstance(node, tree.Cast)


def opens_with_block(node: tree.Expression) -> bool:
    """Whether a statement that begins with this expression would be cut behind its leading block."""
    while field := _LEFT.get(type(node)):
        if isinstance(node, tree.Range) and node.high is not None and opens_with_block(node.high):
            return True
        inner = getattr(node, field)
        if inner is None:
            return False
        if isinstance(inner, _BLOCKS):
            return not isinstance(node, _DOTTED)
        node = inner
    return isinstance(node, _PREFIXED) and opens_with_block(node.operand)


def has_bare_struct(node: tree.Expression | None) -> bool:
    """Whether a following brace would be read wrongly: behind a bare struct literal, and where a jump may end."""
    kind = type(node)
    if node is None or kind is tree.StructLiteral:
        return node is not None
    if kind is tree.Closure or kind is tree.Return or kind is tree.Break:
        return True
    if kind is tree.Binary:
        return has_bare_struct(node.left) or has_bare_struct(node.right)  # type: ignore[union-attr]
    if kind is tree.Range:
        low, high = node.low, node.high  # type: ignore[union-attr]
        return has_bare_struct(low) or has_bare_struct(high) or _opens_with_brace(high)
    if kind is tree.Unary or kind is tree.Deref or kind is tree.Borrow:
        return has_bare_struct(node.operand)  # type: ignore[union-attr]
    left = _LEFT.get(kind)
    return left is not None and has_bare_struct(getattr(node, left))


def _opens_with_brace(node: tree.Expression | None) -> bool:
    while node is not None and (field := _LEFT.get(type(node))):
        node = getattr(node, field)
    return isinstance(node, tree.BlockExpression)


def condition_binds(value: tree.Expression) -> int:
    """How tightly the value of `let` in a condition must bind: lazy operators and braces would end it."""
    return POSTFIX + 1 if has_bare_struct(value) else COMPARISON


def plain_value(block: tree.Block) -> tree.Expression | None:
    """The value of a block that holds nothing else."""
    return None if block.statements else block.value


# Types


def typed(node: tree.Type) -> str:
    """A type as text.

    >>> typed(tree.RefType(tree.NamedType("Vec", (tree.NamedType("i64"),)), mutable=True))
    '&mut Vec<i64>'
    """
    if isinstance(node, tree.NamedType):
        if node.arguments:
            return f"{words.path(node.name)}<{', '.join(map(typed, node.arguments))}>"
        return words.path(node.name)
    return _TYPES[type(node)](node)


def _ref_type(node: tree.RefType) -> str:
    lifetime = f"'{node.lifetime} " if node.lifetime else ""
    return f"&{lifetime}{'mut ' if node.mutable else ''}{_one_bound(node.inner)}"


def _one_bound(node: tree.Type) -> str:
    """A type where `+` would not be taken for a part of it."""
    several = isinstance(node, tree.DynType | tree.ImplType) and len(node.bounds) > 1
    return f"({typed(node)})" if several else typed(node)


def _tuple_type(node: tree.TupleType) -> str:
    return f"({', '.join(map(typed, node.items))}{',' if len(node.items) == 1 else ''})"


def _array_type(node: tree.ArrayType) -> str:
    length = "" if node.length is None else f"; {OneLine().text(node.length)}"
    return f"[{typed(node.inner)}{length}]"


def _fn_type(node: tree.FnType) -> str:
    result = "" if node.result == tree.TupleType() else f" -> {_one_bound(node.result)}"
    return f"{node.trait}({', '.join(map(typed, node.parameters))}){result}"


def _dyn_type(node: tree.DynType) -> str:
    return f"dyn {' + '.join(map(typed, node.bounds))}"


def _impl_type(node: tree.ImplType) -> str:
    return f"impl {' + '.join(map(typed, node.bounds))}"


_TYPES: dict[type, Callable[[Any], str]] = {
    tree.RefType: _ref_type,
    tree.TupleType: _tuple_type,
    tree.ArrayType: _array_type,
    tree.FnType: _fn_type,
    tree.DynType: _dyn_type,
    tree.ImplType: _impl_type,
}


# Patterns


def pattern(node: tree.Pattern, *, top: bool = True) -> str:
    """A pattern as text; alternatives inside another pattern are put in parentheses.

    >>> pattern(tree.VariantPattern("Some", (tree.Bind("x", mutable=True),)))
    'Some(mut x)'
    """
    text = _PATTERNS[type(node)](node)
    return text if top or not isinstance(node, tree.OrPattern) else f"({text})"


def _inner(nodes: Iterable[tree.Pattern]) -> str:
    return ", ".join([pattern(node) for node in nodes])


def _bind(node: tree.Bind) -> str:
    text = f"{'ref ' if node.by_ref else ''}{'mut ' if node.mutable else ''}{words.identifier(node.name)}"
    return text if node.pattern is None else f"{text} @ {pattern(node.pattern, top=False)}"


def _wildcard(node: tree.Wildcard) -> str:
    return ".." if node.rest else "_"


def _literal_pattern(node: tree.LiteralPattern) -> str:
    return OneLine().text(node.value)


def _range_pattern(node: tree.RangePattern) -> str:
    low, high = ("" if end is None else OneLine().text(end) for end in (node.low, node.high))
    return f"{low}{'..=' if node.inclusive and high else '..'}{high}"


def _tuple_pattern(node: tree.TuplePattern) -> str:
    if node.slice:
        return f"[{_inner(node.items)}]"
    single = len(node.items) == 1 and node.items[0] != tree.Wildcard(rest=True)
    return f"({_inner(node.items)}{',' if single else ''})"


def _variant_pattern(node: tree.VariantPattern) -> str:
    return f"{words.path(node.path)}({_inner(node.items)})" if node.items else words.path(node.path)


def _struct_pattern(node: tree.StructPattern) -> str:
    fields = [_field_pattern(name, value) for name, value in node.fields]
    inside = ", ".join([*fields, ".."] if node.rest else fields)
    return f"{words.path(node.path)} {{ {inside} }}" if inside else f"{words.path(node.path)} {{}}"


def _field_pattern(name: str, value: tree.Pattern) -> str:
    if isinstance(value, tree.Bind) and value.name == name and value.pattern is None:
        return pattern(value)
    return f"{words.identifier(name)}: {pattern(value)}"


def _or_pattern(node: tree.OrPattern) -> str:
    return " | ".join([pattern(item, top=False) for item in node.items])


_PATTERNS: dict[type, Callable[[Any], str]] = {
    tree.Bind: _bind,
    tree.Wildcard: _wildcard,
    tree.LiteralPattern: _literal_pattern,
    tree.RangePattern: _range_pattern,
    tree.TuplePattern: _tuple_pattern,
    tree.VariantPattern: _variant_pattern,
    tree.StructPattern: _struct_pattern,
    tree.OrPattern: _or_pattern,
}


# Expressions


class OneLine:
    """Spells expressions on one line, each once."""

    __slots__ = ("_spelled",)

    def __init__(self) -> None:
        self._spelled: dict[int, str] = {}

    def text(self, node: tree.Expression) -> str:
        """The expression on one line, or a text with a line break when it needs several."""
        key = id(node)
        found = self._spelled.get(key)
        if found is None:
            found = self._spelled[key] = _EXPRESSIONS[type(node)](self, node)
        return found

    def operand(self, node: tree.Expression, least: int) -> str:
        """The expression in parentheses when it binds less tightly than `least`."""
        return f"({self.text(node)})" if binds(node) < least else self.text(node)

    def sides(self, node: tree.Binary) -> tuple[int, int]:
        """How tightly both operands must bind at least."""
        level = _BINARY[node.operator]
        left = level + 1 if level == COMPARISON else level
        if node.operator in {"<", "<<"} and ends_in_cast(node.left):
            left = UNARY
        return left, level + 1

    def head(self, node: tree.Expression) -> str:
        """The expression where a brace follows: behind `if`, `while`, `match` and `in`."""
        return f"({self.text(node)})" if has_bare_struct(node) else self.text(node)

    def first(self, node: tree.Expression) -> str:
        """The expression where a statement begins."""
        return f"({self.text(node)})" if opens_with_block(node) else self.text(node)

    def separated(self, nodes: Iterable[tree.Expression]) -> str:
        """Expressions with commas between them."""
        return ", ".join([self.text(node) for node in nodes])

    def field(self, name: str, value: tree.Expression) -> str:
        """A field of a struct literal, short where its value is a variable of its name."""
        if isinstance(value, tree.Name) and value.path == name:
            return words.identifier(name)
        return f"{_member(name)}: {self.text(value)}"

    def closure_head(self, node: tree.Closure) -> str:
        """`move |parameters| -> result`, with the blank behind it."""
        parameters = ", ".join(
            [pattern(name, top=False) + ("" if kind is None else f": {typed(kind)}") for name, kind in node.parameters]
        )
        result = "" if node.result is None else f"-> {typed(node.result)} "
        return f"{'move ' if node.moves else ''}|{parameters}| {result}"


def _member(name: str) -> str:
    return name if name.isdigit() else words.identifier(name)


def _name(_: OneLine, node: tree.Name) -> str:
    return words.path(node.path)


def _integer(_: OneLine, node: tree.Integer) -> str:
    return words.integer(node.value, node.suffix, node.base)


def _float(_: OneLine, node: tree.Float) -> str:
    return words.float_literal(node.value, node.suffix)


def _boolean(_: OneLine, node: tree.Boolean) -> str:
    return "true" if node.value else "false"


def _text(_: OneLine, node: tree.Text) -> str:
    return words.text(node.value)


def _character(_: OneLine, node: tree.Character) -> str:
    return words.character(node.value)


def _byte_text(_: OneLine, node: tree.ByteText) -> str:
    return words.byte_text(node.value)


def _unary(one: OneLine, node: tree.Unary) -> str:
    operand = one.operand(node.operand, UNARY)
    # `--x` would be one warning of rustc, `-(-x)` is none.
    return f"{node.operator}({operand})" if node.operator == operand[0] == "-" else node.operator + operand


def _deref(one: OneLine, node: tree.Deref) -> str:
    return f"*{one.operand(node.operand, UNARY)}"


def _borrow(one: OneLine, node: tree.Borrow) -> str:
    return f"&{'mut ' if node.mutable else ''}{one.operand(node.operand, UNARY)}"


def _binary(one: OneLine, node: tree.Binary) -> str:
    # Along the left side in a loop: a sum of a thousand terms is a thousand deep.
    parts = []
    while True:
        left, right = one.sides(node)
        parts.append(f" {node.operator} {one.operand(node.right, right)}")
        inner = node.left
        if not isinstance(inner, tree.Binary) or binds(inner) < left:
            break
        node = inner
    return one.operand(node.left, left) + "".join(reversed(parts))


def _call(one: OneLine, node: tree.Call) -> str:
    function = one.operand(node.function, POSTFIX)
    if isinstance(node.function, tree.Field | tree.Await):
        function = f"({function})"  # else it would be a method's name
    return f"{function}({one.separated(node.arguments)})"


def _method(one: OneLine, node: tree.Method) -> str:
    return f"{one.operand(node.receiver, POSTFIX)}{method_name(node)}({one.separated(node.arguments)})"


def method_name(node: tree.Method) -> str:
    """`.name::<types>` of a method call."""
    types = f"::<{', '.join(map(typed, node.types))}>" if node.types else ""
    return f".{words.identifier(node.name)}{types}"


def _field(one: OneLine, node: tree.Field) -> str:
    return f"{one.operand(node.operand, POSTFIX)}.{_member(node.name)}"


def _index(one: OneLine, node: tree.Index) -> str:
    return f"{one.operand(node.operand, POSTFIX)}[{one.text(node.index)}]"


def _try_operator(one: OneLine, node: tree.TryOperator) -> str:
    return f"{one.operand(node.operand, POSTFIX)}?"


def _await(one: OneLine, node: tree.Await) -> str:
    return f"{one.operand(node.operand, POSTFIX)}.await"


def _cast(one: OneLine, node: tree.Cast) -> str:
    return f"{one.operand(node.operand, CAST)} as {typed(node.type)}"


def _tuple(one: OneLine, node: tree.Tuple) -> str:
    return f"({one.separated(node.items)}{',' if len(node.items) == 1 else ''})"


def _array(one: OneLine, node: tree.Array) -> str:
    length = "" if node.length is None else f"; {one.text(node.length)}"
    return f"[{one.separated(node.items)}{length}]"


def _struct_literal(one: OneLine, node: tree.StructLiteral) -> str:
    fields = [one.field(name, value) for name, value in node.fields]
    if node.base is not None:
        fields.append(f"..{one.operand(node.base, RANGE + 1)}")
    return f"{words.path(node.path)} {{ {', '.join(fields)} }}" if fields else f"{words.path(node.path)} {{}}"


def _macro_call(one: OneLine, node: tree.MacroCall) -> str:
    closing = "]" if node.brackets == "[" else ")"
    return f"{node.name}!{node.brackets}{one.separated(node.arguments)}{closing}"


def _range(one: OneLine, node: tree.Range) -> str:
    low = "" if node.low is None else one.operand(node.low, RANGE + 1)
    high = "" if node.high is None else one.operand(node.high, RANGE + 1)
    return f"{low}{'..=' if node.inclusive else '..'}{high}"


def _closure(one: OneLine, node: tree.Closure) -> str:
    body = node.body
    if node.result is None:
        if isinstance(body, tree.BlockExpression) and not (body.label or body.unsafe):
            inner = plain_value(body.block)
            body = body if inner is None else inner
        return one.closure_head(node) + one.text(body)
    if isinstance(body, tree.BlockExpression) and not (body.label or body.unsafe):
        return one.closure_head(node) + one.text(body)
    return one.closure_head(node) + _braced(one, body)


def _block_expression(one: OneLine, node: tree.BlockExpression) -> str:
    value = plain_value(node.block)
    if value is None:
        return f"{block_head(node)}{{}}" if not node.block.statements else BREAK
    return f"{block_head(node)}{_braced(one, value)}"


def block_head(node: tree.BlockExpression) -> str:
    """`'label: unsafe`, with the blank behind it."""
    return f"{label_head(node.label)}{'unsafe ' if node.unsafe else ''}"


def label_head(label: str) -> str:
    """`'label: `, or nothing."""
    return f"'{label}: " if label else ""


def _target(label: str) -> str:
    return f" '{label}" if label else ""


def _braced(one: OneLine, value: tree.Expression) -> str:
    """A value in braces; what opens a block of its own or leaves it stands on lines of its own."""
    return BREAK if isinstance(value, _ON_ITS_OWN) else f"{{ {one.first(value)} }}"


def _async_block(one: OneLine, node: tree.AsyncBlock) -> str:
    value = plain_value(node.block)
    head = "async move " if node.moves else "async "
    if value is None:
        return BREAK if node.block.statements else f"{head}{{}}"
    return head + _braced(one, value)


def _let_condition(one: OneLine, node: tree.LetCondition) -> str:
    value = one.operand(node.value, condition_binds(node.value))
    return f"let {pattern(node.pattern)} = {value}"


def _if(one: OneLine, node: tree.If) -> str:
    """Only `if a { b } else { c }` stands on one line."""
    value = plain_value(node.then)
    other = plain_value(node.orelse) if isinstance(node.orelse, tree.Block) else None
    if value is None or other is None:
        return BREAK
    return f"if {one.head(node.condition)} {_braced(one, value)} else {_braced(one, other)}"


def _match(one: OneLine, node: tree.Match) -> str:
    return BREAK if node.arms else f"match {one.head(node.subject)} {{}}"


def _return(one: OneLine, node: tree.Return) -> str:
    return "return" if node.value is None else f"return {one.text(node.value)}"


def _break(one: OneLine, node: tree.Break) -> str:
    value = "" if node.value is None else f" {one.text(node.value)}"
    if isinstance(node.value, tree.BlockExpression) and node.value.label:
        value = f" ({one.text(node.value)})"  # its label would be taken for the one of `break`
    return f"break{_target(node.label)}{value}"


def _continue(_: OneLine, node: tree.Continue) -> str:
    return f"continue{_target(node.label)}"


_Speller: TypeAlias = "Callable[[OneLine, Any], str]"
_EXPRESSIONS: dict[type, _Speller] = {
    tree.Name: _name,
    tree.Integer: _integer,
    tree.Float: _float,
    tree.Boolean: _boolean,
    tree.Text: _text,
    tree.Character: _character,
    tree.ByteText: _byte_text,
    tree.Unary: _unary,
    tree.Deref: _deref,
    tree.Borrow: _borrow,
    tree.Binary: _binary,
    tree.Call: _call,
    tree.Method: _method,
    tree.Field: _field,
    tree.Index: _index,
    tree.TryOperator: _try_operator,
    tree.Await: _await,
    tree.Cast: _cast,
    tree.Tuple: _tuple,
    tree.Array: _array,
    tree.StructLiteral: _struct_literal,
    tree.MacroCall: _macro_call,
    tree.Range: _range,
    tree.Closure: _closure,
    tree.BlockExpression: _block_expression,
    tree.AsyncBlock: _async_block,
    tree.LetCondition: _let_condition,
    tree.If: _if,
    tree.Match: _match,
    tree.Return: _return,
    tree.Break: _break,
    tree.Continue: _continue,
}
