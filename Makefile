# Every target does the set-up that it needs; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
PREPARE := $(PYTHON) tools/prepare.py
CARGO := CARGO_TARGET_DIR="$$($(PYTHON) tools/prepare.py --target-folder)" cargo

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick check bench soak golden sizes wasm wheel docs lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

demo:  ## run the main job on the bundled example
	@$(PREPARE)
	@$(BIN)/batuta demo

test:  ## run every test
	@$(PREPARE)
	@$(CARGO) test -q --workspace --exclude sovereign-python --locked
	@$(BIN)/python -m pytest -n 2 --cov --cov-report=

test-quick:  ## run the ten-second subset
	@$(PREPARE)
	@$(BIN)/python -m pytest -q -n 2 tests/unit tests/house

lock:  ## resolve the Python packages anew into requirements/
	@$(PREPARE) packages
	@sh tools/lock.sh
