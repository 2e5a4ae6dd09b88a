"""`sys`: arguments, exit, limits, the standard streams.

Enters: call sites. Leaves: operands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, Iteration
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.types import NONE, STR, integer
from sovereign.migration.depyler.variables import static, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__: list[str] = []

CONSTANTS["sys.maxsize"] = lambda low: Operand(integer((1 << 63) - 1, (1 << 63) - 1), rs.Name("i64::MAX"))
CONSTANTS["sys.argv"] = lambda low: Operand(low.list_of(STR), call("program_arguments"))
CONSTANTS["sys.byteorder"] = lambda low: Operand(STR, call("Str::literal", rs.Text("little")), constant="little")
CONSTANTS["sys.platform"] = lambda low: Operand(STR, call("Str::literal", rs.Text("linux")), constant="linux")
CONSTANTS["sys.stdout"] = lambda low: static("builtin", "sys.stdout")
CONSTANTS["sys.stderr"] = lambda low: static("builtin", "sys.stderr")
CONSTANTS["sys.stdin"] = lambda low: static("builtin", "sys.stdin")


@builtin("sys.exit", "exit", "quit")
def _exit(site: CallSite) -> Operand:
    low = site.low
    given = site.argument(0)
    if given is None:
        error = call("Exc::bare", rs.Borrow(rs.Name("SYSTEM_EXIT")))
    else:
        error = call("Exc::exit", low.own(stored(low, given)))
    return Operand(NONE.without("none"), low.throw(error))


@builtin("sys.setrecursionlimit")
def _set_recursion_limit(site: CallSite) -> Operand:
    return Operand(NONE, site.low.fallible(call("set_recursion_limit", index_argument(site, 0))))


@builtin("sys.set_int_max_str_digits")
def _limit(site: CallSite) -> Operand:
    low = site.low
    return Operand(NONE, low.after(Operand(integer(), index_argument(site, 0)), rs.Tuple()))


@builtin("sys.getrecursionlimit")
def _recursion_limit(site: CallSite) -> Operand:
    del site
    return Operand(integer(1, 1 << 31), rs.Method(rs.Name("DEPTH_LIMIT"), "get"))


def _write(low: Lowering, macro: str, operand: Operand) -> Operand:
    text = rs.MacroCall(macro, (rs.Text("{}"), operand.expr))
    low.emit(rs.Evaluate(text))
    return Operand(NONE, rs.Tuple())


@builtin("sys.stdout.write")
def _stdout_write(site: CallSite) -> Operand:
    return _write(site.low, "say_raw", site.operands[0])


@builtin("sys.stderr.write")
def _stderr_write(site: CallSite) -> Operand:
    return _write(site.low, "complain_raw", site.operands[0])


@builtin("sys.stdout.flush", "sys.stderr.flush")
def _flush(site: CallSite) -> Operand:
    del site
    return Operand(NONE, rs.Tuple())


LIBRARY_ITERATION["builtin sys.stdin"] = lambda low, operand: Iteration(STR, call("stdin_lines"), fallible=True)
