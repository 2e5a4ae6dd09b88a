"""The handler of Python's candidates: the event is the reply."""


def handler(event, context):
    """Give the event back."""
    return event
