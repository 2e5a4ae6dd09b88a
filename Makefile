# Every target does the set-up that it needs; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
PREPARE = $(PYTHON) tools/prepare.py
TARGET_FOLDER = $(shell $(PYTHON) tools/prepare.py --target-folder)

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick check bench soak sample golden sizes wasm wheel docs targets lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

demo:  ## run the main job on the bundled example
	@$(PREPARE)
	@$(BIN)/batuta demo build/demo

test:  ## run every test, Rust and Python
	@$(PREPARE)
	@CARGO_TARGET_DIR="$(TARGET_FOLDER)" cargo test -q --locked --workspace --exclude sovereign-python
	@$(BIN)/python -m pytest -n 2 --cov

test-quick:  ## run the ten-second subset
	@$(PREPARE)
	@$(BIN)/python -m pytest -q -n 2 tests/unit

check:  ## run every checker: types, lints, layers, house rules, docs
	@$(PREPARE) linters
	@$(BIN)/python tools/check.py

bench:  ## measure beside the peers, against the bars
	@$(PREPARE) peers
	@set -e; for run in benchmarks/*/run.py; do $(BIN)/python $$run; done

soak:  ## run the long campaigns and write dated results
	@$(PREPARE) linters
	@$(BIN)/python tools/soak.py

sample:  ## run today's share of the long campaigns, as CI does
	@$(PREPARE) linters
	@$(BIN)/python tools/soak.py --sample

golden:  ## rewrite the expected outputs; the review of the diff is the gate
	@$(PREPARE)
	@$(BIN)/python -m pytest -q tests/golden --rewrite

sizes:  ## print lines per room and what this branch adds
	@$(PYTHON) tools/sizes.py

wasm:  ## build the browser core into dist/
	@$(PREPARE)
	@$(BIN)/python tools/wasm.py

wheel:  ## build and check one wheel per architecture into dist/
	@$(PREPARE)
	@$(BIN)/python tools/wheel.py

docs:  ## generate the reference and build the pages into site/
	@$(PREPARE)
	@$(BIN)/python tools/docs.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build -q --strict

targets:  ## bring the Rust targets for the browser, ARM and microcontrollers (Debian)
	@$(PREPARE) companions
	@$(BIN)/python tools/targets_for_debian.py

lock:  ## resolve the Python packages anew into requirements/
	@$(PREPARE) packages
	@sh tools/lock.sh

clean:  ## remove what was built here, and nothing shared
	@rm -rf "$(TARGET_FOLDER)" .venv dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* src/sovereign/_native/*.so
