"""What a command is given to speak with: its streams, its flags, and the manners of both.

Enters: the streams and the shared options. Leaves: one JSON document, or text for a person, and diagnostics on
standard error. A command says everything once, as data and as text; the console shows the one that was asked
for. What draws is imported when there is something to draw. Read `render.py` and `table.py` next.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TextIO

from sovereign.errors import DeviceError, GateFailed, InternalError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sovereign.diagnostic import Diagnostic
    from sovereign.errors import SovereignError
    from sovereign.shell.progress import Progress

__all__ = ["Console", "OutputGone", "abandon", "as_json"]

_DEFAULT_WIDTH = 80


class OutputGone(Exception):  # noqa: N818 - not an error: whoever read the output has seen enough
    """The reader of standard output went away, as `head` does."""


class Console:
    """One run of one command."""

    def __init__(
        self,
        prog: str,
        *,
        out: TextIO | None,
        err: TextIO | None,
        json: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.prog = prog
        self.out = out
        self.err = err
        self.json = json
        self.quiet = quiet
        self.verbose = verbose
        self.environment = os.environ if environment is None else environment
        self._document: object = None
        self._is_kept = False

    def emit(self, document: object, *, is_kept: bool = False) -> None:
        """Hand over the JSON document; it is printed when the command has ended, and only under `--json`.

        `is_kept` keeps it beside whatever error follows, as that of a failed gate is: it says what else was found.
        """
        if self._document is not None:
            raise InternalError("shell.internal", "a command handed over two JSON documents", where=self.prog)
        self._document, self._is_kept = document, is_kept

    def write(self, text: str) -> None:
        """Print text for a person, with a line break at its end.

        Line breaks and tabs stay; all else that a terminal would act on is shown as an escape, whoever wrote it.
        """
        if not (self.json or self.quiet):
            self.put(_printable(text if text.endswith("\n") else f"{text}\n"))

    def table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        right: Sequence[str] = (),
        styles: dict[str, str] | None = None,
    ) -> None:
        """Print a table: drawn to fit on a terminal, aligned and unbroken into a pipe."""
        if self.json or self.quiet:
            return
        from sovereign.shell.table import aligned, blocks, drawn, fits

        if not _is_terminal(self.out):
            self.put(aligned(columns, rows, right=right))
        elif fits(columns, rows, self.width):
            colour = self.colour(self.out)
            self.put(drawn(columns, rows, width=self.width, colour=colour, right=right, styles=styles))
        else:
            self.put(blocks(columns, rows, width=self.width))

    def box(self, heading: str, facts: Sequence[tuple[str, str]]) -> None:
        """Print facts under a heading: in a frame on a terminal, indented into a pipe."""
        if self.json or self.quiet:
            return
        from sovereign.shell.box import drawn_box, plain_box

        is_drawn = _is_terminal(self.out)
        self.put(drawn_box(heading, facts, width=self.width) if is_drawn else plain_box(heading, facts))

    def progress(self, what: str, steps: int | None = None) -> Progress:
        """Show progress while a `with` block runs, on a terminal that waits longer than a second."""
        from sovereign.shell.progress import Progress

        shown = not self.quiet and self.environment.get("TERM") != "dumb" and _is_terminal(self.err)
        return Progress(what, stream=self.err, shown=shown, steps=steps, colour=self.colour(self.err))

    def diagnose(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Print findings on standard error, with the source they speak of."""
        from sovereign.shell.files import read_bytes, read_part
        from sovereign.shell.render import render

        colour, width = self.colour(self.err), self.width
        for each in diagnostics:
            self.log(render(each, read=read_bytes, part=read_part, prog=self.prog, width=width, colour=colour))

    def log(self, text: str) -> None:
        """Print a line on standard error; where that cannot be written, nobody is left to tell."""
        if self.err is None:
            return
        try:
            self.err.write(text if text.endswith("\n") else f"{text}\n")
            self.err.flush()
        except (OSError, ValueError):
            abandon(self.err)

    def fail(self, error: SovereignError) -> None:
        """Report an error: one sentence on standard error, or the object on standard output under `--json`.

        The answer of a failed gate keeps its evidence, and so does a document that is to be kept; any other error takes
        the place of the document.
        """
        from sovereign.shell.render import as_diagnostic, diagnostics_of

        found = diagnostics_of(error)
        if not self.json:
            self.diagnose(found)
            return
        keeps = self._is_kept or isinstance(error, GateFailed)
        kept = self._document if keeps and isinstance(self._document, dict) else {}
        told: dict[str, object] = {**as_diagnostic(error).to_json(), "detail": dict(error.detail)}
        if isinstance(error, SourceError):
            told["detail"] = {}
            told["diagnostics"] = found
        self._document = {**kept, "error": told}
        self.finish()

    def finish(self) -> None:
        """Print the JSON document, and see that all output has left the program.

        Errors    DeviceError  when standard output is closed or full.
        """
        if self.json and self._document is not None:
            document, self._document = self._document, None
            plain = (getattr(self.out, "encoding", None) or "").lower().replace("-", "") != "utf8"
            self.put(as_json(document, ascii_only=plain) + "\n")
        if self.out is not None:
            self._guarded(self.out.flush)

    def put(self, text: str) -> None:
        """Write to standard output as it is, whatever the flags say."""
        out = self.out
        if out is None:
            self._refuse_output("it is closed")
        else:
            self._guarded(lambda: out.write(text))

    def _guarded(self, action: Any) -> None:
        try:
            action()
        except BrokenPipeError:
            raise OutputGone from None
        except (OSError, ValueError) as error:
            self._refuse_output((getattr(error, "strerror", None) or str(error)).lower())

    def _refuse_output(self, reason: str) -> None:
        message = f"standard output cannot be written: {reason}"
        raise DeviceError("shell.cannot_write", message, backend="stdout", reason=reason)

    def colour(self, stream: TextIO | None) -> bool:
        """Whether to colour: NO_COLOR says no, FORCE_COLOR yes, else a terminal that is not a dumb one."""
        if self.environment.get("NO_COLOR"):
            return False
        if self.environment.get("FORCE_COLOR"):
            return True
        return self.environment.get("TERM") != "dumb" and _is_terminal(stream)

    @property
    def width(self) -> int:
        """The cells of a line: `COLUMNS`, else the terminal's, else 80."""
        asked = self.environment.get("COLUMNS", "")
        if asked.isdecimal() and int(asked) > 0:
            return int(asked)
        for stream in (self.out, self.err):
            if stream is not None and _is_terminal(stream):
                return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
        return _DEFAULT_WIDTH


def as_json(document: object, *, ascii_only: bool = False) -> str:
    """A document as JSON text; objects of ours say what they are through `to_json`.

    >>> print(as_json({"shape": (2, 3)}))
    {
      "shape": [
        2,
        3
      ]
    }
    """
    import json  # text output does not pay for it

    text = json.dumps(document, indent=2, ensure_ascii=ascii_only, allow_nan=False, default=_plain_value)
    # The control characters that JSON lets stand as they are: a terminal acts on them.
    return text.translate({code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)})


def _plain_value(value: object) -> object:
    for method in ("to_json", "tolist"):  # ours, then NumPy's
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def _printable(text: str) -> str:
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    from sovereign.shell.text import visible  # for text that needs it

    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in text.split("\n"))


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def abandon(stream: TextIO | None) -> None:
    """Let the rest of a stream's output go nowhere, so that Python's own flush at the end cannot fail."""
    if stream is None:
        return
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
    except (OSError, ValueError):  # a stream without a descriptor has nothing to flush into
        return
