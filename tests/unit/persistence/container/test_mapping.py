"""Files that are cut while they are mapped: the process lives, and nobody believes what was read."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from sovereign.errors import IntegrityError
from sovereign.persistence.container import Source, open_file, save
from sovereign.persistence.container.mapping import Mapping

# Cut the file at a random page while a tensor of it is added up, and say how each run ended.
CUT = """
import os, random, sys
import numpy as np
from sovereign.errors import IntegrityError
from sovereign.persistence.container import open_file, save

folder, rounds, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chance, refused = random.Random(seed), 0
path = os.path.join(folder, "m.apr")
content = {"w": np.ones(65536, np.float32)}
for number in range(rounds):
    save(path, content, force=True)
    caught = False
    try:
        with open_file(path) as file:
            array = file["w"]
            if chance.random() < 0.5:
                array.sum()
            os.truncate(path, chance.randrange(array.nbytes // 4096) * 4096)
            array.sum()
            file["w"]
    except IntegrityError as error:
        assert error.code == "container.truncated", error
        caught = True
    refused += caught
print(refused)
"""


def cut(tmp_path, rounds, seed):
    words = [sys.executable, "-W", "error", "-c", CUT, str(tmp_path), str(rounds), str(seed)]
    finished = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    return int(finished.stdout)


def test_a_process_outlives_a_thousand_files_that_are_cut_while_they_are_mapped(tmp_path):
    assert cut(tmp_path, 1000, 1) == 1000


@pytest.mark.parametrize("seed", range(5))
def test_the_first_cut_of_a_process_is_survived(tmp_path, seed):
    assert cut(tmp_path, 1, seed) == 1


def test_what_was_read_from_a_cut_file_raises_at_the_next_line(tmp_path):
    path = tmp_path / "m.apr"
    save(path, {"w": np.ones(1 << 16, np.float32)})
    file = open_file(path)
    array = file["w"]
    os.truncate(path, 4096)
    with pytest.raises(IntegrityError) as caught:  # noqa: PT012 - it may come at any line that follows
        total = array.sum()
        assert total is None, "the line behind the sum was reached"
    assert caught.value.code == "container.truncated"
    with pytest.raises(IntegrityError):
        file["w"]
    file.close()
    # Its pages read as zero now, and no longer raise.
    assert array[-1] == 0


def test_a_file_that_is_cut_before_it_is_mapped_is_refused(tmp_path):
    path = tmp_path / "m.bin"
    path.write_bytes(bytes(8192))
    with Source(path) as source:
        os.truncate(path, 10)
        with pytest.raises(IntegrityError) as caught:
            Mapping(source)
        assert caught.value.code == "container.truncated"


def test_an_empty_file_has_no_pages(tmp_path):
    path = tmp_path / "m.bin"
    path.write_bytes(b"")
    with Source(path) as source:
        mapping = Mapping(source)
        assert bytes(mapping.view(0, 0)) == b""
        mapping.close()
        mapping.close()


def test_a_fault_that_is_not_ours_still_ends_the_process(tmp_path):
    path = tmp_path / "m.apr"
    save(path, {"w": np.ones(4, np.float32)})
    script = (
        "import mmap, os, sys\n"
        "from sovereign.persistence.container import open_file\n"
        "file = open_file(sys.argv[1]); file['w']\n"
        "other = open(sys.argv[2], 'w+b'); other.truncate(8192)\n"
        "pages = mmap.mmap(other.fileno(), 8192); other.truncate(0)\n"
        "pages[5000]\n"
    )
    words = [sys.executable, "-c", script, str(path), str(tmp_path / "other")]
    assert subprocess.run(words, check=False).returncode == -7
