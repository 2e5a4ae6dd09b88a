from __future__ import annotations

import subprocess
import time
from pathlib import Path
from textwrap import dedent

import pytest

from rust_trees import Trees, random_program
from sovereign.migration.rust import tree
from sovereign.migration.rust.printer import print_program

ROOT = Path(__file__).resolve().parents[4]
I64 = tree.NamedType("i64")
X, Y, Z = (tree.Name(name) for name in "xyz")
LONG = tree.Name("a_variable_whose_name_alone_takes_a_good_half_of_the_line")


def rustfmt(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    files = sorted(str(path) for path in folder.glob("*.rs"))
    command = ["rustfmt", "--edition", "2021", "--config-path", str(ROOT), "--quiet", *options, *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def program(*items: tree.Item) -> str:
    return print_program(tree.Program(items)).text


def body(*statements: tree.Statement, value: tree.Expression | None = None) -> str:
    lines = program(tree.Function("f", (), None, tree.Block(statements, value))).splitlines()
    assert (lines[0], lines[-1]) == ("fn f() {", "}")
    return dedent("\n".join(lines[1:-1]))


def spelled(expression: tree.Expression) -> str:
    return body(tree.Let(tree.Bind("v"), value=expression)).removeprefix("let v = ").removesuffix(";")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (tree.Binary("*", tree.Binary("+", X, Y), Z), "(x + y) * z"),
        (tree.Binary("+", tree.Binary("*", X, Y), Z), "x * y + z"),
        (tree.Binary("-", X, tree.Binary("-", Y, Z)), "x - (y - z)"),
        (tree.Binary("-", tree.Binary("-", X, Y), Z), "x - y - z"),
        (tree.Binary("==", tree.Binary("==", X, Y), Z), "(x == y) == z"),
        (tree.Binary("<", tree.Cast(X, I64), Y), "(x as i64) < y"),
        (tree.Binary("<", tree.Binary("+", X, tree.Cast(Y, I64)), Z), "(x + y as i64) < z"),
        (tree.Binary(">", tree.Cast(X, I64), Y), "x as i64 > y"),
        (tree.Method(tree.Integer(-1), "abs"), "(-1).abs()"),
        (tree.Method(tree.Float(-0.0), "abs"), "(-0.0).abs()"),
        (tree.Unary("-", tree.Integer(-1)), "-(-1)"),
        (tree.Unary("-", tree.Method(X, "abs")), "-x.abs()"),
        (tree.Method(tree.Unary("-", X), "abs"), "(-x).abs()"),
        (tree.Borrow(tree.Binary("+", X, Y)), "&(x + y)"),
        (tree.Borrow(tree.Cast(X, I64), mutable=True), "&mut (x as i64)"),
        (tree.Method(tree.Range(X, Y), "rev"), "(x..y).rev()"),
        (tree.Range(X, tree.Binary("+", Y, Z), inclusive=True), "x..=y + z"),
        (tree.Call(tree.Field(X, "f"), (Y,)), "(x.f)(y)"),
        (tree.Call(tree.Closure((), X)), "(|| x)()"),
        (tree.TryOperator(tree.Binary("+", X, Y)), "(x + y)?"),
        (tree.Deref(tree.Deref(X)), "**x"),
        (tree.Name("match"), "r#match"),
        (tree.Field(X, "type"), "x.r#type"),
        (tree.Method(X, "collect", (), (tree.NamedType("Vec", (I64,)),)), "x.collect::<Vec<i64>>()"),
        (tree.Tuple((X,)), "(x,)"),
        (tree.Array((X,), Y), "[x; y]"),
        (tree.StructLiteral("P", (("x", X), ("y", Z))), "P { x, y: z }"),
        (tree.StructLiteral("P", (("0", X),)), "P { 0: x }"),
        (tree.Text('a"b\\\n\x07é\u202e'), r'"a\"b\\\n\u{7}é\u{202e}"'),
        (tree.ByteText(b'\xff\x00a"'), r'b"\xff\0a\""'),
        (tree.Integer(2**70), str(2**70)),
        (tree.Integer(255, "u8", 16), "0xff_u8"),
        (tree.Float(1e22), "1e22"),
        (tree.Float(1e-7), "1e-7"),
        (tree.Float(5e-324, "f64"), "5e-324f64"),
        (
            tree.Closure(((tree.Bind("x"), I64),), tree.BlockExpression(tree.Block(value=X)), moves=True),
            "move |x: i64| x",
        ),
        (tree.Closure((), X, result=I64), "|| -> i64 { x }"),
        (tree.If(X, tree.Block(value=Y), tree.Block(value=Z)), "if x { y } else { z }"),
        (tree.BlockExpression(tree.Block(value=X), unsafe=True), "unsafe { x }"),
    ],
)
def test_an_expression_has_the_parentheses_that_it_needs(expression, text):
    assert spelled(expression) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (tree.RefType(tree.DynType((tree.NamedType("A"), tree.NamedType("B")))), "&(dyn A + B)"),
        (tree.NamedType("Rc", (tree.DynType((tree.FnType((I64,), I64),)),)), "Rc<dyn Fn(i64) -> i64>"),
        (tree.FnType((), tree.TupleType(), "fn"), "fn()"),
        (tree.TupleType((I64,)), "(i64,)"),
        (tree.ArrayType(I64, tree.Integer(3)), "[i64; 3]"),
        (tree.RefType(tree.ArrayType(I64), mutable=True, lifetime="a"), "&'a mut [i64]"),
    ],
)
def test_a_type_is_spelled(kind, text):
    assert program(tree.TypeAlias_("T", kind)) == f"type T = {text};\n"


def test_control_flow_ends_without_a_semicolon_only_where_it_has_no_value():
    without = tree.If(X, tree.Block((tree.Evaluate(tree.Call(Y)),)), tree.Block())
    with_value = tree.If(X, tree.Block(value=tree.Call(Y)), tree.Block(value=Z))
    assert body(tree.Evaluate(without)).endswith("} else {\n}")
    assert body(tree.Evaluate(with_value)).endswith("    z\n};")


def test_a_statement_that_begins_with_a_block_is_not_cut_behind_it():
    match = tree.Match(X, (tree.Arm(tree.Wildcard(), Y),))
    assert body(tree.Evaluate(tree.Binary("+", match, Z))) == "(match x {\n    _ => y,\n} + z);"
    assert body(tree.Evaluate(tree.Method(match, "go"))).startswith("match x {")


def test_a_struct_in_a_condition_stands_in_parentheses():
    literal = tree.StructLiteral("P", (("x", X),))
    assert body(tree.While(tree.Binary("==", Y, literal), tree.Block())) == "while (y == P { x }) {}"
    assert body(tree.While(tree.Call(Y, (literal,)), tree.Block())) == "while y(P { x }) {}"
    assert body(tree.While(tree.LetCondition(tree.Bind("p"), literal), tree.Block())) == "while let p = (P { x }) {}"


def test_comments_stand_where_they_stood():
    text = body(
        tree.Comment("first\n\n  second"),
        tree.Let(tree.Bind("x"), value=Y),
        tree.Comment("why", trailing=True),
        tree.Comment(""),
        tree.Evaluate(tree.Call(X)),
    )
    assert text == "// first\n//\n//  second\nlet x = y; // why\n\nx();"


def test_a_long_call_has_an_argument_on_each_line():
    text = body(tree.Evaluate(tree.Call(tree.Name("work"), (LONG, LONG, LONG))))
    assert text == f"work(\n    {LONG.path},\n    {LONG.path},\n    {LONG.path},\n);"


def test_a_long_chain_has_a_call_on_each_line():
    chain: tree.Expression = X
    for name in ("filter", "map", "sum"):
        chain = tree.TryOperator(tree.Method(chain, name, (LONG,)))
    text = body(tree.Let(tree.Bind("total"), value=chain))
    assert text.splitlines() == [
        f"let total = x.filter({LONG.path})?",
        f"    .map({LONG.path})?",
        f"    .sum({LONG.path})?;",
    ]


def test_a_closure_at_the_end_of_a_call_runs_on():
    closure = tree.Closure(
        ((tree.Bind("y"), None),), tree.BlockExpression(tree.Block((tree.Let(tree.Bind("z"), value=Y),), Z))
    )
    text = body(tree.Evaluate(tree.Method(tree.Method(X, "iter"), "map", (closure,))))
    assert text == "x.iter().map(|y| {\n    let z = y;\n    z\n});"


def test_long_conditions_put_the_brace_on_its_own_line():
    condition = tree.Binary("&&", LONG, tree.Binary("==", LONG, X))
    block = tree.Block((tree.Evaluate(tree.Call(Y)),))
    text = body(tree.Evaluate(tree.If(condition, block)))
    assert text == f"if {LONG.path}\n    && {LONG.path} == x\n{{\n    y();\n}}"


def test_every_line_knows_its_source():
    function = tree.Function(
        "f",
        (),
        None,
        tree.Block(
            (
                tree.Let(tree.Bind("x"), value=Y, line=11),
                tree.While(X, tree.Block((tree.Evaluate(tree.Call(Z), 13), tree.Comment("note"))), line=12),
                tree.Evaluate(tree.Call(Z), 15),
            )
        ),
        docs="Title",
        line=10,
    )
    printed = print_program(tree.Program((tree.Use("std::rc::Rc"), function)))
    assert printed.text.splitlines()[2:] == [
        "/// Title",
        "fn f() {",
        "    let x = y;",
        "    while x {",
        "        z();",
        "        // note",
        "    }",
        "    z();",
        "}",
    ]
    assert printed.lines == (None, None, 10, 10, 11, 12, 13, 12, 12, 15, 10)


def test_items_are_laid_out_as_rustfmt_lays_them_out(tmp_path):
    (tmp_path / "items.rs").write_text(print_program(SHAPES).text)
    finished = rustfmt(tmp_path, "--check")
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_random_trees_are_text_that_parses_and_nothing_is_left_open(tmp_path):
    for seed in range(120):
        printed = print_program(random_program(seed))
        assert len(printed.lines) == printed.text.count("\n")
        assert printed == print_program(random_program(seed))
        (tmp_path / f"{seed}.rs").write_text(printed.text)
    finished = rustfmt(tmp_path, "--emit", "stdout")
    assert "error" not in finished.stderr, finished.stderr[:2000]


def test_random_arithmetic_means_in_rust_what_the_tree_means(tmp_path):
    """Every tree is computed here and compared by rustc's own reading of the text, precedence and all."""
    trees = Trees(5)
    checks = [_check(*_sum(trees, 5)) for _ in range(400)]
    main = tree.Function("main", (), None, tree.Block(tuple(checks)))
    source = tmp_path / "main.rs"
    source.write_text(print_program(tree.Program((main,), attributes=(tree.Attribute("allow(warnings)"),))).text)
    subprocess.run(["rustc", "--edition", "2021", source, "-o", tmp_path / "main"], check=True, cwd=tmp_path)
    subprocess.run([tmp_path / "main"], check=True)


def _check(expression: tree.Expression, value: int) -> tree.Statement:
    return tree.Evaluate(tree.MacroCall("assert_eq", (expression, tree.Integer(value, "i64"))))


def _sum(trees: Trees, depth: int) -> tuple[tree.Expression, int]:
    """A tree of i64 operators that wraps nowhere, and its value."""
    if depth <= 0:
        value = trees.random.randint(-9, 9)
        return tree.Integer(value, "i64"), value
    left, a = _sum(trees, depth - 1)
    if trees.random.random() < 0.2:
        return (tree.Unary("-", left), -a) if trees.flip() else (tree.Unary("!", left), ~a)
    right, b = _sum(trees, depth - trees.one(1, 2, depth))
    operator = trees.one("+", "-", "*", "&", "|", "^", "<", "==")
    value = {
        "+": a + b, "-": a - b, "*": a * b, "&": a & b, "|": a | b, "^": a ^ b, "<": int(a < b), "==": int(a == b)
    }[operator]  # fmt: skip
    if abs(value) > 2**31:
        return left, a
    node = tree.Binary(operator, left, right)
    if operator not in {"<", "=="}:
        return node, value
    return tree.Cast(node, I64), value


def test_printing_is_fast():
    programs = [random_program(seed, 10) for seed in range(40)]
    started = time.perf_counter()
    lines = sum(len(print_program(program).lines) for program in programs)
    assert lines / (time.perf_counter() - started) > 5_000  # 100,000 and more on an idle machine


SHAPES = tree.Program(
    (
        tree.Use("std::collections::HashMap"),
        tree.Use("std::rc::Rc"),
        tree.Constant("LIMIT", I64, tree.Integer(10), public=True),
        tree.Static(
            "NAMES", tree.RefType(tree.ArrayType(tree.NamedType("u8")), lifetime="static"), tree.ByteText(b"ab")
        ),
        tree.Struct(
            "Point",
            (tree.FieldDeclaration("x", I64, docs="Right."), tree.FieldDeclaration("r_type", I64, public=True)),
            docs="A point.\n\nIt has two numbers.",
            attributes=(tree.Attribute("derive(Clone, Debug)"),),
            public=True,
        ),
        tree.Struct("Unit"),
        tree.Struct("Pair", (tree.FieldDeclaration("", I64), tree.FieldDeclaration("", I64))),
        tree.Comment("What is drawn."),
        tree.Enum(
            "Shape",
            (
                tree.Variant("Empty", value=None),
                tree.Variant("Circle", (I64,), docs="Round."),
                tree.Variant("Box", fields=(tree.FieldDeclaration("low", I64), tree.FieldDeclaration("high", I64))),
            ),
        ),
        tree.Trait(
            "Drawn",
            (
                tree.Function("draw", (tree.SelfParameter(),), I64, None, docs="Draw it."),
                tree.Function("twice", (tree.SelfParameter(),), None, tree.Block()),
            ),
            (tree.NamedType("Clone"),),
            docs="What can be drawn.",
            public=True,
        ),
        tree.Impl(
            tree.NamedType("Point"),
            (
                tree.Function(
                    "new",
                    (tree.Parameter("x", I64),),
                    tree.NamedType("Self"),
                    tree.Block(value=tree.StructLiteral("Self", (("x", X), ("r_type", tree.Integer(0))))),
                    public=True,
                ),
                tree.Function(
                    "act",
                    (tree.SelfParameter(mutable=True), tree.Parameter("shape", tree.RefType(tree.NamedType("Shape")))),
                    I64,
                    tree.Block(
                        (
                            tree.Assign(tree.Field(tree.Name("self"), "x"), tree.Integer(1), "+="),
                            tree.Evaluate(
                                tree.MacroCall("println", (tree.Text("{} and {}"), LONG, tree.Name("shape"), LONG))
                            ),
                        ),
                        tree.Match(
                            tree.Name("shape"),
                            (
                                tree.Arm(tree.VariantPattern("Shape::Empty"), tree.Integer(0)),
                                tree.Arm(
                                    tree.VariantPattern("Shape::Circle", (tree.Bind("r"),)), tree.Deref(tree.Name("r"))
                                ),
                                tree.Arm(
                                    tree.StructPattern("Shape::Box", (("low", tree.Bind("low")),), rest=True),
                                    tree.If(tree.Binary(">", X, Y), tree.Block(value=X), tree.Block(value=LONG)),
                                ),
                            ),
                        ),
                    ),
                ),
                tree.Function(
                    "with_many_parameters",
                    tuple(tree.Parameter(f"the_parameter_number_{n}", I64) for n in range(6)),
                    tree.NamedType("Result", (I64, tree.NamedType("Exc"))),
                    tree.Block(value=tree.Call(tree.Name("Ok"), (X,))),
                ),
            ),
        ),
        tree.Function(
            "nested",
            (),
            None,
            tree.Block(
                (
                    tree.Let(
                        tree.Bind("total", mutable=True),
                        I64,
                        tree.If(tree.Binary(">", X, Y), tree.Block(value=X), tree.Block(value=Y)),
                    ),
                    tree.For(
                        tree.TuplePattern((tree.Bind("k"), tree.Bind("v"))),
                        tree.Method(X, "items"),
                        tree.Block(
                            (
                                tree.Evaluate(
                                    tree.If(
                                        tree.Binary("==", tree.Name("k"), tree.Name("v")),
                                        tree.Block((tree.Evaluate(tree.Continue("rows")),)),
                                        tree.If(X, tree.Block((tree.Evaluate(tree.Break()),)), tree.Block()),
                                    )
                                ),
                                tree.Let(tree.Bind("sum"), value=tree.Binary("+", LONG, tree.Binary("+", LONG, LONG))),
                                tree.Let(tree.Bind("product"), value=tree.Binary("*", LONG, LONG)),
                            )
                        ),
                        label="rows",
                    ),
                    tree.Evaluate(
                        tree.Call(
                            tree.Name("run"),
                            (
                                X,
                                tree.Closure(
                                    ((tree.Bind("y"), None),),
                                    tree.BlockExpression(tree.Block((tree.Evaluate(tree.Call(Y)),), LONG)),
                                ),
                            ),
                        )
                    ),
                    tree.Let(
                        tree.Bind("data"),
                        value=tree.MacroCall("vec", tuple(tree.Integer(n) for n in range(40)), "["),
                    ),
                    tree.Evaluate(tree.Return()),
                )
            ),
        ),
    ),
    docs="What a module says of itself.",
    attributes=(tree.Attribute("allow(dead_code)"),),
)
