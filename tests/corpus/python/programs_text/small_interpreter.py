import re
import sys
from collections import namedtuple

Token = namedtuple("Token", "type value pos")
SPEC = [("NUMBER", r"\d+(\.\d*)?"), ("ID", r"[A-Za-z_]\w*"), ("OP", r"[+\-*/=<>!]=?|[();{}]"), ("SKIP", r"[ \t\n]+"), ("BAD", r".")]
MASTER = re.compile("|".join(f"(?P<{n}>{p})" for n, p in SPEC))


class LexError(Exception):
    pass


def lex(text):
    for m in MASTER.finditer(text):
        kind = m.lastgroup
        if kind == "SKIP":
            continue
        if kind == "BAD":
            raise LexError(f"bad character {m.group()!r} at {m.start()}")
        value = float(m.group()) if kind == "NUMBER" and "." in m.group() else int(m.group()) if kind == "NUMBER" else m.group()
        yield Token(kind, value, m.start())


class Interp:
    def __init__(self, text):
        self.toks = list(lex(text))
        self.i = 0
        self.env = {}
        self.out = []

    def peek(self):
        return self.toks[self.i].value if self.i < len(self.toks) else None

    def eat(self, want=None):
        tok = self.toks[self.i] if self.i < len(self.toks) else None
        if tok is None or (want is not None and tok.value != want):
            raise SyntaxError(f"expected {want}, found {tok.value if tok else 'end'}")
        self.i += 1
        return tok

    def program(self):
        while self.peek() is not None:
            self.statement()
        return self.out

    def statement(self):
        if self.peek() == "print":
            self.eat()
            self.out.append(self.expr())
        else:
            name = self.eat().value
            self.eat("=")
            self.env[name] = self.expr()
        self.eat(";")

    def expr(self):
        v = self.term()
        while self.peek() in ("+", "-"):
            v = v + self.term() if self.eat().value == "+" else v - self.term()
        return v

    def term(self):
        v = self.factor()
        while self.peek() in ("*", "/"):
            if self.eat().value == "*":
                v *= self.factor()
            else:
                v /= self.factor()
        return v

    def factor(self):
        tok = self.eat()
        if tok.type == "NUMBER":
            return tok.value
        if tok.value == "(":
            v = self.expr()
            self.eat(")")
            return v
        if tok.value == "-":
            return -self.factor()
        if tok.type == "ID":
            if tok.value not in self.env:
                raise NameError(tok.value)
            return self.env[tok.value]
        raise SyntaxError(f"unexpected {tok.value}")


for src in ["x = 2; y = x * (3 + 4.5); print y - 1; print -x / 4;", "print 1 +;", "print z;", "a = 1 $ 2;", "print (1", "print 1/0;"]:
    try:
        print(Interp(src).program())
    except (SyntaxError, NameError, LexError, ZeroDivisionError) as e:
        print(type(e).__name__, "-", e)
print(next(lex("abc")), [t.type for t in lex("if x >= 10.5 { y = 1; }")])
