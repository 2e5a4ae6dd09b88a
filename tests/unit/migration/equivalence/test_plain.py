from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sovereign.errors import ParameterError
from sovereign.migration.equivalence.generate import Generator, boundaries, smaller
from sovereign.migration.equivalence.plain import Opaque, Plain, Signature, canonical, decode, encode, parse_type

TYPES = [
    *"int float str bool bytes none".split(),
    "list[int]",
    "dict[str, list[float]]",
    "tuple[int, str, bytes]",
    "tuple[float, ...]",
    "set[int]",
    "frozenset[tuple[int, str]]",
    "optional[list[bool]]",
    "dict[tuple[int, int], set[str]]",
]
atoms = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()) | st.binary()
values = st.recursive(
    atoms, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner)
)


@given(values)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_words_say_a_value_with_its_types(value):
    words = encode(value)
    assert "\n" not in words
    assert repr(decode(words)) == repr(value)
    assert canonical(words) == words


def test_sets_in_any_order_and_all_kinds_of_nan_have_the_same_words():
    assert canonical("e2 i2 i1") == canonical("e2 i1 i2")
    assert canonical("l1 z2 sff i1") == canonical("l1 z2 i1 sff")
    assert canonical(encode(math.nan)) == canonical("ffff8000000000001")
    assert canonical(encode(-0.0)) != canonical(encode(0.0))
    assert canonical("d2 i2 T i1 F") != canonical("d2 i1 F i2 T")


def test_what_is_no_plain_data_is_known_by_its_repr():
    found = decode(encode([Opaque("<x>")]))
    assert repr(found) == "[<x>]"
    assert encode(1j) == "o" + b"1j".hex()


@pytest.mark.parametrize("words", ["", "q", "l2 i1", "i1 i2", "i1.5", "f00", "sgg", "l-x", "e1 l0"])
def test_words_that_say_nothing_are_refused(words):
    with pytest.raises(ParameterError) as caught:
        decode(words)
    assert caught.value.code == "equivalence.words"


@pytest.mark.parametrize("text", TYPES)
def test_a_type_is_read(text):
    assert str(parse_type(text)) == text


def test_unions_with_none_are_optional():
    assert parse_type("int | None") == parse_type("None|int") == Plain("optional", (Plain("int"),))
    assert Signature.of("f", "List[Int]").parameters == (parse_type("list[int]"),)


@pytest.mark.parametrize(
    "text",
    ["", "list", "list[", "list[int", "list[int]]", "dict[int]", "int | str", "object", "list[int;]", "set[list[int]]"],
)
def test_a_type_that_is_none_is_refused(text):
    with pytest.raises(ParameterError) as caught:
        parse_type(text)
    assert caught.value.code == "equivalence.type"


def fits(value, kind: Plain) -> bool:
    """Whether a value is of a type, told in another way than it was made."""
    if kind.kind == "optional":
        return value is None or fits(value, kind.items[0])
    if kind.kind == "none":
        return value is None
    if kind.kind == "dict":
        return type(value) is dict and all(fits(k, kind.items[0]) and fits(v, kind.items[1]) for k, v in value.items())
    if kind.kind == "tuple":
        return type(value) is tuple and all(map(fits, value, kind.items)) and len(value) == len(kind.items)
    name = "tuple" if kind.kind == "sequence" else kind.kind
    return type(value).__name__ == name and (not kind.items or all(fits(item, kind.items[0]) for item in value))


@pytest.mark.parametrize("text", TYPES)
def test_inputs_are_of_their_type_and_the_same_for_a_seed(text):
    kind = parse_type(text)
    found = list(Generator(3).arguments((kind, kind), 300))
    assert len(found) == 300
    assert all(fits(value, kind) for pair in found for value in pair)
    assert all(fits(value, kind) for value in boundaries(kind))
    assert [encode(pair) for pair in found] == [encode(pair) for pair in Generator(3).arguments((kind, kind), 300)]


def test_boundaries_come_first():
    tried = [value for (value,) in Generator(0).arguments((Plain("int"),), 60)]
    assert {0, -1, 2**31, 2**63 - 1, 2**63} <= set(tried[:30])
    assert "" in boundaries(Plain("str"))
    assert any(ord(letter) > 0xFFFF for text in boundaries(Plain("str")) for letter in text)
    assert any(math.isnan(value) for value in boundaries(Plain("float")))
    assert any(math.copysign(1, value) < 0 and value == 0 for value in boundaries(Plain("float")))
    assert [] in boundaries(parse_type("list[int]"))


@pytest.mark.parametrize("text", TYPES)
def test_smaller_values_are_of_the_same_type_and_come_to_an_end(text):
    kind = parse_type(text)
    for (value,) in Generator(5).arguments((kind,), 40):
        small = value
        for _ in range(3000):
            following = next(iter(smaller(small)), None)
            if following is None:
                break
            assert fits(following, kind)
            small = following
        assert encode(small) == encode(next(iter(smaller(small)), small))
