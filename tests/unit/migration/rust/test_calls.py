from __future__ import annotations

from dataclasses import replace

from sovereign.migration.rust.calls import TABLE, known_calls, owned, resolved, unit_key
from sovereign.migration.rust.shake import FOLDER
from sovereign.migration.rust.units import Unit, read, units

JOIN = Unit("text", "fn join() {}", frozenset(("Str", "Str.join")), frozenset(), name="join", owner="Str")
ALIGN = Unit("rows", "fn join() {}", frozenset(("Row", "Row.join")), frozenset(), name="join", owner="Row")
CALLER = Unit("rows", "fn f() { a.join(b) }", frozenset(("f",)), frozenset((".join", "Row", "f")), name="f")


def test_a_function_in_the_table_mentions_a_method_with_its_owner():
    caller, *_ = resolved([CALLER, JOIN, ALIGN], {unit_key(CALLER): ["Row.join"]})
    assert caller.mentions == {"Row", "Row.join"}


def test_a_function_that_the_table_lacks_may_mean_the_method_of_any():
    caller, _, _, anyone = resolved([CALLER, JOIN, ALIGN], {unit_key(replace(CALLER, text="older")): []})
    assert ".join" in caller.mentions
    assert (anyone.needs, anyone.mentions) == ({".join"}, {"Str.join", "Row.join"})


def test_a_method_of_a_block_without_a_plain_owner_is_known_by_its_name():
    stray = Unit("rows", "fn join() {}", frozenset((".join",)), frozenset(), name="join")
    caller, *_ = resolved([CALLER, JOIN, stray], {unit_key(CALLER): []})
    assert ".join" in caller.mentions


def test_what_follows_a_type_may_belong_to_a_trait_of_it():
    assert set(owned(["Str.join", "Row.len", "say"], {"Str.join"})) == {"Str.join", ".len", "say"}


def test_nearly_all_functions_of_the_support_module_are_in_its_table():
    assert (FOLDER / TABLE).exists()
    known = known_calls(FOLDER)
    functions = [unit for unit in units(read(FOLDER, no_std=False)[0]) if unit.name]
    plain = [unit for unit in functions if not any("macro_rules!" in level.opening for level in unit.levels)]
    share = sum(unit_key(unit) in known for unit in plain) / len(plain)
    assert share > 0.85, "write it anew with `python tools/support_calls.py`"


def test_a_folder_without_a_table_has_none(tmp_path):
    assert known_calls(tmp_path) == {}
