#!/bin/sh
# Resolve the Python packages anew: exact versions and hashes, no index named, for every Linux and Python we support.
set -eu
cd "$(dirname "$0")/.."
compile() { ${UV:-.venv/bin/uv} pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line "$@"; }
# pip installs uv, and uv installs the rest.
echo uv | compile - -o requirements/bootstrap.lock
compile pyproject.toml --group dev -o requirements/develop.lock
# The peers that benchmarks compare with, beside the same NumPy.
compile --group bench -c requirements/develop.lock -o requirements/bench.lock
