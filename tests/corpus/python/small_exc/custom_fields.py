class HttpError(Exception):
    def __init__(self, status, reason):
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


def get(code):
    if code >= 400:
        raise HttpError(code, "bad")
    return "ok"


for code in (200, 404):
    try:
        print(get(code))
    except HttpError as e:
        print(e, e.status, e.reason, isinstance(e, Exception))
