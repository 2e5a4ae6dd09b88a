"""Random programs: what they print does not depend on what the compiler knows, nor on how they are written."""

from __future__ import annotations

from hypothesis import given, settings

from ruchy_programs import Drawn, programs
from sovereign.migration.ruchy import World, check_text, formatted_text
from sovereign.migration.ruchy.findings import Findings
from sovereign.migration.ruchy.parser import parse
from sovereign.migration.ruchy.running import run_checked, run_text
from sovereign.migration.ruchy.sources import Sources
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.ruchy.tree import as_data
from sovereign.migration.ruchy.typed import Typed


def tree_of(text: str) -> object:
    sources = Sources()
    findings = Findings(sources)
    program = parse(sources.add("a.ruchy", text), sources, findings)
    assert not findings.errors, (text, findings.errors)
    return as_data(program)


def told(text: str, *, knows_types: bool = True) -> tuple[int, str | None, str]:
    written: list[str] = []

    def action() -> tuple[int, str | None, str]:
        checked = check_text("a.ruchy", text)
        if not knows_types:
            checked.typed = Typed(checked.names)
        ending = run_checked(checked, World(written.append))
        return ending.status, ending.message, "".join(written)

    return on_large_stack(action)


@settings(max_examples=60, deadline=None)
@given(programs())
def test_knowing_the_types_changes_nothing_that_is_printed(program: Drawn) -> None:
    text = program.braces()
    assert told(text) == told(text, knows_types=False), text


@settings(max_examples=25, deadline=None)
@given(programs())
def test_braces_and_indentation_give_one_tree(program: Drawn) -> None:
    assert tree_of(program.braces()) == tree_of(program.layout()), program.braces()


@settings(max_examples=25, deadline=None)
@given(programs())
def test_formatting_keeps_the_tree_and_is_done_after_once(program: Drawn) -> None:
    for text in (program.braces(), program.layout()):
        for style in ("keep", "braces", "indent"):
            once = formatted_text(text, style=style)
            assert tree_of(once) == tree_of(text), (style, text)
            assert formatted_text(once, style=style) == once, (style, text)


def test_a_run_ends_as_its_program_says() -> None:
    assert run_text("exit(7)", World([].append)).status == 7
