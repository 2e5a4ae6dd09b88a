"""The session at the prompt: each input is checked, typed and run in what the earlier ones left.

Enters: lines. Leaves: values, shown; commands that begin with a colon look at the session. Read `prompt.py` next.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sovereign.errors import SourceError
from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.compile_python import PythonCompiler
from sovereign.migration.ruchy.engine import Failure, environment, run_code
from sovereign.migration.ruchy.findings import Findings, Stopped
from sovereign.migration.ruchy.functions import World
from sovereign.migration.ruchy.infer import infer
from sovereign.migration.ruchy.law import judge
from sovereign.migration.ruchy.layout import lay_out
from sovereign.migration.ruchy.lexer import lex
from sovereign.migration.ruchy.names import Resolver
from sovereign.migration.ruchy.parser import parse
from sovereign.migration.ruchy.program import Checked
from sovereign.migration.ruchy.sources import Sources
from sovereign.migration.ruchy.texts import debug
from sovereign.migration.ruchy.tree import as_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.ruchy import tree

__all__ = ["Answer", "Session", "is_unfinished"]

_HELP = """\
:help            this text
:quit            end, as Ctrl-D does
:type EXPR       the type of an expression, without running it
:ast EXPR        the tree of an expression
:inspect EXPR    the value of an expression and its type
:time EXPR       how long an expression takes
:env             the variables and functions of this session
:history         what was typed
:load FILE       run a file here
:save FILE       write what was typed to a file
:reset           forget everything
:clear           clear the screen"""


class Answer:
    """What an input gives: text to show, or findings."""

    def __init__(self, text: str = "", findings: tuple[Diagnostic, ...] = (), *, ends: bool = False) -> None:
        self.text = text
        self.findings = findings
        self.ends = ends


class Session:
    """The names, values and history of one session."""

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()
        self.history: list[str] = []
        self.number = 0
        self._reset()

    def _reset(self) -> None:
        self.checked = Checked()
        self.names = environment(self.world)
        self.compiler: PythonCompiler | None = None
        self.texts: dict[str, str] = {}

    # Inputs.

    def answer(self, text: str) -> Answer:
        """What an input gives."""
        stripped = text.strip()
        if not stripped:
            return Answer()
        self.history.append(text.rstrip("\n"))
        if stripped.startswith(":"):
            word, _, rest = stripped.partition(" ")
            command = _COMMANDS.get(word)
            if command is None:
                return Answer(f"there is no command `{word}`, `:help` lists them")
            return command(self, rest.strip())
        return self._guarded(lambda: self._evaluated(text))

    def _guarded(self, action: Callable[[], Answer]) -> Answer:
        try:
            return action()
        except SourceError as error:
            return Answer(findings=error.diagnostics)  # type: ignore[arg-type] # ours
        except Failure as failure:
            return Answer(f"Error: Evaluation error: {failure.kind}: {failure.text}")

    def _evaluated(self, text: str) -> Answer:
        value = self.evaluate(text)
        return Answer("" if value is None else debug(value))

    def read(self, text: str) -> tree.Program:
        """The tree of an input, with its names resolved in this session.

        Errors    SourceError  with every finding.
        """
        self.number += 1
        path = f"<input {self.number}>"
        self.texts[path] = text
        self.checked.findings = Findings(self.checked.sources)
        program = None
        try:
            program = parse(self.checked.sources.add(path, text), self.checked.sources, self.checked.findings)
            if program is not None and not self.checked.findings.errors:
                judge(program, self.checked.findings)
                Resolver(
                    self.checked.names, self.checked.findings, lambda node: self.checked.import_module(node, "")
                ).program(program)
        except Stopped:
            pass
        self.checked.findings.require_none()
        assert program is not None
        return program

    def evaluate(self, text: str) -> Any:
        """The value of an input.

        Errors    SourceError  when it is refused; Failure when it fails.
        """
        known = dict(self.checked.names.scope.names)
        try:
            program = self.read(text)
            self.checked.programs.append(program)
            try:
                self.checked.infer()
                self.checked.findings.require_none()
            except SourceError:
                self.checked.programs.remove(program)
                raise
        except SourceError:
            self.checked.names.scope.names = known
            raise
        return run_code(self._compiled(program), self.names)

    def _compiled(self, program: tree.Program) -> Any:
        fresh = PythonCompiler(self.checked.names, self.checked.typed, self.checked.sources, keeps_globals=True)
        if self.compiler is not None:
            fresh.spellings, fresh.taken, fresh.written = (
                self.compiler.spellings,
                self.compiler.taken,
                self.compiler.written,
            )
        self.compiler = fresh
        return fresh.program([program], gives_value=True, calls_main=False)

    # Commands.

    def _help(self, _rest: str) -> Answer:
        return Answer(_HELP)

    def _quit(self, _rest: str) -> Answer:
        return Answer(ends=True)

    def _type(self, rest: str) -> Answer:
        def action() -> Answer:
            return Answer(self.type_of(rest))

        return self._guarded(action)

    def type_of(self, text: str) -> str:
        """The type of an expression.

        Errors    SourceError  when it is refused.
        """
        known = dict(self.checked.names.scope.names)
        program = self.read(text)
        inferrer = infer([*self.checked.programs, program], self.checked.names)
        self.checked.names.scope.names = known
        for problem in inferrer.problems:
            if problem.is_proved:
                self.checked.findings.error("ruchy.type", problem.message, problem.place, labels=problem.labels)
        self.checked.findings.require_none()
        return ty.shown(inferrer.types[program.statements[-1]]) if program.statements else "nil"

    def _ast(self, rest: str) -> Answer:
        sources = Sources()
        findings = Findings(sources)
        program = parse(sources.add("<input>", rest), sources, findings)
        if program is None or findings.errors:
            return Answer(findings=tuple(findings.ordered()))
        from sovereign.shell.console import as_json

        return Answer(as_json([as_data(each) for each in program.statements]))

    def _inspect(self, rest: str) -> Answer:
        def action() -> Answer:
            shown = self.type_of(rest)
            return Answer(f"{debug(self.evaluate(rest))}: {shown}")

        return self._guarded(action)

    def _time(self, rest: str) -> Answer:
        def action() -> Answer:
            start = time.perf_counter()
            value = self.evaluate(rest)
            spent = time.perf_counter() - start
            return Answer(f"{debug(value)}\n{spent * 1000:.3f} ms")

        return self._guarded(action)

    def _env(self, _rest: str) -> Answer:
        rows = []
        for name, binding in sorted(self.checked.names.scope.names.items()):
            shown = binding.kind
            if binding.is_variable and self.compiler is not None:
                value = self.names.get(self.compiler.spelling(binding))
                shown = debug(value)
            rows.append(f"{name}: {shown}")
        return Answer("\n".join(rows))

    def _history(self, _rest: str) -> Answer:
        return Answer("\n".join(f"{place}: {text}" for place, text in enumerate(self.history, 1)))

    def _load(self, rest: str) -> Answer:
        from sovereign.errors import SovereignError
        from sovereign.shell.files import read_text

        try:
            text = read_text(rest)
        except SovereignError as error:
            return Answer(str(error))
        return self._guarded(lambda: self._evaluated(text))

    def _save(self, rest: str) -> Answer:
        from sovereign.errors import SovereignError
        from sovereign.shell.files import write_atomically

        kept = [text for text in self.history if not text.lstrip().startswith(":")]
        try:
            write_atomically(rest, "\n".join(kept) + "\n")
        except SovereignError as error:
            return Answer(str(error))
        return Answer(f"{len(kept)} inputs are in `{rest}`")

    def _forget(self, _rest: str) -> Answer:
        self._reset()
        return Answer("everything is forgotten")

    def _clear(self, _rest: str) -> Answer:
        return Answer("\x1b[H\x1b[2J")


_COMMANDS: dict[str, Callable[[Session, str], Answer]] = {
    ":help": Session._help,
    ":quit": Session._quit,
    ":exit": Session._quit,
    ":type": Session._type,
    ":ast": Session._ast,
    ":inspect": Session._inspect,
    ":time": Session._time,
    ":env": Session._env,
    ":vars": Session._env,
    ":history": Session._history,
    ":load": Session._load,
    ":save": Session._save,
    ":reset": Session._forget,
    ":clear": Session._clear,
}


def is_unfinished(text: str) -> bool:
    """Whether more lines belong to an input: a bracket is open, or a block that indentation makes.

    >>> is_unfinished("fun f(x) {"), is_unfinished("if x:"), is_unfinished("1 + 1")
    (True, True, False)
    """
    if text.lstrip().startswith(":"):
        return False
    sources = Sources()
    findings = Findings(sources)
    try:
        tokens = lex(sources.add("<input>", text), findings)
        if any("is not closed" in each.message for each in findings.errors):
            return True
        depth = sum(
            (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
            for token in tokens
            if token.kind == "operator"
        )
        if depth > 0:
            return True
        last = tokens[-2] if len(tokens) > 1 else tokens[-1]
        opens = last.text == ":" and last.kind == "operator"
        laid = lay_out(tokens, sources, findings)
    except Stopped:
        return False
    is_block = any(token.is_virtual and token.text == "{" for token in laid)
    return opens or (is_block and not text.endswith("\n\n"))
