"""`sovereign.migration.depyler.scopes`: whose a name is, as `symtable` says it too."""

from __future__ import annotations

import ast
import symtable
import textwrap

import pytest

from sovereign.migration.depyler.scopes import Scope, module_scope

PROGRAM = textwrap.dedent("""
    import os
    total = 0

    def outer(a, *rest, key=1, **more):
        global total
        count = 0
        total = a

        def inner(b):
            nonlocal count
            count += b
            return a + total
        for i in range(3):
            inner(i)
        return lambda x: x + count

    class Thing:
        size = 1

        def grow(self, size):
            self.size = size
            return outer(size)

    def numbers():
        yield total
""")


def scope_of(scope: Scope, name: str) -> Scope:
    return next(each for each in scope.all() if getattr(each.node, "name", "") == name)


def tables(table: symtable.SymbolTable) -> dict[str, symtable.SymbolTable]:
    found = {table.get_name(): table}
    for child in table.get_children():
        found |= tables(child)
    return found


@pytest.mark.parametrize("name", ["outer", "inner", "grow", "numbers"])
def test_locals_and_captured_names_are_those_of_python(name: str) -> None:
    scope = scope_of(module_scope(ast.parse(PROGRAM)), name)
    table = tables(symtable.symtable(PROGRAM, "main.py", "exec"))[name]
    assert isinstance(table, symtable.Function)
    assert scope.bound - scope.globals - scope.nonlocals == set(table.get_locals())
    assert set(scope.free) == set(table.get_frees())


def test_a_name_belongs_to_the_scope_that_binds_it() -> None:
    module = module_scope(ast.parse(PROGRAM))
    inner, outer = scope_of(module, "inner"), scope_of(module, "outer")
    assert inner.owner("b") is inner
    assert inner.owner("count") is outer
    assert inner.owner("total") is module
    assert outer.owner("total") is module
    assert inner.owner("range") is None
    assert scope_of(module, "grow").owner("size") is not scope_of(module, "Thing"), "a class is no scope of its methods"


def test_what_closures_see_is_known_where_it_is_bound() -> None:
    module = module_scope(ast.parse(PROGRAM))
    assert {"a", "count"} <= scope_of(module, "outer").captured
    assert "i" not in scope_of(module, "outer").captured
    assert scope_of(module, "numbers").is_generator
    assert not scope_of(module, "outer").is_generator
