"""Model cards: what is written comes back, and silence is found."""

from __future__ import annotations

import pytest

from sovereign.errors import ParameterError
from sovereign.persistence.container.card import ModelCard, findings, read_card

WHOLE = ModelCard(
    name="iris",
    version="2",
    description="species of a flower",
    intended_use="teaching",
    out_of_scope="other flowers",
    training_data="150 flowers",
    evaluation_data="the same flowers",
    limitations="three species",
    ethical_considerations="none that are known",
    authors=("Anna",),
    metrics={"accuracy": 0.97},
)


def test_a_card_comes_back_as_it_was_written():
    metadata = {"model_card": WHOLE.to_metadata()}
    assert read_card(metadata) == WHOLE
    assert findings(metadata) == []


def test_what_nobody_answered_is_found():
    metadata = {"model_card": ModelCard(name="iris").to_metadata()}
    assert metadata == {"model_card": {"name": "iris"}}
    assert "the model card does not answer: `limitations`" in findings(metadata)
    assert len(findings(metadata)) == 10


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"version": 2}, {"authors": "Anna"}, {"authors": [1]}, {"metrics": {"accuracy": True}}]
)
def test_what_is_malformed_is_found_and_not_read(change):
    metadata = {"model_card": {**WHOLE.to_metadata(), **change}}
    assert findings(metadata)
    assert read_card(metadata) is None


def test_a_card_that_is_no_map_is_found():
    assert findings({"model_card": "iris"}) == ["the model card should be a map, it is: `str`"]


def test_a_malformed_card_is_not_written():
    with pytest.raises(ParameterError) as refused:
        ModelCard(name="")
    assert refused.value.code == "container.parameter"
