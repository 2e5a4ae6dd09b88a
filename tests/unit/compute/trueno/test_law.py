"""What the law refuses, rule by rule; that generated expressions keep it is shown where they are generated."""

from __future__ import annotations

from array import array

import pytest

from sovereign.compute.trueno.law import (
    CODES,
    MOST_INPUTS,
    MOST_STEPS,
    OPERANDS,
    Node,
    Program,
    Step,
    node_violations,
    nodes,
    program_violations,
)

X = Node("input", (), (3,), "float32", array("f", [1, 2, 3]))
Y = Node("input", (), (4,), "float32", array("f", [1, 2, 3, 4]))
WIDE = Node("input", (), (3,), "float64", array("d", [1, 2, 3]))


def made(operation, *operands):
    return Node(operation, operands, (3,), "float32")


@pytest.mark.parametrize("operation", CODES)
def test_each_operation_holds_with_as_many_operands_as_it_takes(operation):
    count = OPERANDS[operation]
    assert node_violations(made(operation, X, *[2.0] * (count - 1))) == []
    assert node_violations(made(operation, X, *[2.0] * count)) == [
        f"`{operation}`: it takes {count} operands and has {count + 1}"
    ]


@pytest.mark.parametrize(
    ("node", "rule"),
    [
        (made("sqr", X), "there is no such operation"),
        (made("add", 1.0, 2.0), "one operand at least is an array"),
        (made("add", X, Y), "its arrays are of one shape and one element type"),
        (made("add", X, WIDE), "its arrays are of one shape and one element type"),
        (made("exp", made("sum", X)), "a reduction stands only at the end"),
        (made("clip", X, X, 1.0), "its parameters are numbers"),
        (Node("input", (), (3,), "float32"), "an input has a buffer and no operands"),
        (Node("input", (X,), (3,), "float32", X.source), "an input has a buffer and no operands"),
        (Node("input", (), (3,), "int8", b"123"), "its elements are float32 or float64"),
        (Node("input", (), (1, 1, 3), "float32", X.source), "it has one dimension or two"),
    ],
)
def test_a_broken_node_is_named_with_its_rule(node, rule):
    assert f"`{node.operands[0].operation if rule.startswith('a red') else node.operation}`: {rule}" in node_violations(
        node
    )


def test_nodes_come_once_and_operands_first():
    shared = made("mul", X, 2.0)
    root = made("add", shared, made("exp", shared))
    found = nodes(root)
    assert [each.operation for each in found] == ["input", "mul", "exp", "add"]
    deep = X
    for _ in range(5000):
        deep = made("exp", deep)
    assert len(nodes(deep)) == 5001


ADD = Step("add", (0, 1))


@pytest.mark.parametrize(
    ("program", "rule"),
    [
        (Program(2, (), (ADD,), None), None),
        (Program(1, (2.0,), (ADD, Step("exp", (2,))), "sum"), None),
        (Program(0, (2.0, 3.0), (ADD,), None), f"it has 1 to {MOST_INPUTS} inputs, not 0"),
        (Program(1, (), (), None), f"it has 1 to {MOST_STEPS} steps, not 0"),
        (Program(1, (), (Step("exp", (0,)),) * (MOST_STEPS + 1), None), f"it has 1 to {MOST_STEPS} steps, not 65"),
        (Program(1, (), (Step("add", (0,)),), None), "step 1: `add` does not take 1 operands"),
        (Program(1, (), (Step("exp", (1,)),), None), "step 1: an operand is not there yet"),
        (Program(2, (), (ADD, ADD, Step("mul", (2, 3))), None), "a step is computed twice"),
        (Program(2, (), (Step("exp", (0,)),), None), "value 1 is never used"),
    ],
)
def test_a_broken_program_is_named_with_its_rule(program, rule):
    assert rule in program_violations(program) if rule else program_violations(program) == []
