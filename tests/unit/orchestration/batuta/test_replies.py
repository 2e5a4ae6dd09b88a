"""Events that nobody thought of, and outcomes that are held together."""

from __future__ import annotations

import json

from sovereign.orchestration.batuta.replies import comparable, mutated
from sovereign.orchestration.serverless import Kind, Outcome

EVENTS = [b'{"path": "/", "body": "{\\"n\\": [1, 2.5]}"}', b"torn"]


def test_mutations_repeat_themselves_and_reach_every_place() -> None:
    found = mutated(EVENTS, 400, 1)
    assert found == mutated(EVENTS, 400, 1) != mutated(EVENTS, 400, 2)
    whole = [each for each in found if each[:1] == b"{"]
    documents = [json.loads(each) for each in whole]
    assert any("path" not in each for each in documents)
    assert any(not isinstance(each.get("path"), str) for each in documents)
    bodies = {each.get("body") for each in documents if isinstance(each.get("body"), str)}
    assert len(bodies) > 20
    assert any(each != b"torn" and b"torn".startswith(each) for each in found)


def test_what_only_one_side_can_have_is_not_compared() -> None:
    body = json.dumps({"errorType": "KeyError", "errorMessage": "'a'", "stackTrace": ["x"], "requestId": "1"})
    assert comparable(Outcome(Kind.ERROR, body.encode())) == {"errorType": "KeyError", "errorMessage": "'a'"}
    reply = {"stackTrace": [], "statusCode": 200}
    assert comparable(Outcome(Kind.RESPONSE, json.dumps(reply).encode())) == reply
    assert comparable(Outcome(Kind.RESPONSE, b"plain")) == "plain"
