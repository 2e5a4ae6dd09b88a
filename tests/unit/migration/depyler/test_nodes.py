import ast
from pathlib import Path

import pytest

from sovereign.migration.depyler.nodes import Visitor, walk

CORPUS = Path(__file__).parents[3] / "corpus" / "python"


@pytest.mark.parametrize("area", ["control", "matching", "classes", "generators", "decorators"])
def test_walk_has_the_nodes_of_ast_but_for_contexts(area):
    for path in (CORPUS / area).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert walk(tree) == [node for node in ast.walk(tree) if not isinstance(node, ast.expr_context)]


def test_walk_goes_into_names_that_are_lists_of_texts():
    tree = ast.parse("def f():\n    global a, b\n")
    assert [type(node).__name__ for node in walk(tree)] == ["Module", "FunctionDef", "arguments", "Global"]


def test_a_visitor_calls_its_methods_and_goes_below_the_rest():
    class Names(Visitor, ast.NodeVisitor):
        def __init__(self):
            self.found = []

        def visit_Name(self, node):
            self.found.append(node.id)

    names = Names()
    names.visit(ast.parse("def f(x=a):\n    return [b for c in d if e]\n"))
    assert names.found == ["a", "b", "c", "d", "e"]
