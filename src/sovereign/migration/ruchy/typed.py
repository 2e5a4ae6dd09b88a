"""What is known of the types of a program, as the compilers ask for it.

Enters: the results of the inference. Leaves: `Typed`, the seam to every engine: kinds of expressions, declarations of
their types, and where a value is brought to another type. What is not known for certain is not said, and then the run
decides. Read `compile_base.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.types import Con, Type, Union, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.migration.ruchy.infer import ProgramInferrer
    from sovereign.migration.ruchy.names import Binding, Declared, Names

__all__ = ["Typed"]

_LITERALS: dict[type[tree.Node], str] = {
    tree.Float: "f64",
    tree.Text: "str",
    tree.FormatText: "str",
    tree.Boolean: "bool",
    tree.Nil: "nil",
}
_DEEPEST = 12


class Typed:
    """The types of a program."""

    def __init__(self, names: Names, inferrer: ProgramInferrer | None = None) -> None:
        self.names = names
        is_sound = inferrer is not None and inferrer.is_sound
        self.types: dict[tree.Node, Type] = inferrer.types if inferrer is not None and is_sound else {}
        self.variables = inferrer.variables if inferrer is not None and is_sound else {}
        self.casts: dict[tree.Node, Type] = inferrer.casts if inferrer is not None and is_sound else {}
        self.is_sound = is_sound
        """Whether the types hold; where they do not, nothing is known of any value."""
        self.schemes = inferrer.schemes if inferrer is not None else {}
        self.functions = inferrer.functions if inferrer is not None else {}
        self.uses = inferrer.uses if inferrer is not None else {}
        self.member = inferrer.member if inferrer is not None else None
        """The type of a field of a value."""
        self.changing_names: set[str] = set()
        """Names of methods of the program that may change their receiver."""
        self._images: dict[Var, list[Type]] = {}
        """What the open variables of generalised functions stand for at each of their uses."""
        for scheme in inferrer.schemes.values() if inferrer is not None and is_sound else ():
            for mapping in scheme.instances:
                for variable, found in mapping.items():
                    self._images.setdefault(variable, []).append(found)
        self._heads: dict[tree.Node, Con | None] = {}

    def head(self, found: Type | None) -> Con | None:
        """The constructor that a type has at every use of the functions around it, if it is one."""
        if found is None:
            return None
        heads: dict[tuple[str, object], Con] = {}
        pending = [found]
        seen: set[Type] = set()
        while pending:
            each = ty.prune(pending.pop())
            if each in seen:
                continue
            seen.add(each)
            if isinstance(each, Con):
                heads[each.name, each.declared] = each
            elif isinstance(each, Union) or each not in self._images:
                return None
            else:
                pending += self._images[each]
        return next(iter(heads.values())) if len(heads) == 1 else None

    def _head_of(self, node: tree.Node) -> Con | None:
        if node not in self._heads:
            self._heads[node] = self.head(self.types.get(node))
        return self._heads[node]

    def kind(self, node: tree.Node) -> str:
        """The kind of a value: `i64`, `f64`, `bool`, `str`, `nil`, `list`, `tuple:2`, `struct`, ... or nothing."""
        known = _LITERALS.get(type(node))
        if known is not None:
            return known
        if isinstance(node, tree.Integer):
            return "f64" if node in self.casts and self.shape(self.casts[node]) == ("f64",) else "i64"
        cast = self.casts.get(node)
        head = self.head(cast) if cast is not None else self._head_of(node)
        if head is None:
            return ""
        return f"tuple:{len(head.arguments)}" if head.name == "tuple" else head.name

    def item_kind(self, node: tree.Node) -> str:
        """The kind of what a loop over a value goes through."""
        head = self._head_of(node)
        if head is None or head.name not in {"list", "set"}:
            return {"range": "i64", "str": "str"}.get(head.name, "") if head is not None else ""
        item = self.head(head.arguments[0]) if self._agree(node) else None
        if item is None:
            return ""
        return f"tuple:{len(item.arguments)}" if item.name == "tuple" else item.name

    def _agree(self, node: tree.Node) -> bool:
        """Whether there is one type behind a node, so that its arguments hold for all uses."""
        return isinstance(ty.prune(self.types.get(node, ty.NIL)), Con)

    def declared(self, node: tree.Node) -> Declared | None:
        """The struct, class or enum of a value."""
        cast = self.casts.get(node)
        head = self.head(cast) if cast is not None else self._head_of(node)
        return head.declared if head is not None else None

    def is_overridden(self, method: Binding) -> bool:
        """Whether a class that extends another has a method of this name too."""
        return any(declared.base is not None and method.name in declared.methods for declared in self.names.types)

    def may_change(self, name: str) -> bool:
        """Whether a method of this name may change a receiver of unknown type."""
        return name in self.changing_names

    def is_function_of(self, binding: Binding, count: int) -> bool:
        """Whether a variable holds a function of so many parameters for certain."""
        head = self.head(self.variables.get(binding))
        return head is not None and head.name == "fn" and len(head.arguments) == count + 1

    def shape_at(self, node: tree.Node) -> tuple[object, ...] | None:
        """What a value is brought to where it stands, or nothing when it is so already."""
        goal = self.casts.get(node)
        return self.shape(goal) if goal is not None else None

    def shape(self, found: Type, depth: int = 0) -> tuple[object, ...] | None:
        """A type as plain data, by which a value is looked at while the program runs; None where anything will do."""
        head = self.head(found)
        if head is None or depth > _DEEPEST or head.name in {"never", "maybe", "nil"}:
            return None
        if head.declared is not None:
            return head.name, head.declared.name
        return head.name, *(self.shape(each, depth + 1) for each in head.arguments)
