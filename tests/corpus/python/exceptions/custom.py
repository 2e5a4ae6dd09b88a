class AppError(Exception):
    pass


class CodeError(AppError):
    def __init__(self, code, message="failed"):
        super().__init__(f"{code}: {message}")
        self.code = code


class Quiet(AppError):
    def __str__(self):
        return "quiet!"


for e in (AppError("a", 1), AppError(), CodeError(5), CodeError(6, "bad"), Quiet("x")):
    try:
        raise e
    except CodeError as c:
        print("code", c.code, c, c.args)
    except AppError as a:
        print(type(a).__name__, str(a), repr(a), a.args)
try:
    try:
        raise CodeError(1)
    except AppError:
        raise
except Exception as e:
    print("outer", e, isinstance(e, AppError))


class InsufficientFunds(ValueError):
    def __init__(self, need, have):
        self.need, self.have = need, have

    def __str__(self):
        return f"need {self.need}, have {self.have}"


try:
    raise InsufficientFunds(5, 3)
except ValueError as e:
    print(e, e.need - e.have)
