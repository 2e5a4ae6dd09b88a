"""Files and streams: `open`, `sys.stdin`, `io`, `base64`, `time`, `statistics`.

Enters: call sites. Leaves: operands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import TYPES, builtin, items_of, plain_iterator
from sovereign.migration.depyler.contexts import LIBRARY_CONTEXTS
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, Iteration
from sovereign.migration.depyler.library.math import floats, number
from sovereign.migration.depyler.library.objects import arguments_within, attributes, enlist, path_text, required
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, text_argument, text_of, value_method
from sovereign.migration.depyler.operators import call, equals, python_type_name
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    NONE,
    STR,
    IntShape,
    Type,
    integer,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["opened"]

_COUNT = integer(0, 1 << 40)


@builtin("open")
def _open(site: CallSite) -> Operand:
    low = site.low
    mode = site.argument(1, "mode")
    if mode is not None and not isinstance(mode.constant, str):
        raise site.refuse("`open` with a mode that is not known while translating")
    text = "r" if mode is None else str(mode.constant)
    type_ = low.opaque("BinaryFile" if "b" in text else "File")
    encoding = site.keyword("encoding")
    return Operand(type_, opened(site, path_text(site, 0, "file"), text, encoding))


def opened(site: CallSite, path: rs.Expression, mode: str, encoding: Operand | None) -> rs.Expression:
    """The file at a path, with the encoding and the line ends that the call names."""
    low = site.low
    newline, errors = site.keyword("newline"), site.keyword("errors")
    if (errors is not None and errors.type != NONE) or (newline is not None and newline.type not in {NONE, STR}):
        raise site.refuse("`open` with such `errors` or `newline`")
    is_utf8 = encoding is None or (
        isinstance(encoding.constant, str) and encoding.constant.lower() in {"utf-8", "utf8"}
    )
    if is_utf8 and (newline is None or newline.type == NONE):
        return low.fallible(call("open_file", path, rs.Text(mode)))
    name = rs.Text("utf-8") if encoding is None or is_utf8 else text_of(low, encoding)
    ends = rs.Name("None") if newline is None or newline.type == NONE else call("Some", text_of(low, newline))
    return low.fallible(call("open_file_with", path, rs.Text(mode), name, ends))


LIBRARY_CONTEXTS["BinaryFile"] = "close"


def _file(tag: str, suffix: str, result: Type) -> None:
    """Methods of text and binary files."""

    @method(tag, "read")
    def _read(site: CallSite) -> Operand:
        if site.count:
            return value_method(site, f"read{suffix}_count", result, index_argument(site, 0), raises=True)
        return value_method(site, f"read{suffix}", result, raises=True)

    @method(tag, "readline")
    def _readline(site: CallSite) -> Operand:
        return value_method(site, f"readline{suffix}", result, raises=True)

    @method(tag, "readlines")
    def _readlines(site: CallSite) -> Operand:
        if suffix:
            raise site.refuse("`readlines` of a binary file")
        return value_method(site, "readlines", site.low.list_of(result), raises=True)

    @method(tag, "write")
    def _write(site: CallSite) -> Operand:
        return value_method(site, f"write{suffix}", _COUNT, site.low.borrow(site.operands[0]), raises=True)

    def lines(low: Lowering, operand: Operand) -> Iteration:
        made = low.fallible(rs.Method(low.receiver(operand), f"lines{suffix}"))
        return Iteration(result, made, fallible=True)

    LIBRARY_ITERATION[tag] = lines


def _places(tag: str) -> None:
    """Methods of files whatever they hold."""
    for name in ("close", "flush"):
        method(tag, name)(lambda site, name=name: value_method(site, name, NONE, raises=True))  # type: ignore[misc]

    @method(tag, "seek")
    def _seek(site: CallSite) -> Operand:
        return value_method(
            site, "seek", _COUNT, index_argument(site, 0), index_argument(site, 1, default=0), raises=True
        )

    @method(tag, "tell")
    def _tell(site: CallSite) -> Operand:
        return value_method(site, "tell", _COUNT, raises=True)


_file("File", "", STR)
_file("BinaryFile", "_bytes", BYTES)
_places("File")
_places("BinaryFile")


@method("File", "writelines")
def _writelines(site: CallSite) -> Operand:
    low = site.low
    each = items_of(site)
    return value_method(site, "writelines", NONE, plain_iterator(low, each), raises=True)


@method("File", "getvalue")
def _getvalue(site: CallSite) -> Operand:
    return value_method(site, "getvalue", STR, raises=True)


@builtin("io.StringIO")
def _string_io(site: CallSite) -> Operand:
    return Operand(site.low.opaque("File"), call("File::of_text", text_argument(site, 0, default="")))


@builtin("io.BytesIO")
def _bytes_io(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1)
    data = low.borrow(stored(low, site.operands[0])) if site.count else rs.Borrow(rs.Array(()))
    return Operand(low.opaque("BinaryFile"), call("File::of_bytes", data))


@method("BinaryFile", "getvalue")
def _getvalue_bytes(site: CallSite) -> Operand:
    return value_method(site, "getvalue_bytes", BYTES, raises=True)


TYPES.add("io.TextIOWrapper")


@builtin("sys.stdin.read")
def _stdin_read(site: CallSite) -> Operand:
    return Operand(STR, site.low.fallible(call("stdin_read")))


@builtin("sys.stdin.readline")
def _stdin_readline(site: CallSite) -> Operand:
    return Operand(STR, site.low.fallible(call("stdin_readline")))


@builtin("sys.stdin.readlines")
def _stdin_readlines(site: CallSite) -> Operand:
    return Operand(site.low.list_of(STR), site.low.fallible(call("stdin_readlines")))


# base64 and binascii


_NO_BYTES = "a bytes-like object is required, not '{}'"


def _bytes_argument(site: CallSite, *, wrong: str = _NO_BYTES, takes_text: bool = False) -> rs.Expression:
    """The first argument as bytes; a text counts as its bytes where the function takes one."""
    low = site.low

    def one(each: Operand) -> Operand:
        shape = each.type.shapes[0]
        if each.type == STR and takes_text:
            return Operand(BYTES, call("Bytes::from", rs.Method(low.receiver(each), "as_bytes")))
        is_bytes = each.type == BYTES or shape.tag in {"bytearray", "memoryview"}
        return each if is_bytes else low.type_error(wrong.format(python_type_name(shape)))

    operand = site.operands[0]
    if operand.type == STR and takes_text:
        return rs.Method(operand.expr, "as_bytes")
    return low.borrow(distribute(low, operand, one))


def _coded(name: str, rust_name: str, extra: tuple[rs.Expression, ...] | None) -> None:
    def handler(site: CallSite) -> Operand:
        wrong = _NO_BYTES if extra is None else "argument should be a bytes-like object or ASCII string, not '{}'"
        value = call(rust_name, _bytes_argument(site, wrong=wrong, takes_text=extra is not None), *(extra or ()))
        return Operand(BYTES, value if extra is None else site.low.fallible(value))

    builtin(name)(handler)


for _name in ("b64encode", "urlsafe_b64encode", "b32encode", "b16encode", "encodebytes", "standard_b64encode"):
    _coded(f"base64.{_name}", f"base64_{_name.removeprefix('standard_')}", None)
for _name, _extra in (
    ("b64decode", (rs.Boolean(False),)),
    ("urlsafe_b64decode", ()),
    ("b32decode", (rs.Boolean(False),)),
    ("b16decode", (rs.Boolean(False),)),
):
    _coded(f"base64.{_name}", f"base64_{_name}", _extra)


def _digest(name: str) -> None:
    def handler(site: CallSite) -> Operand:
        data = _bytes_argument(site) if site.count else rs.Borrow(rs.Array(()))
        return Operand(site.low.opaque("Hash"), call(f"hashlib_{name}", data))

    builtin(f"hashlib.{name}")(handler)


for _name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512"):
    _digest(_name)


@method("Hash", "hexdigest")
def _hexdigest(site: CallSite) -> Operand:
    value = value_method(site, "hexdigest", STR)
    return Operand(STR, call("Str::from", value.expr))


@method("Hash", "digest")
def _raw_digest(site: CallSite) -> Operand:
    value = value_method(site, "digest", BYTES)
    return Operand(BYTES, call("Bytes::from", value.expr))


@method("Hash", "update")
def _hash_update(site: CallSite) -> Operand:
    return value_method(site, "update", NONE, _bytes_argument(site))


@builtin("zlib.crc32", "binascii.crc32")
def _crc32(site: CallSite) -> Operand:
    return Operand(
        integer(0, (1 << 32) - 1), call("zlib_crc32", _bytes_argument(site), index_argument(site, 1, default=0))
    )


# time


for _name in ("time", "monotonic", "perf_counter", "process_time"):
    builtin(f"time.{_name}")(lambda site, name=_name: Operand(FLOAT, call(f"time_{name}")))  # type: ignore[misc]
for _name in ("time_ns", "perf_counter_ns", "monotonic_ns"):
    builtin(f"time.{_name}")(lambda site, name=_name: Operand(integer(0, 1 << 62), call(f"time_{name}")))  # type: ignore[misc]


@builtin("time.sleep")
def _sleep(site: CallSite) -> Operand:
    return Operand(NONE, site.low.fallible(call("time_sleep", number(site.low, site.operands[0]))))


# statistics


def _whole_or_float(low: Lowering, expr: rs.Expression) -> Operand:
    """A result that is an integer where it is whole."""
    joined = INT.join(FLOAT)
    name = low.fresh("value")
    arms = tuple(
        rs.Arm(
            rs.VariantPattern(f"WholeOrFloat::{variant}", (rs.Bind(name),)),
            low.convert(Operand(type_, rs.Name(name)), joined),
        )
        for variant, type_ in (("Int", INT), ("Float", FLOAT))
    )
    return Operand(joined, rs.Match(expr, arms))


def _integers(site: CallSite) -> rs.Expression | None:
    """The data as `Vec<Int>`, where all of it is integers."""
    low = site.low
    operand = stored(low, site.operands[0])
    from sovereign.migration.depyler.iteration import iterate

    each = iterate(low, operand)
    only = each.item.only
    if not isinstance(only, IntShape):
        return None
    iterator = plain_iterator(low, each)
    source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
    if only.small:
        source = rs.Method(source, "map", (rs.Name("Int::from"),))
    return rs.Method(source, "collect", (), (rs.NamedType("Vec", (rs.NamedType("Int"),)),))


def _statistic(name: str, *, whole: bool, has_int: bool) -> Callable[[CallSite], Operand]:
    def handler(site: CallSite) -> Operand:
        low = site.low
        if has_int:
            data = _integers(site)
            if data is not None:
                value = low.fallible(call(f"statistics_{name}_int", rs.Borrow(data)))
                return _whole_or_float(low, value) if whole else Operand(FLOAT, value)
        value = low.fallible(call(f"statistics_{name}", rs.Borrow(floats(site))))
        return Operand(FLOAT, value)

    return handler


for _name in ("mean", "variance", "pvariance", "median"):
    builtin(f"statistics.{_name}")(_statistic(_name, whole=True, has_int=True))
for _name in ("stdev", "pstdev"):
    builtin(f"statistics.{_name}")(_statistic(_name, whole=False, has_int=True))
builtin("statistics.geometric_mean")(_statistic("geometric_mean", whole=False, has_int=False))


@builtin("statistics.fmean")
def _fmean(site: CallSite) -> Operand:
    return Operand(FLOAT, site.low.fallible(call("statistics_fmean", rs.Borrow(floats(site)), rs.Name("None"))))


@builtin("statistics.harmonic_mean")
def _harmonic(site: CallSite) -> Operand:
    return _whole_or_float(site.low, site.low.fallible(call("statistics_harmonic_mean", rs.Borrow(floats(site)))))


def _any_item(name: str, *, many: bool) -> None:
    def handler(site: CallSite) -> Operand:
        low = site.low
        each = items_of(site)
        iterator = plain_iterator(low, each)
        source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
        data = rs.Method(source, "collect", (), (rs.NamedType("Vec", (low.rust(each.item),)),))
        value = call(f"statistics_{name}", rs.Borrow(data))
        return Operand(low.list_of(each.item), value) if many else Operand(each.item, low.fallible(value))

    builtin(f"statistics.{name}")(handler)


for _name in ("mode", "median_low", "median_high"):
    _any_item(_name, many=False)
_any_item("multimode", many=True)


@builtin("statistics.quantiles")
def _quantiles(site: CallSite) -> Operand:
    low = site.low
    method_name = site.keyword("method")
    inclusive = method_name is not None and method_name.constant == "inclusive"
    value = call(
        "statistics_quantiles", rs.Borrow(floats(site)), index_argument(site, 9, "n", 4), rs.Boolean(inclusive)
    )
    return Operand(low.list_of(FLOAT), low.fallible(value))


for _name in ("covariance", "correlation"):
    builtin(f"statistics.{_name}")(
        lambda site, name=_name: Operand(  # type: ignore[misc]
            FLOAT, site.low.fallible(call(f"statistics_{name}", rs.Borrow(floats(site)), rs.Borrow(floats(site, 1))))
        )
    )


@builtin("statistics.median_grouped")
def _median_grouped(site: CallSite) -> Operand:
    low = site.low
    interval = site.argument(1, "interval")
    width = rs.Float(1.0) if interval is None else number(low, interval)
    return Operand(FLOAT, low.fallible(call("statistics_median_grouped", rs.Borrow(floats(site)), width)))


_REGRESSION = enlist("LinearRegression", "statistics.LinearRegression", shown="LinearRegression")
attributes("LinearRegression", FLOAT, "slope", "intercept")


def _regression_parts(low: Lowering, operand: Operand) -> Iteration:
    held = low.named(operand, "line")
    parts = [Operand(FLOAT, rs.Method(held.expr, name)) for name in ("slope", "intercept")]
    return Iteration(FLOAT, rs.Array(tuple(part.expr for part in parts)), items=parts)


LIBRARY_ITERATION["LinearRegression"] = _regression_parts


@builtin("statistics.linear_regression")
def _linear_regression(site: CallSite) -> Operand:
    arguments_within(site, 2)
    value = call("statistics_linear_regression", rs.Borrow(floats(site)), rs.Borrow(floats(site, 1)))
    return Operand(_REGRESSION, call("LinearRegression::from", site.low.fallible(value)))


@builtin("hashlib.new")
def _hash_new(site: CallSite) -> Operand:
    arguments_within(site, 2, "data")
    name = required(site, 0)
    if not isinstance(name.constant, str):
        raise site.refuse("`hashlib.new` with a name that is not known while translating")
    data = site.low.borrow(site.operands[1]) if site.count > 1 else rs.Borrow(rs.Array(()))
    return Operand(site.low.opaque("Hash"), site.low.fallible(call("hashlib_new", rs.Text(name.constant), data)))


attributes("Hash", integer(0, 1 << 10), "digest_size", "block_size")
attributes("Hmac", integer(0, 1 << 10), "digest_size", "block_size")
LIBRARY_ATTRIBUTES["Hash", "name"] = lambda low, operand: Operand(
    STR, call("Str::literal", rs.Method(low.receiver(operand), "name"))
)


@method("Hash", "copy")
def _hash_copy(site: CallSite) -> Operand:
    arguments_within(site, 0)
    return value_method(site, "copy", site.low.opaque("Hash"))


# hmac


_ALGORITHMS = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}


def _algorithm(site: CallSite, index: int, name: str) -> rs.Expression:
    given = site.argument(index, name)
    named = str(given.constant) if given is not None and isinstance(given.constant, str) else ""
    if given is not None and given.static is not None and given.static.name.startswith("hashlib."):
        named = given.static.name.removeprefix("hashlib.")
    if named not in _ALGORITHMS:
        raise site.refuse("`hmac` with such an algorithm")
    return rs.Borrow(rs.Name(f"HASH_{named.upper()}"))


def _secret(site: CallSite, index: int, name: str) -> rs.Expression:
    given = site.argument(index, name)
    if given is None or given.type == NONE:
        return rs.Borrow(rs.Array(()))
    if given.type.tags() - {"bytes", "bytearray"}:
        raise site.refuse(f"`hmac` of {given.type!r}")
    return site.low.borrow(given)


@builtin("hmac.new")
def _hmac_new(site: CallSite) -> Operand:
    arguments_within(site, 3, "key", "msg", "digestmod")
    how = _algorithm(site, 2, "digestmod")
    return Operand(site.low.opaque("Hmac"), call("Hmac::new", how, _secret(site, 0, "key"), _secret(site, 1, "msg")))


@builtin("hmac.digest")
def _hmac_digest(site: CallSite) -> Operand:
    arguments_within(site, 3, "key", "msg", "digest")
    how = _algorithm(site, 2, "digest")
    value = call("hmac_digest", how, _secret(site, 0, "key"), _secret(site, 1, "msg"))
    return Operand(BYTES, call("Bytes::from", value))


@builtin("hmac.compare_digest", "secrets.compare_digest")
def _compare_digest(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2)
    a, b = (stored(low, operand) for operand in site.operands)
    if a.type != b.type or a.type not in (STR, BYTES):
        raise site.refuse("`compare_digest` of such values")
    if a.type == STR:
        return Operand(BOOL, low.fallible(call("compare_digest_texts", low.borrow(a), low.borrow(b))))
    return equals(low, a, b)


@method("Hmac", "hexdigest")
def _hmac_hexdigest(site: CallSite) -> Operand:
    return Operand(STR, call("Str::from", value_method(site, "hexdigest", STR).expr))


@method("Hmac", "digest")
def _hmac_raw(site: CallSite) -> Operand:
    return Operand(BYTES, call("Bytes::from", value_method(site, "digest", BYTES).expr))


@method("Hmac", "update")
def _hmac_update(site: CallSite) -> Operand:
    return value_method(site, "update", NONE, _secret(site, 0, "msg"))


@builtin("zlib.adler32")
def _adler32(site: CallSite) -> Operand:
    value = call("zlib_adler32", _bytes_argument(site), index_argument(site, 1, default=1))
    return Operand(integer(0, (1 << 32) - 1), value)


@builtin("binascii.hexlify", "binascii.b2a_hex")
def _hexlify(site: CallSite) -> Operand:
    arguments_within(site, 1)
    return Operand(BYTES, call("binascii_hexlify", site.low.borrow(required(site, 0))))


@builtin("binascii.unhexlify", "binascii.a2b_hex")
def _unhexlify(site: CallSite) -> Operand:
    arguments_within(site, 1)
    return Operand(BYTES, site.low.fallible(call("binascii_unhexlify", _bytes_argument(site))))
