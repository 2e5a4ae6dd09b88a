"""The house rules hold in this checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from house import tree
from house.book import CHAPTERS, RULES


@pytest.mark.parametrize("name", RULES)
def test_rule_holds_in_this_tree(name: str) -> None:
    violations = RULES[name](tree.ROOT)
    assert not violations, "\n" + "\n".join(violations)


def test_every_file_of_rules_is_in_the_book() -> None:
    written = {path.stem for path in (Path(__file__).parent / "rules").glob("*.py")}
    assert written == {chapter.__name__.rpartition(".")[2] for chapter in CHAPTERS}


def test_the_tree_is_seen_when_it_is_this_checkout() -> None:
    seen = tree.files(tree.ROOT)
    assert {"README.md", "src/sovereign/errors.py", "crates/trueno/Cargo.toml"} <= set(seen)
    assert not any(name.startswith((".venv/", "target/", "site/")) for name in seen)
