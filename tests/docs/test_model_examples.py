"""The scripts of `examples/` run in their order, in an empty folder, and the tutorial shows what they do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "02_models"
ORDER = ["train_and_save.py", "inspect_and_prove.sh", "load_elsewhere.py", "translate_it.sh", "import_from_sklearn.py"]
TRANSLATED = "judge.py"


def test_every_script_has_its_place_in_the_order_and_in_the_readme():
    scripts = {path.name for path in FOLDER.iterdir() if path.suffix in {".py", ".sh"}}
    assert scripts == {*ORDER, TRANSLATED}
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in ORDER if f"`{name}`" in readme] == ORDER


@pytest.mark.timeout(120)
def test_the_scripts_do_what_they_say(tmp_path):
    said = {}
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for name in ORDER:
        command = ["sh", str(FOLDER / name)] if name.endswith(".sh") else [sys.executable, str(FOLDER / name)]
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        said[name] = ran.stdout
    assert "of 171 rows" in said["train_and_save.py"]
    assert "RandomForestClassifier" in said["inspect_and_prove.sh"]
    assert "all equal to the last bit" in said["load_elsewhere.py"]
    assert "the same answers, without Python: 21" in said["translate_it.sh"]
    assert "569 answers" in said["import_from_sklearn.py"]
