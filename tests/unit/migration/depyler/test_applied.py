"""`sovereign.migration.depyler`: what decorators, repeated definitions and class bodies are written out as."""

from __future__ import annotations

import ast
import textwrap

from sovereign.migration.depyler import translate
from sovereign.migration.depyler.applied import apply
from sovereign.migration.depyler.class_bodies import simplify_classes, unusual
from sovereign.migration.depyler.redefining import separate


def written_out(source: str, *, is_main: bool = True) -> str:
    tree = ast.parse(textwrap.dedent(source))
    simplify_classes(tree)
    separate(tree)
    apply(tree, is_main=is_main)
    return ast.unparse(tree)


def refusals(source: str) -> list[str]:
    return [d.message for d in translate(textwrap.dedent(source)).diagnostics]


REGISTER = """
    class Bus:
        def on(self, name):
            def keep(fn):
                self.found[name] = fn
                return fn
            return keep

        def wrap(self, fn):
            return lambda: fn()
"""


def test_a_decorator_that_gives_its_function_back_is_called_with_it():
    assert "def f():\n    pass\nbus.on('x')(f)\nf()" in written_out(
        REGISTER + "\n    @bus.on('x')\n    def f(): pass\n    f()"
    )


def test_what_another_decorator_gives_takes_the_name():
    text = written_out(REGISTER + "\n    @bus.wrap\n    def f(): pass\n    f()")
    assert "def f_plain():\n    pass\nf = bus.wrap(f_plain)\nf()" in text


def test_a_name_that_nobody_uses_needs_no_variable_unless_other_modules_may():
    source = REGISTER + "\n    @bus.wrap\n    def f(): pass"
    assert written_out(source).endswith("def f():\n    pass\nbus.wrap(f)")
    assert written_out(source, is_main=False).endswith("f = bus.wrap(f_plain)")


def test_functions_of_one_name_are_told_apart_where_code_runs_between():
    assert written_out("def f(): pass\nf()\ndef f(): return 1\nf()") == (
        "def f_1():\n    pass\nf = f_1\nf()\n\ndef f_2():\n    return 1\nf = f_2\nf()"
    )


def test_a_function_that_is_replaced_at_once_is_left_out():
    assert written_out("def f(): pass\ndef f(): return 1\nf()") == "def f():\n    return 1\nf()"


def test_assignments_of_classes_bind_one_name_each():
    text = written_out("class A:\n    x, y = range(2)\n    a = b = []")
    assert text == "class A:\n    x = 0\n    y = 1\n    a = []\n    b = a"


def test_other_statements_of_a_class_are_found():
    node = ast.parse("class A:\n    'docs'\n    x: int = 1\n    print(x)").body[0]
    assert isinstance(node, ast.ClassDef)
    found = unusual(node)
    assert found is not None
    assert found.lineno == 4


def test_decorators_that_would_be_forgotten_are_refused_where_they_stand():
    assert refusals("import functools\n@functools.singledispatch\ndef f(x): pass") == ["the decorator `singledispatch`"]
    assert refusals("def d(c):\n    return 1\n@d\nclass A: pass") == ["the decorator `d` of a class"]
    assert refusals("class A:\n    print(1)") == ["such a statement in a class"]
    assert refusals("class A:\n    x, y = 1, 2\n    x, y = y, x\nprint(A.x)") == ["such a statement in a class"]
