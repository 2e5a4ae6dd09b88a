"""The Rust that translators share: a tree, its text, what it needs at run time, and how it is built.

Enters: a tree of `tree.py` that a front-end built. Leaves: readable Rust, the part of the support module that it names,
and a program. Files in the order in which data passes them: `tree.py` the nodes, `law.py` with `grammar.py` and
`formats.py` which of them are valid, `printer.py` with `oneline.py` and `words.py` their text, `shake.py` with
`index.py`, `units.py` and `items.py` what of `support/` a program needs, `model_crates.py` the crates of its models,
`build.py` with `findings.py`, `library.py`,
`batch.py` and `project.py` the program. `mutation.py` makes wrong programs, to test what compares them.

Below that stand the targets: `toolchains.py` asks the compilers, `sysroots.py` holds standard libraries built once,
`linkers.py` finds what links, `vendor.py` the crates of our lock, `targets.py` puts them together, `probe.py` proves it
and `debian.py` brings what is missing. Read `tree.py` first, and `targets.py` for the targets.
"""

from __future__ import annotations

from sovereign.migration.rust import tree
from sovereign.migration.rust.batch import compile_together
from sovereign.migration.rust.build import (
    Built,
    Job,
    Profile,
    Training,
    compile_many,
    compile_program,
    compile_project,
    learnt,
    recipe_for,
)
from sovereign.migration.rust.findings import SourceMap
from sovereign.migration.rust.formats import wants
from sovereign.migration.rust.law import Violation, check, require_valid
from sovereign.migration.rust.library import support_library
from sovereign.migration.rust.model_crates import model_crates
from sovereign.migration.rust.mutation import Mutant, mutants
from sovereign.migration.rust.printer import Printed, print_program
from sovereign.migration.rust.project import member, runtime_files, write_project
from sovereign.migration.rust.shake import FOLDER, mentioned, support_module, support_names
from sovereign.migration.rust.targets import TARGETS, Missing, Recipe, Target, find, host, require

__all__ = [
    "FOLDER",
    "TARGETS",
    "Built",
    "Job",
    "Missing",
    "Mutant",
    "Printed",
    "Profile",
    "Recipe",
    "SourceMap",
    "Target",
    "Training",
    "Violation",
    "check",
    "compile_many",
    "compile_program",
    "compile_project",
    "compile_together",
    "find",
    "host",
    "learnt",
    "member",
    "mentioned",
    "model_crates",
    "mutants",
    "print_program",
    "recipe_for",
    "require",
    "require_valid",
    "runtime_files",
    "support_library",
    "support_module",
    "support_names",
    "tree",
    "wants",
    "write_project",
]
