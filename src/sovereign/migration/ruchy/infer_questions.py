"""Operators, fields, elements, loops and methods: what their operands' types say about the result.

Enters: `Question`s. Leaves: answers, or nothing while too little is known. An operator that no value of its operands'
types has is a proved contradiction. Read `infer_patterns.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import signatures, tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.infer_base import Question
from sovereign.migration.ruchy.infer_written import WrittenInferrer
from sovereign.migration.ruchy.library import METHODS
from sovereign.migration.ruchy.types import Con, Conflict, Type, Union, Var, released
from sovereign.shell.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.names import Binding, Declared
    from sovereign.migration.ruchy.types import Key

__all__ = ["QuestionInferrer", "table_of"]

_NUMBERS = frozenset({"i64", "f64"})
_OPAQUE = frozenset({"option", "result", "list", "dict", "set", "str", "i64", "f64", "bool", "range"})
_ANY_VALUE = {"to_string": "fn() -> str", "clone": "", "cmp": "fn(T) -> i64"}


class QuestionInferrer(WrittenInferrer):
    """Answers questions."""

    def answer(self, question: Question) -> bool:
        """Whether a question could be answered."""
        return _ANSWERS[question.kind](self, question)

    def waiting(self, question: Question) -> Key | None:
        """The place that waits for the answer of a question."""
        role = _ROLES.get(question.kind)
        return (question.node, role) if role is not None and (question.node, role) in self.places else None

    def _try_question(self, question: Question) -> bool:
        """`value?`: what is inside goes on, what is not leaves the function."""
        whole, result, gives = question.parts
        found = ty.prune(whole)
        if isinstance(found, Var):
            return False
        if isinstance(found, Con) and found.name in {"option", "result", "maybe"}:
            self.leave_with(question.node, found, gives, self.leaving.get(question.node))
            self.flow(question.node, found.arguments[0], result, key=self.waiting(question))
        else:
            self.flow(question.node, Union(), result, key=self.waiting(question))
        return True

    def leave_with(self, node: tree.Node, found: Con, gives: Type, key: Key | None) -> None:
        """What `?` hands on gets out of the function."""
        if found.name == "result":
            leaving: Type = ty.result_of(self.fresh(), found.arguments[1])
        else:
            leaving = ty.option_of(self.fresh()) if found.name == "option" else ty.NIL
        self.flow(node, leaving, gives, key=key)

    def use_of_method(self, method: Binding, node: tree.Node) -> Type:
        """The type of a method at one use."""
        raise NotImplementedError

    # Arithmetic.

    def _arithmetic(self, question: Question) -> bool:
        left, right, result = question.parts
        one, other = _value_of(left), _value_of(right)
        if isinstance(one, Union) or isinstance(other, Union):
            self._is_dynamic(question, result)
            return True
        if isinstance(one, Var) or isinstance(other, Var):
            return self._arithmetic_half(question, one, other, result)
        found = _arithmetic_result(question.word, one, other, question.node)
        if found is None:
            self._no_operator(question, one, other)
            found = Union()
        if found == "items":
            self.merge(question.node, one, other)
            found = one
        assert isinstance(found, Type)
        self.flow(question.node, found, result, key=self.waiting(question))
        return True

    def _is_dynamic(self, question: Question, result: Type) -> None:
        self.flow(question.node, Union((question.node, "operator")), result, key=self.waiting(question))

    def _arithmetic_half(self, question: Question, one: Type, other: Type, result: Type) -> bool:
        """One operand is open: sometimes the other one says enough."""
        known = one if isinstance(other, Var) else other
        if not isinstance(known, Con):
            return False
        if known.name == "str" and question.word == "+":
            self.flow(question.node, ty.STR, result, key=self.waiting(question))
            return True
        if known.name == "f64" and question.word in {"-", "*", "/", "%", "**"}:
            self.flow(question.node, ty.F64, result, key=self.waiting(question))
            return True
        if known.name == "list" and question.word == "+":
            self.merge(question.node, one, other)
            self.flow(question.node, known, result, key=self.waiting(question))
            return True
        return False

    def _no_operator(self, question: Question, one: Type, other: Type) -> None:
        message = f"`{question.word}` does not work on `{ty.shown(one)}` and `{ty.shown(other)}`"
        labels = [
            (node.place, f"this is `{ty.shown(found)}`")
            for node, found in zip(question.nodes, (one, other), strict=False)
        ]
        labels += [(call.place, "it is used with these types here") for call in question.trail[-1:]]
        self.problem(message, question.node, labels=labels, proved=True)

    def _order(self, question: Question) -> bool:
        one, other = _value_of(question.parts[0]), _value_of(question.parts[1])
        if isinstance(one, Union) or isinstance(other, Union):
            return True
        if isinstance(one, Var) or isinstance(other, Var):
            return False
        assert isinstance(one, Con)
        assert isinstance(other, Con)
        if one.name == other.name or {one.name, other.name} <= _NUMBERS or "never" in {one.name, other.name}:
            return True
        self._no_operator(question, one, other)
        return True

    def _negative(self, question: Question) -> bool:
        one, result = _value_of(question.parts[0]), question.parts[1]
        if isinstance(one, Var):
            return False
        if isinstance(one, Con) and one.name not in _NUMBERS and one.name != "never":
            message = f"`{question.word}` does not work on `{ty.shown(one)}`"
            self.problem(message, question.node, proved=True)
        self.flow(
            question.node,
            one if isinstance(one, Con) and one.name in _NUMBERS else Union(),
            result,
            key=self.waiting(question),
        )
        return True

    # Fields and elements.

    def _field_question(self, question: Question) -> bool:
        whole, result = _value_of(question.parts[0]), question.parts[1]
        if isinstance(whole, Var):
            return False
        found = self._field_type(whole, question) if isinstance(whole, Con) else Union()
        self.flow(question.node, found, result, key=self.waiting(question))
        return True

    def _field_type(self, whole: Con, question: Question) -> Type:
        if whole.name == "dict":
            if isinstance(ty.prune(whole.arguments[0]), Var):
                self.merge(question.node, whole.arguments[0], ty.STR)
            return _nullable(whole.arguments[1])
        if whole.name == "tuple" and question.word.isdecimal():
            if int(question.word) < len(whole.arguments):
                return whole.arguments[int(question.word)]
        elif whole.declared is not None and whole.name == "struct":
            for entry in whole.declared.fields():
                if entry.name == question.word:
                    return self.member(whole.declared, entry, whole)
            method = whole.declared.method(question.word)
            if method is not None:
                return Union()
        elif whole.declared is not None:
            return Union()
        names = [entry.name for entry in whole.declared.fields()] if whole.declared else []
        near = nearest(question.word, names, limit=1)
        fix = f"did you mean `{near[0]}`?" if near else None
        self.problem(f"`{ty.shown(whole)}` has no field like this: `{question.word}`", question.node, fix=fix)
        return Union()

    def _element(self, question: Question) -> bool:
        whole, index, result = question.parts
        container, place = _value_of(whole), _value_of(index)
        if isinstance(container, Var):
            return False
        if isinstance(container, Union):
            self.flow(question.node, Union(), result, key=self.waiting(question))
            return True
        assert isinstance(container, Con)
        if container.name in {"list", "str"} and isinstance(place, Var):
            self.merge(question.node, place, ty.I64)
            place = ty.I64
        found = self._element_type(container, place, question)
        self.flow(question.node, found, result, key=self.waiting(question))
        return True

    def _element_type(self, container: Con, place: Type, question: Question) -> Type:
        if container.name in {"list", "str"}:
            if isinstance(place, Con) and place.name == "range":
                return container
            if isinstance(place, Con) and place.name not in {"i64", "never"}:
                message = f"a `{ty.shown(container)}` has elements by `i64` and not by `{ty.shown(place)}`"
                self.problem(message, question.node)
                return Union()
            return container.arguments[0] if container.name == "list" else ty.STR
        if container.name == "dict":
            self.flow(question.nodes[-1], place, container.arguments[0])
            return container.arguments[1]
        if container.name not in {"tuple", "struct", "maybe", "option"}:
            self.problem(f"`{ty.shown(container)}` has no elements", question.node)
        return Union()

    def _items_question(self, question: Question) -> bool:
        whole, result = _value_of(question.parts[0]), question.parts[1]
        if isinstance(whole, Var):
            return False
        found: Type = Union()
        if isinstance(whole, Con):
            if whole.name in {"list", "set", "option"}:
                found = whole.arguments[0]
            elif whole.name == "range":
                found = ty.I64
            elif whole.name == "str":
                found = ty.STR
            elif whole.name == "dict":
                found = ty.tuple_of(*whole.arguments)
            elif whole.name not in {"tuple", "struct", "never"}:
                self.problem(f"a loop cannot go through `{ty.shown(whole)}`", question.node)
        self.flow(question.node, found, result, key=self.waiting(question))
        return True

    # Calls.

    def _call_question(self, question: Question) -> bool:
        function, *values, result = question.parts
        found = _value_of(function)
        if isinstance(found, Var):
            return False
        if isinstance(found, Con) and found.name == "fn":
            self.apply_function(found, values, result, question)
        else:
            if isinstance(found, Con) and found.name in _OPAQUE:
                self.problem(f"`{ty.shown(found)}` cannot be called", question.node)
            self._release(values)
            self.flow(question.node, Union(), result, key=self.waiting(question))
        return True

    def _release(self, values: list[Type]) -> None:
        """Values get where nothing is known of them: a function among them may be called with anything."""
        for value in values:
            released(value)

    def apply_function(self, found: Con, values: list[Type], result: Type, question: Question) -> None:
        """Arguments get into parameters, and the result out."""
        *parameters, gives = found.arguments
        if len(parameters) != len(values):
            message = f"the function takes {len(parameters)} arguments and is given {len(values)}"
            self.problem(message, question.node)
        for value, parameter, node in zip(values, parameters, question.nodes, strict=False):
            self.flow(node, value, parameter)
        self.flow(question.node, gives, result, key=self.waiting(question))

    # Methods.

    def _method(self, question: Question) -> bool:
        receiver, *values, result = question.parts
        whole = ty.prune(receiver)
        if isinstance(whole, Var):
            return False
        if isinstance(whole, Union):
            self._release(values)
            self.flow(question.node, Union(), result, key=self.waiting(question))
            return True
        assert isinstance(whole, Con)
        if whole.declared is not None:
            self._own_method(whole, whole.declared, values, result, question)
        else:
            self._library_method(whole, values, result, question)
        return True

    def _own_method(self, whole: Con, declared: Declared, values: list[Type], result: Type, question: Question) -> None:
        method = declared.method(question.word)
        if method is None:
            self._field_as_method(whole, declared, values, result, question)
            return
        found = ty.prune(self.use_of_method(method, question.node))
        if not isinstance(found, Con) or found.name != "fn":
            self.flow(question.node, Union(), result, key=self.waiting(question))
            return
        own, *parameters = found.arguments[:-1] or (self.fresh(),)
        self.flow(question.node, whole, own)
        declaration = method.node
        assert isinstance(declaration, tree.FunctionDeclaration)
        self.require_count(declaration, len(values) + 1, question.node)
        for value, parameter, node in zip(values, parameters, question.nodes, strict=False):
            self.flow(node, value, parameter)
        self.flow(question.node, found.arguments[-1], result, key=self.waiting(question))

    def require_count(self, declaration: tree.FunctionDeclaration, count: int, node: tree.Node) -> None:
        """Report a call with too few or too many arguments."""
        most = len(declaration.parameters)
        least = sum(parameter.default is None for parameter in declaration.parameters)
        own = declaration.takes_self
        if not least <= count <= most:
            wanted = str(most - own) if least == most else f"{least - own} to {most - own}"
            message = f"`{declaration.name}` takes {wanted} arguments and is given {count - own}"
            labels = [(declaration.name_place, "it is declared here")]
            self.problem(message, node, labels=labels)

    def _field_as_method(
        self, whole: Con, declared: Declared, values: list[Type], result: Type, question: Question
    ) -> None:
        for entry in declared.fields() if whole.name == "struct" else ():
            if entry.name == question.word:
                function = self.member(declared, entry, whole)
                self.ask(Question("call", (function, *values, result), question.node, "", question.nodes))
                return
        if question.word in _ANY_VALUE:
            self.flow(
                question.node, ty.STR if question.word == "to_string" else whole, result, key=self.waiting(question)
            )
            return
        near = nearest(question.word, declared.methods, limit=1)
        fix = f"did you mean `{near[0]}`?" if near else None
        self.problem(f"`{declared.name}` has no method like this: `{question.word}`", question.node, fix=fix)
        self.flow(question.node, Union(), result, key=self.waiting(question))

    def _library_method(self, whole: Con, values: list[Type], result: Type, question: Question) -> None:
        kind, known = table_of(whole, question.word)
        table = METHODS.get(kind, {})
        texts = table.get(question.word)
        if texts is None:
            self._missing_method(whole, values, result, question)
            return
        text = _signature_for(texts, question, values)
        if text is None:
            self.problem(
                f"`{question.word}` of `{ty.shown(whole)}` does not take {len(values)} arguments", question.node
            )
            self.flow(question.node, Union(), result, key=self.waiting(question))
            return
        special = _RESULTS.get((kind, question.word))
        if special is not None:
            self.flow(question.node, special(self, whole, values, question), result, key=self.waiting(question))
            return
        place = question.node.place
        signature = signatures.read(text, known, lambda name: self.variable(question.node, f"letter {name}", place))
        for value, parameter, node in zip(values, signature.parameters, question.nodes, strict=False):
            self.flow(node, value, parameter)
            self.widen_letter(value, parameter)
        self.flow(question.node, signature.result, result, key=self.waiting(question))

    def widen_letter(self, value: Type, parameter: Type) -> None:
        """A closure that gives values of several types makes the letter that stands for them hold several, too."""
        given, wanted = ty.prune(value), ty.prune(parameter)
        if not (isinstance(given, Con) and isinstance(wanted, Con) and given.name == wanted.name == "fn"):
            return
        gives, goal = ty.prune(given.arguments[-1]), ty.prune(wanted.arguments[-1])
        letter = ty.last_key(wanted.arguments[-1])
        if isinstance(gives, Union) and isinstance(goal, Con) and goal.name != "never" and letter is not None:
            self.mark(Conflict(gives, goal, (None, letter)), None)

    def _missing_method(self, whole: Con, values: list[Type], result: Type, question: Question) -> None:
        if whole.name == "dict":
            # An object may hold a function under this name.
            self._release(values)
            self.flow(question.node, Union(), result, key=self.waiting(question))
            return
        if question.word in _ANY_VALUE:
            self.flow(
                question.node, ty.STR if question.word == "to_string" else whole, result, key=self.waiting(question)
            )
            return
        if whole.name not in {"fn", "never"}:
            names = METHODS.get(table_of(whole, "")[0], {})
            near = nearest(question.word, names, limit=1)
            fix = f"did you mean `{near[0]}`?" if near else None
            self.problem(f"`{ty.shown(whole)}` has no method like this: `{question.word}`", question.node, fix=fix)
        self.flow(question.node, Union(), result, key=self.waiting(question))

    def apply_library(
        self, texts: tuple[str, ...], values: list[Type], nodes: list[tree.Expression], node: tree.Node
    ) -> Type:
        """The result of a function of the library."""
        for text in texts:
            known: dict[str, Type] = {}
            signature = signatures.read(text, known, lambda _name: self.fresh())
            if len(signature.parameters) == len(values) or (
                signature.takes_more and len(values) >= len(signature.parameters)
            ):
                number = known.get("Num")
                for value, parameter, each in zip(values, signature.parameters, nodes, strict=False):
                    if parameter is not number:
                        self.flow(each, value, parameter, written=isinstance(parameter, Con))
                if signature.result is number and number is not None:
                    return self._number_of(values, node)
                return signature.result
        self.problem("a function of the library does not take this number of arguments", node)
        return Union()

    def _number_of(self, values: list[Type], node: tree.Node) -> Type:
        """The result of a function of numbers: a float where one of them is."""
        kinds = {each.name for value in values if isinstance(each := _value_of(value), Con)}
        if "f64" in kinds:
            return ty.F64
        if kinds == {"i64"} and len(values) == sum(isinstance(_value_of(value), Con) for value in values):
            return ty.I64
        result = self.variable(node, "number", node.place)
        self.ask(Question("number", (*values, result), node))
        return result

    def _number(self, question: Question) -> bool:
        *values, result = question.parts
        found = [_value_of(value) for value in values]
        if any(isinstance(each, Union) for each in found):
            self.flow(question.node, Union(), result, key=self.waiting(question))
            return True
        if any(isinstance(each, Var) for each in found):
            return False
        kinds = {each.name for each in found if isinstance(each, Con)}
        self.flow(question.node, ty.F64 if "f64" in kinds else ty.I64, result, key=self.waiting(question))
        return True


def _value_of(found: Type) -> Type:
    """What an operator works on: a value that may be nil counts as the value."""
    found = ty.prune(found)
    while isinstance(found, Con) and found.name == "maybe":
        found = ty.prune(found.arguments[0])
    return found


def _nullable(found: Type) -> Type:
    inner = ty.prune(found)
    if isinstance(inner, Union) or (isinstance(inner, Con) and inner.name in {"maybe", "nil"}):
        return found
    return ty.maybe_of(found)


def _arithmetic_result(word: str, one: Type, other: Type, node: tree.Node) -> Type | str | None:  # noqa: PLR0911 - one way out for each case
    assert isinstance(one, Con)
    assert isinstance(other, Con)
    pair = one.name, other.name
    if "never" in pair:
        return ty.NEVER
    if word in {"&", "|", "^", "<<", ">>"}:
        return one if pair in {("i64", "i64"), ("bool", "bool")} else None
    if _NUMBERS.issuperset(pair):
        if "f64" in pair:
            return ty.F64
        return _power_result(node) if word == "**" else ty.I64
    if word == "+":
        if "str" in pair and {"str", "i64", "f64"}.issuperset(pair):
            return ty.STR
        return "items" if pair == ("list", "list") else None
    if word == "*" and pair in {("str", "i64"), ("i64", "str")}:
        return ty.STR
    return one if word == "*" and pair == ("list", "i64") else None


def _power_result(node: tree.Node) -> Type:
    """An integer power is a float where it leaves 64 bits: an integer only if that cannot be."""
    if isinstance(node, tree.Binary) and isinstance(node.left, tree.Integer) and isinstance(node.right, tree.Integer):
        base, exponent = node.left.value, node.right.value
        if 0 <= exponent < 64 and abs(base) ** exponent < 1 << 63:  # noqa: PLR2004 - bits
            return ty.I64
    found = Union((node, "power"))
    found.add(ty.I64)
    found.add(ty.F64)
    return found


def table_of(whole: Con, word: str) -> tuple[str, dict[str, Type]]:  # noqa: PLR0911 - one way out for each case
    """Which table of methods a receiver has, and what the letters in it stand for."""
    name, arguments = whole.name, whole.arguments
    if name == "maybe":
        inner = ty.prune(arguments[0])
        kind, known = table_of(inner, word) if isinstance(inner, Con) else ("option", {"T": inner})
        if word in METHODS["option"] and word not in METHODS.get(kind, {}):
            return "option", {"T": arguments[0]}
        return kind, known
    if name == "range" and word not in METHODS["range"]:
        return "list", {"T": ty.I64}
    if name in {"list", "set", "option"}:
        return name, {"T": arguments[0]}
    if name == "dict":
        return name, {"K": arguments[0], "V": arguments[1]}
    if name == "result":
        return name, {"T": arguments[0], "E": arguments[1]}
    return name, {}


def _signature_for(texts: tuple[str, ...], question: Question, values: list[Type]) -> str | None:
    fitting = [text for text in texts if _parameters(text) == len(values)]
    if len(fitting) > 1 and values:
        # Two signatures of one length differ in the parameters of the function that they take.
        given = ty.prune(values[0])
        count = len(given.arguments) - 1 if isinstance(given, Con) and given.name == "fn" else 0
        fitting = [text for text in fitting if _parameters(text[text.index("(") + 1 :]) == count] or fitting
    return fitting[0] if fitting else None


def _parameters(text: str) -> int:
    """How many parameters a signature has."""
    signature = signatures.read(text, {}, lambda _name: Var(0))
    return len(signature.parameters)


def _sum(inferrer: QuestionInferrer, whole: Con, _values: list[Type], _question: Question) -> Type:
    return ty.I64 if whole.name == "range" else whole.arguments[0]


def _flattened(inferrer: QuestionInferrer, whole: Con, _values: list[Type], _question: Question) -> Type:
    inner = ty.prune(whole.arguments[0])
    if isinstance(inner, Con) and inner.name in {"list", "option"}:
        return ty.list_of(inner.arguments[0])
    return Union()


def _reduced(inferrer: QuestionInferrer, whole: Con, values: list[Type], question: Question) -> Type:
    """`reduce(f)`, `reduce(start, f)` and `reduce(f, start)`."""
    item = ty.I64 if whole.name == "range" else whole.arguments[0]
    if len(values) == 1:
        function = ty.function_of((item, item), item)
        inferrer.flow(question.nodes[0], values[0], function)
        inferrer.widen_letter(values[0], function)
        return ty.maybe_of(item)
    first = ty.prune(values[0])
    start, step, nodes = values[0], values[1], question.nodes
    if isinstance(first, Con) and first.name == "fn":
        start, step, nodes = step, start, (nodes[1], nodes[0])
    result = inferrer.variable(question.node, "fold", question.node.place)
    inferrer.flow(nodes[0], start, result, key=(question.node, "fold"))
    function = ty.function_of((result, item), result)
    inferrer.flow(nodes[1], step, function)
    inferrer.widen_letter(step, function)
    return result


def _parsed(inferrer: QuestionInferrer, _whole: Con, _values: list[Type], question: Question) -> Type:
    node = question.node
    if isinstance(node, tree.MethodCall) and node.types:
        return ty.result_of(inferrer.written(node.types[0]), ty.STR)
    found = Union((node, "parse"))
    found.add(ty.I64)
    found.add(ty.F64)
    return found


_RESULTS: dict[tuple[str, str], Callable[[QuestionInferrer, Con, list[Type], Question], Type]] = {
    ("list", "sum"): _sum,
    ("list", "product"): _sum,
    ("list", "flatten"): _flattened,
    ("list", "reduce"): _reduced,
    ("list", "fold"): _reduced,
    ("str", "parse"): _parsed,
}

_ANSWERS: dict[str, Callable[[QuestionInferrer, Question], bool]] = {
    "arithmetic": QuestionInferrer._arithmetic,
    "order": QuestionInferrer._order,
    "negative": QuestionInferrer._negative,
    "field": QuestionInferrer._field_question,
    "element": QuestionInferrer._element,
    "items": QuestionInferrer._items_question,
    "call": QuestionInferrer._call_question,
    "method": QuestionInferrer._method,
    "number": QuestionInferrer._number,
    "try": QuestionInferrer._try_question,
}
_ROLES = {
    "arithmetic": "operator",
    "negative": "operator",
    "field": "field",
    "element": "element",
    "call": "call",
    "method": "method",
    "number": "number",
    "try": "try",
}
"""The roles of the places that wait for answers."""
