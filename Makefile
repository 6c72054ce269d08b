# make run · test · lint · benchmark
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test lint benchmark

run: .venv/run.stamp ## build the demonstration county on first use, then serve
	@test -e data/snapshots/CURRENT || $(BIN)/python -m dashboard demo
	@$(BIN)/python -m dashboard serve

test: .venv/test.stamp lint ## everything, in real browsers too
	@sh tests/install.sh
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: .venv/test.stamp ## format and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

benchmark: .venv/test.stamp ## print ratios; nothing is asserted
	@$(BIN)/python -m tests.benchmarks.import_speed
	@$(BIN)/python -m tests.benchmarks.statistics_build
	@$(BIN)/python -m tests.benchmarks.simulation
	@$(BIN)/python -m tests.benchmarks.exports
	@$(BIN)/python -m tests.benchmarks.clicks

.venv/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 run")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@
