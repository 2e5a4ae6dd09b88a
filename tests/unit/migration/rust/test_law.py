from __future__ import annotations

import pytest

from sovereign.errors import InternalError
from sovereign.migration.rust import tree
from sovereign.migration.rust.formats import wants
from sovereign.migration.rust.law import Violation, check, require_valid

I64 = tree.NamedType("i64")
RESULT = tree.NamedType("Result", (I64, tree.NamedType("Exc")))
X, Y = tree.Name("x"), tree.Name("y")
ONE = tree.Integer(1)
FIELD = tree.FieldDeclaration("a", I64)
RUN = tree.Call(tree.Name("run"))


def function(*statements: tree.Statement, result=None, value=None, parameters=()) -> tree.Function:
    return tree.Function("f", parameters, result, tree.Block(statements, value))


def broken(*items: tree.Item) -> list[str]:
    return [violation.text for violation in check(tree.Program(items))]


def said(expression: tree.Expression) -> list[str]:
    return broken(function(tree.Let(tree.Bind("v"), value=expression)))


def matching(pattern: tree.Pattern) -> list[str]:
    return broken(function(tree.Let(pattern, value=X)))


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        (tree.Name("a b\n"), "this is no path: `a b\n`"),
        (tree.Name(""), "this is no path: ``"),
        (tree.Integer(300, "u8"), "an integer does not fit its type: `300u8`"),
        (tree.Integer(-1, "usize"), "an integer does not fit its type: `-1usize`"),
        (tree.Integer(1, "i63"), "there is no integer type of that name: `i63`"),
        (tree.Integer(1, "", 7), "there are no literals of base 7"),
        (tree.Float(float("nan")), "a float has no literal: `nan`"),
        (tree.Float(1.0, "f16"), "there is no float type of that name: `f16`"),
        (tree.Text("\ud800"), "a text holds half of a surrogate pair, which Rust cannot"),
        (tree.Character("ab"), "this is not one character: 'ab'"),
        (tree.Unary("+", X), "there is no such operator: `+`"),
        (tree.Binary("**", X, Y), "there is no such operator: `**`"),
        (tree.Method(X, "no name"), "this is no name: `no name`"),
        (tree.Method(X, "self"), "this is no name: `self`"),
        (tree.Field(X, "a.b"), "this is no name: `a.b`"),
        (tree.Field(ONE, "0"), "a number has no fields"),
        (tree.Array((X, Y), ONE), "an array of one repeated item has another number of items"),
        (tree.StructLiteral("P", (("x", X), ("x", Y))), "a field stands there twice: `x`"),
        (tree.MacroCall("vec", (X,), "{"), "a macro takes other brackets: `{`"),
        (tree.MacroCall("say", (tree.Text("{} {}"), X)), "a format string takes 2 arguments and got 1: '{} {}'"),
        (tree.MacroCall("say", (tree.Text("{}"), X, Y)), "a format string takes 1 arguments and got 2: '{}'"),
        (tree.MacroCall("write", (X, tree.Text("{"))), "this is no format string: '{'"),
        (tree.MacroCall("say", (X,)), "a format macro has no format string: `say!`"),
        (tree.Range(X, None, inclusive=True), "a range to nowhere includes its end"),
        (tree.BlockExpression(tree.Block(), "a", unsafe=True), "a block has a label and is unsafe"),
        (tree.BlockExpression(tree.Block(), "1"), "this is no label: `1`"),
        (tree.LetCondition(tree.Bind("n"), X), "`let` stands outside of a condition"),
        (tree.Break(), "a jump stands outside of a loop"),
        (tree.Continue(), "a jump stands outside of a loop"),
        (tree.Break("rows"), "a jump has no target: `'rows`"),
        (tree.BlockExpression(tree.Block((tree.Evaluate(tree.Continue("a")),)), "a"), "a jump has no target: `'a`"),
        (tree.TryOperator(X), "`?` stands in a function whose result is no `Result`"),
        (tree.Closure((), tree.TryOperator(X), I64), "`?` stands in a function whose result is no `Result`"),
        (tree.Closure(((tree.Bind("a"), None), (tree.Bind("a"), None)), X), "a pattern binds a name twice: `a`"),
        (tree.If(X, tree.Block(value=ONE)), "an `if` without `else` has a value"),
        (tree.Cast(X, tree.NamedType("a{b}")), "this is no path: `a{b}`"),
    ],
)
def test_a_broken_expression_is_named(expression, complaint):
    assert said(expression) == [complaint]


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        (tree.Bind("crate"), "this is no name: `crate`"),
        (tree.TuplePattern((tree.Bind("a"), tree.Bind("a"))), "a pattern binds a name twice: `a`"),
        (tree.Bind("a", pattern=tree.VariantPattern("Some", (tree.Bind("a"),))), "a pattern binds a name twice: `a`"),
        (tree.TuplePattern((tree.Wildcard(rest=True),) * 2), "a pattern has more than one `..`"),
        (tree.OrPattern((tree.Bind("a"), tree.Bind("b"))), "alternatives of a pattern bind different names"),
        (tree.OrPattern((tree.Bind("a"),)), "a choice of patterns has fewer than two"),
        (tree.StructPattern("P", (("x", tree.Wildcard()),) * 2), "a field stands there twice: `x`"),
        (tree.RangePattern(None, None), "a range of patterns has no end"),
        (tree.VariantPattern("a;\n"), "this is no path: `a;\n`"),
    ],
)
def test_a_broken_pattern_is_named(pattern, complaint):
    assert matching(pattern) == [complaint]


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        (tree.Assign(RUN, X), "this is no place to assign to: a `Call`"),
        (tree.Assign(tree.Tuple((X, RUN)), Y), "this is no place to assign to: a `Tuple`"),
        (tree.Assign(tree.Tuple((X, Y)), Y, "+="), "this is no place to assign to: a `Tuple`"),
        (tree.Assign(X, Y, "**="), "there is no such assignment: `**=`"),
        (tree.While(X, tree.Block(value=ONE)), "the body of a loop has a value"),
        (tree.While(X, tree.Block((tree.Evaluate(tree.Break(value=ONE)),))), "only `loop` and labelled blocks take"),
        (tree.Loop(tree.Block(), "a b"), "this is no label: `a b`"),
        (tree.Evaluate(tree.Return(ONE)), "a function without a result returns a value"),
        (tree.Loop(tree.Block((tree.Let(tree.Bind("c"), value=tree.Closure((), tree.Break())),))), "a jump stands"),
    ],
)
def test_a_broken_statement_is_named(statement, complaint):
    (found,) = broken(function(statement))
    assert found.startswith(complaint)


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        (function(result=I64), "a function with a result ends without a value: `f`"),
        (
            function(tree.Let(tree.Bind("x"), value=ONE), result=I64),
            "a function with a result ends without a value: `f`",
        ),
        (function(tree.Evaluate(tree.Return()), result=I64), "a function with a result returns none"),
        (function(value=ONE), "a function without a result has a value: `f`"),
        (tree.Function("f", (), None, None), "a function has no body: `f`"),
        (tree.Function("1f", (), None, tree.Block()), "this is no name: `1f`"),
        (function(parameters=(tree.Parameter("a", I64),) * 2), "a parameter binds a name twice: `a`"),
        (function(parameters=(tree.SelfParameter(),)), "`self` is no parameter of a method's first place: `f`"),
        (
            tree.Struct("S", (tree.FieldDeclaration("", I64), tree.FieldDeclaration("a", I64))),
            "only some fields have names",
        ),
        (tree.Struct("S", (FIELD,) * 2), "a field stands there twice: `a`"),
        (tree.Enum("E", (tree.Variant("A"), tree.Variant("A"))), "a variant stands there twice: `A`"),
        (
            tree.Enum("E", (tree.Variant("A", (I64,), (FIELD,)),)),
            "a variant has types and fields: `A`",
        ),
        (tree.Module("m", (tree.Constant("N", I64, ONE),) * 2), "a name is defined twice: `N`"),
        (tree.Struct("S", (), attributes=(tree.Attribute("derive(Clone"),)), "this is no attribute: `derive(Clone`"),
    ],
)
def test_a_broken_item_is_named(item, complaint):
    assert broken(item) == [complaint]


def test_what_is_valid_has_no_violation():
    inner = tree.Loop(
        tree.Block(
            (
                tree.Evaluate(tree.If(X, tree.Block((tree.Evaluate(tree.Continue("rows")),)))),
                tree.Evaluate(tree.Break(value=ONE)),
            )
        )
    )
    valid = function(
        tree.For(tree.Bind("row"), X, tree.Block((inner,)), "rows"),
        tree.While(tree.LetCondition(tree.VariantPattern("Some", (tree.Bind("n"),)), RUN), tree.Block()),
        tree.Assign(tree.Tuple((X, tree.Index(Y, ONE))), RUN),
        tree.Assign(tree.Deref(X), ONE, "+="),
        tree.Let(tree.Bind("c"), value=tree.Closure((), tree.TryOperator(X))),
        tree.Let(tree.Bind("g"), value=tree.AsyncBlock(tree.Block(value=tree.TryOperator(X)))),
        tree.Evaluate(tree.TryOperator(RUN)),
        tree.Evaluate(tree.MacroCall("say", (tree.Text("{:>w$} {x} {{}}"), X))),
        tree.Evaluate(tree.Return(RUN)),
        result=RESULT,
    )
    declared = tree.Trait("T", (tree.Function("need", (tree.SelfParameter(),), I64, None),))
    method = tree.Function("g", (tree.SelfParameter(), tree.Parameter("_", I64)), None, tree.Block())
    assert (
        check(
            tree.Program(
                (
                    valid,
                    tree.Impl(tree.NamedType("S"), (method,)),
                    tree.Struct("S"),
                    declared,
                    *[tree.MacroItem("union_object", (X,))] * 2,
                )
            )
        )
        == []
    )


def test_an_alias_of_a_result_lets_a_function_ask():
    alias = tree.TypeAlias_("Outcome", RESULT)
    asking = tree.Function("f", (), tree.NamedType("Outcome"), tree.Block(value=tree.TryOperator(X)))
    assert broken(alias, asking) == []
    assert broken(asking) == ["`?` stands in a function whose result is no `Result`"]


def test_a_violation_knows_the_line_of_its_statement():
    nested = tree.While(X, tree.Block((tree.Evaluate(tree.Unary("+", X), 8),)), line=7)
    assert check(tree.Program((function(nested),))) == [Violation("there is no such operator: `+`", 8)]


def test_a_front_end_is_told_of_its_defect():
    with pytest.raises(InternalError) as caught:
        require_valid(tree.Program((function(tree.Evaluate(tree.Unary("+", X), 8)),)))
    assert caught.value.code == "rust.invalid_tree"
    assert caught.value.detail["where"] == "line 8"
    require_valid(tree.Program((function(),)))


@pytest.mark.parametrize(
    ("text", "places", "names"),
    [
        ("", 0, set()),
        ("{{}}", 0, set()),
        ("{}{:?}", 2, set()),
        ("{1} {}", 2, set()),
        ("{name:>width$.prec$}", 0, {"name", "width", "prec"}),
        ("{:.*}", 2, set()),
        ("{:*^+#010.3e}", 1, set()),
    ],
)
def test_a_format_string_says_what_it_takes(text, places, names):
    found = wants(text)
    assert found is not None
    assert (found.places, found.names) == (places, names)


@pytest.mark.parametrize("text", ["{", "}", "{:z}", "{a b", "{{}"])
def test_a_text_that_is_no_format_string_is_noticed(text):
    assert wants(text) is None
