"""The library inside one emitted file: what the shaker keeps of it compiles alone and answers."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from sovereign.migration.rust.shake import mentioned, support_module

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
fn answers() -> Result<(), Exc> {
    let read = json_loads("[1, {\\"a\\": 2.5}]")?;
    say!("{} {}", json_dumps(&read)?, format_value(&read.item_at(0)?, "03d")?);
    let parser = ArgumentParser::new("p", ParserOptions::new());
    parser.add_argument(ArgSpec::new(&["-n"]).int().default(3i64))?;
    say!("{}", repr(&parser.parse_args(Some(List::new()))?));
    let day = Date::new(2024, 1, 31)?;
    say!("{} {}", format_value(&day, "%d/%m")?, repr(&copy_deepcopy(&List::from(vec![day]))));
    let pattern = re_compile(&Str::literal("(a)(b)?"), 0)?;
    say!("{}", repr(&pattern.findall::<(Str, Str)>(&Str::literal("abaa"))));
    say!("{}", show(&Decimal::parse("1.10")?.div(&Decimal::parse("3")?)?));
    random_generator().seed_i64(42);
    say!("{}", random_randint(1, 100)?);
    say!("{}", hashlib_md5(b"").hexdigest());
    Ok(())
}

fn main() {
    run_main(answers);
}
"""
ANSWERS = """[1, {"a": 2.5}] 001
Namespace(n=3)
31/01 [datetime.date(2024, 1, 31)]
[('a', 'b'), ('a', ''), ('a', '')]
0.3666666666666666666666666667
82
d41d8cd98f00b204e9800998ecf8427e
"""


@pytest.mark.timeout(120)
def test_what_is_kept_compiles_alone(tmp_path: Path) -> None:
    source, program = tmp_path / "program.rs", tmp_path / "program"
    kept = support_module(mentioned(PROGRAM))
    source.write_text(f"#![allow(dead_code, unused_imports, unused_macros)]\nuse support::*;\n{PROGRAM}\n{kept}")
    built = subprocess.run(
        ["rustc", "--edition", "2021", str(source), "-o", str(program)], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    assert subprocess.run([str(program)], capture_output=True, text=True, check=True).stdout == ANSWERS
