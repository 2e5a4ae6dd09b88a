"""The self-test of models passes here, and says so when a model did not learn or does not come back."""

from __future__ import annotations

import numpy as np
import pytest

from sovereign.ml.aprender import LinearRegression, selftest
from sovereign.shell.selftest import State


def nothing(_model, X):
    return np.zeros(len(X))


def anything(_model, X):
    return np.random.default_rng().normal(size=len(X))


def test_models_come_back_on_this_machine():
    found = list(selftest.run())
    assert [each.state for each in found] == [State.OK] * 2
    assert "200 equal answers" in found[0].evidence


@pytest.mark.parametrize("predict", [nothing, anything])
def test_a_model_that_did_not_learn_is_told(monkeypatch, predict):
    monkeypatch.setattr(LinearRegression, "predict", predict)
    first = next(iter(selftest.run()))
    assert first.state is State.BROKEN
    assert "did not learn" in first.evidence


def test_a_model_that_does_not_come_back_is_told(monkeypatch):
    other = LinearRegression().fit([[0.0] * 4, [1.0] * 4], [0.0, 1.0])
    monkeypatch.setattr(selftest.files, "load", lambda _: other)
    first = next(iter(selftest.run()))
    assert first.state is State.BROKEN
    assert "answers otherwise" in first.evidence
