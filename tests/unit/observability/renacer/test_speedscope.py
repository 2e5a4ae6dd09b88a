"""Speedscope, in a browser, reads from our timeline as many boxes and as much time as the trace has.

It needs the published package (`npm install speedscope`, which is plain files): `SOVEREIGN_SPEEDSCOPE` names the folder
`dist/release` of it. The page is served with a few lines more, which press its Export button and keep what it holds.
"""

from __future__ import annotations

import functools
import html
import json
import os
import re
import shutil
import subprocess
import threading
from decimal import Decimal
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sovereign.observability.renacer import record
from sovereign.observability.renacer.exports import Chrome, parsed

EXPORTS = """
<script>
const keep = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  blob.text().then((text) => {
    const found = document.createElement("pre");
    found.id = "exported";
    found.textContent = text;
    document.body.appendChild(found);
  });
  return keep(blob);
};
const wait = setInterval(() => {
  const named = (each) => each.textContent === "\\u2934\\ufe0fExport";
  const button = [...document.querySelectorAll("div")].filter(named).pop();
  if (button && document.querySelector("table")) {
    clearInterval(wait);
    button.click();
  }
}, 50);
</script>
</body>
"""


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_):
        """Say nothing."""


def exported(folder, trace):
    """What speedscope holds after it has read a trace, as its own file format says it."""
    site = folder / "site"
    shutil.copytree(os.environ["SOVEREIGN_SPEEDSCOPE"], site)
    page = site / "index.html"
    page.write_text(page.read_text().replace("</body>", EXPORTS))
    (site / "trace.json").write_bytes(trace)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    options = ["--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    options += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=30000", "--dump-dom"]
    try:
        shown = subprocess.run(
            [browser, *options, f"{address}/index.html#profileURL={address}/trace.json"],
            check=True,
            capture_output=True,
            timeout=100,
        ).stdout.decode()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    found = re.search(r'<pre id="exported">(.*?)</pre>', shown, re.DOTALL)
    assert found, shown[-2000:]
    return json.loads(html.unescape(found[1]))


@pytest.mark.requires("chromium", "speedscope", "ptrace")
@pytest.mark.timeout(150)
def test_speedscope_reads_every_call_and_its_time(tmp_path):
    command = ["sh", "-c", "ls / | wc -l; true"]
    with (tmp_path / "out").open("w") as stdout, record(command, stdout=stdout) as recording:
        lines = b"".join(iter(functools.partial(batch_of, recording), b""))
    export = Chrome()
    events = list(parsed(lines))
    held = exported(tmp_path, b"".join([*map(export.take, events), export.end()]))
    opened = [each for profile in held["profiles"] for each in profile["events"] if each["type"] == "O"]
    closed = [each for profile in held["profiles"] for each in profile["events"] if each["type"] == "C"]
    calls = [event for event in events if event["event"] == "call"]
    assert len(opened) == len(closed) == len(calls) > 100
    read = sum(each["at"] for each in closed) - sum(each["at"] for each in opened)
    assert {profile["unit"] for profile in held["profiles"]} == {"microseconds"}
    assert read == pytest.approx(
        float(sum((event["duration_us"] for event in calls), Decimal(0))), abs=0.001 * len(calls)
    )
    assert len(held["profiles"]) == len({event["tid"] for event in calls})


def batch_of(recording):
    """The next lines of a recording, and none at its end."""
    try:
        return recording.batch()
    except StopIteration:
        return b""
