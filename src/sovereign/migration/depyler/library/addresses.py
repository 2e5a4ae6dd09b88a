"""`urllib.parse`, `uuid`, `secrets`, `colorsys`.

Enters: call sites. Leaves: operands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.formatting import to_str
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.library.objects import (
    arguments_within,
    attributes,
    comparisons,
    condition,
    enlist,
    required,
)
from sovereign.migration.depyler.lowering import Operand
from sovereign.migration.depyler.methods import index_argument, text_argument
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.types import (
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    DictShape,
    ListShape,
    TupleShape,
    integer,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = ["UUID"]

PARSED_URL = enlist("ParsedUrl", "urllib.parse.ParseResult", shown="ParseResult")
UUID = enlist("Uuid", "uuid.UUID", shown="UUID")


# urllib.parse


def _quoted(name: str, safe: str) -> None:
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 2, "safe")
        return Operand(STR, call(f"url_{name}", text_argument(site, 0, "string"), text_argument(site, 1, "safe", safe)))

    builtin(f"urllib.parse.{name}")(handler)


_quoted("quote", "/")
_quoted("quote_plus", "")


def _unquoted(name: str) -> None:
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 1)
        return Operand(STR, call(f"url_{name}", text_argument(site, 0)))

    builtin(f"urllib.parse.{name}")(handler)


_unquoted("unquote")
_unquoted("unquote_plus")


@builtin("urllib.parse.urlparse")
def _urlparse(site: CallSite) -> Operand:
    arguments_within(site, 2, "scheme")
    value = call("ParsedUrl::parse", text_argument(site, 0, "url"), text_argument(site, 1, "scheme", ""))
    return Operand(PARSED_URL, site.low.fallible(value))


attributes("ParsedUrl", STR, "scheme", "netloc", "path", "params", "query", "fragment")
attributes("ParsedUrl", STR, "geturl", as_method=True)
attributes("ParsedUrl", STR.join(NONE), "hostname", "username", "password")
LIBRARY_ATTRIBUTES["ParsedUrl", "port"] = lambda low, operand: Operand(
    integer(0, 65535).join(NONE), low.fallible(rs.Method(low.receiver(operand), "port"))
)


@builtin("urllib.parse.urljoin")
def _urljoin(site: CallSite) -> Operand:
    arguments_within(site, 2)
    return Operand(STR, site.low.fallible(call("url_join", text_argument(site, 0), text_argument(site, 1))))


@builtin("urllib.parse.urlencode")
def _urlencode(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    given = stored(low, required(site, 0))
    shape = given.type.only
    if isinstance(shape, DictShape):
        given = Operand(given.type, rs.Method(low.receiver(given), "items"))
        item = tuple_of(low.contents(shape.key), low.contents(shape.value))
    elif isinstance(shape, ListShape) and isinstance(low.contents(shape.cell).only, TupleShape):
        item = low.contents(shape.cell)
        given = Operand(given.type, iterate(low, given).iterator)
    else:
        raise site.refuse("`urlencode` of such a value")
    pair = item.only
    if not isinstance(pair, TupleShape) or len(pair.items) != 2:
        raise site.refuse("`urlencode` of such pairs")
    names = (low.fresh("name"), low.fresh("value"))
    with low.capture() as statements:
        texts = [to_str(low, Operand(t, rs.Name(n), "place")) for t, n in zip(pair.items, names, strict=True)]
        pushed = rs.Tuple(tuple(low.own(text) for text in texts))
    pairs = low.fresh("pairs")
    vector = rs.NamedType("Vec", (rs.TupleType((rs.NamedType("Str"), rs.NamedType("Str"))),))
    low.emit(rs.Let(rs.Bind(pairs, mutable=True), vector, call("Vec::new")))
    body = (*statements, rs.Evaluate(rs.Method(rs.Name(pairs), "push", (pushed,))))
    pattern = rs.TuplePattern(tuple(rs.Bind(n) for n in names))
    low.emit(rs.For(pattern, given.expr, rs.Block(body), "", low.line))
    return Operand(STR, call("url_urlencode", rs.Borrow(rs.Name(pairs))))


@builtin("urllib.parse.parse_qs")
def _parse_qs(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, "keep_blank_values")
    value = call("url_parse_qs", text_argument(site, 0), condition(site, 9, "keep_blank_values"))
    return Operand(low.dict_of(STR, low.list_of(STR)), value)


@builtin("urllib.parse.parse_qsl")
def _parse_qsl(site: CallSite) -> Operand:
    arguments_within(site, 1, "keep_blank_values")
    value = call("url_parse_qsl", text_argument(site, 0), condition(site, 9, "keep_blank_values"))
    return Operand(site.low.list_of(tuple_of(STR, STR)), value)


# colorsys

_COLOR = tuple_of(FLOAT, FLOAT, FLOAT)


def _colors(name: str) -> None:
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 3)
        if [operand.type for operand in site.operands] != [FLOAT, FLOAT, FLOAT]:
            raise site.refuse(f"`colorsys.{name}` of numbers that are not all floats: integers may stay in its result")
        value = call(f"colorsys_{name}", *(site.low.own(operand) for operand in site.operands))
        return Operand(_COLOR, site.low.fallible(value))

    builtin(f"colorsys.{name}")(handler)


for _name in ("rgb_to_hsv", "hsv_to_rgb", "rgb_to_hls", "hls_to_rgb", "rgb_to_yiq", "yiq_to_rgb"):
    _colors(_name)


# uuid and secrets


@builtin("uuid.UUID")
def _uuid(site: CallSite) -> Operand:
    arguments_within(site, 1, "hex")
    return Operand(UUID, site.low.fallible(call("uuid_parse", text_argument(site, 0, "hex"))))


@builtin("uuid.uuid4")
def _uuid4(site: CallSite) -> Operand:
    arguments_within(site, 0)
    return Operand(UUID, site.low.fallible(call("uuid_uuid4")))


for _number in (3, 5):

    @builtin(f"uuid.uuid{_number}")
    def _named_uuid(site: CallSite, number: int = _number) -> Operand:
        arguments_within(site, 2)
        space = required(site, 0)
        if space.type != UUID:
            raise site.refuse("a UUID in such a namespace")
        return Operand(UUID, call(f"uuid_uuid{number}", site.low.borrow(space), text_argument(site, 1)))


for _name in ("DNS", "URL", "OID", "X500"):
    CONSTANTS[f"uuid.NAMESPACE_{_name}"] = lambda low, name=_name: Operand(  # type: ignore[misc]
        UUID, rs.Name(f"UUID_NAMESPACE_{name}")
    )
attributes("Uuid", STR, "hex", "urn", "variant")
attributes("Uuid", INT, "int")
attributes("Uuid", BYTES, "bytes")
attributes("Uuid", integer(1, 5).join(NONE), "version")
comparisons("Uuid")


for _name in ("token_bytes", "token_hex", "token_urlsafe"):

    @builtin(f"secrets.{_name}")
    def _token(site: CallSite, name: str = _name) -> Operand:
        arguments_within(site, 1, "nbytes")
        result = BYTES if name == "token_bytes" else STR
        return Operand(result, site.low.fallible(call(f"secrets_{name}", index_argument(site, 0, "nbytes", 32))))


@builtin("secrets.randbelow")
def _randbelow(site: CallSite) -> Operand:
    arguments_within(site, 1)
    return Operand(integer(0, (1 << 63) - 1), site.low.fallible(call("secrets_randbelow", index_argument(site, 0))))


@builtin("secrets.choice")
def _choice(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    given = stored(low, required(site, 0))
    shape = given.type.only
    item = STR if given.type == STR else low.contents(shape.cell) if isinstance(shape, ListShape) else None
    if item is None or item.never:
        raise site.refuse("`secrets.choice` from such a value")
    return Operand(item, low.fallible(call("secrets_choice", low.borrow(given))))
