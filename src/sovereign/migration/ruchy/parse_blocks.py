"""Blocks, and the expressions that begin with a keyword.

Enters: a cursor at a statement. Leaves: `Block`s; a statement that cannot be read is reported and passed over, so that
the next one is read too. Read `parser.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import tree
from sovereign.migration.ruchy.cursor import Unparsed
from sovereign.migration.ruchy.parse_expressions import ExpressionParser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.lexer import Token
    from sovereign.migration.ruchy.tree import Expression

__all__ = ["BlockParser"]

_BLOCK_LIKE = (
    tree.If,
    tree.Match,
    tree.While,
    tree.Loop,
    tree.For,
    tree.Block,
    tree.TryCatch,
    tree.Async,
)
_BEGINNINGS = frozenset(
    "fun fn let var const static struct enum impl trait class mod use import actor for while loop if match return pub"
    .split()
)  # fmt: skip
_NO_VALUE = frozenset({"}", ")", "]", ",", ";", "=>", ""})


class BlockParser(ExpressionParser):
    """Reads blocks and compound expressions; declarations come from `Parser`, which stands on this."""

    def block(self) -> tree.Block:
        """`{ statements }`."""
        if not self.is_at("{"):
            self.refuse("a block is missing", found=True, fix="begin it with `{`, or with `:` and an indented block")
        opened = self.advance()
        with self.nested(), self.context(is_bare=False):
            statements = self.statements("}")
        self.expect_close("}", opened)
        return tree.Block(self.since(opened.place[0]), tuple(statements))

    def statements(self, closing: str) -> list[Expression]:
        """Statements up to a closing bracket, which stays, or to the end of the text."""
        found: list[Expression] = []
        while self.token.kind != "end" and not (closing and self.is_at(closing)):
            if self.accept(";"):
                continue
            at = self.at
            try:
                found.append(self.statement())
                self._end_statement(closing)
            except Unparsed:
                self._recover(at, closing)
        return found

    def _end_statement(self, closing: str) -> None:
        token = self.token
        if token.kind == "end" or token.text == ";" or token.is_first or (closing and self.is_at(closing)):
            return
        previous = self.tokens[self.at - 1]
        if previous.text == "}" or token.is_virtual or previous.is_virtual:
            return
        if token.text in {")", "]", "}"}:
            self.refuse(f"nothing is open that {self.shown()} would close")
        self.refuse(f"the statement should end before {self.shown()}", fix=self._meant())

    def _recover(self, at: int, closing: str) -> None:
        """Go on at the next line that begins a statement, or at the end of this block."""
        if self.at == at:
            self.advance()
        depth = 0
        while self.token.kind != "end":
            token = self.token
            if token.kind == "operator" and token.text in "([{":
                depth += 1
            elif token.kind == "operator" and token.text in ")]}":
                if not depth and token.text == closing:
                    return
                depth = max(depth - 1, 0)
            elif not depth and (token.text == ";" or (token.is_first and token.text in _BEGINNINGS)):
                return
            self.advance()

    def statement(self) -> Expression:
        """One statement."""
        with self.nested():
            found = self.declaration()
            if found is not None:
                return found
            start = self.at
            if self.is_at("{") and not self.begins_object():
                value: Expression = self.block()
            else:
                compound = self.compound() if self.token.kind == "name" else None
                if compound is None:
                    return self.expression()
                value = compound
            return self._after_block(start, value)

    def _after_block(self, start: int, value: Expression) -> Expression:
        """A statement that ends with a brace is over, unless what follows on the line or a method goes on with it."""
        token = self.token
        if not isinstance(value, _BLOCK_LIKE):
            self.jump(start)
            return self.expression()
        goes_on = token.kind == "operator" and (token.text in {".", "?."} or (token.text == "?" and not token.is_first))
        if goes_on or (
            not token.is_first and self._infix() and token.text not in {"|", "||", "-", "*", "&", "&&", "!"}
        ):
            self.jump(start)
            return self.expression()
        return value

    def compound(self) -> Expression | None:
        """An expression that begins with a keyword, if one stands here."""
        reader = _COMPOUND.get(self.token.text)
        return reader(self) if reader is not None else None

    def _if(self) -> Expression:
        start = self.advance().place[0]
        condition = self.head()
        then = self.block()
        otherwise: Expression | None = None
        if self.is_word("else"):
            self.advance()
            otherwise = self._if() if self.is_word("if") else self.block()
        return tree.If(self.since(start), condition, then, otherwise)

    def _match(self) -> Expression:
        start = self.advance().place[0]
        subject = self.head()
        if not self.is_at("{"):
            self.refuse("the arms of the match are missing", found=True, fix="begin them with `{`")
        opened = self.advance()
        with self.nested(), self.context(is_bare=False):
            arms = self.arms()
        self.expect_close("}", opened)
        return tree.Match(self.since(start), subject, arms)

    def arms(self) -> tuple[tree.Arm, ...]:
        """The arms of a match up to its closing brace."""
        found: list[tree.Arm] = []
        while not self.is_at("}") and self.token.kind != "end":
            found.append(self._arm())
            is_separated = self.accept(",") or self.accept(";") or self.token.is_first
            if not is_separated and not self.is_at("}") and self.tokens[self.at - 1].text != "}":
                self.refuse("`,` is missing after the arm", found=True)
        return tuple(found)

    def _arm(self) -> tree.Arm:
        start = self.token.place[0]
        pattern = self.pattern()
        guard = None
        if self.accept_word("if"):
            with self.context(is_bare=True, takes_arrow=False):
                guard = self.expression()
        if not self.is_at("=>"):
            self.refuse("`=>` is missing after the pattern", found=True)
        self.advance()
        body = self.body_expression()
        return tree.Arm(self.since(start), pattern, guard, body)

    def postfix_of_block(self) -> Expression:
        """A block; what stands behind its brace on the same line goes on with it."""
        start = self.at
        value = self.block()
        return self._after_block(start, value)

    def _while(self, label: str | None = None) -> Expression:
        start = self.advance().place[0]
        condition = self.head()
        body = self.block()
        return tree.While(self.since(start), condition, body, label)

    def _loop(self, label: str | None = None) -> Expression | None:
        if self.peek().text != "{":
            return None
        start = self.advance().place[0]
        body = self.block()
        return tree.Loop(self.since(start), body, label)

    def _for(self, label: str | None = None) -> Expression:
        start = self.advance().place[0]
        pattern = self.loop_pattern()
        iterable = self.head()
        body = self.block()
        return tree.For(self.since(start), pattern, iterable, body, label)

    def labelled(self) -> Expression:
        """`'name: loop { }`."""
        token = self.advance()
        self.expect(":", "after the label of a loop")
        readers: dict[str, Callable[..., Expression | None]] = {
            "while": BlockParser._while,
            "loop": BlockParser._loop,
            "for": BlockParser._for,
        }
        reader = readers.get(self.token.text)
        found = reader(self, token.text[1:]) if reader else None
        if found is None:
            self.refuse("a loop is missing after the label", found=True)
        return found

    def _jump_label(self) -> str | None:
        if self.token.kind == "label" and not self.token.is_first:
            return self.advance().text[1:]
        return None

    def _value_here(self) -> Expression | None:
        token = self.token
        if token.is_first or token.is_virtual or (token.text in _NO_VALUE and token.kind != "text"):
            return None
        if token.kind == "name" and token.text in {"if", "else"} and token.text == "else":
            return None
        return self.expression()

    def _return(self) -> Expression:
        start = self.advance().place[0]
        value = self._value_here()
        return tree.Return(self.since(start), value)

    def _break(self) -> Expression:
        start = self.advance().place[0]
        label = self._jump_label()
        value = self._value_here()
        return tree.Break(self.since(start), label, value)

    def _continue(self) -> Expression:
        start = self.advance().place[0]
        label = self._jump_label()
        return tree.Continue(self.since(start), label)

    def _throw(self) -> Expression | None:
        if not self._is_prefix_word():
            return None
        start = self.advance().place[0]
        value = self.expression()
        return tree.Throw(self.since(start), value)

    def _await(self) -> Expression | None:
        if not self._is_prefix_word():
            return None
        start = self.advance().place[0]
        value = self.unary()
        return tree.Await(self.since(start), value)

    def _spawn(self) -> Expression | None:
        if not self._is_prefix_word():
            return None
        token = self.advance()
        value = self.unary()
        return tree.Call(self.since(token.place[0]), tree.Name(token.place, "spawn"), (value,))

    def _is_prefix_word(self) -> bool:
        """Whether a word that is a keyword here and a name elsewhere stands before an operand."""
        after = self.peek()
        if after.is_first:
            return False
        return (
            after.kind in {"name", "text", "integer", "float", "format"}
            or after.text in {"[", "{"}
            or (after.text == "(" and after.place[0] > self.token.place[1])
        )

    def _async(self) -> Expression | None:
        if self.peek().text != "{":
            return None
        start = self.advance().place[0]
        body = self.block()
        return tree.Async(self.since(start), body)

    def _unsafe(self) -> Expression | None:
        if self.peek().text != "{":
            return None
        self.advance()
        return self.block()

    def _try(self) -> Expression | None:
        if self.peek().text != "{":
            return None
        start = self.advance().place[0]
        body = self.block()
        catches: list[tree.Catch] = []
        while self.is_word("catch"):
            catches.append(self._catch())
        finally_ = self.block() if self.accept_word("finally") else None
        if not catches and finally_ is None:
            self.refuse("`catch` or `finally` is missing after `try`", found=True)
        return tree.TryCatch(self.since(start), body, tuple(catches), finally_)

    def _catch(self) -> tree.Catch:
        start = self.advance().place[0]
        name = None
        if self.is_at("("):
            opened = self.advance()
            name = self._catch_name()
            self.expect_close(")", opened)
        elif not self.is_at("{"):
            name = self._catch_name()
        return tree.Catch(self.since(start), name, self.block())

    def _catch_name(self) -> str:
        token = self.name("the name of the error")
        if self.accept(":"):
            self.type()
        return token.text

    def _function_value(self) -> Expression | None:
        """`fun(x) { body }` without a name."""
        if self.peek().text != "(":
            return None
        start = self.advance().place[0]
        parameters = self.parameters()
        result = self.type() if self.accept("->") else None
        body = self.block()
        return tree.Closure(self.since(start), parameters, result, body)

    def parameters(self) -> tuple[tree.Parameter, ...]:
        """`(a: i32, b = 2)`."""
        opened = self.expect("(", "before the parameters")
        found: list[tree.Parameter] = []
        while not self.is_at(")"):
            self.skip_attributes()
            found.append(self.parameter())
            if not self.accept(","):
                break
        self.expect_close(")", opened)
        return tuple(found)

    def skip_attributes(self) -> list[Token]:
        """`#[...]` and `@name` before a declaration; the tokens in them."""
        found: list[Token] = []
        while self.is_at("#") or (self.is_at("@") and self.peek().kind == "name"):
            if self.accept("@"):
                found.append(self.advance())
                if self.is_at("(") and not self.token.is_first:
                    self.arguments()
                continue
            self.advance()
            opened = self.expect("[", "after `#`")
            depth = 1
            while depth and self.token.kind != "end":
                depth += self.is_at("[") - self.is_at("]")
                token = self.advance()
                if depth:
                    found.append(token)
            if depth:
                self.expect_close("]", opened)
        return found


_COMPOUND: dict[str, Callable[[BlockParser], Expression | None]] = {
    "if": BlockParser._if,
    "match": BlockParser._match,
    "while": BlockParser._while,
    "loop": BlockParser._loop,
    "for": BlockParser._for,
    "return": BlockParser._return,
    "break": BlockParser._break,
    "continue": BlockParser._continue,
    "throw": BlockParser._throw,
    "await": BlockParser._await,
    "spawn": BlockParser._spawn,
    "async": BlockParser._async,
    "unsafe": BlockParser._unsafe,
    "try": BlockParser._try,
    "fun": BlockParser._function_value,
    "fn": BlockParser._function_value,
}
