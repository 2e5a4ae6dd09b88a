"""Tables that fit where they are shown.

Enters: column names and rows of text. Leaves: aligned plain text for a pipe or a file, a drawn table for a
terminal, and one block per row where the terminal is too narrow for columns. Read `console.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.text import cells, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["aligned", "blocks", "drawn", "fits"]

_GAP = "  "
_LONGEST_WRAPPED = 24


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()) -> str:
    """One line per row, columns padded with blanks; those named in `right` end on one edge.

    >>> print(aligned(["n", "what"], [["7", "seven"], ["10", "ten"]], right=["n"]), end="")
     n  what
     7  seven
    10  ten
    """
    table = [list(columns), *([visible(cell) for cell in row] for row in rows)]
    widths = [max(cells(row[place]) for row in table) for place in range(len(columns))]
    lines = []
    for row in table:
        padded = [
            _padded(cell, width, to_right=name in right) for cell, width, name in zip(row, widths, columns, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip())
    return "\n".join(lines) + "\n"


def _padded(cell: str, width: int, *, to_right: bool) -> str:
    blank = " " * (width - cells(cell))
    return blank + cell if to_right else cell + blank


def fits(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether columns can be drawn in `width` cells with cells wrapped, but not into slivers."""
    widest = (max([cells(name), *(cells(row[place]) for row in rows)]) for place, name in enumerate(columns))
    return sum(min(each, _LONGEST_WRAPPED) + 3 for each in widest) + 1 <= width


def blocks(columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int) -> str:
    """One block of lines per row, each cell under its column's name; empty cells are left out.

    >>> print(blocks(["n", "what"], [["7", "seven"]], width=20), end="")
    n: 7
      what: seven
    """
    import textwrap  # only a narrow terminal needs it

    lines: list[str] = []
    for row in rows:
        for place, (name, cell) in enumerate(zip(columns, row, strict=True)):
            if cell:
                lead = "" if place == 0 else "  "
                lines += textwrap.wrap(
                    f"{name}: {visible(cell)}",
                    max(width - 1, 10),
                    initial_indent=lead,
                    subsequent_indent=lead + "  ",
                    break_on_hyphens=False,
                )
    return "\n".join(lines) + "\n"


def drawn(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    width: int,
    colour: bool = False,
    right: Sequence[str] = (),
    styles: dict[str, str] | None = None,
) -> str:
    """A table with rules for a terminal; `styles` colours the cells that hold exactly that text.

    Cost      imports `rich`, which is slow, and that is why a pipe gets `aligned`.
    """
    import io  # with rich, for a terminal alone

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        # `Text` keeps brackets in a cell from being read as markup.
        table.add_row(*(Text(visible(cell), style=(styles or {}).get(cell, "")) for cell in row))
    sink = io.StringIO()
    console = Console(
        file=sink,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
    )
    console.print(table)
    return "\n".join(line.rstrip() for line in sink.getvalue().strip("\n").split("\n")) + "\n"
