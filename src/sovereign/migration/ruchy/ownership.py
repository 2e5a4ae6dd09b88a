"""Which variables are the only holders of their values, and which methods change their receiver.

Enters: the trees of a program with names. Leaves: `Ownership`. A variable is the only holder when each of its values
is made for it and none leaves it but by `return`: then it may be changed in its place without a question. A function
that keeps nothing of an argument does not count as leaving. Read `compile_facts.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.lean import contextmanager
from sovereign.migration.ruchy.library import METHODS, MUTATING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.migration.ruchy.names import Binding, Names
    from sovereign.migration.ruchy.typed import Typed

__all__ = ["Ownership"]

_READ, _KEEP, _RETURN = "read", "keep", "return"
_OF_OPERANDS = (tree.Call, tree.MethodCall, tree.Binary, tree.FormatText, tree.Index, tree.Range)
_SAME = frozenset(
    "iter iter_mut into_iter collect copied cloned clone to_vec to_array as_slice unwrap expect unwrap_or".split()
)
_READING = frozenset(
    "println print eprintln eprint format len assert assert_eq assert_ne sum product str type_of typeof is_nil join "
    "json_stringify json_pretty min max sort reverse enumerate".split()
)
_MAKING = frozenset("Vec::new Vec::with_capacity HashMap::new BTreeMap::new HashSet::new BTreeSet::new range".split())
_KEEPING_OPERATORS = frozenset({"&&", "||", "??", "|>", "!", "<?", "<-"})
_LIBRARY_KINDS = frozenset({"list", "dict", "set", "str"})
_FRESH_METHODS = (
    frozenset(METHODS["list"]) - _SAME - MUTATING - frozenset("first last get nth pop find min max head".split())
)


class Ownership:
    """The answers for one program."""

    def __init__(self, programs: list[tree.Program], names: Names, typed: Typed) -> None:
        self.names = names
        self.typed = typed
        self.kept: dict[Binding, list[tuple[int, tree.Node | None]]] = {}
        """Variables whose value gets into another place: where that is, and the loop around it."""
        self.stale: set[Binding] = set()
        """Variables that got a value that somebody else may hold."""
        self.given: list[tuple[Binding, Binding, tuple[int, tree.Node | None]]] = []
        """Variables that are handed to a parameter, and where."""
        self.loop: tree.Node | None = None
        self.roots: list[Binding | None] = []
        """Variables that are changed with what is being looked at."""
        self.changing: set[Binding] = set()
        self._find_changing()
        for program in programs:
            for statement in program.statements:
                self.visit(statement, _READ)
        self._settle()

    def is_only_holder(self, binding: Binding, node: tree.Node) -> bool:
        """Whether no other place can hold the value of a variable when it is changed at a node.

        Another place may hold it later: the variable is made anew in the round of the loop in which it is kept.
        """
        return (
            binding.kind == "variable"
            and not binding.is_captured
            and isinstance(binding.node, tree.BindPattern)
            and binding not in self.stale
            and all(at > node.place[1] and loop is binding.loop for at, loop in self.kept.get(binding, ()))
        )

    def _keep(self, binding: Binding, node: tree.Node) -> None:
        self.kept.setdefault(binding, []).append(self._here(binding, node))

    def _here(self, binding: Binding, node: tree.Node) -> tuple[int, tree.Node | None]:
        """Where a variable is kept; what is kept while it is changed is kept before."""
        return (-1 if binding in self.roots else node.place[0]), self.loop

    def _settle(self) -> None:
        """A parameter that is kept makes whatever is handed to it kept."""
        is_growing = True
        while is_growing:
            is_growing = False
            for variable, parameter, here in self.given:
                if parameter in self.kept and here not in self.kept.get(variable, ()):
                    self.kept.setdefault(variable, []).append(here)
                    is_growing = True

    # Methods that change their receiver.

    def _find_changing(self) -> None:
        methods = [method for declared in self.names.types for method in declared.methods.values()]
        is_growing = True
        while is_growing:
            is_growing = False
            for method in methods:
                if method not in self.changing and self._changes_self(method):
                    self.changing.add(method)
                    is_growing = True

    def _changes_self(self, method: Binding) -> bool:
        node = method.node
        if not isinstance(node, tree.FunctionDeclaration) or not node.takes_self or node.body is None:
            return False
        if node.parameters[0].mode == "value" and not (method.type is not None and method.type.is_shared):
            return False
        return any(self._changes(each) for each in tree.walk(node.body))

    def _changes(self, node: tree.Node) -> bool:
        if isinstance(node, tree.Assign):
            targets = node.target.items if isinstance(node.target, tree.TupleLiteral) else (node.target,)
            return any(not isinstance(target, tree.Name) and _is_of_self(target) for target in targets)
        if isinstance(node, tree.MethodCall) and _is_of_self(node.receiver):
            return self.is_change(node)
        return False

    # Uses of variables.

    def visit(self, node: tree.Node | None, role: str) -> None:
        """Note how the values below a node are used; `role` is what happens to the value of the node itself."""
        if node is None:
            return
        if isinstance(node, _OF_OPERANDS):
            self._keep_while_changed(node)
        handler = _VISIT.get(type(node))
        if handler is not None:
            handler(self, node, role)
            return
        for child in tree.children(node):
            self.visit(child, _KEEP)

    def _keep_while_changed(self, node: tree.Node) -> None:
        """An operand that was read is held until the others are computed, and one of them may change its variable."""
        operands = list(tree.children(node))
        if isinstance(node, tree.MethodCall) and (self._root(node) is None or self.is_change(node)):
            operands = operands[1:]
        for place, operand in enumerate(operands[:-1]):
            read = self._root(operand.value if isinstance(operand, tree.Hole) else operand)
            if read is not None and any(self._may_change(later, read) for later in operands[place + 1 :]):
                self._keep(read, operand)

    def _may_change(self, node: tree.Node, variable: Binding) -> bool:
        return any(
            self._root(each.target if isinstance(each, tree.Assign) else each) is variable
            for each in tree.walk(node)
            if self.is_change(each)
        )

    def is_change(self, node: tree.Node) -> bool:
        """Whether a node changes the value of a variable in its place."""
        if isinstance(node, tree.Assign):
            return not isinstance(node.target, tree.Name)
        return isinstance(node, tree.MethodCall) and (
            node.name in MUTATING or any(found.name == node.name for found in self.changing)
        )

    def _name(self, node: tree.Name, role: str) -> None:
        binding = self.names.meant.get(node)
        if (binding is not None and role == _KEEP) or (
            binding is not None and role == _RETURN and binding.kind == "parameter"
        ):
            self._keep(binding, node)

    def _part(self, node: tree.Field | tree.Index, _role: str) -> None:
        for child in tree.children(node):
            self.visit(child, _READ)

    def _read_all(self, node: tree.Node, _role: str) -> None:
        for child in tree.children(node):
            self.visit(child, _READ)

    def _binary(self, node: tree.Binary, role: str) -> None:
        inner = _KEEP if node.operator in _KEEPING_OPERATORS and role != _READ else _READ
        if node.operator in {"|>", "!", "<?", "<-"}:
            inner = _KEEP
        self.visit(node.left, inner)
        self.visit(node.right, inner)

    def _block(self, node: tree.Block, role: str) -> None:
        for statement in node.statements[:-1]:
            self.visit(statement, _READ)
        for statement in node.statements[-1:]:
            self.visit(statement, role)

    def _if(self, node: tree.If, role: str) -> None:
        self.visit(node.condition, _READ)
        self.visit(node.then, role)
        self.visit(node.otherwise, role)

    def _match(self, node: tree.Match, role: str) -> None:
        binds = any(isinstance(arm.pattern, tree.BindPattern | tree.OrPattern) for arm in node.arms)
        self.visit(node.subject, _KEEP if binds else _READ)
        for arm in node.arms:
            self.visit(arm.guard, _READ)
            self.visit(arm.body, role)

    def _loop(self, node: tree.While | tree.Loop, _role: str) -> None:
        with self._inside(node):
            if isinstance(node, tree.While):
                self.visit(node.condition, _READ)
            self.visit(node.body, _READ)

    @contextmanager
    def _inside(self, loop: tree.Node | None) -> Iterator[None]:
        kept, self.loop = self.loop, loop
        try:
            yield
        finally:
            self.loop = kept

    def _comprehension(self, node: tree.Comprehension, _role: str) -> None:
        with self._inside(node):
            for child in tree.children(node):
                self.visit(child, _KEEP)

    def _for(self, node: tree.For, _role: str) -> None:
        role = _READ
        if isinstance(node.iterable, tree.Name) and self._is_changed_in(node.iterable, node.body):
            role = _KEEP
        self.visit(node.iterable, role)
        with self._inside(node):
            self.visit(node.body, _READ)

    def _is_changed_in(self, name: tree.Name, body: tree.Block) -> bool:
        binding = self.names.meant.get(name)
        return any(isinstance(each, tree.Name) and self.names.meant.get(each) is binding for each in tree.walk(body))

    def _let(self, node: tree.Let, _role: str) -> None:
        self.visit(node.value, _KEEP)
        self.visit(node.otherwise, _READ)
        if not self._is_fresh(node.value):
            for each in tree.walk(node.pattern):
                binding = self.names.meant.get(each)
                if binding is not None:
                    self.stale.add(binding)

    def _assign(self, node: tree.Assign, _role: str) -> None:
        self.visit(node.target, _READ)
        self.roots.append(self._root(node.target) if not isinstance(node.target, tree.Name) else None)
        self.visit(node.value, _KEEP if not node.operator else _READ)
        self.roots.pop()
        targets = node.target.items if isinstance(node.target, tree.TupleLiteral | tree.ListLiteral) else (node.target,)
        if not self._is_fresh(node.value) or len(targets) > 1:
            self.stale.update(
                self.names.meant[target] for target in targets if self.names.meant.get(target) is not None
            )

    def _is_fresh(self, node: tree.Expression) -> bool:
        """Whether a value is made where it stands, so that nobody else can hold it."""
        if isinstance(
            node,
            tree.ListLiteral | tree.ListRepeat | tree.ObjectLiteral | tree.StructLiteral | tree.Comprehension
            | tree.Integer | tree.Float | tree.Text | tree.Boolean | tree.FormatText,
        ):  # fmt: skip
            return True
        if isinstance(node, tree.Binary):
            return node.operator not in _KEEPING_OPERATORS
        if isinstance(node, tree.Call):
            binding = self.names.meant.get(node.function)
            return binding is not None and binding.kind == "builtin" and binding.name in _MAKING
        if isinstance(node, tree.MethodCall):
            return self.typed.kind(node.receiver) == "list" and node.name in _FRESH_METHODS
        return False

    def _call(self, node: tree.Call, _role: str) -> None:
        binding = self.names.meant.get(node.function)
        if not isinstance(node.function, tree.Name):
            self.visit(node.function, _READ)
        if binding is not None and binding.kind == "builtin":
            role = _READ if binding.name in _READING else _KEEP
            for argument in node.arguments:
                self.visit(argument, role)
            return
        self._arguments(node.arguments, binding)

    def _arguments(self, arguments: tuple[tree.Expression, ...], binding: Binding | None) -> None:
        """What is handed to a parameter is kept where the parameter is."""
        declaration = binding.node if binding is not None else None
        parameters = declaration.parameters if isinstance(declaration, tree.FunctionDeclaration) else ()
        for place, argument in enumerate(arguments):
            given = self.names.meant.get(argument) if isinstance(argument, tree.Name) else None
            taken = self.names.meant.get(parameters[place].pattern) if place < len(parameters) else None
            if given is not None and taken is not None:
                self.given.append((given, taken, self._here(given, argument)))
            else:
                self.visit(argument, _KEEP)

    def _root(self, node: tree.Node) -> Binding | None:
        """The variable of which a place is a part."""
        while isinstance(node, tree.Field | tree.Index | tree.MethodCall):
            node = node.receiver
        return self.names.meant.get(node)

    def _method_call(self, node: tree.MethodCall, _role: str) -> None:
        self.roots.append(self._root(node))
        self._method_parts(node)
        self.roots.pop()

    def _method_parts(self, node: tree.MethodCall) -> None:
        is_library = self.typed.kind(node.receiver) in _LIBRARY_KINDS and node.name not in _SAME
        declared = self.typed.declared(node.receiver)
        method = declared.method(node.name) if declared is not None else None
        if method is not None and self.names.meant.get(node) is None:
            self._arguments((node.receiver, *node.arguments), method)
            if not isinstance(node.receiver, tree.Name):
                self.visit(node.receiver, _READ)
            return
        self.visit(node.receiver, _READ if is_library else _KEEP)
        for argument in node.arguments:
            self.visit(argument, _KEEP)

    def _return(self, node: tree.Return, _role: str) -> None:
        self.visit(node.value, _RETURN)

    def _function(self, node: tree.FunctionDeclaration, _role: str) -> None:
        for parameter in node.parameters:
            self.visit(parameter.default, _KEEP)
        with self._inside(None):
            self.visit(node.body, _RETURN)

    def _closure(self, node: tree.Closure, _role: str) -> None:
        with self._inside(None):
            self.visit(node.body, _RETURN)


def _is_of_self(node: tree.Node) -> bool:
    while isinstance(node, tree.Field | tree.Index):
        node = node.receiver
    return isinstance(node, tree.Name) and node.name == "self"


_VISIT: dict[type[tree.Node], Callable[..., None]] = {
    tree.Name: Ownership._name,
    tree.Field: Ownership._part,
    tree.Index: Ownership._part,
    tree.Hole: Ownership._read_all,
    tree.FormatText: Ownership._read_all,
    tree.Range: Ownership._read_all,
    tree.Unary: Ownership._read_all,
    tree.Cast: Ownership._read_all,
    tree.Binary: Ownership._binary,
    tree.Block: Ownership._block,
    tree.If: Ownership._if,
    tree.Match: Ownership._match,
    tree.While: Ownership._loop,
    tree.Loop: Ownership._loop,
    tree.For: Ownership._for,
    tree.Comprehension: Ownership._comprehension,
    tree.Let: Ownership._let,
    tree.Assign: Ownership._assign,
    tree.Call: Ownership._call,
    tree.MethodCall: Ownership._method_call,
    tree.Return: Ownership._return,
    tree.FunctionDeclaration: Ownership._function,
    tree.Closure: Ownership._closure,
}
