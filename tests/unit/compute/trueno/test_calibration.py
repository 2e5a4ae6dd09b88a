"""Limits are measured when they are asked for, kept with the machine they hold for, and never guessed."""

from __future__ import annotations

import json
import os
import threading

import pytest

from sovereign.compute.trueno import calibration
from sovereign.compute.trueno.calibration import Calibration, Level, keep, kept, measure, memory_levels, peak_gflops
from sovereign.errors import DeviceError

FACTS = {"processor": "P", "processors": 2, "backend": "avx2"}
ONE = Calibration(
    "2026-01-02T03:04:05+00:00", FACTS, 123.5, (Level("L1", 1024, 512, 99.0), Level("DRAM", None, 4096, 9))
)


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(calibration, "_machine", lambda: dict(FACTS))


def test_what_was_kept_is_read_back(tmp_path):
    assert kept() is None
    path = keep(ONE)
    assert path.is_relative_to(tmp_path / "cache")
    assert kept() == ONE
    assert kept().memory_gb_s == 9
    assert keep(ONE._replace(peak_gflops=1.0)) == path
    assert kept().peak_gflops == 1.0


@pytest.mark.parametrize("fact", FACTS)
def test_a_calibration_of_another_machine_does_not_count(monkeypatch, fact):
    keep(ONE)
    monkeypatch.setattr(calibration, "_machine", lambda: {**FACTS, fact: "other"})
    assert kept() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"levels": [{}]}', '{"levels": 3, "taken": ""}', "\xff"])
def test_a_file_that_is_none_of_ours_counts_as_not_calibrated(text):
    keep(ONE).write_text(text, encoding="latin-1")
    assert kept() is None


def test_a_cache_that_cannot_be_made_is_refused_with_its_reason(tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(DeviceError) as caught:
        keep(ONE)
    assert caught.value.code == "shell.cannot_write"


def test_the_real_machine_is_described():
    facts = calibration.__dict__["_processor"]()
    assert facts
    assert facts == facts.strip()


def test_levels_grow_and_each_is_read_where_it_lies(monkeypatch, tmp_path):
    for index, (level, kind, size) in enumerate(
        [("1", "Data", "48K"), ("1", "Instruction", "64K"), ("2", "Unified", "2048K"), ("3", "Unified", "491520K")]
    ):
        folder = tmp_path / f"index{index}"
        folder.mkdir()
        for name, value in (("level", level), ("type", kind), ("size", size)):
            (folder / name).write_text(value + "\n")
    monkeypatch.setattr(calibration, "_CACHES", tmp_path)
    monkeypatch.setattr(calibration, "_free_memory", lambda: 1 << 40)
    kib = 1024
    assert memory_levels() == [
        ("L1", 48 * kib, 24 * kib),
        ("L2", 2048 * kib, 384 * kib),
        ("L3", 491_520 * kib, 16_384 * kib),
        ("DRAM", None, 983_040 * kib),
    ]
    monkeypatch.setattr(calibration, "_free_memory", lambda: 5000)
    assert memory_levels()[-1] == ("DRAM", None, 5000)


def test_a_system_without_cache_sizes_has_one_level(monkeypatch, tmp_path):
    monkeypatch.setattr(calibration, "_CACHES", tmp_path)
    (level,) = memory_levels()
    assert level[:2] == ("DRAM", None)
    assert 0 < level[2] <= 1 << 30


def test_measuring_gives_every_limit_once(monkeypatch):
    monkeypatch.setattr(calibration, "memory_levels", lambda: [("L1", 32_768, 16_384), ("DRAM", None, 1 << 20)])
    monkeypatch.setattr(calibration, "_ROUND_S", 1e-4)
    steps = []
    found = measure(advance=lambda: steps.append(1))
    assert len(steps) == 3
    assert found.machine == FACTS
    assert [level[:3] for level in found.levels] == [("L1", 32_768, 16_384), ("DRAM", None, 1 << 20)]
    # Faster than any machine that runs this would be a wrong count, slower than a pocket calculator too.
    assert 0.1 < found.peak_gflops < 10_000
    assert all(0.1 < level.read_gb_s < 10_000 for level in found.levels)
    assert json.loads(json.dumps(found.to_json()))["levels"][1]["name"] == "DRAM"


def test_work_of_several_threads_is_counted_together(monkeypatch):
    monkeypatch.setattr(calibration, "_ROUND_S", 0.0)
    seen = set()

    def work(count):
        seen.add(threading.get_ident())
        return 1_000_000 * count

    monkeypatch.setattr(calibration._kernels, "fma_loop", work)
    assert peak_gflops(threads=2) > 0
    assert threading.get_ident() in seen, "one thread finds the count"
    assert len(seen) >= 2


def test_free_memory_is_a_part_of_all_memory():
    everything = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < calibration._free_memory() <= everything // 4
