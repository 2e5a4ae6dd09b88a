"""`os`, `os.path`, `pathlib`, `shutil`, `tempfile`, `fnmatch`: folders, paths and the environment.

Enters: call sites. Leaves: operands. What would differ from run to run or from machine to machine is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import CONSTANTS, LIBRARY_SIZED, builtin, items_of, plain_iterator
from sovereign.migration.depyler.contexts import LIBRARY_CONTEXTS, LIBRARY_ENTERED
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, iterate
from sovereign.migration.depyler.library.files import opened
from sovereign.migration.depyler.library.objects import (
    arguments_within,
    attributes,
    comparisons,
    condition,
    enlist,
    methods,
    path_text,
    required,
)
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import (
    MEMBERSHIP,
    call_builtin_method,
    index_argument,
    membership,
    method,
    text_argument,
    text_of,
    value_method,
)
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, call, python_type_name
from sovereign.migration.depyler.subscripts import (
    LIBRARY_DELETION,
    LIBRARY_SUBSCRIPT_ASSIGNMENT,
    LIBRARY_SUBSCRIPTS,
    item_of,
)
from sovereign.migration.depyler.types import (
    BOOL,
    BYTES,
    NONE,
    STR,
    OpaqueShape,
    Type,
    dict_of,
    integer,
    seq_of,
    tuple_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["PATH"]

PATH = enlist("PosixPath", "pathlib.Path", shown="PosixPath")
enlist("PosixPath", "pathlib.PurePath", shown="PosixPath")
_SIZE = integer(0, 1 << 62)
_STRINGS = tuple_of(STR, STR)


def _text(text: str) -> Callable[[Lowering], Operand]:
    return lambda low: Operand(STR, call("Str::literal", rs.Text(text)), constant=text)


for _name, _value in (
    ("os.sep", "/"),
    ("os.linesep", "\n"),
    ("os.name", "posix"),
    ("os.pathsep", ":"),
    ("os.curdir", "."),
    ("os.pardir", ".."),
    ("os.path.sep", "/"),
    ("os.extsep", "."),
    ("os.devnull", "/dev/null"),
):
    CONSTANTS[_name] = _text(_value)


# os.path and os


def _on_path(name: str, rust: str, result: Type, *, raises: bool = False, default: str | None = None) -> None:
    """A function of one path."""

    def handler(site: CallSite) -> Operand:
        arguments_within(site, 1, "path")
        value = call(rust, path_text(site, 0, "path", default))
        return Operand(result, site.low.fallible(value) if raises else value)

    builtin(name)(handler)


for _name, _type in (
    ("split", _STRINGS),
    ("splitext", _STRINGS),
    ("basename", STR),
    ("dirname", STR),
    ("normpath", STR),
    ("isabs", BOOL),
    ("expanduser", STR),
    ("expandvars", STR),
    ("exists", BOOL),
    ("isfile", BOOL),
    ("isdir", BOOL),
):
    _on_path(f"os.path.{_name}", f"os_path_{_name}", _type)
_on_path("os.path.abspath", "os_path_abspath", STR, raises=True)
_on_path("os.path.getsize", "os_path_getsize", _SIZE, raises=True)
_on_path("os.mkdir", "os_mkdir", NONE, raises=True)
_on_path("os.rmdir", "os_rmdir", NONE, raises=True)
for _name in ("remove", "unlink"):
    _on_path(f"os.{_name}", "os_remove", NONE, raises=True)
_on_path("shutil.rmtree", "shutil_rmtree", NONE, raises=True)


@builtin("os.getcwd")
def _getcwd(site: CallSite) -> Operand:
    return Operand(STR, site.low.fallible(call("os_getcwd")))


@builtin("os.listdir")
def _listdir(site: CallSite) -> Operand:
    arguments_within(site, 1, "path")
    return Operand(site.low.list_of(STR), site.low.fallible(call("os_listdir", path_text(site, 0, "path", "."))))


@builtin("os.makedirs")
def _makedirs(site: CallSite) -> Operand:
    arguments_within(site, 1, "name", "exist_ok")
    value = call("os_makedirs", path_text(site, 0, "name"), condition(site, 2, "exist_ok"))
    return Operand(NONE, site.low.fallible(value))


@builtin("os.walk")
def _walk(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, "top")
    item = tuple_of(STR, low.list_of(STR), low.list_of(STR))
    return Operand(low.iter_of(item), call("os_walk", path_text(site, 0, "top")))


@builtin("os.urandom")
def _urandom(site: CallSite) -> Operand:
    return Operand(BYTES, site.low.fallible(call("os_urandom", index_argument(site, 0))))


@builtin("os.path.join")
def _join(site: CallSite) -> Operand:
    if not site.operands:
        raise site.refuse("`os.path.join` without arguments")
    parts = tuple(_slice(site, index) for index in range(len(site.operands)))
    return Operand(STR, call("os_path_join", rs.Borrow(rs.Array(parts))))


def _slice(site: CallSite, index: int) -> rs.Expression:
    """A path as `&str` within an array."""
    value = path_text(site, index)
    if isinstance(value, rs.Text):
        return value
    return rs.Method(value.operand if isinstance(value, rs.Borrow) else value, "as_str")


@builtin("os.path.relpath")
def _relpath(site: CallSite) -> Operand:
    arguments_within(site, 2, "start")
    start = rs.Name("None") if site.argument(1, "start") is None else call("Some", path_text(site, 1, "start"))
    return Operand(STR, site.low.fallible(call("os_path_relpath", path_text(site, 0), start)))


def _common(name: str, *, raises: bool) -> None:
    def handler(site: CallSite) -> Operand:
        low = site.low
        each = items_of(site)
        if each.item != STR:
            raise site.refuse(f"`os.path.{name}` of what are no texts")
        iterator = plain_iterator(low, each)
        source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
        paths = rs.Method(source, "collect", (), (rs.NamedType("Vec", (rs.NamedType("Str"),)),))
        value = call(f"os_path_{name}", rs.Borrow(paths))
        return Operand(STR, low.fallible(value) if raises else value)

    builtin(f"os.path.{name}")(handler)


_common("commonprefix", raises=False)
_common("commonpath", raises=True)


def _on_two(name: str, rust: str, result: Type) -> None:
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 2)
        return Operand(result, site.low.fallible(call(rust, path_text(site, 0), path_text(site, 1))))

    builtin(name)(handler)


_on_two("os.rename", "os_rename", NONE)
_on_two("os.replace", "os_rename", NONE)
_on_two("shutil.copy", "shutil_copyfile", STR)
_on_two("shutil.copy2", "shutil_copyfile", STR)
_on_two("shutil.move", "shutil_move", STR)


@builtin("fnmatch.fnmatch", "fnmatch.fnmatchcase")
def _fnmatch(site: CallSite) -> Operand:
    return Operand(BOOL, call("fnmatch_fnmatchcase", text_argument(site, 0), text_argument(site, 1)))


@builtin("fnmatch.filter")
def _fnmatch_filter(site: CallSite) -> Operand:
    names = site.low.borrow(stored(site.low, required(site, 0)))
    return Operand(site.low.list_of(STR), call("fnmatch_filter", names, text_argument(site, 1)))


# the environment

_ENVIRONMENT = Type((OpaqueShape("Environment"),))
CONSTANTS["os.environ"] = lambda low: Operand(_ENVIRONMENT, call("os_environment"))
LIBRARY_SIZED.add("Environment")


@builtin("os.getenv")
def _getenv(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2, "default")
    default = site.argument(1, "default")
    given = [required(site, 0), *(() if default is None else (default,))]
    return call_builtin_method(low, _as_dict(low, Operand(_ENVIRONMENT, call("os_environment"))), "get", given, {})


def _as_dict(low: Lowering, operand: Operand) -> Operand:
    del low
    return Operand(dict_of(STR, STR), operand.expr, operand.form)


for _name in ("get", "items", "keys", "values", "copy"):

    @method("Environment", _name)
    def _environment_method(site: CallSite, name: str = _name) -> Operand:
        assert site.receiver is not None
        arguments_within(site, 2)
        return call_builtin_method(site.low, _as_dict(site.low, site.receiver), name, site.operands, {})


@method("Environment", "pop")
def _environment_pop(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2)
    name, default = text_argument(site, 0), site.argument(1)
    if default is None:
        return Operand(STR, low.fallible(call("os_environ_pop", name)))
    if default.type == NONE:
        return Operand(STR.join(NONE), call("os_environ_take", name))
    if default.type != STR:
        raise site.refuse("`pop` of the environment with such a default")
    return Operand(STR, rs.Method(call("os_environ_take", name), "unwrap_or", (low.own(default),)))


@method("Environment", "setdefault")
def _environment_default(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 2)
    name, value = low.named(required(site, 0), "variable"), low.named(required(site, 1), "default")
    if name.type != STR or value.type != STR:
        raise site.refuse("`setdefault` of the environment with other than texts")
    kept = rs.Method(call("os_environment"), "contains", (low.borrow(name),))
    put = rs.Evaluate(low.fallible(call("os_environ_set", low.borrow(name), low.borrow(value))))
    low.emit(rs.Evaluate(rs.If(rs.Unary("!", kept), rs.Block((put,)))))
    return Operand(STR, low.fallible(rs.Method(call("os_environment"), "get_item", (low.borrow(name),))))


def _environment_set(low: Lowering, container: Operand, key: Operand, value: Operand) -> None:
    del container

    def one(part: Operand) -> Operand:
        shape = part.type.only
        if part.type == STR or shape is None:
            return part
        return low.type_error(f"str expected, not {python_type_name(shape)}")

    name, text = distribute(low, key, one), distribute(low, value, one)
    put = call("os_environ_set", low.borrow(name), low.borrow(text))
    low.emit(rs.Evaluate(low.fallible(put), low.line))


def _environment_delete(low: Lowering, container: Operand, key: Operand) -> None:
    del container
    low.emit(rs.Evaluate(low.fallible(call("os_environ_pop", text_of(low, key))), low.line))


LIBRARY_SUBSCRIPT_ASSIGNMENT["Environment"] = _environment_set
LIBRARY_DELETION["Environment"] = _environment_delete
LIBRARY_SUBSCRIPTS["Environment"] = lambda low, value, key: item_of(low, _as_dict(low, value), key)
MEMBERSHIP["Environment"] = lambda low, container, item: membership(low, _as_dict(low, container), item)
LIBRARY_ITERATION["Environment"] = lambda low, operand: iterate(low, _as_dict(low, operand))


# pathlib


@builtin("pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PosixPath")
def _path(site: CallSite) -> Operand:
    low = site.low
    if site.count == 1 and site.operands[0].type == PATH:
        return Operand(PATH, low.own(site.operands[0]))
    if not site.operands:
        return Operand(PATH, call("PosixPath::new", rs.Text(".")))
    arguments_within(site, 9)
    parts = tuple(_slice(site, index) for index in range(len(site.operands)))
    return Operand(PATH, call("PosixPath::of", rs.Borrow(rs.Array(parts))))


@builtin("pathlib.Path.cwd")
def _cwd(site: CallSite) -> Operand:
    return Operand(PATH, site.low.fallible(call("PosixPath::cwd")))


@builtin("pathlib.Path.home")
def _home(site: CallSite) -> Operand:
    del site
    return Operand(PATH, call("PosixPath::home"))


attributes("PosixPath", STR, "name", "stem", "suffix")
attributes("PosixPath", seq_of(STR), "parts")
attributes("PosixPath", PATH, "parent")
LIBRARY_ATTRIBUTES["PosixPath", "parents"] = lambda low, operand: Operand(
    low.list_of(PATH), rs.Method(low.receiver(operand), "parents")
)
LIBRARY_ATTRIBUTES["PosixPath", "suffixes"] = lambda low, operand: Operand(
    low.list_of(STR), rs.Method(low.receiver(operand), "suffixes")
)
attributes("PosixPath", BOOL, "exists", "is_file", "is_dir", "is_absolute", as_method=True)
attributes("PosixPath", STR, "as_posix", as_method=True)
methods("PosixPath", PATH, "with_name", "with_stem", "with_suffix", take="t", raises=True)
methods("PosixPath", NONE, "rmdir", raises=True)
methods("PosixPath", PATH, "absolute", raises=True)
methods("PosixPath", BYTES, "read_bytes", raises=True)
comparisons("PosixPath")


def _other_path(site: CallSite) -> rs.Expression:
    """A path argument as `&PosixPath`."""
    arguments_within(site, 1)
    given = required(site, 0)
    if given.type == PATH:
        return site.low.borrow(given)
    return rs.Borrow(call("PosixPath::new", text_argument(site, 0)))


@method("PosixPath", "joinpath")
def _joinpath(site: CallSite) -> Operand:
    assert site.receiver is not None
    result = site.receiver
    for operand in site.operands:
        result = _slash(site.low, result, operand)
    return result


for _name, _type, _raises in (
    ("relative_to", PATH, True),
    ("is_relative_to", BOOL, False),
    ("rename", PATH, True),
    ("replace", PATH, True),
):

    @method("PosixPath", _name)
    def _path_method(site: CallSite, name: str = _name, type_: Type = _type, raises: bool = _raises) -> Operand:
        rust = "rename" if name == "replace" else name
        return value_method(site, rust, type_, _other_path(site), raises=raises)


@method("PosixPath", "match")
def _path_matches(site: CallSite) -> Operand:
    arguments_within(site, 1)
    return value_method(site, "matches", BOOL, text_argument(site, 0), raises=True)


def _in_utf8(site: CallSite) -> None:
    encoding = site.keyword("encoding")
    if encoding is not None and str(encoding.constant).lower() not in {"utf-8", "utf8"}:
        raise site.refuse("a file with this encoding")


@method("PosixPath", "read_text")
def _read_text(site: CallSite) -> Operand:
    arguments_within(site, 0, "encoding")
    _in_utf8(site)
    return value_method(site, "read_text", STR, raises=True)


@method("PosixPath", "write_text")
def _write_text(site: CallSite) -> Operand:
    arguments_within(site, 1, "encoding")
    _in_utf8(site)
    return value_method(site, "write_text", _SIZE, text_argument(site, 0), raises=True)


@method("PosixPath", "write_bytes")
def _write_bytes(site: CallSite) -> Operand:
    arguments_within(site, 1)
    return value_method(site, "write_bytes", _SIZE, site.low.borrow(required(site, 0)), raises=True)


@method("PosixPath", "mkdir")
def _path_mkdir(site: CallSite) -> Operand:
    arguments_within(site, 0, "parents", "exist_ok")
    flags = (condition(site, 9, "parents"), condition(site, 9, "exist_ok"))
    return value_method(site, "mkdir", NONE, *flags, raises=True)


@method("PosixPath", "unlink")
def _path_unlink(site: CallSite) -> Operand:
    arguments_within(site, 1, "missing_ok")
    return value_method(site, "unlink", NONE, condition(site, 0, "missing_ok"), raises=True)


@method("PosixPath", "touch")
def _path_touch(site: CallSite) -> Operand:
    arguments_within(site, 0, "exist_ok")
    return value_method(site, "touch", NONE, condition(site, 0, "exist_ok", default=True), raises=True)


@method("PosixPath", "iterdir")
def _iterdir(site: CallSite) -> Operand:
    arguments_within(site, 0)
    return value_method(site, "iterdir", site.low.iter_of(PATH), raises=True)


for _name in ("glob", "rglob"):

    @method("PosixPath", _name)
    def _glob(site: CallSite, name: str = _name) -> Operand:
        arguments_within(site, 1)
        return value_method(site, name, site.low.iter_of(PATH), text_argument(site, 0), raises=True)


@method("PosixPath", "open")
def _path_open(site: CallSite) -> Operand:
    low = site.low
    mode = site.argument(0, "mode")
    if site.count > 1 or (mode is not None and not isinstance(mode.constant, str)):
        raise site.refuse("`open` with a mode that is not known while translating")
    text = "r" if mode is None else str(mode.constant)
    assert site.receiver is not None
    path = rs.Borrow(rs.Method(low.receiver(site.receiver), "as_posix"))
    return Operand(
        low.opaque("BinaryFile" if "b" in text else "File"), opened(site, path, text, site.keyword("encoding"))
    )


def _slash(low: Lowering, a: Operand, b: Operand) -> Operand:
    if b.type == PATH:
        return Operand(PATH, rs.Method(low.receiver(a), "join_path", (low.borrow(b),)))
    return Operand(PATH, rs.Method(low.receiver(a), "join", (text_of(low, b),)))


LIBRARY_OPERATORS["PosixPath", "/", "str"] = _slash
LIBRARY_OPERATORS["PosixPath", "/", "PosixPath"] = _slash
LIBRARY_OPERATORS["str", "/", "PosixPath"] = lambda low, a, b: _slash(
    low, Operand(PATH, call("PosixPath::new", text_of(low, a))), b
)


# tempfile


def _affix(site: CallSite, name: str, default: str) -> rs.Expression:
    given = site.keyword(name)
    return rs.Text(default) if given is None or given.type == NONE else text_of(site.low, given)


@builtin("tempfile.gettempdir")
def _gettempdir(site: CallSite) -> Operand:
    del site
    return Operand(STR, call("tempfile_folder"))


@builtin("tempfile.mkdtemp")
def _mkdtemp(site: CallSite) -> Operand:
    arguments_within(site, 0, "prefix", "suffix")
    value = call("tempfile_mkdtemp", _affix(site, "prefix", "tmp"), _affix(site, "suffix", ""))
    return Operand(STR, site.low.fallible(value))


@builtin("tempfile.TemporaryDirectory")
def _temporary_directory(site: CallSite) -> Operand:
    arguments_within(site, 0, "prefix", "suffix")
    value = call("TemporaryDirectory::new", _affix(site, "prefix", "tmp"), _affix(site, "suffix", ""))
    return Operand(Type((OpaqueShape("TemporaryDirectory"),)), site.low.fallible(value))


LIBRARY_CONTEXTS["TemporaryDirectory"] = "cleanup"
LIBRARY_ENTERED["TemporaryDirectory"] = lambda low, held: Operand(STR, rs.Method(low.receiver(held), "name"))
attributes("TemporaryDirectory", STR, "name")
methods("TemporaryDirectory", NONE, "cleanup", raises=True)


@builtin("tempfile.NamedTemporaryFile")
def _named_temporary_file(site: CallSite) -> Operand:
    low = site.low
    arguments_within(site, 1, "mode", "prefix", "suffix", "delete", "encoding", "newline")
    mode, delete = site.argument(0, "mode"), site.keyword("delete")
    if delete is None or delete.constant is not False:
        raise site.refuse("`NamedTemporaryFile` that is deleted when it is closed")
    text = "w+b" if mode is None else mode.constant
    if not isinstance(text, str):
        raise site.refuse("`NamedTemporaryFile` with a mode that is not known while translating")
    name = low.fallible(call("tempfile_name", _affix(site, "prefix", "tmp"), _affix(site, "suffix", "")))
    made = opened(site, rs.Borrow(name), text, site.keyword("encoding"))
    return Operand(low.opaque("BinaryFile" if "b" in text else "File"), made)


for _tag in ("File", "BinaryFile"):
    attributes(_tag, STR, "name", "mode")
    LIBRARY_ATTRIBUTES[_tag, "closed"] = lambda low, operand: Operand(
        BOOL, rs.Method(low.receiver(operand), "is_closed")
    )
