"""Look at model files, prove them, compare, convert, bundle, sign and encrypt them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from sovereign.shell.command import Argument, Command, Group, Option, Options, argument, option
from sovereign.shell.entry import entry
from sovereign.shell.exit import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.errors import SovereignError
    from sovereign.ml.apr.passwords import PasswordSource
    from sovereign.shell.console import Console

__all__ = ["GROUP", "main"]

_STYLES = {"ok": "green", "failed": "red", "warning": "yellow", "not provable": "red", "not assessed": "dim"}


def inspect(console: Console, options: Options) -> ExitCode:
    """Show what a file says about itself, from its header, metadata and index alone.

    Every layout is recognised and named. Nothing vouches for the content yet: checksum and signature are shown as not
    checked. `apr validate` checks them.
    """
    from sovereign.ml.apr.inspection import boxes, inspect

    document = inspect(options.file)
    console.emit(document)
    for heading, facts in boxes(document):
        console.box(heading, facts)
    return ExitCode.OK


def validate(console: Console, options: Options) -> ExitCode:
    """Make every check that the layout of a file allows, and print each with its verdict.

    Structure, checksum, padding, metadata, the payload expanded and decoded to its last byte, the signature, licence
    and embedded data, and each model of a bundle. A file is valid when no check failed and a checksum covers its
    content; a layout without a checksum cannot be proved. A file that cannot be read does not keep the others from
    being looked at.
    """
    from sovereign.ml.apr.validation import document_of, examine, require_valid
    from sovereign.persistence.container import crypto

    store, files = crypto.default_store(), []
    with console.progress("validating", steps=len(options.file)) as progress:
        for path in options.file:
            files.append(examine(path, store, allow_unknown=options.allow_unknown))
            progress.advance()
    document, errors = document_of(files), [file.error for file in files if file.error]
    console.emit(document, is_kept=bool(errors))
    for file in files:
        if file.error is None:
            console.write(
                f"{file.path}: {file.layout.description if file.layout else 'headers or indexes are damaged'}"
            )
            console.table(["check", "verdict", "evidence"], [[*check[:3]] for check in file.checks], styles=_STYLES)
        else:
            console.write(f"{file.path}: not read")
    _raise_last(console, errors)
    require_valid(document)
    return ExitCode.OK


def diff(console: Console, options: Options) -> ExitCode:
    """Compare two files: facts, metadata, tensors, numbers, payload, and what the models answer.

    Numbers are told apart bit by bit; the largest difference is given absolute and relative. Answers are compared on
    data that is embedded in one of the files, where a room that runs models is installed.
    """
    from sovereign.ml.apr.difference import boxes, compare

    document = compare(options.old, options.new)
    console.emit(document)
    for heading, facts in boxes(document):
        console.box(heading, facts)
    return ExitCode.OK if document["is_same"] else ExitCode.NO


def hexdump(console: Console, options: Options) -> ExitCode:
    """Show bytes with what each is for: sections by name, the fields of a header one by one.

    Rows begin anew with each section and field. Without a range, the first 512 bytes are shown.
    """
    from sovereign.ml.apr.dump import COLUMNS, dump, rows

    document = dump(options.file, role=options.section, offset=options.offset, length=options.length)
    console.emit(document)
    console.table(COLUMNS, rows(document))
    if document["end"] < document["size_bytes"] and options.section is None:
        console.write(f"\n{document['size_bytes'] - document['end']} further bytes, `--length` shows more")
    return ExitCode.OK


def tree(console: Console, options: Options) -> ExitCode:
    """Show the sections of a file as a tree, with offsets and sizes, and those of the models in a bundle."""
    from sovereign.ml.apr.sections import lines, tree
    from sovereign.shell.text import visible

    document = tree(options.file)
    console.emit(document)
    console.write("\n".join(map(visible, lines(document))))
    return ExitCode.OK


def tensors(console: Console, options: Options) -> ExitCode:
    """List the tensors of a file with type, shape, offset and size.

    Of layout A1 the numbers of a known model are listed, which lie inside its payload.
    """
    from sovereign.ml.apr.tensors import COLUMNS, STATISTICS, rows, tensors

    document = tensors(options.file, with_statistics=options.statistics)
    console.emit(document)
    columns = (*COLUMNS, *STATISTICS) if options.statistics else COLUMNS
    console.table(columns, rows(document), right=columns[3:])
    return ExitCode.OK


def convert(console: Console, options: Options) -> ExitCode:
    """Write a file in another layout, and tell what did not come along as it was.

    The source is proved first. What has no place of its own in the new layout travels under another name, so that the
    way back gives the same payload; what cannot travel, such as a signature, is listed as lost.

    With `--embed` a model of `aprender` becomes an image that needs neither a heap nor a parser of metadata.
    """
    from sovereign.ml.apr.conversion import COMPRESSIONS, converted, embedded, format_for

    if options.embed:
        document = embedded(options.source, options.target, strict=options.strict, force=options.force)
    else:
        document = converted(
            options.source,
            options.target,
            format_for(options.target, options.to),
            compression=COMPRESSIONS[options.compression] if options.compression else None,
            strict=options.strict,
            force=options.force,
        )
    console.emit(document)
    console.write(
        f"{document['output']}: {document['output_layout']}, {document['size_bytes']} bytes, "
        f"from {document['source_layout']}"
    )
    _list(console, "in another form", document["carried"])
    _list(console, "lost", document["lost"])
    return ExitCode.OK


def bundle_make(console: Console, options: Options) -> ExitCode:
    """Put several files into one, each under the name of its file."""
    from sovereign.ml.apr.bundling import make

    document = make(options.bundle, options.file, description=options.description or "", force=options.force)
    console.emit(document)
    console.write(f"{document['file']}: {len(document['models'])} models, {document['size_bytes']} bytes")
    return ExitCode.OK


def bundle_list(console: Console, options: Options) -> ExitCode:
    """List the models of a bundle."""
    from sovereign.ml.apr.bundling import entries

    document = entries(options.bundle)
    console.emit(document)
    rows = [[each["name"], each["layout"], str(each["offset"]), str(each["size_bytes"])] for each in document["models"]]
    console.table(["model", "layout", "offset", "bytes"], rows, right=["offset", "bytes"])
    return ExitCode.OK


def bundle_extract(console: Console, options: Options) -> ExitCode:
    """Write models of a bundle as files of their own, byte by byte as they were put in; all when none is named."""
    from sovereign.ml.apr.bundling import extract
    from sovereign.shell.text import visible

    document = extract(options.bundle, options.folder, options.name, force=options.force)
    console.emit(document)
    console.write("\n".join(map(visible, document["outputs"])))
    return ExitCode.OK


def sign(console: Console, options: Options) -> ExitCode:
    """Write a file with a signature of a private key, in place of the one it has.

    Without `--output` the file itself is written anew, which takes `--force`.
    """
    from sovereign.ml.apr.keys import private_key, suite_named
    from sovereign.ml.apr.signing import sign

    suite = suite_named(options.suite) if options.suite else None
    key = private_key(options.key, _source(options))
    document = sign(options.file, key, options.output or options.file, suite=suite, force=options.force)
    console.emit(document)
    console.write(f"{document['output']}: signed, suite {document['suite']}, key {document['fingerprint']}")
    return ExitCode.OK


def verify(console: Console, options: Options) -> ExitCode:
    """Check signatures and say whose they are: unsigned, trusted, unknown key or invalid.

    Only a trusted one is a yes: a signature under an unknown key proves nothing about who made it. `--fingerprint`
    names the one key that counts, whoever is in the trust store. A file that cannot be read does not keep the others
    from being looked at.
    """
    from sovereign.ml.apr.signing import require_verified, verify
    from sovereign.persistence.container import crypto

    document, errors = verify(
        options.file,
        crypto.default_store(),
        allow_unknown=options.allow_unknown,
        fingerprint=options.fingerprint,
    )
    console.emit(document, is_kept=bool(errors))
    rows = [
        [each["file"], each["state"], each["signer"] or "", each["suite"] or "", each["fingerprint"] or ""]
        for each in document["files"]
    ]
    styles = {"trusted": "green", "invalid": "red", "unknown key": "yellow"}
    console.table(["file", "signature", "signer", "suite", "key"], rows, styles=styles)
    open_parts = [f"{each['file']}: {each['not_signed']}" for each in document["files"] if each["not_signed"]]
    _list(console, "not signed", open_parts)
    _raise_last(console, errors)
    require_verified(document)
    return ExitCode.OK


def encrypt(console: Console, options: Options) -> ExitCode:
    """Write a file with its payload encrypted, to the keys of recipients or else to a password.

    Header and metadata stay readable, and nobody can change them unnoticed, suite `legacy` excepted. A signature that
    the file has is left out, because the bytes that it signed are others now.
    """
    from sovereign.ml.apr.encryption import encrypt
    from sovereign.ml.apr.keys import suite_named
    from sovereign.persistence.container import crypto

    recipients = [crypto.read_public(path) for path in options.recipient]
    source = _source(options)
    asked = not recipients or source.is_named
    document = encrypt(
        options.file,
        options.output,
        suite_named(options.suite),
        password=source.password(f"new password of {options.output}", is_new=True) if asked else None,
        recipients=recipients,
        force=options.force,
    )
    console.emit(document)
    console.write(f"{document['output']}: encrypted, suite {document['suite']}, opens with {document['opens_with']}")
    _list(console, "lost", document["lost"])
    return ExitCode.OK


def decrypt(console: Console, options: Options) -> ExitCode:
    """Write a file as it was before it was encrypted, without the signature it had.

    `--key` opens what was encrypted to its public half; else a password does.
    """
    from sovereign.ml.apr.encryption import decrypt
    from sovereign.ml.apr.keys import private_key
    from sovereign.persistence.container import crypto

    source = _source(options)
    key = private_key(options.key, source) if options.key else None
    password = None if key else source.password(f"password of {options.file}")
    limits = crypto.CostLimits(memory_kib=options.max_memory * 1024) if options.max_memory else None
    document = decrypt(options.file, options.output, password=password, key=key, limits=limits, force=options.force)
    console.emit(document)
    console.write(f"{document['output']}: decrypted")
    _list(console, "lost", document["lost"])
    return ExitCode.OK


def keygen(console: Console, options: Options) -> ExitCode:
    """Make a key pair: KEY for its owner alone, and its public half beside it with `.pub` in its name.

    The private half is encrypted with a password where one is given or `--password` asks for it.
    """
    from sovereign.ml.apr.keys import keygen, suite_named

    source = _source(options)
    asked = options.password or source.is_named
    password = source.password(f"new password of {options.key}", is_new=True) if asked else None
    suite = suite_named(options.suite)
    document = keygen(options.key, suite, to_encrypt=options.encryption, password=password, force=options.force)
    console.emit(document)
    console.write(f"{document['private_key']}: private key, {'+'.join(document['algorithms'])}")
    console.write(f"{document['public_key']}: public key, {document['fingerprint']}")
    return ExitCode.OK


def trust_list(console: Console, _options: Options) -> ExitCode:
    """List the keys that are trusted."""
    from sovereign.ml.apr.keys import trusted
    from sovereign.persistence.container import crypto

    document = trusted(crypto.default_store())
    console.emit(document)
    rows = [
        [each["name"], "+".join(each["algorithms"]), each["added_at"], each["fingerprint"]] for each in document["keys"]
    ]
    console.table(["name", "algorithms", "added", "fingerprint"], rows)
    return ExitCode.OK


def trust_add(console: Console, options: Options) -> ExitCode:
    """Trust a public key under a name from now on; compare its fingerprint with its owner's first."""
    from sovereign.persistence.container import crypto

    store = crypto.default_store()
    mark = store.add(options.name, crypto.read_public(options.key))
    console.emit({"name": options.name, "fingerprint": mark, "store": str(store.path)})
    console.write(f"{options.name}: trusted, {mark}")
    return ExitCode.OK


def trust_remove(console: Console, options: Options) -> ExitCode:
    """Trust a key no longer, found by its name or its fingerprint."""
    from sovereign.persistence.container import crypto

    store = crypto.default_store()
    store.remove(options.name)
    console.emit({"name": options.name, "fingerprint": None, "store": str(store.path)})
    console.write(f"{options.name}: not trusted any more")
    return ExitCode.OK


def wcet(console: Console, options: Options) -> ExitCode:
    """Estimate the longest that loading a file should take, and the largest size for a budget of time.

    The rates of a platform are of a data sheet, or with `--calibrate` measured on this machine now. It is an estimate:
    an operating system may always take longer.
    """
    from sovereign.ml.apr.budget import estimate, facts, platform_named, require_fitting

    budget_s = None if options.budget is None else options.budget / 1e3
    document = estimate(options.file, platform_named(options.platform, calibrated=options.calibrate), budget_s)
    console.emit(document)
    console.box("LOAD TIME", facts(document))
    require_fitting(document)
    return ExitCode.OK


def _raise_last(console: Console, errors: Sequence[SovereignError]) -> None:
    """Say why files could not be read; the last reason ends the command, with its code beside the document."""
    if not errors:
        return
    from sovereign.shell.render import diagnostics_of

    if not console.json:
        for error in errors[:-1]:
            console.diagnose(diagnostics_of(error))
    raise errors[-1]


def _list(console: Console, became: str, things: list[str]) -> None:
    from sovereign.shell.text import visible

    for thing in things:  # each is one line, whatever the names in it hold
        console.write(f"  {became}: {visible(thing)}")


def _source(options: Options) -> PasswordSource:
    from sovereign.ml.apr.passwords import PasswordSource

    return PasswordSource(options.password_file, options.password_env)


def _count(word: str) -> int:
    """A number of bytes, also in hexadecimal.

    >>> _count("32"), _count("0x20")
    (32, 32)
    """
    try:
        value = int(word, 0)
    except ValueError as error:
        message = "not a number of bytes"
        raise ValueError(message) from error
    if value < 0:
        message = "it is below 0"
        raise ValueError(message)
    return value


def _mebibytes(word: str) -> int:
    count = _count(word)
    if count < 1:
        message = "it is below 1"
        raise ValueError(message)
    return count


def _milliseconds(word: str) -> float:
    try:
        value = float(word)
    except ValueError as error:
        message = "not a number of milliseconds"
        raise ValueError(message) from error
    if not 0 < value < float("inf"):
        message = "it is not above 0"
        raise ValueError(message)
    return value


# As the container names them; they stand here again, because it is imported only when a command runs.
_SUITES = ("legacy", "standard", "post-quantum", "hybrid", "high-assurance")
_LAYOUTS = ("a1", "a2", "safetensors")
_ROLES = (
    "header",
    "metadata",
    "index",
    "schema",
    "encryption",
    "payload",
    "tensor",
    "model",
    "padding",
    "signature",
    "licence",
    "checksum",
)
_FILE = argument("FILE", "the model file", completes="file")
_FILES = argument("FILE", "the model files", many=True, completes="file")
_FORCE = option("--force", text="write over a file that is there")
_OUTPUT = option("-o", "--output", text="write here", value="OUTPUT", completes="file")
_PASSWORD: tuple[Option, ...] = (
    option(
        "--password-file", text="read the password from the first line of this file", value="FILE", completes="file"
    ),
    option("--password-env", text="take the password from this environment variable", value="NAME"),
)


def _path(destination: str, text: str) -> Argument:
    return argument(destination, text, completes="file")


_BUNDLE = Group(
    "bundle",
    "Put several model files into one, list them, take them out.",
    (
        Command(
            "make",
            bundle_make,
            (
                _path("BUNDLE", "the bundle to write"),
                _FILES,
                option("--description", text="what the bundle is for", value="TEXT"),
                _FORCE,
            ),
        ),
        Command("list", bundle_list, (_path("BUNDLE", "the bundle"),)),
        Command(
            "extract",
            bundle_extract,
            (
                _path("BUNDLE", "the bundle"),
                argument("NAME", "which models; all when left out", many=True, optional=True),
                option("--folder", text="write into this folder", value="FOLDER", default=".", completes="folder"),
                _FORCE,
            ),
        ),
    ),
)
_TRUST = Group(
    "trust",
    "Say whose signatures are believed.",
    (
        Command("list", trust_list),
        Command("add", trust_add, (argument("NAME", "whose key it is"), _path("KEY", "the public key file"))),
        Command("remove", trust_remove, (argument("NAME", "the name, or the fingerprint"),)),
    ),
)
GROUP = Group(
    "apr",
    """Look at model files, prove them, compare, convert, bundle, sign and encrypt them.

    All layouts of `.apr` and `.ald` files are recognised.
    """,
    (
        Command("inspect", inspect, (_FILE,)),
        Command(
            "validate",
            validate,
            (_FILES, option("--allow-unknown", text="accept signatures that hold under a key that is not trusted")),
            no="a file is not valid, or has no checksum that could prove it",
        ),
        Command(
            "diff",
            diff,
            (_path("OLD", "the file to compare with"), _path("NEW", "the file that is compared")),
            no="the files differ",
        ),
        Command(
            "hex",
            hexdump,
            (
                _FILE,
                option("--section", text="begin with the first section of this role", value="ROLE", choices=_ROLES),
                option("--offset", text="skip so many bytes", value="N", default=0, convert=_count),
                option("--length", text="show so many bytes", value="N", default=512, convert=_count),
            ),
        ),
        Command("tree", tree, (_FILE,)),
        Command(
            "tensors",
            tensors,
            (_FILE, option("--statistics", text="read the numbers and say what they are like")),
        ),
        Command(
            "convert",
            convert,
            (
                _path("SOURCE", "the file to read"),
                _path("TARGET", "the file to write"),
                option("--to", text="the layout; by the ending, `.apr` is a2", value="LAYOUT", choices=_LAYOUTS),
                option(
                    "--compression",
                    text="of the payload of a1; as in the source, else zstd, when left out",
                    value="WAY",
                    choices=("none", "zstd", "zstd-max", "lz4"),
                ),
                option("--strict", text="write nothing when something would be lost"),
                option("--embed", text="write the model alone, in single precision, for machines without a system"),
                _FORCE,
            ),
            no="something would be lost, and `--strict` is given",
        ),
        _BUNDLE,
        Command(
            "sign",
            sign,
            (
                _FILE,
                _path("KEY", "the private key file"),
                _OUTPUT,
                option(
                    "--suite", text="the cipher suite; that of the key when left out", value="NAME", choices=_SUITES
                ),
                *_PASSWORD,
                _FORCE,
            ),
        ),
        Command(
            "verify",
            verify,
            (
                _FILES,
                option("--allow-unknown", text="accept signatures under a key that is not trusted"),
                option("--fingerprint", text="accept the key of this fingerprint and no other", value="HEX"),
            ),
            no="a file is unsigned, its signature does not hold, or its key is not trusted",
        ),
        Command(
            "encrypt",
            encrypt,
            (
                _FILE,
                _path("OUTPUT", "the file to write"),
                option("--recipient", text="a public key file; may be repeated", value="KEY", many=True),
                option("--suite", text="the cipher suite", value="NAME", default="standard", choices=_SUITES),
                *_PASSWORD,
                _FORCE,
            ),
        ),
        Command(
            "decrypt",
            decrypt,
            (
                _FILE,
                _path("OUTPUT", "the file to write"),
                option("--key", text="the private key file", value="KEY", completes="file"),
                option(
                    "--max-memory",
                    text="MiB that the password of a file may cost; 256 when left out",
                    value="MIB",
                    convert=_mebibytes,
                ),
                *_PASSWORD,
                _FORCE,
            ),
        ),
        Command(
            "keygen",
            keygen,
            (
                _path("KEY", "the private key file to write"),
                option("--suite", text="the cipher suite", value="NAME", default="standard", choices=_SUITES),
                option("--encryption", text="a key that others encrypt to, in place of one that signs"),
                option("--password", text="ask for a password for the private key"),
                *_PASSWORD,
                _FORCE,
            ),
        ),
        _TRUST,
        Command(
            "wcet",
            wcet,
            (
                argument("FILE", "the model file", optional=True, completes="file"),
                option("--platform", text="a platform by name", value="NAME"),
                option("--calibrate", text="measure this machine"),
                option("--budget", text="milliseconds that loading may take", value="MS", convert=_milliseconds),
            ),
            no="the file may take longer than the budget",
        ),
    ),
)
_run = entry(GROUP)


def main(argv: Sequence[str] | None = None, prog: str | None = None) -> int:
    """Run `apr`; under a name such as `apr-inspect` the command of that name."""
    name = sys.argv[0].rpartition("/")[2]
    command = name.removeprefix("apr-")
    if argv is None and command != name and GROUP.find(command) is not None:
        return _run([command, *sys.argv[1:]], prog=GROUP.name)
    return _run(argv, prog=prog)
