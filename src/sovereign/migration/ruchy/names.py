"""Which declaration each name means.

Enters: the trees of a program. Leaves: `Names`: a binding for every name that is used or bound, the types that are
declared with their methods, and findings about names that mean nothing, with the nearest that would. Functions and
types are known in the whole block that declares them; functions see every variable of the block around them. Read
`types.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.library import CONSTANTS, FUNCTIONS, NAMESPACES, TYPES
from sovereign.shell.nearest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sovereign.migration.ruchy.findings import Findings

__all__ = ["Binding", "Declared", "Function", "Names", "Resolver", "Scope"]

_SHORT = {"Some", "Ok", "Err"}
_ABSENT = {
    **dict.fromkeys(("http_get", "http_post", "http_put", "http_delete"), "a request over the network"),
    **dict.fromkeys(("Html::parse", "html_parse"), "reading HTML"),
    **dict.fromkeys(("Command::new", "process::Command::new", "std::process::Command::new"), "starting a program"),
    **dict.fromkeys(("Utc::now", "chrono::Utc::now"), "a date"),
    **dict.fromkeys(("glob", "walk", "search"), "a search through folders"),
    "open": "an open file",
    "compute_hash": "a digest of a file",
}
"""What the reference implementation brings along and this one does not."""
_OTHER_SPELLINGS = {"True": "true", "False": "false", "nil": "null", "undefined": "null", "console": "println"}


class Function:
    """A function, closure or the top of the program: who owns variables."""

    def __init__(self, node: tree.Node, parent: Function | None) -> None:
        self.node = node
        self.parent = parent
        self.captures: dict[Binding, None] = {}
        """The variables of functions around it that it uses, in the order of their first use."""


class Binding:
    """One thing that a name can mean."""

    def __init__(
        self, name: str, kind: str, node: tree.Node, owner: Function, *, loop: tree.Node | None = None
    ) -> None:
        self.name = name
        self.kind = kind
        """variable, parameter, constant, function, type, module, variant, method, builtin"""
        self.node = node
        self.owner = owner
        self.loop = loop
        """The innermost loop that makes it anew in each round."""
        self.type: Declared | None = None
        self.assignments = 0
        self.is_captured = False
        self.is_outermost = False
        """Whether it stands in no block: at the top of a file or module."""
        self.uses = 0

    @property
    def is_variable(self) -> bool:
        """Whether it holds a value that was bound."""
        return self.kind in {"variable", "parameter", "constant"}

    @property
    def is_global(self) -> bool:
        """Whether it belongs to the top of the program."""
        return self.is_outermost and self.owner.parent is None


class Declared:
    """A type of the program with everything that is declared for it."""

    def __init__(
        self, node: tree.StructDeclaration | tree.EnumDeclaration | tree.TraitDeclaration | tree.ActorDeclaration
    ) -> None:
        self.name = node.name
        self.node = node
        self.methods: dict[str, Binding] = {}
        self.base: Declared | None = None
        self.variants: dict[str, Binding] = {}
        self.traits: list[Declared] = []
        self.scope: Scope | None = None

    def method(self, name: str) -> Binding | None:
        """A method or function of this name, its own or inherited."""
        found = self.methods.get(name)
        if found is None and self.base is not None:
            return self.base.method(name)
        return found

    @property
    def is_shared(self) -> bool:
        """Whether a variable holds a reference to it: classes and actors."""
        return isinstance(self.node, tree.ActorDeclaration) or (
            isinstance(self.node, tree.StructDeclaration) and self.node.is_class
        )

    def fields(self) -> list[tree.FieldDeclaration]:
        """Its fields, those of the class that it extends first."""
        own = getattr(self.node, "entries", ())
        return [*(self.base.fields() if self.base else []), *own]


class Scope:
    """The names of one block."""

    def __init__(self, parent: Scope | None, owner: Function, loop: tree.Node | None = None) -> None:
        self.parent = parent
        self.owner = owner
        self.loop = loop
        self.names: dict[str, Binding] = {}
        self.self_type: Declared | None = parent.self_type if parent else None
        self.is_outermost = parent is None

    def find(self, name: str) -> Binding | None:
        """The innermost binding of a name."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def all_names(self) -> Iterator[str]:
        """Every name that is known here."""
        scope: Scope | None = self
        while scope is not None:
            yield from scope.names
            scope = scope.parent


class Names:
    """What the names of a program mean."""

    def __init__(self, top: Function) -> None:
        self.top = top
        self.meant: dict[tree.Node, Binding] = {}
        """For names and paths what they mean, for patterns and declarations what they bind."""
        self.owners: dict[tree.Node, Function] = {}
        """For functions and closures the owner of their variables."""
        self.types: list[Declared] = []
        self.modules: dict[Binding, Scope] = {}
        self.selves: dict[tree.Node, Binding] = {}
        """For actors what `self` means in their messages."""
        self.scope = Scope(None, top)

    def declared(self, node: tree.Node) -> Declared:
        """The type that a declaration declares."""
        found = self.meant[node].type
        assert found is not None
        return found

    def main_to_call(self, program: tree.Program) -> tree.FunctionDeclaration | None:
        """The `main` that runs at the end; None where the top calls it itself, or where it needs arguments."""
        for statement in program.statements:
            if isinstance(statement, tree.FunctionDeclaration) and statement.name == "main":
                binding = self.meant[statement]
                is_called = any(
                    self.meant.get(each) is binding
                    for other in program.statements
                    if not isinstance(other, tree.FunctionDeclaration)
                    for each in tree.walk(other)
                )
                is_free = all(parameter.default is not None for parameter in statement.parameters)
                return statement if is_free and not is_called else None
        return None


class Resolver:
    """Walks the trees of a program. `import_file` hands out the scope of a module that is a file of its own."""

    def __init__(
        self,
        names: Names,
        findings: Findings,
        import_file: Callable[[tree.ImportDeclaration], tuple[Scope, int] | None] | None = None,
    ) -> None:
        self.names = names
        self.findings = findings
        self.import_file = import_file
        self.scope = names.scope
        self.pending: list[Callable[[], None]] = []

    def program(self, program: tree.Program, scope: Scope | None = None) -> None:
        """Resolve a file, in a scope of its own where it is imported."""
        self.scope = scope or self.names.scope
        self.statements(program.statements)

    # Blocks: declarations are known before the first statement, bodies of functions come last.

    def statements(self, statements: tuple[tree.Expression, ...]) -> None:
        """Resolve the statements of a block in the scope that is open."""
        outer, self.pending = self.pending, []
        for statement in statements:
            self._hoist(statement)
        for statement in statements:
            self._hoist_methods(statement)
        for statement in statements:
            self.visit(statement)
        for body in self.pending:
            body()
        self.pending = outer

    def _bind(self, name: str, kind: str, node: tree.Node) -> Binding:
        binding = Binding(name, kind, node, self.scope.owner, loop=self.scope.loop)
        binding.is_outermost = self.scope.is_outermost
        self.scope.names[name] = binding
        self.names.meant[node] = binding
        return binding

    def _hoist(self, node: tree.Expression) -> None:
        if isinstance(node, tree.FunctionDeclaration):
            self._hoist_function(node)
        elif isinstance(
            node, tree.StructDeclaration | tree.EnumDeclaration | tree.TraitDeclaration | tree.ActorDeclaration
        ):
            self._hoist_type(node)
        elif isinstance(node, tree.ModuleDeclaration):
            binding = self._bind(node.name, "module", node)
            self.names.modules[binding] = Scope(self.scope, self.scope.owner)
            self.names.modules[binding].is_outermost = self.scope.is_outermost
            kept, self.scope = self.scope, self.names.modules[binding]
            for statement in node.body.statements:
                self._hoist(statement)
            self.scope = kept
        elif isinstance(node, tree.TypeDeclaration):
            self._bind(node.name, "alias", node)

    def _hoist_function(self, node: tree.FunctionDeclaration) -> None:
        known = self.scope.names.get(node.name)
        if known is not None and known.kind == "function" and self.scope is not self.names.scope:
            labels = [(getattr(known.node, "name_place", known.node.place), "it is declared here first")]
            message = f"a function is declared twice in one block: `{node.name}`"
            self.findings.error("ruchy.name", message, node.name_place, labels=labels)
        self._bind(node.name, "function", node)

    def _hoist_type(
        self, node: tree.StructDeclaration | tree.EnumDeclaration | tree.TraitDeclaration | tree.ActorDeclaration
    ) -> None:
        binding = self._bind(node.name, "type", node)
        declared = binding.type = Declared(node)
        declared.scope = self.scope
        self.names.types.append(declared)
        if isinstance(node, tree.EnumDeclaration):
            for variant in node.variants:
                found = Binding(variant.name, "variant", variant, self.scope.owner)
                found.type = declared
                declared.variants[variant.name] = found
                self.names.meant[variant] = found
        for method in node.methods:
            self._add_method(declared, method)

    def _add_method(self, declared: Declared, method: tree.FunctionDeclaration) -> None:
        known = declared.methods.get(method.name)
        if known is not None and known.type is declared:
            labels = [(getattr(known.node, "name_place", known.node.place), "it is declared here first")]
            message = f"`{declared.name}` has two functions of one name: `{method.name}`"
            self.findings.error("ruchy.name", message, method.name_place, labels=labels)
        binding = Binding(method.name, "method", method, self.scope.owner)
        binding.type = declared
        declared.methods[method.name] = binding
        self.names.meant[method] = binding

    def _hoist_methods(self, node: tree.Expression) -> None:
        if isinstance(node, tree.StructDeclaration) and node.base is not None:
            declared = self.names.declared(node)
            base = self.scope.find(node.base)
            if base is None or base.type is None:
                self._unknown("class", node.base, node.place)
            elif isinstance(base.type.node, tree.TraitDeclaration):
                self._take_defaults(declared, base.type)
            else:
                declared.base = base.type
        elif isinstance(node, tree.ImplDeclaration):
            self._hoist_impl(node)
        elif isinstance(node, tree.ImportDeclaration):
            self._import(node)
        elif isinstance(node, tree.ModuleDeclaration):
            kept, self.scope = self.scope, self.names.modules[self.names.meant[node]]
            for statement in node.body.statements:
                self._hoist_methods(statement)
            self.scope = kept

    def _hoist_impl(self, node: tree.ImplDeclaration) -> None:
        target = self.scope.find(node.target)
        if target is None or target.type is None:
            if node.target in TYPES:
                self.findings.error(
                    "ruchy.unsupported", f"this is not supported: methods for the type `{node.target}`", node.place
                )
            else:
                self._unknown("type", node.target, node.place)
            return
        for method in node.methods:
            self._add_method(target.type, method)
        trait = self.scope.find(node.trait) if node.trait else None
        if trait is not None and trait.type is not None:
            self._take_defaults(target.type, trait.type)
            for name, announced in trait.type.methods.items():
                if name not in target.type.methods:
                    self.findings.error(
                        "ruchy.name",
                        f"`impl {node.trait} for {node.target}` lacks a method: `{name}`",
                        node.place,
                        labels=[(announced.node.place, "the trait announces it here")],
                    )

    def _take_defaults(self, declared: Declared, trait: Declared) -> None:
        declared.traits.append(trait)
        for name, method in trait.methods.items():
            assert isinstance(method.node, tree.FunctionDeclaration)
            if method.node.body is not None:
                declared.methods.setdefault(name, method)

    # Imports.

    def _import(self, node: tree.ImportDeclaration) -> None:
        first = node.path[0]
        if first in NAMESPACES or (first in TYPES and self.scope.find(first) is None):
            self._import_library(node)
            return
        path = tuple(word for word in node.path if word not in {"crate", "self", "super"})
        if not path:
            return
        known = self._walk_path(path)
        if known is None and self.import_file is not None:
            found = self.import_file(node)
            if found is None:
                return
            known = self._in_file(node, *found)
            if known is None:
                return
        if known is None:
            self._unknown("module", path[0], node.place)
            return
        self._import_known(node, known)

    def _in_file(self, node: tree.ImportDeclaration, scope: Scope, length: int) -> Binding | None:
        """What a path means whose first words are a file, and the others something in it."""
        known: Binding | None = Binding(node.path[length - 1], "module", node, self.scope.owner)
        assert known is not None
        self.names.modules[known] = scope
        for word in node.path[length:]:
            member = self._member(known, word)
            if member is None:
                self._unknown("name in the module", word, node.place)
                return None
            known = member
        return known

    def _import_library(self, node: tree.ImportDeclaration) -> None:
        for name, alias in node.names or ():
            if name != alias:
                binding = self._bind(alias, "builtin", tree.Name(node.place, name))
                binding.name = name

    def _walk_path(self, path: tuple[str, ...]) -> Binding | None:
        found = self.scope.find(path[0])
        for word in path[1:]:
            found = self._member(found, word) if found is not None else None
        return found

    def _member(self, binding: Binding, word: str) -> Binding | None:
        if binding.kind == "module":
            return self.names.modules[binding].names.get(word)
        if binding.type is not None:
            return binding.type.variants.get(word) or binding.type.method(word)
        return None

    def _import_known(self, node: tree.ImportDeclaration, known: Binding) -> None:
        if node.names is None:
            self.scope.names[node.alias or node.path[-1]] = known
            return
        for name, alias in node.names:
            if name == "*":
                members = self.names.modules[known].names if known.kind == "module" else {}
                self.scope.names.update(members or (known.type.variants if known.type else {}))
                continue
            member = self._member(known, name)
            if member is None:
                self._unknown("name in the module", name, node.place)
            else:
                self.scope.names[alias] = member

    # Expressions.

    def visit(self, node: tree.Node | None) -> None:
        """Resolve a node and what is below it."""
        if node is None:
            return
        handler = _VISIT.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            for child in tree.children(node):
                self.visit(child)

    def _name(self, node: tree.Name) -> None:
        binding = self._resolve(node.name)
        if binding is None:
            if node.name not in CONSTANTS:
                self._unknown("name", node.name, node.place)
            return
        self._use(node, binding)

    def _use(self, node: tree.Node, binding: Binding) -> None:
        binding.uses += 1
        self.names.meant[node] = binding
        if not binding.is_variable or binding.owner is self.scope.owner:
            return
        binding.is_captured = True
        owner: Function | None = self.scope.owner
        while owner is not None and owner is not binding.owner:
            owner.captures[binding] = None
            owner = owner.parent

    def _resolve(self, name: str) -> Binding | None:
        found = self.scope.find(name)
        if found is not None:
            return found
        if name == "Self" and self.scope.self_type is not None:
            return self.names.meant[self.scope.self_type.node]
        if name in FUNCTIONS or name in _SHORT or name in TYPES or name in NAMESPACES or name == "None":
            return Binding(name, "builtin", tree.Name((0, 0), name), self.names.top)
        return None

    def _unknown(self, what: str, name: str, place: tree.Place) -> None:
        absent = _ABSENT.get(name)
        if absent is not None:
            message = f"this is not supported: {absent}, as `{name}` would do it"
            self.findings.error("ruchy.unsupported", message, place)
            return
        near = nearest(name, {*self.scope.all_names(), *FUNCTIONS})
        if name in _OTHER_SPELLINGS:
            near = [_OTHER_SPELLINGS[name]]
        meant = " or ".join(f"`{each}`" for each in near)
        declared = None if "::" in name else f"declare it first: `let {name} = ...` or `fun {name}() {{ ... }}`"
        fix = f"did you mean {meant}?" if meant else declared
        self.findings.error("ruchy.name", f"there is no {what} like this: `{name}`", place, fix=fix)

    def _path(self, node: tree.Path) -> None:
        parts = node.parts
        while len(parts) > 1 and parts[0] in {"crate", "self", "super"}:
            parts = parts[1:]
        found = self._resolve(parts[0])
        if found is None or found.kind == "builtin":
            self._library_path(node, parts)
            return
        for word in parts[1:]:
            inner = self._member(found, word)
            if inner is None:
                self._unknown_member(found, word, node.place)
                return
            found = inner
        self._use(node, found)

    def _library_path(self, node: tree.Path, parts: tuple[str, ...]) -> None:
        short = "::".join(parts[-2:])
        names = ("::".join(parts), short, short.replace("::", "_"), parts[-1] if parts[0] in NAMESPACES else short)
        for name in names:
            if name in FUNCTIONS or name in CONSTANTS:
                self.names.meant[node] = Binding(name, "builtin", node, self.names.top)
                return
        self._unknown("name in the library", "::".join(node.parts), node.place)

    def _unknown_member(self, binding: Binding, word: str, place: tree.Place) -> None:
        names: list[str] = []
        if binding.kind == "module":
            names = list(self.names.modules[binding].names)
        elif binding.type is not None:
            names = [*binding.type.variants, *binding.type.methods]
        near = " or ".join(f"`{each}`" for each in nearest(word, names))
        fix = f"did you mean {near}?" if near else None
        self.findings.error("ruchy.name", f"`{binding.name}` has nothing of this name: `{word}`", place, fix=fix)

    def _field(self, node: tree.Field) -> None:
        """`module.name` means the same as `module::name`."""
        found = self._module_of(node.receiver)
        if found is None:
            if not self._library_member(node):
                self.visit(node.receiver)
            return
        member = self._member(found, node.name)
        if member is None:
            self._unknown_member(found, node.name, node.place)
        else:
            self._use(node, member)

    def _module_of(self, node: tree.Expression) -> Binding | None:
        if isinstance(node, tree.Name):
            found = self.scope.find(node.name)
        elif isinstance(node, tree.Field):
            outer = self._module_of(node.receiver)
            found = self._member(outer, node.name) if outer is not None else None
        else:
            return None
        return found if found is not None and found.kind in {"module", "type"} else None

    def _library_member(self, node: tree.Field | tree.MethodCall) -> bool:
        """`math.sqrt` means the same as `math::sqrt`, unless something of the program has that name."""
        receiver = node.receiver
        if not isinstance(receiver, tree.Name) or receiver.name not in NAMESPACES or self.scope.find(receiver.name):
            return False
        for name in (f"{receiver.name}::{node.name}", f"{receiver.name}_{node.name}", node.name):
            if name in FUNCTIONS or name in CONSTANTS:
                self.names.meant[node] = Binding(name, "builtin", node, self.names.top)
                return True
        self._unknown("name in the library", f"{receiver.name}::{node.name}", node.place)
        return True

    def _method_call(self, node: tree.MethodCall) -> None:
        found = self._module_of(node.receiver)
        if found is None:
            if not self._library_member(node):
                self.visit(node.receiver)
        else:
            member = self._member(found, node.name)
            if member is None:
                self._unknown_member(found, node.name, node.place)
            else:
                self._use(node, member)
        for argument in node.arguments:
            self.visit(argument)

    def _binary(self, node: tree.Binary) -> None:
        self.visit(node.left)
        if node.operator in {"!", "<?", "<-"}:
            # A message is a name of its own, not that of a variable.
            message = node.right
            for argument in message.arguments if isinstance(message, tree.Call) else ():
                self.visit(argument)
            if not isinstance(message, tree.Call | tree.Name | tree.Path):
                self.visit(message)
            return
        if node.operator == "|>":
            self._pipe(node.right)
            return
        self.visit(node.right)

    def _pipe(self, node: tree.Expression) -> None:
        """The right of `|>` may be a method's name, which the value then has."""
        target = node.function if isinstance(node, tree.Call) else node
        if isinstance(target, tree.Name) and self._resolve(target.name) is None:
            for argument in node.arguments if isinstance(node, tree.Call) else ():
                self.visit(argument)
            return
        self.visit(node)

    def _assign(self, node: tree.Assign) -> None:
        self.visit(node.value)
        self.visit(node.target)
        targets = node.target.items if isinstance(node.target, tree.TupleLiteral | tree.ListLiteral) else (node.target,)
        for target in targets:
            binding = self.names.meant.get(target)
            if binding is None:
                continue
            binding.assignments += 1
            if not binding.is_variable:
                self.findings.error("ruchy.name", f"this is no variable: `{binding.name}`", target.place)
            elif binding.kind == "constant":
                labels = [(binding.node.place, "it is declared as a constant here")]
                message = f"a constant does not change: `{binding.name}`"
                self.findings.error("ruchy.name", message, target.place, labels=labels)

    # Scopes.

    def _block(self, node: tree.Block) -> None:
        kept = self.scope
        self.scope = Scope(kept, kept.owner, kept.loop)
        self.statements(node.statements)
        self.scope = kept

    def _let(self, node: tree.Let) -> None:
        kind = "constant" if node.keyword.startswith("const") else "variable"
        self.visit(node.type)
        if (
            isinstance(node.value, tree.Closure)
            and isinstance(node.pattern, tree.BindPattern)
            and self._resolve(node.pattern.name) is None
        ):
            self._pattern(node.pattern, kind)  # a closure may call itself
            self.visit(node.value)
            return
        self.visit(node.value)
        self.visit(node.otherwise)
        self._pattern(node.pattern, kind)

    def _pattern(self, node: tree.Pattern, kind: str = "variable") -> None:
        known: dict[str, Binding] = {}
        for each in tree.walk(node):
            if isinstance(each, tree.BindPattern):
                self._bind_pattern(each, kind, known)
            elif isinstance(each, tree.RestPattern) and each.name is not None:
                known[each.name] = self._bind(each.name, kind, each)
            elif isinstance(each, tree.VariantPattern | tree.StructPattern) and each.path:
                self._pattern_path(each)

    def _bind_pattern(self, node: tree.BindPattern, kind: str, known: dict[str, Binding]) -> None:
        if node.name[0].isupper():
            variant = self.scope.find(node.name)
            if variant is not None and variant.kind == "variant":
                self._use(node, variant)
                return
        if node.name in known:  # the other alternative of the same name
            self.names.meant[node] = known[node.name]
            self.scope.names[node.name] = known[node.name]
            return
        known[node.name] = self._bind(node.name, kind, node)

    def _pattern_path(self, node: tree.VariantPattern | tree.StructPattern) -> None:
        if node.path[-1] in {"Some", "None", "Ok", "Err"} and len(node.path) == 1 and not self.scope.find(node.path[0]):
            return
        if len(node.path) == 2 and node.path[0] in {"Option", "Result"}:  # noqa: PLR2004 - type and variant
            return
        found = self._resolve(node.path[0])
        for word in node.path[1:]:
            inner = self._member(found, word) if found is not None else None
            if inner is None and found is not None and found.kind != "builtin":
                self._unknown_member(found, word, node.place)
                return
            found = inner
        if found is None or found.kind not in {"variant", "type"}:
            self._unknown("variant", "::".join(node.path), node.place)
            return
        self._use(node, found)

    def _match(self, node: tree.Match) -> None:
        self.visit(node.subject)
        for arm in node.arms:
            kept = self.scope
            self.scope = Scope(kept, kept.owner, kept.loop)
            self._pattern(arm.pattern)
            self.visit(arm.guard)
            self.visit(arm.body)
            self.scope = kept

    def _if(self, node: tree.If) -> None:
        kept = self.scope
        self.scope = Scope(kept, kept.owner, kept.loop)
        self._condition(node.condition)
        self.visit(node.then)
        self.scope = kept
        self.visit(node.otherwise)

    def _condition(self, node: tree.Expression) -> None:
        if isinstance(node, tree.LetCondition):
            self.visit(node.value)
            self._pattern(node.pattern)
        else:
            self.visit(node)

    def _while(self, node: tree.While) -> None:
        kept = self.scope
        self.scope = Scope(kept, kept.owner, node)
        self._condition(node.condition)
        self.visit(node.body)
        self.scope = kept

    def _loop(self, node: tree.Loop) -> None:
        kept = self.scope
        self.scope = Scope(kept, kept.owner, node)
        self.visit(node.body)
        self.scope = kept

    def _for(self, node: tree.For) -> None:
        self.visit(node.iterable)
        kept = self.scope
        self.scope = Scope(kept, kept.owner, node)
        self._pattern(node.pattern)
        self.visit(node.body)
        self.scope = kept

    def _comprehension(self, node: tree.Comprehension) -> None:
        kept = self.scope
        for clause in node.clauses:
            self.visit(clause.value)
            if clause.pattern is not None:
                self.scope = Scope(self.scope, kept.owner, node)
                self._pattern(clause.pattern)
        self.visit(node.element)
        self.scope = kept

    def _try_catch(self, node: tree.TryCatch) -> None:
        self.visit(node.body)
        for catch in node.catches:
            kept = self.scope
            self.scope = Scope(kept, kept.owner, kept.loop)
            if catch.name is not None:
                self._bind(catch.name, "variable", catch)
            self.visit(catch.body)
            self.scope = kept
        self.visit(node.finally_)

    # Functions.

    def _closure(self, node: tree.Closure) -> None:
        self._function_body(node, self.scope, node.body)

    def _function(self, node: tree.FunctionDeclaration) -> None:
        scope = self.scope
        self.pending.append(lambda: self._function_body(node, scope, node.body))

    def _function_body(
        self, node: tree.FunctionDeclaration | tree.Closure, scope: Scope, body: tree.Expression | None
    ) -> None:
        kept = self.scope
        owner = Function(node, scope.owner)
        self.names.owners[node] = owner
        self.scope = Scope(scope, owner)
        for parameter in node.parameters:
            self.visit(parameter.type)
            self.visit(parameter.default)
            self._pattern(parameter.pattern, "parameter")
        if isinstance(node, tree.FunctionDeclaration):
            for condition in node.requires:
                self.visit(condition)
            if node.ensures:
                inner = self.scope
                self.scope = Scope(inner, owner)
                self._bind("result", "variable", node.ensures[0])
                for condition in node.ensures:
                    self.visit(condition)
                self.scope = inner
        if body is not None:
            self.visit(body)
        self.scope = kept

    def _type(self, node: tree.StructDeclaration | tree.EnumDeclaration | tree.TraitDeclaration) -> None:
        declared = self.names.declared(node)
        for entry in declared.fields() if isinstance(node, tree.StructDeclaration) else ():
            self.visit(entry.default)
        self._methods(node.methods, declared)

    def _methods(self, methods: tuple[tree.FunctionDeclaration, ...], declared: Declared) -> None:
        kept = self.scope
        self.scope = Scope(kept, kept.owner)
        self.scope.self_type = declared
        for method in methods:
            self._function(method)
        self.scope = kept

    def _impl(self, node: tree.ImplDeclaration) -> None:
        target = self.scope.find(node.target)
        if target is not None and target.type is not None:
            self._methods(node.methods, target.type)

    def _actor(self, node: tree.ActorDeclaration) -> None:
        declared = self.names.declared(node)
        for entry in node.entries:
            self.visit(entry.default)
        self._methods(node.methods, declared)
        kept = self.scope
        owner = Function(node, kept.owner)
        self.names.owners[node] = owner
        self.scope = Scope(kept, owner)
        self.scope.self_type = declared
        self.names.selves[node] = self._bind("self", "parameter", tree.BindPattern(node.place, "self", None))
        self.names.meant[node] = kept.names[node.name]
        for arm in node.arms:
            inner = self.scope
            self.scope = Scope(inner, owner)
            pattern = arm.pattern
            for item in pattern.items or () if isinstance(pattern, tree.VariantPattern) else ():
                self._pattern(item)
            self.visit(arm.guard)
            self.visit(arm.body)
            self.scope = inner
        self.scope = kept

    def _module(self, node: tree.ModuleDeclaration) -> None:
        kept = self.scope
        self.scope = self.names.modules[self.names.meant[node]]
        outer, self.pending = self.pending, []
        for statement in node.body.statements:
            self.visit(statement)
        bodies, self.pending = self.pending, outer
        self.pending += bodies
        self.scope = kept

    def _struct_literal(self, node: tree.StructLiteral) -> None:
        found = self._resolve(node.path[0])
        for word in node.path[1:]:
            found = self._member(found, word) if found is not None else None
        if found is None or found.kind not in {"type", "variant"}:
            self._unknown("struct", "::".join(node.path), node.place)
        else:
            self._use(node, found)
        for entry in node.entries:
            self.visit(entry.value)
        self.visit(node.base)

    def _skip(self, node: tree.Node) -> None:
        """Types and imports are resolved elsewhere."""


_VISIT: dict[type[tree.Node], Callable[..., None]] = {
    tree.Name: Resolver._name,
    tree.Path: Resolver._path,
    tree.Field: Resolver._field,
    tree.MethodCall: Resolver._method_call,
    tree.Binary: Resolver._binary,
    tree.Assign: Resolver._assign,
    tree.Block: Resolver._block,
    tree.Let: Resolver._let,
    tree.Match: Resolver._match,
    tree.If: Resolver._if,
    tree.While: Resolver._while,
    tree.Loop: Resolver._loop,
    tree.For: Resolver._for,
    tree.Comprehension: Resolver._comprehension,
    tree.TryCatch: Resolver._try_catch,
    tree.Closure: Resolver._closure,
    tree.FunctionDeclaration: Resolver._function,
    tree.StructDeclaration: Resolver._type,
    tree.EnumDeclaration: Resolver._type,
    tree.TraitDeclaration: Resolver._type,
    tree.ImplDeclaration: Resolver._impl,
    tree.ActorDeclaration: Resolver._actor,
    tree.ModuleDeclaration: Resolver._module,
    tree.StructLiteral: Resolver._struct_literal,
    tree.ImportDeclaration: Resolver._skip,
    tree.TypeDeclaration: Resolver._skip,
    tree.NamedType: Resolver._skip,
}
