"""Routes of an HTTP API: JSON in, JSON out."""

import json


def handler(event, context):
    """Answer a request by its method and path."""
    method = event.get("httpMethod", "")
    path = event.get("path", "")
    if method == "GET" and path == "/health":
        return reply(200, {"status": "healthy"})
    if method == "POST" and path == "/orders":
        order = json.loads(event.get("body") or "{}")
        total = sum(item["price"] * item["count"] for item in order.get("items", []))
        return reply(201, {"customer": order.get("customer", ""), "total": total})
    return reply(404, {"error": "not found"})


def reply(status, body):
    """What a gateway sends on."""
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
