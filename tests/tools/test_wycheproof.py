"""The check against the vectors of Wycheproof: what it judges, and that it never passes for want of vectors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import wycheproof
from sovereign.persistence.container import Suite, crypto

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = crypto.generate(Suite.STANDARD_2025)


def vector(result: str = "valid", sig: bytes | None = None) -> dict[str, object]:
    signature = KEY.sign(b"message") if sig is None else sig
    return {"tcId": 1, "msg": b"message".hex(), "sig": signature.hex(), "result": result}


@pytest.fixture(name="judge")
def _judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def run(*tests: dict[str, object]) -> int:
        group = {"publicKey": {"pk": KEY.public.raw.hex()}, "tests": tests}
        (tmp_path / "ed25519_test.json").write_text(json.dumps({"testGroups": [group]}))
        monkeypatch.setattr(wycheproof, "JUDGES", {"ed25519": wycheproof.JUDGES["ed25519"]})
        monkeypatch.setattr(sys, "argv", ["wycheproof.py", "--folder", str(tmp_path)])
        return wycheproof.main()

    return run


def test_vectors_that_come_out_as_they_should_are_a_yes(
    judge: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(vector(), vector("invalid", bytes(64)), vector("invalid", b""), vector() | {"ctx": "00"}) == 0
    assert capsys.readouterr().out.endswith("3 as they should be, 0 wrong, 1 of no suite\n")


@pytest.mark.parametrize("wrong", [vector("invalid"), vector("valid", bytes(64))])
def test_a_vector_that_comes_out_wrong_is_a_no(
    judge: Callable[..., int], wrong: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(vector(), wrong) == 1
    assert "WRONG: ed25519 1" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["--folder", "/nonexistent"]])
def test_without_vectors_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.delenv("WYCHEPROOF", raising=False)
    monkeypatch.setattr(sys, "argv", ["wycheproof.py", *words])
    assert wycheproof.main() == 2
    assert capsys.readouterr().out.startswith("not measured: ")
