class Log:
    def __init__(self):
        self.lines = []

    def __enter__(self):
        self.lines.append("enter")
        return self

    def __exit__(self, kind, error, trace):
        self.lines.append(f"exit {error}")
        return True


log = Log()
with log as l:
    l.lines.append("body")
with log:
    raise ValueError("boom")
print(log.lines)
