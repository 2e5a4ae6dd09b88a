"""One small tree per way to break a rule, and one per way that only looks like it.

A list: each case names the rule, the files that stand in the tree, and the text that the violation must
hold, or None where the rule must stay silent. `test_planted.py` builds each tree and asks the rule; it also
sees to it that no rule is without a case of either kind.
"""

from __future__ import annotations

from typing import NamedTuple

PACKAGE = "src/sovereign"
FIVE = {name + ".md": "" for name in ("README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY")}
WORKSPACE = {"Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n'}
CATALOGUE = (
    "ErrorCode = tuple\n"
    "_CODES = (ErrorCode('shell.usage', ParameterError, ''), ErrorCode('stack.broken', GateFailed, ''))\n"
)
ERRORS = {f"{PACKAGE}/errors.py": CATALOGUE}
PAGE = "# `{}`\n\n## What it means\n\n## Example\n\n## What to do\n"
PAGES = {f"docs/reference/errors/{code}.md": PAGE.format(code) for code in ("shell.usage", "stack.broken")}
RAISES = 'raise ParameterError("shell.usage", "x")\nraise GateFailed("stack.broken", "x")\n'
ROOM = {
    f"{PACKAGE}/persistence/pacha/__init__.py": '"""A registry."""\n\nfrom x import y\n\n__all__ = ["Store"]\n',
    f"{PACKAGE}/persistence/pacha/store.py": "",
}
STEP = "    steps:\n      - run: make demo\n      - run: |\n          make check\n          make test\n"
CI = {
    "README.md": "Try it.\n\n```sh\n# first\nmake demo\n\nmake test\n```\n",
    ".ci/run": "#!/bin/sh\nset -e\n\nmake demo\nmake check\nmake test\n# the end\n\n",
    ".github/workflows/ci.yml": "jobs:\n  one:\n" + STEP,
    "Makefile": "demo:\ntest:\n",
}
DIGEST = "--hash=sha256:" + "0" * 64


def crate(name: str, *, needs: str = "", source: str = "#![no_std]\n", under: str = "crates") -> dict[str, str]:
    """The two files of a crate."""
    manifest = f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n{needs}\n'
    return {f"{under}/{name}/Cargo.toml": manifest, f"{under}/{name}/src/lib.rs": source}


def contract(*layers: str, container: str = "sovereign") -> dict[str, str]:
    """A `pyproject.toml` with one layers contract."""
    listed = ", ".join(f'"{layer}"' for layer in layers)
    head = f'[[tool.importlinter.contracts]]\ntype = "layers"\ncontainers = ["{container}"]\n'
    return {"pyproject.toml": f"{head}layers = [{listed}]\n"}


def entry(group: str, target: str) -> dict[str, str]:
    """A `pyproject.toml` with one entry point."""
    return {"pyproject.toml": f'[project.entry-points."sovereign.{group}"]\nplanted = "{target}"\n'}


class Case(NamedTuple):
    """A rule, a tree, and the text that the one violation holds; None when there is none."""

    rule: str
    files: dict[str, str]
    found: str | None


# A room whose names are loaded when they are first used.
PUT_OFF = """'X.'
TYPE_CHECKING = False
if TYPE_CHECKING:
    from sovereign.ml.apr.a import A
else:
    from sovereign.shell.lazy import lazily

    __getattr__ = lazily(__name__, {'A': "a"})
__all__ = ['A']
"""
CASES = [
    # names
    Case("root_markdown_is_fixed", FIVE | {"docs/NOTES.md": ""}, None),
    Case("root_markdown_is_fixed", FIVE | {"NOTES.md": ""}, "`NOTES.md`"),
    Case("root_markdown_is_fixed", {k: v for k, v in FIVE.items() if k != "SECURITY.md"}, "`SECURITY.md`"),
    Case("names_say_what", {"src/partial.py": "", "docs/statusbar.md": "", "a/finality.rs": ""}, None),
    *[
        Case("names_say_what", {name: ""}, f"`{name}`")
        for name in (
            "docs/session-3.md",
            "src/part_2.py",
            "src/part2.py",
            "a/final/x.py",
            "x.disabled",
            "tests/test_Phase.py",
            "src/sovereign/ml/utils.py",
        )
    ],
    Case("names_bear_no_date", {"benchmarks/dot/results/2026-01-31.json": "", "x/v20260.md": ""}, None),
    Case("names_bear_no_date", {"docs/2026-01-31-notes.md": ""}, "2026-01-31"),
    Case("names_bear_no_date", {"docs/log20260131.md": ""}, "log20260131"),
    Case("folders_are_not_numbered", {"tests/test_r0042_overflow.py": "", "tests/test_utf8.py": ""}, None),
    Case("folders_are_not_numbered", {"tests/tests_2/test_x.py": ""}, "tests_2"),
    Case("folders_are_not_numbered", {"tests/test_3.py": ""}, "test_3"),
    # texts
    Case("debt_is_not_marked", {"a.py": "# what to do next\nxxx = 'XX" + "XXXX'\n", "b.rs": "fn x() {}"}, None),
    *[
        Case("debt_is_not_marked", {"a.md": f"\n# {mark}: later\n"}, "`a.md:2`")
        for mark in ("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")
    ],
    Case("debt_is_not_marked", {"a.rs": "fn x() { to" + "do!() }\n"}, "a macro"),
    Case("debt_is_not_marked", {"a.rs": "fn x() { unimplemented" + "!() }\n"}, "a macro"),
    Case("machines_are_not_named", {"a.yml": ".github/workflows, ~/wo" + "rk/x, https://x.y/ro" + "ot/z\n"}, None),
    Case("machines_are_not_named", {"a.toml": "path = '/wo" + "rk/main'\n"}, "`a.toml:1`"),
    Case("machines_are_not_named", {"a.md": "in /r" + "oot\n"}, "`a.md:1`"),
    Case("machines_are_not_named", {"a.py": "P = '/ho" + "me/me/x'\n"}, "`a.py:1`"),
    Case("registries_are_not_named", {"a.toml": "the Rust registry\n", "Cargo.lock": "crates." + "io"}, None),
    *[
        Case("registries_are_not_named", {"a.sh": f"get https://static.{host}/x\n"}, "`a.sh:1`")
        for host in (
            "crates." + "io",
            "pypi." + "org",
            "python" + "hosted.org",
            "npmjs." + "com",
            "npmjs." + "org",
            "deb." + "debian.org",
            "rust-" + "lang.org",
        )
    ],
    Case("rust_is_not_included", {"a.rs": 'const X: &str = include_str!("x");\n', "a.md": "include!("}, None),
    Case("rust_is_not_included", {"a.rs": 'include!("b.rs");\n'}, "`a.rs:1`"),
    Case("generated_files_name_their_tool", {"a.md": "Generated by `tools/docs.py`.", "tools/docs.py": ""}, None),
    Case("generated_files_name_their_tool", {"a.md": "\n" * 6 + "It is generated by hand.\n"}, None),
    Case("generated_files_name_their_tool", {"a.md": "Generated by hand.\n"}, "does not name its tool"),
    Case("generated_files_name_their_tool", {"a.md": "Generated by `tools/gone.py`.\n"}, "not there"),
    # skips
    Case(
        "skips_expire",
        {
            "tests/test_a.py": "import pytest\npytest.skip('#12 until 2999-12-31: waits for the index')\n"
            "@pytest.mark.xfail(reason='#13 until 2999-12-31: known')\ndef test_x(): ...\n",
            "tests/conftest.py": "pytest.skip('no node')\n",
            "tests/test_b.py": "with pytest.raises(pytest.skip.Exception): ...\n",
            "crates/a/src/lib.rs": '#[ignore = "#14 until 2999-12-31: slow"]\nfn x() {}\n',
        },
        None,
    ),
    Case("skips_expire", {"tests/test_a.py": "pytest.skip('later')\n"}, "`tests/test_a.py:1`"),
    Case("skips_expire", {"tests/test_a.py": "@pytest.mark.skip\ndef test_x(): ...\n"}, "`tests/test_a.py:1`"),
    Case("skips_expire", {"tests/test_a.py": "pytest.importorskip('numpy')\n"}, "an issue and a day"),
    Case("skips_expire", {"tests/test_a.py": "@pytest.mark.xfail(reason='#1: x')\ndef test_x(): ...\n"}, "a day"),
    Case("skips_expire", {"tests/test_a.py": "pytest.skip('#1 until 2020-01-31: x')\n"}, "has expired"),
    Case("skips_expire", {"crates/a/src/lib.rs": "\n#[ignore]\nfn x() {}\n"}, "`crates/a/src/lib.rs:2`"),
    Case("skips_expire", {"tests/test_a.py": "@unittest.expectedFailure\ndef test_x(): ...\n"}, "an issue"),
    Case("skips_expire", {"tests/test_a.py": "@unittest.skipIf(x, 'y')\ndef test_x(): ...\n"}, "an issue"),
    # errors
    Case("codes_are_documented", ERRORS | PAGES | {"docs/reference/errors/index.md": ""}, None),
    Case("codes_are_documented", ERRORS | {k: v for k, v in PAGES.items() if "usage" in k}, "`stack.broken`"),
    Case(
        "codes_are_documented",
        ERRORS | PAGES | {"docs/reference/errors/shell.gone.md": PAGE.format("shell.gone")},
        "not in the catalogue",
    ),
    Case("codes_are_documented", ERRORS | PAGES | {"docs/reference/errors/shell.usage.md": PAGE}, "title"),
    Case(
        "codes_are_documented",
        ERRORS | PAGES | {"docs/reference/errors/shell.usage.md": PAGE.format("shell.usage")[:-14]},
        "`## What to do`",
    ),
    Case("codes_are_tested", ERRORS | {"tests/unit/a.py": "'shell.usage'\n'stack.broken'\n"}, None),
    Case(
        "codes_are_tested",
        ERRORS | {"tests/unit/a.py": "'shell.usage'\n", "tests/house/b.py": "'stack.broken'\n"},
        "`stack.broken`",
    ),
    Case("codes_are_catalogued", ERRORS | {f"{PACKAGE}/a.py": RAISES}, None),
    Case("codes_are_catalogued", ERRORS | {f"{PACKAGE}/a.py": "raise GateFailed('a.b', 'x')\n"}, "`a.b`"),
    Case("codes_are_catalogued", ERRORS | {f"{PACKAGE}/a.py": "raise GateFailed(f'a.{b}', 'x')\n"}, "written out"),
    Case("codes_are_catalogued", ERRORS | {f"{PACKAGE}/a.py": "raise errors.GateFailed()\n"}, "written out"),
    Case("codes_are_catalogued", ERRORS | {f"{PACKAGE}/a.py": "GateFailed('shell.usage', 'x')\n"}, "raised as"),
    Case(
        "codes_are_catalogued",
        ERRORS
        | {
            f"{PACKAGE}/a.py": "def refuse(code):\n    raise GateFailed(code, 'x')\n",
            f"{PACKAGE}/b.py": "refuse('shell.usage')\nopen('a.b')\n",
        },
        None,
    ),
    Case("codes_are_catalogued", ERRORS | {f"{PACKAGE}/a.py": "refuse('shell.gone', path)\n"}, "`shell.gone`"),
    Case(
        "codes_are_catalogued",
        ERRORS | {f"{PACKAGE}/a.py": "GateFailed('stack.broken' if x else 'a.c', 'x')\n"},
        "`a.c`",
    ),
    Case("codes_are_catalogued", ERRORS | {"crates/sovereign-python/src/errors.rs": '"a.b"\n'}, "`a.b`"),
    Case(
        "codes_are_catalogued",
        ERRORS | {"crates/sovereign-python/src/errors.rs": 'Told("GateFailed", "shell.usage", "x")\n'},
        "raised as `GateFailed`",
    ),
    Case(
        "codes_are_catalogued",
        ERRORS
        | {
            "crates/sovereign-python/src/errors.rs": 'Told("GateFailed",\n    "stack.broken", "x")\n"sovereign.errors"',
            "crates/other/src/errors.rs": '"a.b"',
        },
        None,
    ),
    Case("codes_are_used", ERRORS | {f"{PACKAGE}/a.py": RAISES}, None),
    Case("codes_are_used", {f"{PACKAGE}/errors.py": "ErrorCode(name, ParameterError, '')\n"}, None),
    Case(
        "codes_are_used",
        ERRORS | {f"{PACKAGE}/a.py": RAISES.splitlines()[0], "crates/a/src/lib.rs": '"stack.broken"'},
        None,
    ),
    Case("codes_are_used", ERRORS | {f"{PACKAGE}/a.py": RAISES.splitlines()[0]}, "`stack.broken`"),
    # crates
    Case(
        "pyo3_is_in_one_crate",
        WORKSPACE | crate("sovereign-python", needs='pyo3 = "*"') | crate("trueno", needs='pyo = "*"'),
        None,
    ),
    Case("pyo3_is_in_one_crate", WORKSPACE | crate("trueno", needs='pyo3 = "*"'), "`crates/trueno`"),
    Case("pyo3_is_in_one_crate", WORKSPACE | crate("trueno", needs='py = { package = "pyo3", version = "*" }'), "pyo3"),
    Case("pyo3_is_in_one_crate", WORKSPACE | crate("trueno", needs='pyo3-ffi = "*"'), "`pyo3`"),
    Case("pyo3_is_in_one_crate", WORKSPACE | crate("trueno", needs='[build-dependencies]\npyo3 = "*"'), "`pyo3`"),
    Case(
        "pyo3_is_in_one_crate",
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n'
            '[workspace.dependencies]\npy = { package = "pyo3", version = "*" }\n'
        }
        | crate("trueno", needs="py.workspace = true"),
        "`crates/trueno`",
    ),
    Case(
        "pyo3_is_in_one_crate",
        {"Cargo.toml": '[workspace]\nexclude = ["start"]\nmembers = ["crates/*"]\n'}
        | crate("trueno")
        | crate("planted", needs='pyo3 = "*"', under="start"),
        "`start/planted`",
    ),
    Case("bindgen_is_nowhere", WORKSPACE | crate("sovereign-wasm"), None),
    Case("bindgen_is_nowhere", WORKSPACE | crate("sovereign-wasm", needs='wasm-bindgen = "*"'), "sovereign-wasm"),
    Case(
        "core_crates_need_no_std",
        WORKSPACE
        | crate("trueno", source='#![cfg_attr(not(feature = "std"), no_std)]\n')
        | crate("container")
        | crate("train", source=""),
        None,
    ),
    Case("core_crates_need_no_std", WORKSPACE | crate("trueno", source="//! no_std\n"), "`trueno`"),
    # rooms
    Case(
        "rooms_are_entered_by_their_front",
        ROOM
        | {
            f"{PACKAGE}/persistence/pacha/shelf.py": "from sovereign.persistence.pacha.store import Store\n",
            f"{PACKAGE}/ml/apr/cli.py": "from sovereign.persistence.pacha import Store\n"
            "from sovereign.shell.exit import ExitCode\nimport sovereign.persistence.pacha\n",
        },
        None,
    ),
    Case(
        "rooms_are_entered_by_their_front",
        ROOM | {f"{PACKAGE}/ml/apr/a.py": "from sovereign.persistence.pacha.store import Store\n"},
        f"`{PACKAGE}/ml/apr/a.py:1`",
    ),
    Case(
        "rooms_are_entered_by_their_front",
        ROOM | {f"{PACKAGE}/ml/apr/a.py": "def f():\n    import sovereign.persistence.pacha.store\n"},
        "`sovereign.persistence.pacha.store`",
    ),
    Case(
        "rooms_are_entered_by_their_front",
        ROOM | {f"{PACKAGE}/ml/apr/a.py": "from sovereign.persistence.pacha import store\n"},
        "`sovereign.persistence.pacha.store`",
    ),
    Case("front_files_hold_no_logic", ROOM, None),
    Case("front_files_hold_no_logic", {f"{PACKAGE}/ml/apr/__init__.py": '"""X."""\n'}, "no `__all__`"),
    Case("front_files_hold_no_logic", {f"{PACKAGE}/ml/apr/__init__.py": "__all__ = []\n"}, "what it is"),
    Case(
        "front_files_hold_no_logic",
        {f"{PACKAGE}/ml/apr/__init__.py": '"""X."""\n__all__ = []\ndef f(): ...\n'},
        "__init__.py:3",
    ),
    Case("front_files_hold_no_logic", {f"{PACKAGE}/ml/apr/__init__.py": '"""X."""\n__all__ = []\nf()\n'}, ":3"),
    Case("front_files_hold_no_logic", {f"{PACKAGE}/ml/apr/__init__.py": PUT_OFF}, None),
    *[
        Case("front_files_hold_no_logic", {f"{PACKAGE}/ml/apr/__init__.py": PUT_OFF.replace(*change)}, "__init__.py:")
        for change in (
            ('"a"}', "f()}"),
            ("__getattr__", "_found"),
            ("from sovereign.shell.lazy", "from lazy"),
            ("    from sovereign.ml.apr.a import A", "    A = 1"),
        )
    ],
    Case("rooms_have_content", ROOM, None),
    Case("rooms_have_content", {f"{PACKAGE}/ml/apr/__init__.py": ""}, "`src/sovereign/ml/apr/`"),
    Case(
        "only_kernels_open_the_native_door",
        {
            f"{PACKAGE}/compute/trueno/_kernels.py": "from sovereign._native import dot\n",
            f"{PACKAGE}/_native/selftest.py": "from sovereign import _native\n",
            f"{PACKAGE}/a.py": "from sovereign import _natively\n",
        },
        None,
    ),
    *[
        Case("only_kernels_open_the_native_door", {f"{PACKAGE}/ml/a.py": f"{line}  # noqa: TID251\n"}, "ml/a.py:1")
        for line in (
            "from sovereign._native import dot",
            "from sovereign import _native",
            "import sovereign._native",
            "from sovereign._native._core import dot",
        )
    ],
    Case(
        "start_up_is_light",
        {
            f"{PACKAGE}/shell/table.py": "def f():\n    import rich.table\n",
            f"{PACKAGE}/ml/apr/cli.py": "if TYPE_CHECKING:\n    import numpy\n",
            f"{PACKAGE}/ml/apr/reference.py": "import numpy\n",
            f"{PACKAGE}/errors.py": "import importlib, richer\n",
            f"{PACKAGE}/diagnostic.py": "class A:\n    def f(self):\n        import numpy\n",
            f"{PACKAGE}/shell/page.py": "if x:\n    def f():\n        import numpy\n",
        },
        None,
    ),
    *[
        Case("start_up_is_light", {name: source}, f"`{name}:")
        for name, source in (
            (f"{PACKAGE}/__init__.py", "import numpy as np\n"),
            (f"{PACKAGE}/shell/table.py", "from rich.table import Table\n"),
            (f"{PACKAGE}/ml/apr/cli.py", "try:\n    from numpy import dot\nexcept ImportError:\n    pass\n"),
            (f"{PACKAGE}/diagnostic.py", "from importlib import metadata\n"),
            (f"{PACKAGE}/errors.py", "class A:\n    import numpy\n"),
        )
    ],
    Case("glossary_names_every_room", ROOM | {"docs/glossary.md": "| `persistence/pacha` | registry |\n"}, None),
    Case("glossary_names_every_room", ROOM | {"docs/glossary.md": "pacha\n"}, "`persistence/pacha`"),
    Case(
        "glossary_names_every_room",
        ROOM | {"docs/glossary.md": "| `persistence/pacha` | registry (not built yet) |\n"},
        "that stands",
    ),
    Case(
        "commands_have_a_page",
        entry("commands", "sovereign.ml.apr.cli:main") | {"docs/reference/commands/planted.md": ""},
        None,
    ),
    Case("commands_have_a_page", entry("commands", "sovereign.ml.apr.cli:main"), "`planted`"),
    Case(
        "entry_points_exist",
        entry("selftests", "sovereign.ml.apr.selftest:run") | {f"{PACKAGE}/ml/apr/selftest.py": ""},
        None,
    ),
    Case("entry_points_exist", entry("commands", "sovereign.ml.apr.cli:main"), "leads nowhere"),
    Case(
        "entry_points_exist",
        entry("commands", "sovereign.ml.apr.cli:other_main") | {f"{PACKAGE}/ml/apr/cli.py": ""},
        "`cli:main`",
    ),
    Case(
        "entry_points_exist",
        entry("commands", "sovereign.ml.apr:main") | {f"{PACKAGE}/ml/apr.py": ""},
        "`cli:main`",
    ),
    Case(
        "contracts_match_the_folders",
        contract("(pacha)", "(alimentar) | (trueno_db)", "container", container="sovereign.persistence")
        | {
            f"{PACKAGE}/persistence/container/__init__.py": "",
            f"{PACKAGE}/persistence/NOTES": "",
            f"{PACKAGE}/a.py": "",
        },
        None,
    ),
    Case(
        "contracts_match_the_folders",
        contract("b | a", container="sovereign.ml") | {f"{PACKAGE}/ml/{room}/__init__.py": "" for room in "ab"},
        None,
    ),
    Case("contracts_match_the_folders", contract("ml") | {f"{PACKAGE}/ml/apr/__init__.py": ""}, None),
    Case(
        "contracts_match_the_folders", contract("(ml)", "a") | {f"{PACKAGE}/a.py": "", f"{PACKAGE}/ml/x.py": ""}, "off"
    ),
    Case("contracts_match_the_folders", contract("ml", "a") | {f"{PACKAGE}/a.py": ""}, "in parentheses"),
    Case("contracts_match_the_folders", contract("a") | {f"{PACKAGE}/a.py": "", f"{PACKAGE}/b.py": ""}, "`b`"),
    Case(
        "contracts_match_the_folders",
        contract("ml")
        | {f"{PACKAGE}/ml/apr/__init__.py": "", f"{PACKAGE}/ml/realizar/__init__.py": "", f"{PACKAGE}/__init__.py": ""},
        "no contract",
    ),
    # README and CI
    Case("readme_shows_two_commands", CI, None),
    Case("readme_shows_two_commands", CI | {"README.md": CI["README.md"] + "```\nmake x\n```\n"}, None),
    Case("readme_shows_two_commands", CI | {"README.md": "```sh\nmake demo\n```\n"}, "it shows 1"),
    Case(
        "readme_shows_two_commands",
        CI | {"README.md": CI["README.md"] + "```console\n$ make x\n```\n", "Makefile": "demo:\ntest:\nx:\n"},
        "; make x`",
    ),
    Case("readme_shows_two_commands", CI | {"Makefile": "demo:\n"}, "`make test`"),
    Case("ci_runs_what_readme_says", CI, None),
    Case("ci_runs_what_readme_says", CI | {".ci/run": "make check\nmake test\n"}, "`make demo`"),
    Case("ci_runs_what_readme_says", CI | {".ci/run": CI[".ci/run"] + "make soak\n"}, "last of `.ci/run`: `make test`"),
    Case("ci_runs_what_readme_says", CI | {".ci/run": "# make demo\nmake test\n"}, "`make demo`"),
    Case(
        "ci_runs_what_readme_says",
        CI | {".github/workflows/ci.yml": CI[".github/workflows/ci.yml"].replace("make demo", "make lint")},
        "`.github/workflows/ci.yml`",
    ),
    Case("ci_steps_cannot_be_passed_by", CI, None),
    Case("ci_steps_cannot_be_passed_by", CI | {".ci/run": CI[".ci/run"] + "exit 0\n"}, "`exit 0`"),
    Case("ci_steps_cannot_be_passed_by", CI | {".ci/run": CI[".ci/run"].replace("set -e", "set -u")}, "does not stop"),
    Case("ci_steps_cannot_be_passed_by", CI | {".ci/run": CI[".ci/run"] + "make x\n"}, "makes other steps"),
    Case(
        "ci_steps_cannot_be_passed_by",
        CI
        | {
            ".github/workflows/ci.yml": "jobs:\n  one:\n"
            + STEP.replace("- run: make demo", "- if: false\n        run: make demo")
        },
        "can be passed by: `if`",
    ),
    Case("ci_can_be_run", {".ci/run": ""}, "`.ci/run`"),
    Case(
        "numbers_name_their_command",
        {
            "README.md": "A dot takes 90 ns, says `make bench`.\n\nPython 3.11, n = 384, 2 GiBs, v2s, `30 ms`.\n",
            "docs/a.md": "From `make bench`:\n\n| a | 5 ms |\n|---|---|\n\n```text\n5 ms\n```\n",
            "changes/1.md": "5 ms\n",
        },
        None,
    ),
    Case("numbers_name_their_command", {"README.md": "Fast.\n\nA dot takes\n90 ns.\n"}, "`90 ns` at `README.md:3`"),
    Case("numbers_name_their_command", {"README.md": "It takes 90 ns.\n\nSee `make bench`.\n"}, "`README.md:1`"),
    Case("numbers_name_their_command", {"docs/a.md": "It is 12.5x faster. See `x`.\n"}, "12.5x faster"),
    Case("numbers_name_their_command", {"docs/a.md": "A 9.6x speedup.\n"}, "9.6x speedup"),
    Case("numbers_name_their_command", {"docs/a.md": "It is 3 times as fast.\n"}, "3 times as fast"),
    Case("numbers_name_their_command", {"docs/a.md": "`make bench`\n\nNow:\n\n| a | 1,5 MB |\n"}, "1,5 MB"),
    Case(
        "numbers_name_their_command", {"docs/a.md": "```sh\nmake bench\n```\nIt takes 3 s.\n"}, "`3 s` at `docs/a.md:4`"
    ),
    # locks
    Case("locks_carry_digests", {"requirements/a.lock": f"# by uv\na==1 ; x \\\n    {DIGEST}  # via b\n"}, None),
    Case("locks_carry_digests", {"requirements/a.lock": f"a==1 \\\n    {DIGEST}\nb==2\n"}, "`b==2`"),
    Case("locks_carry_digests", {"requirements/a.lock": f"a>=1 {DIGEST}\n"}, "`a>=1`"),
    Case("locks_carry_digests", {"requirements/a.lock": f"--index-url https://x.y {DIGEST}\n"}, "--index-url"),
    Case("locks_carry_digests", {"requirements/a.lock": "# nothing\n"}, "empty"),
    Case("rust_lock_carries_digests", {"Cargo.lock": '[[package]]\nname = "trueno"\n'}, None),
    Case("rust_lock_carries_digests", {"Cargo.lock": '[[package]]\nname = "a"\nsource = "git+x"\n'}, "`a`"),
]
