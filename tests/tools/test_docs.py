"""The generator of the reference pages: it writes once, says what differs, and removes what is not wanted."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="docs")
def _docs(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("docs_tool", ROOT / "tools" / "docs.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setitem(sys.modules, "docs_tool", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "crates" / "container" / "src", tmp_path / "crates" / "container" / "src")
    shutil.copytree(ROOT / "examples" / "03_translation", tmp_path / "examples" / "03_translation")
    (tmp_path / "docs" / "decisions").mkdir(parents=True)
    (tmp_path / "docs" / "decisions" / "0001-a.md").write_text("# 1. A choice\n\ntext\n")
    (tmp_path / "src" / "sovereign" / "ml" / "apr").mkdir(parents=True)
    (tmp_path / "src" / "sovereign" / "ml" / "apr" / "__init__.py").touch()
    return module


def run(docs, monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["docs.py", *words])
    status = docs.main()
    return status, capsys.readouterr().out


def test_pages_are_written_once(docs, monkeypatch, capsys, tmp_path):
    status, shown = run(docs, monkeypatch, capsys)
    assert status == 0
    assert "written: `docs/reference/commands/batuta-stack-check.md`" in shown
    assert run(docs, monkeypatch, capsys) == (0, "")
    assert run(docs, monkeypatch, capsys, "--check") == (0, "")
    errors = (tmp_path / "docs/reference/errors/index.md").read_text()
    assert "| [`shell.usage`](shell.usage.md) | `ParameterError` |" in errors
    assert "- [1. A choice](0001-a.md)" in (tmp_path / "docs/decisions/index.md").read_text()
    assert "::: sovereign.ml.apr" in (tmp_path / "docs/reference/python/sovereign.ml.apr.md").read_text()


def test_check_fails_and_writes_nothing_when_a_page_differs(docs, monkeypatch, capsys, tmp_path):
    run(docs, monkeypatch, capsys)
    page = tmp_path / "docs/reference/errors/index.md"
    page.write_text(page.read_text() + "by hand\n")
    status, shown = run(docs, monkeypatch, capsys, "--check")
    assert status == 1
    assert shown.startswith("differs: `docs/reference/errors/index.md`\n")
    assert "by hand" in page.read_text()
    run(docs, monkeypatch, capsys)
    assert "by hand" not in page.read_text()


def test_page_that_is_not_wanted_is_removed_unless_written_by_hand(docs, monkeypatch, capsys, tmp_path):
    run(docs, monkeypatch, capsys)
    folder = tmp_path / "docs/reference/commands"
    (folder / "gone.md").write_text((folder / "batuta.md").read_text())
    (folder / "mine.md").write_text("# Written by hand\n")
    assert run(docs, monkeypatch, capsys, "--check")[0] == 1
    assert run(docs, monkeypatch, capsys) == (0, "removed: `docs/reference/commands/gone.md`\n")
    assert not (folder / "gone.md").exists()
    assert (folder / "mine.md").exists()


def test_benchmarks_show_kept_runs_with_their_command(docs, monkeypatch, capsys, tmp_path):
    times = {"median_ns": 90.4, "fastest_ns": 80, "slowest_ns": 100}
    kept = {
        "day": "2026-01-02",
        "machine": {"processor": "P", "python": "3.11", "numpy": "2"},
        "rows": {"dot": times},
        "ratios": {"numpy / ours": 3.456},
        "bars": {"dot, ns": {"measured": 90.4, "most": 200}},
    }
    campaign = {"campaign": "long", "question": "Is it so?", "status": 2, "seconds": 9.9, "started": "2026-01-02T03"}
    for name, result in (("calls", kept), ("soak", campaign)):
        (tmp_path / "benchmarks" / name / "results").mkdir(parents=True)
        (tmp_path / "benchmarks" / name / "results" / "p.json").write_text(json.dumps(result))
    run(docs, monkeypatch, capsys)
    page = (tmp_path / "docs/benchmarks.md").read_text()
    assert "From `python benchmarks/calls/run.py` on P, Python 3.11, NumPy 2, 2026-01-02:" in page
    assert "| dot | 90 ns | 80 ns | 100 ns |" in page
    assert "| numpy / ours | 3.46 | |" in page
    assert "| dot, ns | 90.4 | 200 |" in page
    assert "**Not measured**, on 2026-01-02 after 10 s of `python tools/soak.py long`" in page


def test_comparisons_show_ratios_bars_and_limits(docs, monkeypatch, capsys, tmp_path):
    met = {"ratio": 3.21, "bar": 3.0}
    row = {"row": "dot 384", "threads": 1, "median_ns": 200.0, "limit_ns": 20.0, "limit": "read L1", "held": True}
    level = {"name": "L1", "read_gb_s": 154.4}
    kept = {
        "day": "2026-01-02",
        "machine": {"processor": "P", "python": "3.11", "numpy": "2"},
        "comparisons": [
            {**row, "peers": {"numpy": met, "torch": {"ratio": 9.0, "bar": None}}},
            {**row, "held": False, "peers": {"numpy": {"ratio": 0.9, "bar": 0.95}}},
            {**row, "held": False, "at_limit": True, "peers": {"numpy": {"ratio": 0.9, "bar": 0.97}}},
            {**row, "held": None, "peers": {"numpy": {"ratio": 0.9, "bar": None}}},
        ],
        "limits": [{"threads": 1, "peak_gflops": 150.4, "levels": [level]}],
        "peers": {"numpy": "2.0"},
    }
    (tmp_path / "benchmarks" / "race" / "results").mkdir(parents=True)
    (tmp_path / "benchmarks" / "race" / "results" / "p.json").write_text(json.dumps(kept))
    run(docs, monkeypatch, capsys)
    page = (tmp_path / "docs/benchmarks.md").read_text()
    assert "| dot 384 | 1 | 200 ns | 20 ns | 10 % | read L1 | numpy 3.21x, torch 9.00x | met: numpy 3x |" in page
    assert "| numpy 0.90x | **missed:** numpy 0.95x |" in page
    assert "| numpy 0.90x | at the limit, below: numpy 0.97x |" in page
    assert "| numpy 0.90x |  |" in page
    assert "| 1 | 150 GFLOP/s | L1 154 GB/s |" in page
    assert "Peers of `python benchmarks/race/run.py`: numpy 2.0." in page


def test_claims_of_the_main_job_stand_in_readme_too_with_what_is_missed(docs, monkeypatch, capsys, tmp_path):
    side = dict.fromkeys(docs.SIDES.values(), 1234.5)
    rest = {"rounds": [1.0, 8.0], "most": None}
    kept = {
        "day": "2026-01-02",
        "machine": {"processor": "P", "processors": 2, "python": "3.11", "numpy": "2"},
        "events": 64,
        "rounds": 2,
        "load_before": 0.1,
        "client": "peer",
        "sides": {"python": side, "native": side},
        "claims": [
            {"what": "start", "measured": 578.3, "least": 50, "held": True, **rest},
            {"what": "time", "measured": 6.68, "least": 20, "held": False, **rest},
            {"what": "bytes", "measured": 7.0, "least": None, "held": True, **rest, "most": 2000},
            {"what": "differing", "measured": 0.0, "least": None, "held": True, **rest, "most": 0},
            {"what": "echo", "measured": 14.0, "least": None, "held": None, **rest},
        ],
    }
    (tmp_path / "benchmarks" / "main_job" / "results").mkdir(parents=True)
    (tmp_path / "benchmarks" / "main_job" / "results" / "p.json").write_text(json.dumps(kept))
    (tmp_path / "README.md").write_text(f"# A\n\n{docs.FIGURES}\nold\n{docs.FIGURES_END}\n\nEnd\n")
    run(docs, monkeypatch, capsys)
    readme, page = ((tmp_path / name).read_text() for name in ("README.md", "docs/benchmarks.md"))
    assert "old" not in readme
    assert readme.startswith("# A\n")
    assert readme.endswith("\nEnd\n")
    assert "`python benchmarks/main_job/run.py` on P, 2 processors, Python 3.11, 2026-01-02" in readme
    assert "| time | at least 20 | 6.68 (missed) |" in readme
    assert "why one is missed" in readme
    assert "| start | at least 50 | 578 | 1 to 8 | holds |" in page
    assert "| time | at least 20 | 6.68 | 1 to 8 | **missed** |" in page
    assert "| bytes | at most 2,000 | 7 | 1 to 8 | holds |" in page
    assert "| differing | none | 0 | 1 to 8 | holds |" in page
    assert "| echo |  | 14 | 1 to 8 |  |" in page
    assert "| resident memory, KiB | 1,234 | 1,234 |" in page
