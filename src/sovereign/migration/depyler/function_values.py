"""Functions as values: lambdas, functions that are passed or kept, and calls of them.

Enters: functions known while translating. Leaves: `Rc<dyn Fn>` whose parameters and result are those of all functions
that may stand in the same place; lambdas that a builtin takes are written in place instead.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.alternatives import block_of, distribute
from sovereign.migration.depyler.captures import captures_of, held_function
from sovereign.migration.depyler.lowering import Local, Lowering, Operand, expression, safe_name
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.program import ANYTHING, ClassInfo, FunctionInfo, FunctionValue
from sovereign.migration.depyler.types import NEVER, Cell, FunctionCell, FunctionShape, StaticShape, Type
from sovereign.migration.depyler.variables import static, stored
from sovereign.migration.rust import tree as rs

__all__ = ["as_value", "call_value", "inline_call", "inline_lambda", "keeps_defaults"]


@expression(ast.Lambda)
def _lambda(low: Lowering, node: ast.Lambda) -> Operand:
    return static("lambda", f"lambda {node.lineno}:{node.col_offset}", node)


def inline_lambda(low: Lowering, node: ast.Lambda, arguments: list[Operand]) -> Operand:
    """The body of a lambda with operands for its parameters, written in place."""
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    defaults = node.args.defaults
    if len(arguments) < len(names) and len(arguments) + len(defaults) >= len(names):
        missing = len(names) - len(arguments)
        left = defaults[len(defaults) - missing :]
        if any(isinstance(d, ast.List | ast.Dict | ast.Set | ast.Call) for d in left):
            raise low.refuse(node, "a default of a lambda that can change")
        arguments = [*arguments, *(stored(low, low.expression(d)) for d in left)]
    if node.args.kwarg or node.args.kwonlyargs:
        raise low.refuse(node, "`**` or keyword-only parameters of a lambda")
    if node.args.vararg is not None and len(arguments) >= len(names):
        from sovereign.migration.depyler.expressions import make_tuple

        rest = make_tuple(low, arguments[len(names) :])
        names, arguments = [*names, node.args.vararg.arg], [*arguments[: len(names)], rest]
    if len(arguments) != len(names):
        return low.type_error(f"<lambda>() takes {len(names)} positional arguments but {len(arguments)} were given")
    bound: dict[str, Local] = {}
    for name, argument in zip(names, arguments, strict=True):
        held = low.named(argument, safe_name(name, low.program))
        assert isinstance(held.expr, rs.Name | rs.Integer | rs.Float | rs.Boolean)
        if isinstance(held.expr, rs.Name):
            bound[name] = Local(held.expr.path, held.type, held.form)
        else:
            variable = low.fresh(safe_name(name, low.program))
            low.emit(rs.Let(rs.Bind(variable), low.rust(held.type), held.expr))
            bound[name] = Local(variable, held.type)
    low.locals.append(bound)
    result = stored(low, low.expression(node.body))
    low.locals.pop()
    return result


def inline_call(low: Lowering, function: Operand, arguments: list[Operand]) -> Operand:
    """A call of whatever a callable operand is, in place."""
    known = function.static
    if known is not None:
        return _inline_static(low, function, known, arguments)
    shape = function.type.only
    if isinstance(shape, FunctionShape):
        return call_value(low, function, shape, arguments, {})
    from sovereign.migration.depyler.calls import call_method, has_method

    if has_method(function, "__call__"):
        return call_method(low, function, "__call__", arguments)
    if function.type.never:
        return low.never()
    raise low.refuse(low.node, f"a call of {function.type!r}")


def _inline_static(low: Lowering, function: Operand, known: StaticShape, arguments: list[Operand]) -> Operand:
    from sovereign.migration.depyler import calls
    from sovereign.migration.depyler.builtin_functions import call_builtin

    if known.kind == "lambda":
        assert isinstance(known.what, ast.Lambda)
        return inline_lambda(low, known.what, arguments)
    if known.kind == "function":
        return _inline_function(low, known, arguments, {})
    if known.kind == "class":
        from sovereign.migration.depyler.classes import make

        assert isinstance(known.what, ClassInfo)
        return make(low, known.what, arguments, {})
    if known.kind == "builtin":
        site = calls.CallSite(low, ast.copy_location(ast.Call(ast.Name(known.name, ast.Load()), [], []), low.node))
        site.given = (arguments, {})
        head, _, method = known.name.rpartition(".")
        if head in {"str", "list", "dict", "set", "int", "float", "bytes"} and not _is_builtin(known.name):
            from sovereign.migration.depyler.methods import call_builtin_method

            return call_builtin_method(low, arguments[0], method, arguments[1:], {})
        return call_builtin(low, known.name, site)
    if known.kind == "method":
        from sovereign.migration.depyler.methods import call_builtin_method

        receiver, name = known.what
        return call_builtin_method(low, receiver, name, arguments, {})
    found = _getter(low, known, arguments)
    if found is not None:
        return found
    raise low.refuse(low.node, f"a call of the {known.kind} `{known.name}`")


def _inline_function(
    low: Lowering, known: StaticShape, arguments: list[Operand], keywords: dict[str, Operand]
) -> Operand:
    from sovereign.migration.depyler import calls

    value = known.what if isinstance(known.what, FunctionValue) else FunctionValue(known.what)
    own = None
    if isinstance(value.bound, Operand):
        receiver = value.bound
        if receiver.static is None:
            return calls.call_method(low, receiver, value.info.name, arguments, keywords)
        arguments = [receiver, *arguments]
        what = receiver.static.what
        own = what if isinstance(what, ClassInfo) else None
    if value.info.cls is not None and value.info.kind == "method" and arguments:
        if arguments[0].type.only is None:
            return distribute(
                low,
                arguments[0],
                lambda one: calls.call_method(low, one, value.info.name, arguments[1:], keywords),
            )
        return calls.call_method(low, arguments[0], value.info.name, arguments[1:], keywords)
    return calls.call_function(low, value, arguments, keywords, own or value.info.cls)


def _getter(low: Lowering, known: StaticShape, arguments: list[Operand]) -> Operand | None:
    """`partial`, `itemgetter` and `attrgetter`."""
    from sovereign.migration.depyler.attributes import attribute
    from sovereign.migration.depyler.expressions import make_tuple
    from sovereign.migration.depyler.subscripts import item_of

    if known.kind == "partial":
        function, given, keywords = known.what
        return call_with(low, function, [*given, *arguments], keywords)
    if known.kind == "itemgetter":
        held = low.named(arguments[0], "item")
        keys: list[Operand] = known.what
        values = [distribute(low, held, lambda one, key=key: item_of(low, one, key)) for key in keys]  # type: ignore[misc]
        return values[0] if len(values) == 1 else make_tuple(low, values)
    if known.kind == "methodcaller":
        return _method_called(low, known, arguments)
    if known.kind == "attrgetter":
        held = low.named(arguments[0], "object")
        names: list[str] = known.what
        values = []
        for name in names:
            value = held
            for part in name.split("."):
                value = attribute(low, value, part)
            values.append(value)
        return values[0] if len(values) == 1 else make_tuple(low, values)
    return None


def _method_called(low: Lowering, known: StaticShape, arguments: list[Operand]) -> Operand:
    """`methodcaller(name, ...)(object)`."""
    from sovereign.migration.depyler import calls
    from sovereign.migration.depyler.alternatives import distribute
    from sovereign.migration.depyler.methods import call_builtin_method
    from sovereign.migration.depyler.types import InstanceShape

    name, given, keywords = known.what

    def one(receiver: Operand) -> Operand:
        if isinstance(receiver.type.only, InstanceShape):
            return calls.call_method(low, receiver, name, given, keywords)
        return call_builtin_method(low, receiver, name, given, keywords)

    return distribute(low, arguments[0], one)


def call_with(low: Lowering, function: Operand, arguments: list[Operand], keywords: dict[str, Operand]) -> Operand:
    """A call with keywords of a function that is known while translating."""
    from sovereign.migration.depyler import calls

    if not keywords:
        return inline_call(low, function, arguments)
    known = function.static
    if known is not None and known.kind == "function":
        return _inline_function(low, known, arguments, keywords)
    if known is not None and known.kind == "class":
        from sovereign.migration.depyler.classes import make

        return make(low, known.what, arguments, keywords)
    if known is not None and known.kind == "partial":
        inner, given, named = known.what
        return call_with(low, inner, [*given, *arguments], {**named, **keywords})
    if known is not None and known.kind == "builtin":
        site = calls.CallSite(low, ast.copy_location(ast.Call(ast.Name(known.name, ast.Load()), [], []), low.node))
        site.given = (arguments, keywords)
        from sovereign.migration.depyler.builtin_functions import call_builtin

        return call_builtin(low, known.name, site)
    raise low.refuse(low.node, "`partial` with keywords for such a function")


def _is_builtin(name: str) -> bool:
    from sovereign.migration.depyler.builtin_functions import is_builtin

    return is_builtin(name)


_STREAMS = frozenset(("sys.stdin", "sys.stdout", "sys.stderr"))


def as_value(low: Lowering, operand: Operand) -> Operand:
    """A function that is known while translating, as a value that can be kept."""
    known = operand.static
    if known is None:
        return operand
    count = _parameter_count(low, operand, known)
    is_stream = known.kind == "builtin" and known.name in _STREAMS
    if known.kind == "module" or is_stream or count is None:
        raise low.refuse(low.node, f"the {known.kind} `{known.name}` as a value")
    cell = low.function_cell()
    root = cell.find()
    if isinstance(known.what, FunctionValue):
        root.candidates[known.what.info] = known.what
    elif isinstance(known.what, FunctionInfo):
        root.candidates[known.what] = FunctionValue(known.what)
    if root.parameters is None:
        root.parameters = [Cell() for _ in range(count)]
    elif count < len(root.parameters) <= count + len(_own_defaults(known)):
        count = len(root.parameters)
    elif len(root.parameters) != count:
        count = min(count, len(root.parameters))
        root.parameters = root.parameters[:count]
    root.readers.add(low.instance)
    type_ = Type((FunctionShape(cell),))
    names = [low.fresh(f"argument_{i}" if count > 1 else "argument") for i in range(count)]
    types = [p.read(low.instance) for p in root.parameters]
    closure = _closure(low, operand, root, list(zip(names, types, strict=True)))
    return Operand(type_, closure)


def _closure(low: Lowering, operand: Operand, root: FunctionCell, parameters: list[tuple[str, Type]]) -> rs.Expression:
    arguments = [Operand(t, rs.Name(n), "place") for n, t in parameters]
    frames, low.frames = low.frames, []
    generator, low.in_generator = low.in_generator, False
    env = None if low.env is None else dict(low.env)
    captures = captures_of(low, operand)
    arguments.extend(_defaults_now(low, operand.static, len(arguments), captures))
    low.closure_depth += 1
    with low.capture() as statements, low.owning(captures):
        operand = held_function(low, operand)
        if any(t.never for _, t in parameters):
            value: rs.Expression = rs.MacroCall("unreachable")
            body_type = NEVER
        else:
            result = inline_call(low, operand, arguments)
            result = stored(low, result)
            root.find().result.join(result.type)
            body_type = root.find().result.read(low.instance)
            value = low.convert(result, body_type)
    low.closure_depth -= 1
    low.frames = frames
    low.in_generator = generator
    low.env = env
    body = block_of(statements, rs.Call(rs.Name("Ok"), (value,)))
    patterns = tuple((rs.Bind(name), low.rust(type_)) for name, type_ in parameters)
    result_type = rs.NamedType("Result", (low.rust(body_type), rs.NamedType("Exc")))
    if not isinstance(body, rs.BlockExpression):
        body = rs.BlockExpression(rs.Block((), body))
    closure = rs.Closure(patterns, body, result_type, moves=True)
    function_type = low.rust(Type((FunctionShape(root.find()),)))
    made = rs.Cast(rs.Call(rs.Name("Rc::new"), (closure,)), function_type)
    return block_of(captures, made)


def _parameter_count(low: Lowering, operand: Operand, known: StaticShape) -> int | None:
    """How many arguments the function takes as a value."""
    if known.kind == "lambda":
        assert isinstance(known.what, ast.Lambda)
        return len(known.what.args.posonlyargs) + len(known.what.args.args) - len(known.what.args.defaults)
    if known.kind == "function":
        value = known.what if isinstance(known.what, FunctionValue) else FunctionValue(known.what)
        return _written_count(value) - len(_own_defaults(known))
    if known.kind == "class":
        assert isinstance(known.what, ClassInfo)
        found = known.what.find_method("__init__")
        return _required(found[1]) - 1 if found is not None else 0
    if known.kind == "builtin":
        if known.name.startswith("operator.") and known.name not in {"operator.neg", "operator.not_"}:
            return 2
        return BUILTIN_ARITY.get(known.name, 1)
    if known.kind in {"method", "itemgetter", "attrgetter", "methodcaller"}:
        return 1
    if known.kind == "partial":
        function, given, keywords = known.what
        inner = function.static
        count = _parameter_count(low, function, inner) if inner is not None else None
        return None if count is None else count - len(given) - _named_in_order(inner, keywords)
    del operand
    return None


def _own_defaults(known: StaticShape) -> list[ast.expr]:
    """Defaults that belong to the function as a value: of a lambda, and of a nested function that changes some."""
    if known.kind == "lambda":
        assert isinstance(known.what, ast.Lambda)
        return known.what.args.defaults
    value = known.what
    if isinstance(value, FunctionValue) and isinstance(value.info.node, ast.FunctionDef) and keeps_defaults(value.info):
        return value.info.node.args.defaults
    return []


def keeps_defaults(info: FunctionInfo) -> bool:
    """Whether a nested function has a default whose value depends on when the function was defined."""
    node, outer = info.node, info.scope.parent
    if not isinstance(node, ast.FunctionDef) or outer is None or info.cls is not None:
        return False
    names = {n.id for d in node.args.defaults for n in walk(d) if isinstance(n, ast.Name)}
    mutable = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    kept = outer.is_function and any(isinstance(d, mutable) for d in node.args.defaults)
    return kept or bool(names & outer.bound & outer.rebound)


def _defaults_now(low: Lowering, known: StaticShape | None, given: int, captures: list[rs.Statement]) -> list[Operand]:
    """The values that defaults have where the function is made, for the arguments that its calls leave out."""
    defaults = [] if known is None else _own_defaults(known)
    if known is None or not defaults:
        return []
    count = _parameter_count(low, Operand(NEVER, rs.Tuple()), known)
    assert count is not None
    made = []
    with low.capture() as statements:
        for default in defaults[given - count :]:
            value = stored(low, low.expression(default))
            name = low.fresh("default")
            low.emit(rs.Let(rs.Bind(name), low.rust(value.type), low.own(value)))
            made.append(Operand(value.type, rs.Name(name), "place"))
    captures.extend(statements)
    return made


def _named_in_order(known: StaticShape | None, keywords: dict[str, Operand]) -> int:
    """How many of the arguments given by name could be given by place."""
    what = known.what if known is not None else None
    info = what.info if isinstance(what, FunctionValue) else what
    if not isinstance(info, FunctionInfo) or isinstance(info.node, ast.Module):
        return 0
    placed = {a.arg for a in (*info.node.args.posonlyargs, *info.node.args.args)}
    return sum(name in placed for name in keywords)


def _written_count(value: FunctionValue) -> int:
    assert not isinstance(value.info.node, ast.Module)
    count = len(value.info.node.args.posonlyargs) + len(value.info.node.args.args)
    return count - 1 if value.bound is not None or value.info.kind == "class" else count


def _required(info: FunctionInfo) -> int:
    assert not isinstance(info.node, ast.Module)
    arguments = info.node.args
    return len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)


BUILTIN_ARITY = {"max": 2, "min": 2, "pow": 2, "divmod": 2, "isinstance": 2, "math.gcd": 2, "math.pow": 2, "zip": 2}


def _default_arguments(low: Lowering, root: FunctionCell, given: int) -> list[Operand]:
    """Defaults of the one function that a value can be, for the arguments that a call leaves out."""
    from sovereign.migration.depyler.calls import default_of, default_operand, parameter_order

    if len(root.candidates) != 1 or root.parameters is None:
        return []
    value = next(iter(root.candidates.values()))
    skip = 1 if value.bound is not None or value.info.kind == "class" else 0
    names = parameter_order(value.info)[skip + given : skip + len(root.parameters)]
    defaults = [default_of(value.info, name) for name in names]
    if any(default is None for default in defaults):
        return []
    return [stored(low, default_operand(low, value.info, d)) for d in defaults if d is not None]


def call_value(
    low: Lowering, operand: Operand, shape: FunctionShape, positional: list[Operand], keywords: dict[str, Operand]
) -> Operand:
    """Call a function value."""
    from sovereign.migration.depyler.calls import star_of

    if keywords or any(star_of(operand) is not None for operand in positional):
        raise low.refuse(low.node, "keyword arguments or `*` for a function that is a value")
    root = shape.cell.find()
    low.changes.add(ANYTHING)
    root.readers.add(low.instance)
    if root.parameters is None:
        root.parameters = [Cell() for _ in positional]
    if len(root.parameters) > len(positional):
        positional = [*positional, *_default_arguments(low, root, len(positional))]
    if len(root.parameters) < len(positional):
        raise low.refuse(low.node, "a function value that is called with different numbers of arguments")
    if len(root.parameters) != len(positional):
        return low.type_error(
            f"the function takes {len(root.parameters)} positional arguments but {len(positional)} were given"
        )
    values = []
    for cell, argument in zip(root.parameters, positional, strict=True):
        cell.join(argument.type)
        values.append(low.put(argument, cell))
    result = root.result.read(low.instance)
    function: rs.Expression = operand.expr
    if not isinstance(function, rs.Name):
        function = rs.BlockExpression(rs.Block((), rs.Borrow(function))) if isinstance(function, rs.Field) else function
    return Operand(result, low.fallible(rs.Call(function, tuple(values))))
