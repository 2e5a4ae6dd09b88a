"""Bundle a handler for the function service, invoke it here, and emulate the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.command import Command, Options, argument, option
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from sovereign.orchestration.serverless.bundle import Order
    from sovereign.orchestration.serverless.contract import Facts
    from sovereign.orchestration.serverless.logs import Record
    from sovereign.shell.console import Console

__all__ = [
    "BENCH",
    "BUNDLE",
    "COST",
    "EMULATE",
    "INVOKE",
    "bench_cold_main",
    "bundle_main",
    "cost_main",
    "emulate_main",
    "invoke_main",
]


def bundle(console: Console, options: Options) -> ExitCode:
    """Build a handler and pack it for the function service.

    A handler is `def handler(event, context)` in Python, `fun handler(event, context)` in Ruchy, or `pub fn handle` in
    Rust. It is compiled into a program of its own; what cannot be compiled is refused with every reason. With
    `--runtime python` the Python files are packed as they are, beside a small runtime client. The same sources give the
    same bytes. In the folder of a project, whose `batuta.toml` says it, the handler and its models need not be named.
    """
    from dataclasses import replace
    from pathlib import Path

    from sovereign.orchestration.serverless.bundle import write_bundle
    from sovereign.orchestration.serverless.deployment import Deployment, cdk, manifest, sam
    from sovereign.orchestration.serverless.gain import gain
    from sovereign.orchestration.serverless.running import events_of
    from sovereign.shell.console import as_json
    from sovereign.shell.files import require_free, write_atomically

    output = Path(options.output)
    for path in (output, *(Path(each) for each in (options.manifest, options.sam, options.cdk) if each)):
        require_free(path, force=options.force)
    order = _order(options, _handler(options))
    if options.pgo:
        order = replace(order, training=tuple(events_of(None, options.pgo)))
    with console.progress("building"):
        made = write_bundle(order, output, force=options.force)
        gained = gain(order) if order.training else None
    deployment = Deployment(made, options.memory, options.timeout)
    described = manifest(deployment)
    texts = (
        (options.manifest, as_json(described) + "\n"),
        (options.sam, sam(deployment)),
        (options.cdk, cdk(deployment)),
    )
    for place, text in texts:
        if place:
            write_atomically(Path(place), text, force=options.force)
    told = {"gain": gained.to_json()} if gained else {}
    console.emit({**made.to_json(), **told, "manifest": described})
    rows = [[each.name, f"{each.size_bytes:,}"] for each in made.parts]
    rows += [["all of it", f"{made.unpacked_bytes:,}"], ["the archive", f"{made.packed_bytes:,}"]]
    console.table(["part", "bytes"], rows, right=["bytes"])
    console.write(f"{made.path}: {made.order.arch}, sha256 {made.sha256}")
    if gained:
        advice = "" if gained.is_enough else "; that is not worth it, leave `--pgo` out"
        console.write(f"{gained.ratio:.2f} times as fast as without training, on {gained.events} events{advice}")
    return ExitCode.OK


def invoke(console: Console, options: Options) -> ExitCode:
    """Give events to a function, as the service would, and show what comes out.

    The target is an archive of `bundle`, or the file of a handler, which is bundled first. The process is started with
    the environment of the service and nothing else; it is kept for all events, and started anew when it ended. What the
    function writes goes to standard error.
    """
    from sovereign.orchestration.serverless.contract import Invocation
    from sovereign.orchestration.serverless.emulator import Emulator
    from sovereign.orchestration.serverless.running import events_of, prepared
    from sovereign.orchestration.serverless.sandbox import Sandbox

    target = _target(options)
    events = events_of(options.event, options.events)
    order = _order(options, target)
    outcomes = []
    with (
        prepared(target, order) as found,
        Emulator(_facts(options, found.handler)) as emulator,
        Sandbox(
            emulator,
            found.command,
            folder=found.folder,
            environment={**found.environment, **_environment(options)},
            told=lambda record: _tell(console, record),
        ) as sandbox,
        console.progress("invoking", steps=len(events)) as progress,
    ):
        for event in events:
            if options.cold:
                sandbox.stop()
            outcomes.append(sandbox.cycle(Invocation(event)))
            progress.advance()
        starts = sandbox.starts
    console.emit({"outcomes": outcomes, "starts": starts})
    if len(outcomes) == 1:
        console.write(outcomes[0].body.decode("utf-8", "backslashreplace"))
    else:
        columns = ["event", "outcome", "reply us", "cycle us", "body"]
        rows = [
            [str(place), str(each.kind), *_times(each.marks.reply_us, each.marks.cycle_us), _short(each.body)]
            for place, each in enumerate(outcomes, 1)
        ]
        console.table(columns, rows, right=["event", "reply us", "cycle us"])
    return ExitCode.OK if all(each.is_fine for each in outcomes) else ExitCode.NO


def emulate(console: Console, options: Options) -> ExitCode:
    """Serve the API of the function service on this machine until it is stopped.

    With a target the function runs behind it, and answers POST requests to
    `/2015-03-31/functions/function/invocations`; `--http` serves it behind an HTTP address too, as a gateway does.
    Without a target a runtime of your own is to be started with the environment that is shown.
    """
    from contextlib import ExitStack
    from pathlib import Path

    from sovereign.orchestration.serverless.emulator import Emulator
    from sovereign.orchestration.serverless.running import prepared, wait_forever
    from sovereign.orchestration.serverless.sandbox import Sandbox
    from sovereign.orchestration.serverless.web import front

    with ExitStack() as held:
        handler, found = "bootstrap", None
        if options.target is not None:
            found = held.enter_context(prepared(Path(options.target), _order(options, Path(options.target))))
            handler = found.handler
        emulator = held.enter_context(Emulator(_facts(options, handler), port=options.port))
        if found is not None:
            environment = {**found.environment, **_environment(options)}
            told = lambda record: _tell(console, record)  # noqa: E731 - one line that is handed on
            held.enter_context(
                Sandbox(emulator, found.command, folder=found.folder, environment=environment, told=told)
            )
        shown = {"api": emulator.address}
        if options.http is not None:
            shown["http"] = held.enter_context(front(emulator.invoker, options.http)).address
        console.emit({**shown, "environment": emulator.environment(str(Path.cwd()))})
        if found is None:
            for name, value in emulator.environment(str(Path.cwd())).items():
                console.write(f"{name}={value}")
        else:
            console.write(f"events: http://{emulator.address}/2015-03-31/functions/function/invocations")
            if options.http is not None:
                console.write(f"http:   http://{shown['http']}/")
        # Whoever started this waits for the addresses.
        console.finish()
        wait_forever()
    return ExitCode.OK


def bench_cold(console: Console, options: Options) -> ExitCode:
    """Start functions over and over, beside those of other languages, and show how long each takes.

    The first row is an empty process, which is what starting anything costs here; ratios are to that. All candidates
    take turns in one run and echo the same event, but for our router. What is not installed is listed as lacking. Shown
    is the time from the start of the process until it asks for its first event; what the service reports has the
    platform's own time in it, which cannot be measured here.
    """
    import tempfile
    from pathlib import Path

    from sovereign.orchestration.serverless.coldstart import (
        COLUMNS,
        Conditions,
        candidates,
        chart,
        document,
        kept_run,
        losses,
        measure,
        note,
        rows,
    )
    from sovereign.shell.files import read_text, require_free, write_atomically

    kept = None if options.baseline is None else kept_run(read_text(options.baseline), options.baseline)
    drawn = [(place, draw) for place, draw in ((options.html, document), (options.svg, chart)) if place is not None]
    for place, _ in drawn:
        require_free(Path(place), force=options.force)
    conditions = Conditions(
        options.samples,
        options.rounds,
        is_cold=options.cold,
        has_priority=options.priority,
        memory_mb=tuple(dict.fromkeys(options.memory or ())),
    )
    with tempfile.TemporaryDirectory(prefix="candidates") as folder, console.progress("measuring"):
        found, lacking = candidates(Path(folder), options.peer or (), only=options.only or ())
        measured = measure(found, lacking, conditions)
    worse = losses(measured, kept) if kept is not None else []
    console.emit({**measured.to_json(), "losses": worse})
    for place, draw in drawn:
        write_atomically(Path(place), draw(measured), force=options.force)
    console.table(list(COLUMNS), rows(measured), right=COLUMNS[1:])
    console.write(note(measured))
    for each in worse:
        console.write(f"worse than the kept run: {each}")
    return ExitCode.NO if worse else ExitCode.OK


def cost(console: Console, options: Options) -> ExitCode:
    """Work out what invocations cost by the service's price list.

    This is a formula and measures nothing: the durations are those that you give, rounded up to milliseconds as they
    are billed. Prices are the list's of one region as it stood when this was written; give your own where they differ.
    The free tier, data transfer and logs are not in it.
    """
    from sovereign.orchestration.serverless.cost import GB_SECOND, REQUEST, Load, bill

    gb_second = GB_SECOND[options.arch] if options.gb_second is None else options.gb_second
    request = REQUEST if options.request is None else options.request
    load = Load(options.invocations, options.duration, options.memory, options.init, options.cold_share / 100)
    found = bill(load, gb_second=gb_second, request=request)
    prices = {"request": request, "gb_second": gb_second}
    console.emit({"kind": "formula", "prices_usd": prices, "usd": found.to_json()})
    rows = [[name, f"{value:,.4f}"] for name, value in found.to_json().items()]
    console.table(["part", "dollars"], rows, right=["dollars"])
    console.write(f"a formula, nothing is measured: {request:g} a request, {gb_second:g} a GB-second")
    return ExitCode.OK


def _target(options: Options) -> Path:
    return _named(options, "target")


def _handler(options: Options) -> Path:
    return _named(options, "handler")


def _named(options: Options, name: str) -> Path:
    """The file that a user named; in the folder of a project, what its settings say, with all that they say about it.

    Errors    ParameterError shell.usage   when nobody says it.
    """
    from pathlib import Path

    from sovereign.errors import ParameterError
    from sovereign.orchestration.serverless.project import read_function

    given = getattr(options, name)
    if given is not None:
        return Path(given)
    found = read_function(Path())
    if found is None:
        text = f"a handler is needed, and no `batuta.toml` here names one: `{name.upper()}`"
        raise ParameterError("shell.usage", text, name=name, value=None, allowed=["FILE"])
    options.function = found.function if options.function == "handler" else options.function
    options.model = options.model or [str(each) for each in found.models]
    if getattr(options, "events", "") is None and not options.event and found.events is not None:
        options.events = str(found.events)
    return found.handler


def _order(options: Options, handler: Path) -> Order:
    from sovereign.orchestration.serverless.bundle import Arch, Order, Style, model_map

    return Order(
        handler,
        function=options.function,
        style=Style(options.runtime),
        arch=Arch(options.arch) if options.arch else Arch.of_this_machine(),
        embed=model_map(options.model or []),
    )


def _facts(options: Options, handler: str) -> Facts:
    from sovereign.orchestration.serverless.contract import Facts

    return Facts(
        memory_mb=options.memory,
        timeout_s=options.timeout,
        handler=handler,
        concurrency=options.concurrency,
    )


def _environment(options: Options) -> dict[str, str]:
    return dict(each for each in options.env or [])


def _tell(console: Console, record: Record) -> None:
    console.log(record.text)


def _times(*values_us: float) -> list[str]:
    return [f"{each:,.0f}" if each else "" for each in values_us]


_SHOWN = 60


def _short(body: bytes) -> str:
    text = " ".join(body[: 4 * _SHOWN].decode("utf-8", "replace").split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _count(word: str) -> int:
    """A whole number from 1 on.

    >>> _count("128")
    128
    """
    if not word.isdecimal() or int(word) < 1:
        message = "not a whole number from 1 on"
        raise ValueError(message)
    return int(word)


def _amount(word: str) -> float:
    """A number from 0 on.

    >>> _amount("1.5")
    1.5
    """
    message = "not a number from 0 on"
    try:
        value = float(word)
    except ValueError:
        raise ValueError(message) from None
    if not 0 <= value < float("inf"):
        raise ValueError(message)
    return value


def _share(word: str) -> float:
    """A share of a hundred.

    >>> _share("0.5")
    0.5
    """
    value = _amount(word)
    if value > 100:  # noqa: PLR2004 - a hundred of a hundred
        message = "not a share of a hundred"
        raise ValueError(message)
    return value


def _port(word: str) -> int:
    """A port; 0 takes one that is free.

    >>> _port("8080")
    8080
    """
    if not word.isdecimal() or int(word) >= 1 << 16:
        message = "not a port, which is a number up to 65535"
        raise ValueError(message)
    return int(word)


def _variable(word: str) -> tuple[str, str]:
    """A variable of the environment.

    >>> _variable("STAGE=test")
    ('STAGE', 'test')
    """
    name, is_set, value = word.partition("=")
    if not is_set or not name:
        message = "not a variable as NAME=VALUE"
        raise ValueError(message)
    return name, value


_BUILDING = (
    option("--function", text="the function's name in the handler's file", value="NAME", default="handler"),
    option(
        "--runtime",
        text="what runs it: its own program, or Python",
        value="STYLE",
        default="native",
        choices=("native", "python"),
    ),
    option("--arch", text="the machine that it is for; this one otherwise", value="ARCH", choices=("x86_64", "arm64")),
    option(
        "--model",
        text="put a model file into the program, for the literal that is its name, or LITERAL=FILE",
        value="FILE",
        many=True,
        completes="file",
    ),
)
_LIMITS = (
    option("--memory", text="memory in MiB", value="MB", default=128, convert=_count),
    option("--timeout", text="seconds that an event may take", value="S", default=3, convert=_count),
)
_RUNNING = (
    *_BUILDING,
    *_LIMITS,
    option(
        "--concurrency",
        text="so many events at once, as managed instances have them",
        value="N",
        default=1,
        convert=_count,
    ),
    option("--env", text="set a variable, as NAME=VALUE", value="VARIABLE", many=True, convert=_variable),
)
BUNDLE = Command(
    "bundle",
    bundle,
    (
        argument("HANDLER", "the handler's file: Python, Ruchy or Rust", optional=True, completes="file"),
        option("-o", "--output", text="where the archive goes", value="FILE", default="function.zip", completes="file"),
        *_BUILDING,
        *_LIMITS,
        option("--pgo", text="optimise for these events, one in each line", value="FILE", completes="file"),
        option("--manifest", text="write the deployment manifest", value="FILE", completes="file"),
        option("--sam", text="write a template for AWS SAM", value="FILE", completes="file"),
        option("--cdk", text="write a stack for AWS CDK", value="FILE", completes="file"),
        option("--force", text="write over files that are there"),
    ),
)
INVOKE = Command(
    "invoke",
    invoke,
    (
        argument("TARGET", "an archive, or the handler's file", optional=True, completes="file"),
        option(
            "-e",
            "--event",
            text="one event: a file, or `-` for standard input",
            value="FILE",
            many=True,
            completes="file",
        ),
        option("--events", text="many events: a file with one in each line", value="FILE", completes="file"),
        option("--cold", text="start a new process for each event"),
        *_RUNNING,
    ),
    no="an event got an error instead of a reply",
)
EMULATE = Command(
    "emulate",
    emulate,
    (
        argument("TARGET", "an archive, or the handler's file", optional=True, completes="file"),
        option(
            "--port", text="where the API listens; any that is free otherwise", value="PORT", default=0, convert=_port
        ),
        option("--http", text="serve the function behind HTTP there", value="PORT", convert=_port),
        *_RUNNING,
    ),
)
BENCH = Command(
    "bench-cold",
    bench_cold,
    (
        option("--samples", text="starts of each candidate", value="N", default=200, convert=_count),
        option("--rounds", text="events in each process after its first", value="N", default=30, convert=_count),
        option("--only", text="this candidate beside the empty process", value="NAME", many=True),
        option("--cold", text="put each program out of the page cache before each start"),
        option("--priority", text="run with real-time priority, which root may"),
        option("--memory", text="limit memory to so many MiB, by control group", value="MB", many=True, convert=_count),
        option("--peer", text="a further program that speaks the API", value="NAME=PATH", many=True, completes="file"),
        option("--baseline", text="a kept result; worse ratios fail", value="FILE", completes="file"),
        option("--html", text="write the run as a page", value="FILE", completes="file"),
        option("--svg", text="write the times until the first question as a picture", value="FILE", completes="file"),
        option("--force", text="write over a file that is there"),
    ),
    no="a ratio or a size is worse than in the kept result",
)
COST = Command(
    "cost",
    cost,
    (
        option("--invocations", text="how many", value="N", default=1_000_000, convert=_count),
        option("--duration", text="milliseconds of each", value="MS", default=1.0, convert=_amount),
        option("--memory", text="memory in MiB", value="MB", default=128, convert=_count),
        option("--init", text="milliseconds of a cold start", value="MS", default=0.0, convert=_amount),
        option("--cold-share", text="cold starts in a hundred invocations", value="SHARE", default=0.0, convert=_share),
        option("--arch", text="the machine", value="ARCH", default="x86_64", choices=("x86_64", "arm64")),
        option("--request", text="dollars a request", value="PRICE", convert=_amount),
        option("--gb-second", text="dollars a GB-second", value="PRICE", convert=_amount),
    ),
)
bundle_main, invoke_main, emulate_main = entry(BUNDLE), entry(INVOKE), entry(EMULATE)
bench_cold_main, cost_main = entry(BENCH), entry(COST)
