"""Run, check, format and test Ruchy programs, or talk to them at a prompt."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from sovereign.errors import GateFailed, ParameterError, SourceError
from sovereign.shell.command import Command, Group, Options, argument, option
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.diagnostic import Diagnostic
    from sovereign.migration.ruchy.running import Ending
    from sovereign.shell.console import Console

__all__ = ["GROUP", "main"]

_PIPE = "/dev/stdin"


def run(console: Console, options: Options) -> ExitCode:
    """Run a program; words behind its name are its arguments.

    The whole program is read, named and typed first, and nothing runs when it is refused. `ruchy FILE` does the same.
    The status is that of the program: 0, 1 after an error, or what it gave to `exit`.

    The first run of a program starts a native build of it in the background, and later runs of the unchanged program
    run that. RUCHY_BUILD=wait waits for the build instead, RUCHY_BUILD=off does without.
    """
    from sovereign.migration.ruchy.builds import begin, run_kept
    from sovereign.migration.ruchy.running import run_file

    path = _PIPE if options.file == "-" else options.file
    arguments = tuple(options.args)
    if console.json or console.quiet or console.out is None:
        return _run(console, lambda world: run_file(path, world), arguments)
    run_kept(path, arguments)
    return _run(
        console, lambda world: run_file(path, world, before=partial(begin, path, arguments=arguments)), arguments
    )


def evaluate(console: Console, options: Options) -> ExitCode:
    """Run a text and print its value; `ruchy -e TEXT` does the same."""
    from sovereign.migration.ruchy.running import run_text
    from sovereign.migration.ruchy.texts import show

    def action(world: object) -> Ending:
        ending = run_text(options.text, world, gives_value=True)  # type: ignore[arg-type] # a World
        if ending.status == 0 and ending.value is not None:
            world.write(show(ending.value) + "\n")  # type: ignore[attr-defined] # as above
        return ending

    return _run(console, action, tuple(options.args), text=options.text)


def _run(console: Console, action: object, arguments: tuple[str, ...], text: str | None = None) -> ExitCode:
    """Run something and turn its end into a status."""
    from sovereign.migration.ruchy.functions import World
    from sovereign.shell.console import OutputGone

    written: list[str] = []
    captures = console.json or console.quiet or console.out is None
    world = World(console.out.write if console.out is not None and not captures else written.append, arguments)
    try:
        ending: Ending = action(world)  # type: ignore[operator] # a function of a World
    except SourceError as error:
        _diagnose(console, error.diagnostics, text)  # type: ignore[arg-type] # ours
        console.emit({"status": 1, "output": "", "error": None, "diagnostics": error.diagnostics})
        return ExitCode.NO
    except ParameterError as error:
        return _no_text(console, error)
    except BrokenPipeError:
        raise OutputGone from None
    console.emit({"status": ending.status, "output": "".join(written), "error": ending.message, "span": ending.span})
    if ending.message is not None:
        console.finish() if not console.json else None
        _complain(console, ending)
    return ending.status  # type: ignore[return-value] # a program's own status


def _no_text(console: Console, error: ParameterError) -> ExitCode:
    """A file that is no text is a program that cannot be read: the status of a syntax error; else the error itself."""
    if error.code != "shell.not_utf8":
        raise error
    console.fail(error)
    return ExitCode.NO


def end_run(outcome: Ending | BaseException | Callable[[], Ending]) -> int:
    """Say how a run ended that `start.py` began, as this command does; an action is carried out first."""

    def action(_world: object) -> Ending:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome() if callable(outcome) else outcome

    def shown(console: Console, _options: Options) -> ExitCode:
        """Say how it ended."""
        return _run(console, action, ())

    return entry(Group("ruchy", "The end of a run.", (Command("run", shown, no="the program failed"),)))(["run"])


def _complain(console: Console, ending: Ending) -> None:
    """The error of a program: its line as the language says it, then the place."""
    console.log(ending.message or "")
    if ending.span is not None:
        console.log(f"  --> {ending.span.path}:{ending.span.line}:{ending.span.column}")
    if ending.hint is not None:
        console.log(f"  help: {ending.hint}")


def _diagnose(console: Console, found: Sequence[Diagnostic], text: str | None) -> None:
    """Show findings; those about a text on the command line with an excerpt of that."""
    if console.json:
        return
    if text is None:
        console.diagnose(found)
        return
    from sovereign.shell.render import render

    for each in found:
        console.log(
            render(each, read=lambda _path: text.encode(), width=console.width, colour=console.colour(console.err))
        )


def check(console: Console, options: Options) -> ExitCode:
    """Check programs without running them: syntax, names and types.

    `run` refuses a program only where a contradiction is proved. `check` also reports what can only be wrong: a method
    that no value has, a pattern that never fits, a wrong number of arguments. `--strict` reports places that hold
    values of several types, too.
    """
    from sovereign.migration.ruchy.checking import examine
    from sovereign.migration.ruchy.stack import on_large_stack

    documents = []
    count = 0
    for path in options.file:
        try:
            found = on_large_stack(partial(examine, path, is_strict=options.strict))
        except ParameterError as error:
            return _no_text(console, error)
        documents.append({"path": path, "diagnostics": found})
        count += len(found)
        if not console.json:
            console.diagnose(found)
        console.write(f"{path}: {'fine' if not found else f'{len(found)} finding' + 's' * (len(found) > 1)}")
    console.emit({"files": documents}, is_kept=True)
    return ExitCode.NO if count else ExitCode.OK


def transpile(console: Console, options: Options) -> ExitCode:
    """Write a program as one file of Rust.

    The file compiles with `rustc --edition 2021` and nothing else. What is not compiled yet is named with its place;
    then nothing is written and the exit status is 2.
    """
    from pathlib import Path

    from sovereign.migration.ruchy.native import emit_rust

    target = Path(options.output) if options.output else Path(options.file).with_suffix(".rs")
    document = emit_rust(Path(options.file), target, force=options.force)
    console.emit(document)
    console.write(f"{document['output']}: {document['program_lines']} lines from {document['source_lines']}")
    return ExitCode.OK


def compile_(console: Console, options: Options) -> ExitCode:
    """Compile a program to a native one, which answers as `run` does.

    Without `--output` it has the name of the file without its ending. `--size` and `--release-ultra` are short for
    profiles.
    """
    from pathlib import Path

    from sovereign.migration.ruchy.native import compile_native

    source = Path(options.file)
    target = Path(options.output) if options.output else source.with_suffix("")
    profile = "release-ultra" if options.release_ultra else "size" if options.size else options.profile
    with console.progress("compiling"):
        document = compile_native(source, target, profile=profile, target=options.target, force=options.force)
    console.emit(document)
    console.write(f"{document['output']}: {document['size_bytes']:,} bytes in {document['seconds']:.1f} s")
    return ExitCode.OK


def tree(console: Console, options: Options) -> ExitCode:
    """Print the syntax tree of a program as JSON, without places unless they are asked for."""
    from sovereign.migration.ruchy.checking import parsed
    from sovereign.migration.ruchy.stack import on_large_stack
    from sovereign.shell.console import as_json

    def action() -> tuple[object, str]:
        from sovereign.migration.ruchy.tree import as_data

        data = as_data(parsed(options.file), places=options.places)
        return data, as_json(data)

    data, text = on_large_stack(action)
    console.emit(data)
    console.write(text)
    return ExitCode.OK


def tokens(console: Console, options: Options) -> ExitCode:
    """List the tokens of a program, with what the layout put between them."""
    from sovereign.migration.ruchy.checking import tokens_of

    found = tokens_of(options.file)
    console.emit([{"kind": kind, "text": text, "line": line, "column": column} for kind, text, line, column in found])
    console.table(
        ["line", "column", "kind", "text"],
        [[str(line), str(column), kind, text] for kind, text, line, column in found],
        right=["line", "column"],
    )
    return ExitCode.OK


def format_files(console: Console, options: Options) -> ExitCode:
    """Bring programs into the canonical layout.

    Only blanks and line ends change, so a program means the same before and after. `--style` turns indentation blocks
    into braces and back. With `--check` nothing is written, and the answer is no when a file would change.
    """
    from sovereign.migration.ruchy.checking import differences
    from sovereign.migration.ruchy.formatting import formatted_text
    from sovereign.migration.ruchy.stack import on_large_stack
    from sovereign.shell.files import read_text, write_atomically

    documents = []
    changed = 0
    for path in options.file:
        before = read_text(path)
        after = on_large_stack(partial(formatted_text, before, style=options.style, path=path))
        is_changed = before != after
        changed += is_changed
        documents.append({"path": path, "changed": is_changed})
        if options.stdout:
            console.put(after) if not console.json else None
        elif options.diff:
            console.put(differences(path, before, after)) if not console.json else None
        elif is_changed and options.check:
            console.write(f"{path}: would change")
        elif is_changed:
            write_atomically(path, after, force=True)
            console.write(f"{path}: changed")
    console.emit({"files": documents}, is_kept=True)
    if options.check and changed:
        raise GateFailed(
            "ruchy.layout_differs",
            f"files are not in the canonical layout: {changed}",
            rule="fmt",
            measured=changed,
            required=0,
        )
    return ExitCode.OK


def test(console: Console, options: Options) -> ExitCode:
    """Run the functions marked `@test` of programs, each in a program of its own, and report which fail."""
    from sovereign.migration.ruchy.testing import run_tests

    results = [result for path in options.file for result in run_tests(path, options.filter or "")]
    failed = [result for result in results if not result.is_passed]
    console.emit({"tests": results, "passed": len(results) - len(failed), "failed": len(failed)}, is_kept=True)
    for result in results:
        console.write(f"{'ok    ' if result.is_passed else 'failed'} {result.path}: {result.name}{result.reason}")
    console.write(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise GateFailed(
            "ruchy.test_failed", f"tests failed: {len(failed)}", rule="test", measured=len(failed), required=0
        )
    return ExitCode.OK


def lint_files(console: Console, options: Options) -> ExitCode:
    """Remark on what programs could say better: names that nobody uses, code that is never reached, and their like.

    `--fix` mends what can be mended without changing what a program does.
    """
    from sovereign.migration.ruchy.lint import lint, mended
    from sovereign.shell.files import read_text, write_atomically

    documents = []
    count = 0
    for path in options.file:
        text = read_text(path)
        fixed = mended(path, text) if options.fix else text
        if fixed != text:
            write_atomically(path, fixed, force=True)
        found = lint(path, fixed, tuple(options.rule))
        documents.append({"path": path, "diagnostics": found, "changed": fixed != text})
        count += len(found)
        if not console.json:
            console.diagnose(found)
        console.write(f"{path}: {'fine' if not found else f'{len(found)} remark' + 's' * (len(found) > 1)}")
    console.emit({"files": documents}, is_kept=True)
    return ExitCode.NO if count else ExitCode.OK


def _rule(word: str) -> str:
    from sovereign.migration.ruchy.lint import RULES

    if word in RULES:
        return word
    message = f"the rules are {', '.join(RULES)}"
    raise ValueError(message)


def repl(console: Console, _options: Options) -> ExitCode:
    """Talk to the language at a prompt; `ruchy` alone does the same.

    An input may have several lines. `:help` lists the commands of the prompt, `:quit` or Ctrl-D ends.
    """
    from sovereign.migration.ruchy.prompt import converse

    return converse(console)  # type: ignore[return-value] # a program's own status


def new(console: Console, options: Options) -> ExitCode:
    """Begin a project: a folder with a program and a test."""
    from sovereign.migration.ruchy.checking import begin_project

    made = begin_project(options.name)
    console.emit({"files": made})
    for path in made:
        console.write(path)
    return ExitCode.OK


_FILES = argument("FILE", "programs", many=True, completes="file")
_FILE = argument("FILE", "the program", completes="file")
_FORCE = option("--force", text="overwrite what is there", default=False)
_ARGS = argument("ARGS", "arguments of the program", many=True, optional=True)
GROUP = Group(
    "ruchy",
    """The Ruchy language.

    `ruchy FILE` runs a program, `ruchy -e TEXT` a text, and `ruchy` alone opens a prompt.
    """,
    (
        Command(
            "run",
            run,
            (argument("FILE", "the program, `-` for standard input", completes="file"), _ARGS),
            no="the program failed",
        ),
        Command("eval", evaluate, (argument("TEXT", "the program itself"), _ARGS), no="the program failed"),
        Command("repl", repl),
        Command(
            "check",
            check,
            (_FILES, option("--strict", text="report places that hold values of several types too")),
            no="something was found",
        ),
        Command(
            "transpile",
            transpile,
            (_FILE, option("-o", "--output", text="where the Rust goes", value="FILE", completes="file"), _FORCE),
        ),
        Command(
            "compile",
            compile_,
            (
                _FILE,
                option("-o", "--output", text="where the program goes", value="FILE", completes="file"),
                option(
                    "--profile",
                    text="how the program is optimised",
                    value="NAME",
                    choices=("debug", "release", "size", "release-ultra"),
                    default="release",
                ),
                option("--size", text="a small program"),
                option("--release-ultra", text="the smallest program"),
                option("--target", text="what the program runs on; this machine where it is left out", value="TARGET"),
                _FORCE,
            ),
        ),
        Command("ast", tree, (_FILE, option("--places", text="say where each node stands, as offsets"))),
        Command("parse", tree, (_FILE, option("--places", text="say where each node stands, as offsets"))),
        Command("tokens", tokens, (_FILE,)),
        Command(
            "fmt",
            format_files,
            (
                _FILES,
                option("--check", text="write nothing, and answer whether anything would change"),
                option("--stdout", text="print the result instead of writing it"),
                option("--diff", text="print what would change"),
                option(
                    "--style",
                    text="how blocks are written",
                    value="STYLE",
                    default="keep",
                    choices=("keep", "braces", "indent"),
                ),
            ),
            no="a file would change",
        ),
        Command(
            "lint",
            lint_files,
            (
                _FILES,
                option("--fix", text="mend what can be mended without changing what a program does"),
                option("--rule", text="ask this rule only", value="RULE", many=True, convert=_rule),
            ),
            no="there is something to remark on",
        ),
        Command(
            "test",
            test,
            (_FILES, option("--filter", text="run only tests whose name holds this", value="TEXT")),
            no="a test failed",
        ),
        Command("new", new, (argument("NAME", "the folder to make", completes="folder"),)),
    ),
)
_main = entry(GROUP)


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Run with these words, or with those of the shell: a file's name alone means `run`, nothing at all the prompt."""
    return _main(_spelled_out(list(sys.argv[1:] if argv is None else argv)), prog)


def _spelled_out(words: list[str]) -> list[str]:
    """The words with the command that a short form leaves out; what follows a program's name is the program's."""
    flags = 0
    while flags < len(words) and words[flags] in {"--json", "-q", "--quiet", "-v", "--verbose"}:
        flags += 1
    shared, rest = words[:flags], words[flags:]
    if not rest:
        return [*shared, "repl"]
    if rest[0] in {"-e", "--eval"}:
        return [*shared, "eval", *_kept_apart(rest[1:])]
    if rest[0] == "run":
        return [*shared, "run", *_kept_apart(rest[1:])]
    is_program = rest[0] == "-" or (
        not rest[0].startswith("-") and GROUP.find(rest[0]) is None and _looks_like_file(rest[0])
    )
    return [*shared, "run", *_kept_apart(rest)] if is_program else words


def _looks_like_file(word: str) -> bool:
    return word.endswith(".ruchy") or "/" in word


def _kept_apart(words: list[str]) -> list[str]:
    """The first word that is no option, then everything else behind `--`, so that no option of ours is seen in it."""
    place = next((index for index, word in enumerate(words) if not word.startswith("-") or word == "-"), None)
    if place is None or "--" in words[: place + 1]:
        return words
    rest = words[place + 1 :]
    return [*words[: place + 1], "--", *(rest[1:] if rest[:1] == ["--"] else rest)] if rest else words
