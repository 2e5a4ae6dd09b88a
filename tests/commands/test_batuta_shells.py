"""Completion and manual pages, as the shells themselves take them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from workdir import Plugin, Workdir

COMPLETE_IN_BASH = """
source batuta.bash
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
COMP_LINE="${{COMP_WORDS[*]}}"
COMP_POINT=${{#COMP_LINE}}
"$(complete -p batuta | sed 's/.*-F \\([^ ]*\\).*/\\1/')" batuta
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def run(workdir: Workdir, words: list[str]) -> str:
    finished = subprocess.run(words, cwd=workdir.path, env=workdir.environment, capture_output=True, check=False)
    assert finished.returncode == 0, finished.stderr.decode()
    assert finished.stderr == b""
    return finished.stdout.decode()


def script(workdir: Workdir, shell: str) -> str:
    answer = workdir.run(f"batuta completion {shell}")
    assert (answer.status, answer.err) == (0, "")
    workdir.write(f"batuta.{shell}", answer.out)
    return f"batuta.{shell}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("batuta sta", {"stack"}),
        ("batuta stack ''", {"check"}),
        ("batuta stack check --ht", {"--html"}),
        ("batuta completion ''", {"bash", "zsh", "fish"}),
        ("batuta --js", {"--json"}),
        ("batuta hel", {"hello"}),
        ("batuta stack check --html pag", {"page.html"}),
    ],
)
def test_bash_completes_what_was_declared(workdir: Workdir, plugin: Plugin, words: str, expected: set[str]) -> None:
    plugin.command("hello")
    workdir.write("page.html")
    script(workdir, "bash")
    found = run(workdir, ["bash", "--norc", "-c", COMPLETE_IN_BASH.format(words=words)])
    assert expected <= set(found.split())
    assert all(each.startswith(words.rsplit(maxsplit=1)[-1].strip("'")) for each in found.split())


@pytest.mark.requires("zsh")
def test_zsh_registers_the_script_as_the_help_says(workdir: Workdir) -> None:
    name = script(workdir, "zsh")
    run(workdir, ["zsh", "-f", "-n", name])
    load = f'autoload -Uz compinit; compinit -D -u; eval "$(<{name})"; print $_comps[batuta]; whence -w $_comps[batuta]'
    assert "function" in run(workdir, ["zsh", "-f", "-c", load])


@pytest.mark.requires("fish")
def test_fish_completes_what_was_declared(workdir: Workdir) -> None:
    name = script(workdir, "fish")
    for words, expected in (
        ("batuta sta", "stack"),
        ("batuta stack check --ht", "--html"),
        ("batuta completion z", "zsh"),
    ):
        assert expected in run(workdir, ["fish", "--no-config", "-c", f"source {name}; complete -C '{words}'"])


@pytest.mark.requires("groff")
@pytest.mark.parametrize("words", ["", "stack", "stack check", "demo", "completion", "man"])
def test_every_manual_page_is_clean_roff(workdir: Workdir, words: str) -> None:
    workdir.write("page.1", workdir.run(f"batuta man {words}").out)
    assert "batuta" in run(workdir, ["groff", "-man", "-Tutf8", "-ww", "-rLL=100n", "page.1"])


def test_the_manual_knows_no_page_of_another_name(workdir: Workdir) -> None:
    answer = workdir.run("batuta man stack chekc")
    assert answer.status == 2
    assert "did you mean `check`?" in answer.err
