"""The service behind an HTTP API: POST /triage answers for one examination, GET /health says that it is there."""

import base64
import json
from datetime import datetime, timezone

import sovereign

from features import RequestError, decide, read_sample

model = sovereign.load("model.apr")


def handler(event, context):
    """Answer one request of the gateway."""
    method = event.get("httpMethod", "")
    path = event.get("path", "")
    try:
        if (method, path) == ("GET", "/health"):
            return answer(200, {"status": "healthy", "function": context.function_name})
        if path != "/triage":
            raise RequestError(f"there is nothing at {path}", 404)
        if method != "POST":
            raise RequestError(f"{method} is not possible here", 405)
        return answer(200, triage(event))
    except RequestError as error:
        print(f"refused ({error.status}): {error.message}")
        return answer(error.status, {"error": error.message})


def triage(event) -> dict:
    """What is to be done about one examination."""
    body = event.get("body") or ""
    if event.get("isBase64Encoded", False):
        body = base64.b64decode(body).decode()
    today = datetime.fromtimestamp(event["requestContext"]["requestTimeEpoch"] / 1000, timezone.utc).date()
    sample = read_sample(body, today)
    malignant = float(model.predict_proba([sample.values])[0][0])
    return decide(sample, malignant, today)


def answer(status: int, body: dict) -> dict:
    """A reply of the gateway."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
