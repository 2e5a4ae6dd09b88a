"""The model card in the metadata of a file: what the model is for, what it was made from, where it fails.

Enters: the map under `model_card`, which nobody vouches for, or a `ModelCard` to be written. Leaves: plain data, or
findings. The questions are those of Mitchell et al., Model Cards for Model Reporting, 2019; a question without an
answer is a finding, so that silence does not read as "none".
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ModelCard", "findings", "read_card"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """The answers, each a text and empty where nobody gave one; `metrics` are numbers by name."""

    name: str
    version: str = ""
    description: str = ""
    intended_use: str = ""
    out_of_scope: str = ""
    training_data: str = ""
    evaluation_data: str = ""
    limitations: str = ""
    ethical_considerations: str = ""
    authors: tuple[str, ...] = ()
    metrics: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = next(iter(_malformed(self.to_metadata())), None)
        if problem is not None:
            message = f"a model card cannot be written so, {problem}"
            raise ParameterError("container.parameter", message, name="model_card", value=None, allowed="texts")

    def to_metadata(self) -> dict[str, Any]:
        """The map for `model_card`, without the questions that nobody answered."""
        facts = {each.name: getattr(self, each.name) for each in fields(self)}
        facts["authors"] = list(self.authors)
        return {name: value for name, value in facts.items() if value or name == "name"}


_LISTS = ("authors", "metrics")
_TEXTS = tuple(each.name for each in fields(ModelCard) if each.name not in _LISTS)


def read_card(metadata: Mapping[str, Any]) -> ModelCard | None:
    """The card of a file, None where there is none or it is not well-formed; keys that we do not know are left out.

    >>> read_card({"model_card": {"name": "iris", "limitations": "three species"}}).limitations
    'three species'
    """
    facts = metadata.get("model_card")
    if not isinstance(facts, dict) or _malformed(facts):
        return None
    known = {name: facts[name] for name in (*_TEXTS, "metrics") if name in facts}
    return ModelCard(**known, authors=tuple(facts.get("authors", ())))


def findings(metadata: Mapping[str, Any]) -> list[str]:
    """What is malformed or unanswered in the card of a file; one finding where there is no card.

    >>> findings({})
    ['the file has no model card']
    """
    facts = metadata.get("model_card")
    if facts is None:
        return ["the file has no model card"]
    if not isinstance(facts, dict):
        return [f"the model card should be a map, it is: `{type(facts).__name__}`"]
    unanswered = [name for name in (*_TEXTS, *_LISTS) if not facts.get(name) and name != "name"]
    return _malformed(facts) + [f"the model card does not answer: `{name}`" for name in unanswered]


def _malformed(facts: Mapping[str, Any]) -> list[str]:
    """The answers that are not of their kind."""
    found = [
        f"`{name}` of the model card should be a text, it is: `{type(facts[name]).__name__}`"
        for name in _TEXTS
        if name in facts and not isinstance(facts[name], str)
    ]
    if not facts.get("name"):
        found.append("the model card does not name its model: `name`")
    authors, metrics = facts.get("authors", []), facts.get("metrics", {})
    if not (isinstance(authors, list | tuple) and all(isinstance(each, str) for each in authors)):
        found.append("`authors` of the model card should be a list of texts")
    if not (isinstance(metrics, dict) and all(map(_is_number, metrics.values()))):
        found.append("`metrics` of the model card should be numbers by name")
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
