"""A trace as a table: one line for each call, RFC 4180.

Columns: start (seconds since 1970), duration_us, pid, tid, name, args (JSON), result, errno, file, line, function.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sovereign.observability.renacer.exports.span import Event

__all__ = ["COLUMNS", "Csv"]

COLUMNS = ("start", "duration_us", "pid", "tid", "name", "args", "result", "errno", "file", "line", "function")


class Csv:
    """Calls as lines of a table, after a line with the names of the columns.

    >>> table = Csv()
    >>> call = {"event": "call", "pid": 1, "tid": 1, "start": 2.5, "duration_us": 3, "name": "getpid", "args": {}}
    >>> print((table.take(call | {"result": 1, "errno": None, "python": None}) + table.end()).decode(), end="")
    start,duration_us,pid,tid,name,args,result,errno,file,line,function
    2.5,3,1,1,getpid,{},1,,,,
    """

    def __init__(self) -> None:
        self._is_begun = False

    def take(self, event: Event) -> bytes:
        """The line of a call; nothing for another event."""
        if event["event"] != "call":
            return b""
        python = event["python"] or {}
        args = json.dumps(event["args"], ensure_ascii=False, separators=(",", ":"))
        facts = [event[name] for name in COLUMNS[:5]] + [args, event["result"], event["errno"]]
        return self._rows(facts + [python.get(name) for name in COLUMNS[8:]])

    def end(self) -> bytes:
        """The names of the columns, where there was no call."""
        return self._rows()

    def _rows(self, *rows: list[Any]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not self._is_begun:
            writer.writerow(COLUMNS)
            self._is_begun = True
        writer.writerows(rows)
        return text.getvalue().encode()
