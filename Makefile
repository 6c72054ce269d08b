# make run · test · lint · benchmark · spark · sail · cluster · peers · lock · audit · licences
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test lint benchmark spark sail cluster peers lock audit licences

run: .venv/run.stamp ## build the demonstration county on first use, then serve
	@test -e data/snapshots/CURRENT || $(BIN)/python -m dashboard demo
	@$(BIN)/python -m dashboard serve

# hundreds of apps read the pages' code anew, and a hundred processes all of it: compiled once
test: .venv/test.stamp .venv/sail.stamp lint ## everything, in real browsers too
	@sh tests/install.sh
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: .venv/test.stamp ## format and lint
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

benchmark: .venv/test.stamp ## print ratios; nothing is asserted
	@$(BIN)/python -m tests.benchmarks.import_speed
	@$(BIN)/python -m tests.benchmarks.statistics_build
	@$(BIN)/python -m tests.benchmarks.scale
	@$(BIN)/python -m tests.benchmarks.country
	@$(BIN)/python -m tests.benchmarks.simulation
	@$(BIN)/python -m tests.benchmarks.exports
	@$(BIN)/python -m tests.benchmarks.clicks
	@$(BIN)/python -m tests.benchmarks.answers
	@$(BIN)/python -m tests.benchmarks.arrival
	@$(BIN)/python -m tests.benchmarks.painted
	@$(BIN)/python -m tests.benchmarks.viewers
	@$(BIN)/python -m tests.benchmarks.engine

spark: .venv/spark.stamp ## what asks a Spark cluster for the marts, where settings.toml names one
sail: .venv/sail.stamp ## what stands in for a cluster in the tests
cluster: .venv/cluster.stamp ## a real Spark on this machine, for the benchmark
peers: .venv/peers.stamp ## the ranking in four other tools, for the benchmark; the fourth needs node and npm

lock: .venv/tools.stamp ## after a change of requirements.txt: every package that it needs, with its hashes
	@.venv/tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-annotate --no-emit-index-url requirements.txt -o requirements.lock

audit: .venv/tools.stamp ## known holes of what the lock installs; fails also where the index does not tell
	@.venv/tools/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

licences: .venv/run.stamp ## list the licences of what the lock installs
	@$(BIN)/python -m dashboard.deploy.licences > dashboard/deploy/LICENCES.csv

.venv/run.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 run")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

# each an environment of its own inside ours
.venv/sail.stamp: requirements-spark.txt
.venv/%.stamp: requirements-%.txt | .venv/run.stamp
	@test -x .venv/$*/bin/python || $(PYTHON) -m venv --without-pip .venv/$*
	@$(BIN)/python -m pip --python .venv/$*/bin/python install --quiet --no-compile --disable-pip-version-check -r $<
	@touch $@

PEERS := tests/benchmarks/peers
.venv/peers.stamp: $(PEERS)/requirements.txt $(PEERS)/observable/package.json | .venv/run.stamp
	@test -x .venv/peers/bin/python || $(PYTHON) -m venv --without-pip .venv/peers
	@$(BIN)/python -m pip --python .venv/peers/bin/python install --quiet --no-compile --disable-pip-version-check -r $<
	@mkdir -p .venv/peers/observable && cp $(PEERS)/observable/package.json .venv/peers/observable/
	@npm install --prefix .venv/peers/observable --silent --no-audit --no-fund --no-package-lock
	@touch $@
