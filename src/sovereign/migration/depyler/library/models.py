"""`sovereign.load("model.apr")`: fitted models inside of translated programs.

Enters: the call, and rows of features. Leaves: a `Model` of the support module, whose steps compute by the crate
`predict`, and the arrays that its methods give. Which methods there are and what they give is in the `EmbeddedModel`,
which was read before; a method of a model that gives something else is refused with the reason that was found then.
"""

from __future__ import annotations

import ast
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.builtin_functions import builtin
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.library.arrays import ITEMS, TEXTS, array_type, axes_of, items_of, plain_item
from sovereign.migration.depyler.library.objects import arguments_within, enlist
from sovereign.migration.depyler.lowering import Lowering, Operand, free_name
from sovereign.migration.depyler.methods import method
from sovereign.migration.depyler.models import METHODS
from sovereign.migration.depyler.operators import as_float, as_int, call
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    NONE,
    Cell,
    IntShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    StaticShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.models import EmbeddedModel, ModelAnswer, ModelStep
    from sovereign.migration.depyler.program import Program

__all__ = ["model_files", "model_items"]

enlist("Model", "sovereign.Model", shown="Model")
_ASKED = {"values": 0, "scores": 1, "labels": 2}
_NUMBERED = {"values": ("column", "table"), "scores": ("score_column", "score_table")}


@builtin("sovereign.load")
def _load(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    path = site.argument(0)
    if path is None or not isinstance(path.constant, str):
        raise site.refuse("`sovereign.load` of a path that is no literal")
    if not isinstance(low.info.node, ast.Module) or low.closure_depth or low.frames:
        raise site.refuse("`sovereign.load` anywhere but at the top of a module")
    model = low.program.models.get(path.constant)
    if model is None:
        what = f"the model `{path.constant}` is not there while translating"
        raise site.refuse(f"{what}, say where it is by `--embed {path.constant}=FILE`")
    low.program.loaded[model.path] = model
    cell = Cell(Type((StaticShape("model", model.path, model),)))
    made = call(_name_of(low.program, model, "load"))
    if not model.is_embedded:
        facts = (rs.Text(model.path), rs.Integer(model.size_bytes), rs.Text(model.digest))
        low.emit(rs.Evaluate(low.fallible(call("require_model", *facts)), low.line))
    return Operand(Type((OpaqueShape("Model", (cell,)),)), made)


def _model_of(site: CallSite) -> EmbeddedModel:
    assert site.receiver is not None
    shape = site.receiver.type.only
    assert isinstance(shape, OpaqueShape)
    known = site.low.contents(shape.cells[0]).only
    if not isinstance(known, StaticShape):
        raise site.refuse("a model that may be one of several")
    model: EmbeddedModel = known.what
    return model


def _answered(site: CallSite, name: str) -> Operand:
    """`model.predict(rows)` and the like."""
    arguments_within(site, 1, "X")
    model, low = _model_of(site), site.low
    kind = model.steps[-1].name
    answer = model.answers.get(name)
    if answer is None:
        reason = model.refused.get(name)
        if reason is not None:
            raise site.refuse(f"`{name}` of `{kind}`: {reason}")
        raise site.refuse(f"the method `{name}`, which `{kind}` in `{model.path}` does not have")
    given = site.argument(0, "X")
    if given is None:
        raise site.refuse("this call without the argument `X`")
    rows = _rows(low, stored(low, given))
    assert site.receiver is not None
    receiver = low.receiver(site.receiver)
    if answer.ask == "labels":
        return _labels(site, model, answer, low.fallible(rs.Method(receiver, "labels", (rows,))))
    asked = _NUMBERED[answer.ask][answer.axes - 1]
    numbers = low.fallible(rs.Method(receiver, asked, (rows,)))
    if answer.dtype == "float32":
        numbers = call("nd_single", rs.Borrow(numbers))
    return Operand(array_type(answer.dtype, answer.axes), numbers)


def _labels(site: CallSite, model: EmbeddedModel, answer: ModelAnswer, labels: rs.Expression) -> Operand:
    if not model.classes:
        return Operand(array_type("int32", 1), labels)
    if answer.dtype == "text":
        names = rs.Borrow(rs.Array(tuple(rs.Text(str(each)) for each in model.classes)))
        return Operand(TEXTS, call("chosen_texts", rs.Borrow(labels), names, rs.Integer(model.width)))
    values = tuple(_constant(site, each, answer.dtype) for each in model.classes)
    return Operand(array_type(answer.dtype, 1), call("chosen", rs.Borrow(labels), rs.Borrow(rs.Array(values))))


def _constant(site: CallSite, value: object, dtype: str) -> rs.Expression:
    if isinstance(value, bool):
        return rs.Boolean(value)
    if isinstance(value, int):
        return (
            rs.Unary("-", rs.Integer(-value, ITEMS[dtype].rust)) if value < 0 else rs.Integer(value, ITEMS[dtype].rust)
        )
    if isinstance(value, float) and dtype == "float64":
        return rs.Unary("-", rs.Float(-value)) if value < 0 else rs.Float(value)
    raise site.refuse(f"classes of type `{dtype}`")


for _method in METHODS:
    method("Model", _method)(lambda site, name=_method: _answered(site, name))  # type: ignore[misc]


# rows of features


def _rows(low: Lowering, given: Operand) -> rs.Expression:
    """A list of lists of numbers, or an array, as `ModelRows`."""
    items, axes = items_of(given.type), axes_of(given.type)
    if items is not None and axes == 2:
        if items.dtype == "float32":
            raise low.refuse(low.node, "features in single precision")
        wide = rs.Name("x")
        body = wide if items.dtype == "float64" else rs.Cast(wide, rs.NamedType("f64"))
        return call("ModelRows::of_array", rs.Borrow(low.own(given)), rs.Closure(((rs.Bind("x"), None),), body))
    _require_sequence(low, given)
    name = low.fresh("features")
    low.emit(rs.Let(rs.Bind(name, mutable=True), None, call("ModelRows::new")))

    def note(value: Operand) -> Operand:
        if isinstance(value.type.only, ListShape | TupleShape | SeqShape):
            iterate(low, value).loop(low, "feature", push)
            return _evaluated(rs.Method(rs.Name(name), "row"))
        push(value)
        return _evaluated(rs.Method(rs.Name(name), "flat"))

    def push(value: Operand) -> None:
        low.emit(rs.Evaluate(low.own(distribute(low, value, lambda one: _feature(low, name, one)))))

    iterate(low, given).loop(low, "row", lambda row: low.emit(rs.Evaluate(low.own(distribute(low, row, note)))))
    return rs.Name(name)


def _feature(low: Lowering, rows: str, value: Operand) -> Operand:
    """One number of a row."""
    if items_of(value.type) is not None and axes_of(value.type) == 0:
        value = plain_item(low, value)
    if value.type == FLOAT:
        return _evaluated(rs.Method(rs.Name(rows), "float", (as_float(low, value),)))
    whole = as_int(low, value) if value.type == BOOL else value
    only = whole.type.only
    if not isinstance(only, IntShape):
        raise low.refuse(low.node, f"a feature of type {value.type!r}")
    if only.small:
        return _evaluated(rs.Method(rs.Name(rows), "whole", (low.own(whole),)))
    return _evaluated(low.fallible(rs.Method(rs.Name(rows), "number", (low.borrow(whole),))))


def _evaluated(expr: rs.Expression) -> Operand:
    return Operand(NONE, expr)


def _require_sequence(low: Lowering, given: Operand) -> None:
    if not isinstance(given.type.only, ListShape | TupleShape | SeqShape):
        raise low.refuse(low.node, f"features of type {given.type!r}, where a list of lists of numbers is expected")


# what the program brings


def _name_of(program: Program, model: EmbeddedModel, verb: str, number: int | None = None) -> str:
    """`load_triage`: a name for the function, and in capitals for the image, that no other model has."""
    stem = re.sub(r"\W+", "_", PurePath(model.path).stem).strip("_").lower() or "model"
    alike = [
        path for path in sorted(program.loaded) if re.sub(r"\W+", "_", PurePath(path).stem).strip("_").lower() == stem
    ]
    place = alike.index(model.path) if model.path in alike else 0
    base = f"{verb}_{stem}" + (f"_{place + 1}" if place else "") + ("" if number is None else f"_{number}")
    taken = {name for module in program.modules.values() for name in (*module.functions, *module.classes)}
    return free_name(base, program, taken)


def model_files(program: Program) -> dict[str, bytes]:
    """The images of the models that the program loads, by their paths inside the project."""
    return {
        f"models/{_name_of(program, model, 'image', number)}.a2": step.image
        for model in program.loaded.values()
        for number, step in enumerate(model.steps)
    }


def model_items(program: Program) -> list[rs.Item]:
    """The images, and a function for each model that puts it together."""
    return [item for model in program.loaded.values() for item in _items(program, model)]


def _items(program: Program, model: EmbeddedModel) -> list[rs.Item]:
    found: list[rs.Item] = []
    steps = []
    for number, step in enumerate(model.steps):
        file = _name_of(program, model, "image", number)
        source = rs.MacroCall("include_bytes", (rs.Text(f"../models/{file}.a2"),))
        found.append(rs.Static(file.upper(), rs.RefType(rs.ArrayType(rs.NamedType("u8")), lifetime="static"), source))
        steps.append(_step(step, file.upper()))
    made = call("Model::new", rs.MacroCall("vec", tuple(steps), "["))
    docs = f"The model of `{model.path}`."
    name = _name_of(program, model, "load")
    found.append(rs.Function(name, (), rs.NamedType("Model"), rs.Block((), made), docs=docs))
    return found


def _step(step: ModelStep, image: str) -> rs.Expression:
    number = "f32" if step.is_single else "f64"
    opened = rs.Method(call(f"predict::InProgram::<{number}>::of", rs.Name(image)), "unwrap")
    asked = tuple((rs.Bind(name), None) for name in ("asked", "rows", "out"))
    body = rs.Method(rs.Name("model"), "answer", tuple(rs.Name(name) for name in ("asked", "rows", "out")))
    run = rs.BlockExpression(rs.Block((rs.Let(rs.Bind("model"), None, opened),), rs.Closure(asked, body, moves=True)))
    columns = rs.Array(tuple(rs.Integer(count) for count in step.columns))
    return call("ModelStep::new", rs.Text(step.name), rs.Integer(step.n_features), columns, rs.Integer(step.flags), run)
