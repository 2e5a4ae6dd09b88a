"""Handlers and programs without an operating system: the same answers as CPython, in worlds of their own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import textwrap

import pytest

from sovereign.errors import ParameterError, SourceError
from sovereign.migration.depyler.workflow import Form, emit_rust
from sovereign.migration.rust import Profile, compile_project, write_project
from sovereign.ml.aprender import RandomForestClassifier, save

pytestmark = pytest.mark.timeout(300)

HANDLER = '''"""A small service."""

import json

LIMIT = 10
asked = 0


class Invalid(ValueError):
    """A request that cannot be answered."""


def mean(body):
    values = body.get("values", [])
    for value in values:
        if not isinstance(value, (int, float)):
            raise Invalid(f"no number: {value!r}")
    return sum(values) / len(values)


def handler(event, context):
    global asked
    asked += 1
    print("asked by", context.aws_request_id, asked)
    try:
        result = mean(json.loads(event["body"]))
    except Invalid as error:
        return {"statusCode": 400, "body": str(error)}
    level = "high" if result > LIMIT else "low"
    return {"statusCode": 200, "mean": result, "level": level, "by": context.function_name, "té": [None, True]}
'''
EVENTS = [
    json.dumps({"body": json.dumps({"values": [1, 2, 30.5]})}),
    json.dumps({"body": json.dumps({"values": [1, "é"]})}),
    json.dumps({"body": json.dumps({"values": []})}),
    json.dumps({"body": "{"}),
    "{}",
    "[1",
    "3",
]
ORIGINAL = """
import json, sys
from app import handler

class Context:
    aws_request_id = "r-1"
    function_name = "scores"

for line in sys.stdin:
    try:
        print(json.dumps(handler(json.loads(line.strip()), Context()), ensure_ascii=False))
    except Exception as error:
        print(type(error).__name__, "|", error)
"""
MAIN = """
use bootstrap::{Context, Writer};
use std::io::Write;

WORLD

fn main() {
    app_rust::init(INIT).unwrap();
    let ctx = Context { request_id: "r-1", function_name: "scores", ..Context::default() };
    let mut out = Writer::new();
    for line in std::io::stdin().lines() {
        out.clear();
        match app_rust::handle(&ctx, line.unwrap().as_bytes(), &mut out) {
            Ok(()) => {
                std::io::stdout().write_all(out.bytes()).unwrap();
                println!();
            }
            Err(error) => println!("{} | {}", error.error_type, error.message),
        }
    }
}
"""
WORLD = """
use app_rust::{Fault, PathKind, Platform, Stream};

struct World;

fn nothing<T>() -> Result<T, Fault> {
    Err(Fault { number: 38, text: "Function not implemented".into() })
}

impl Platform for World {
    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<(), Fault> {
        use std::io::Write;
        match stream {
            Stream::Output => std::io::stdout().write_all(bytes).unwrap(),
            Stream::Errors => std::io::stderr().write_all(bytes).unwrap(),
        }
        Ok(())
    }
    fn read_line(&self) -> Result<Vec<u8>, Fault> { Ok(Vec::new()) }
    fn read_input(&self) -> Result<Vec<u8>, Fault> { Ok(Vec::new()) }
    fn read_file(&self, _: &str) -> Result<Vec<u8>, Fault> { nothing() }
    fn write_file(&self, _: &str, _: &[u8], _: bool, _: bool) -> Result<(), Fault> { nothing() }
    fn path_kind(&self, _: &str) -> PathKind { PathKind::Missing }
    fn list_folder(&self, _: &str) -> Result<Vec<String>, Fault> { nothing() }
    fn make_folder(&self, _: &str) -> Result<(), Fault> { nothing() }
    fn remove_file(&self, _: &str) -> Result<(), Fault> { nothing() }
    fn remove_folder(&self, _: &str) -> Result<(), Fault> { nothing() }
    fn rename(&self, _: &str, _: &str) -> Result<(), Fault> { nothing() }
    fn current_folder(&self) -> Result<String, Fault> { nothing() }
    fn now(&self) -> i64 { 0 }
    fn monotonic(&self) -> i64 { 0 }
    fn sleep(&self, _: i64) {}
    fn random_bytes(&self, bytes: &mut [u8]) -> Result<(), Fault> { bytes.fill(7); Ok(()) }
    fn arguments(&self) -> Vec<String> { vec!["program".into(), "12".into()] }
    fn variable(&self, _: &str) -> Option<String> { None }
    fn variables(&self) -> Vec<(String, String)> { Vec::new() }
    fn exit(&self, code: i32) -> ! { std::process::exit(code) }
}
"""
PROGRAM = textwrap.dedent('''
    """What needs no operating system."""

    import math
    import re
    import sys
    from collections import Counter

    def roots(limit):
        for n in range(limit):
            yield round(math.sqrt(n) + math.sin(n) ** 3, 6)

    print([*roots(int(sys.argv[1]))], Counter("abracadabra").most_common(2))
    print(re.findall(r"[a-z]+", "to be, or not"), 2 ** 100, f"{math.pi:>12.4e}")
    sys.exit(3)
''')


def _harness(folder, main, library, profile=Profile.RELEASE):
    """A program around an emitted library."""
    bootstrap = {"bootstrap": f'{{ path = "{library}/bootstrap" }}'} if (library / "bootstrap").is_dir() else {}
    dependencies = {"app-rust": f'{{ path = "{library}" }}', **bootstrap}
    write_project(folder, "harness", {"src/main.rs": main}, dependencies=dependencies)
    return compile_project(folder, folder / "harness.out", profile=profile).path


@pytest.mark.parametrize("no_std", [False, True])
def test_a_handler_answers_as_under_python(tmp_path, no_std):
    (tmp_path / "app.py").write_text(HANDLER)
    (tmp_path / "original.py").write_text(ORIGINAL)
    library = tmp_path / "app-rust"
    emit_rust(tmp_path / "app.py", library, Form(no_std=no_std, handler="handler"))
    main = MAIN.replace("WORLD", WORLD if no_std else "").replace("INIT", "&World" if no_std else "")
    events = "".join(f"{event}\n" for event in EVENTS)
    program = _harness(tmp_path / "harness", main, library)
    expected, got = (
        subprocess.run(command, input=events, capture_output=True, text=True, check=True, cwd=tmp_path)
        for command in ([sys.executable, "original.py"], [program])
    )
    assert len(expected.stdout.splitlines()) == 2 * len(EVENTS) - 1
    assert got.stdout == expected.stdout


SERVICE = '''"""Tell by events."""

import sovereign

model = sovereign.load("triage.apr")


def handler(event, context):
    row = [float(value) for value in event["row"]]
    shares = model.predict_proba([row])[0]
    return {"class": model.predict([row]).tolist()[0], "shares": shares.tolist(), "first": float(shares[0])}
'''


def test_a_handler_without_an_operating_system_holds_its_model(tmp_path):
    X = [[float(i % 7), float(i % 5), i / 10] for i in range(60)]
    forest = RandomForestClassifier(n_estimators=4, random_state=0)
    save(tmp_path / "triage.apr", forest.fit(X, ["late" if a > b else "soon" for a, b, _ in X]))
    (tmp_path / "app.py").write_text(SERVICE)
    (tmp_path / "original.py").write_text(ORIGINAL)
    library = tmp_path / "app-rust"
    form = Form(no_std=True, handler="handler")
    emit_rust(tmp_path / "app.py", library, form, embed={"triage.apr": tmp_path / "triage.apr"})
    assert "std::" not in (library / "src/lib.rs").read_text().partition("mod support")[0]
    assert not (library / "trueno").exists()
    events = "".join(f'{{"row": {row}}}\n' for row in [[1, 2, 3], [5.5, 0.25, "4"], [1, 2], [1, 2, "x"], ["nan", 1, 2]])
    main = MAIN.replace("WORLD", WORLD).replace("INIT", "&World")
    program = _harness(tmp_path / "harness", main, library, Profile.DEBUG)
    expected, got = (
        subprocess.run(command, input=events, capture_output=True, text=True, check=True, cwd=tmp_path)
        for command in ([sys.executable, "original.py"], [program])
    )
    assert len(expected.stdout.splitlines()) == 5
    assert got.stdout == expected.stdout


def test_a_program_runs_in_a_world_that_it_is_given(tmp_path):
    (tmp_path / "app.py").write_text(PROGRAM)
    library = tmp_path / "app-rust"
    emit_rust(tmp_path / "app.py", library, Form(no_std=True))
    assert (library / "src/lib.rs").read_text().count("#![no_std]") == 1
    main = f"{WORLD}\nfn main() {{\n    std::process::exit(app_rust::run(&World));\n}}\n"
    got = subprocess.run([_harness(tmp_path / "harness", main, library)], capture_output=True, text=True, check=False)
    command = [sys.executable, tmp_path / "app.py", "12"]
    expected = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (got.stdout, got.returncode) == (expected.stdout, 3)


def test_what_needs_an_operating_system_is_refused_where_it_stands(tmp_path):
    (tmp_path / "app.py").write_text("import subprocess\n\n\ndef f():\n    subprocess.run(['ls'])\n\n\nf()\n")
    with pytest.raises(SourceError) as raised:
        emit_rust(tmp_path / "app.py", tmp_path / "app-rust", Form(no_std=True))
    assert 5 in {each.span.line for each in raised.value.diagnostics}
    assert all("operating system" in each.message for each in raised.value.diagnostics)
    assert not (tmp_path / "app-rust").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def other(event, context): pass", "no function `handler"),
        ("def handler(event): pass", "takes an event and a context"),
        ("def handler(event, context):\n    return eval(event)", "eval"),
        ("def handler(", "'(' was never closed"),
    ],
)
def test_what_is_no_handler_is_refused(tmp_path, text, said):
    (tmp_path / "app.py").write_text(f"{text}\n")
    with pytest.raises(SourceError) as raised:
        emit_rust(tmp_path / "app.py", tmp_path / "app-rust", Form(handler="handler"))
    assert said in str(raised.value.diagnostics[0].message)
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def test_a_project_is_a_program_that_cargo_builds(tmp_path):
    (tmp_path / "app.py").write_text("print('from a project')\n")
    emit_rust(tmp_path / "app.py", tmp_path / "shown", Form(project=True))
    built = compile_project(tmp_path / "shown", tmp_path / "program")
    assert subprocess.run([built.path], capture_output=True, check=True).stdout == b"from a project\n"
    with pytest.raises(ParameterError):
        emit_rust(tmp_path / "app.py", tmp_path / "shown", Form(project=True))
    with pytest.raises(ParameterError):
        emit_rust(tmp_path / "app.py", tmp_path / "no name", Form(project=True))
    assert not (tmp_path / "no name").exists()


FLOATS = textwrap.dedent('''
    """Functions of floats over many numbers."""

    import math

    seed = 12345
    for _ in range(300):
        seed = (seed * 1103515245 + 12345) % 2**31
        x = seed / 2**31 * 4 - 2
        unit, above = x / 2, abs(x) + 1e-9
        print(*[v.hex() for v in (
            math.sin(x), math.cos(x), math.tan(x), math.asin(unit), math.acos(unit), math.atan(x), math.sinh(x),
            math.cosh(x), math.tanh(x), math.asinh(x), math.acosh(1 + above), math.atanh(unit * 0.999), math.exp(x),
            math.exp2(x), math.expm1(x), math.log(above), math.log1p(above), math.log2(above), math.log10(above),
            math.sqrt(above), math.cbrt(x), math.erf(x), math.erfc(x), math.gamma(above),
            math.atan2(x, unit + 3), math.hypot(x, unit), math.pow(above, x), above ** x,
        )])
''')
ULPS = 3
"""What results may be away from those with the C library, in units of the last digit; for gamma it is."""


def test_float_functions_without_the_c_library_are_as_near_as_they_say(tmp_path):
    (tmp_path / "app.py").write_text(FLOATS)
    library = tmp_path / "app-rust"
    emit_rust(tmp_path / "app.py", library, Form(no_std=True))
    main = f"{WORLD}\nfn main() {{\n    std::process::exit(app_rust::run(&World));\n}}\n"
    got = subprocess.run([_harness(tmp_path / "harness", main, library)], capture_output=True, text=True, check=True)
    command = [sys.executable, tmp_path / "app.py"]
    expected = subprocess.run(command, capture_output=True, text=True, check=True)
    pairs = list(zip(got.stdout.split(), expected.stdout.split(), strict=True))
    assert len(pairs) == 300 * 28
    distances = [abs(float.fromhex(a) - float.fromhex(b)) / math.ulp(float.fromhex(b)) for a, b in pairs]
    assert max(distances) <= ULPS
    assert sum(map(bool, distances)) < len(distances) / 10
