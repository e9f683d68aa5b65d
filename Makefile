# The two commands: make run, make test. Both make their own environment in .venv from requirements.lock.

PYTHON ?= python3
BIN := .venv/bin
NODE_CLIENTS := tests/clients/node_modules/.package-lock.json
APT_INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

N ?= 1000

.PHONY: run test test-deps bench bench-deps conformance renew lock clean
.DELETE_ON_ERROR:

run: .venv/ready
	@$(BIN)/parkg serve

test: .venv/ready-for-tests
	@echo "make: checking style and types …"
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@echo "make: running the tests …"
	@$(BIN)/python -m pytest

# What some tests need beyond Python, make and git, on Debian as root. Without it make test ends with a list of what it left out.
test-deps:
	@command -v curl >/dev/null || { echo "make: installing curl …"; apt-get update -qq && $(APT_INSTALL) curl; }
	@command -v npm >/dev/null || { echo "make: installing Node and npm …"; apt-get update -qq && $(APT_INSTALL) nodejs npm; }
	@command -v virtuoso-t >/dev/null || { \
	  echo "make: installing Virtuoso …"; apt-get update -qq && $(APT_INSTALL) virtuoso-opensource-7-bin; }
	@command -v zsh >/dev/null && command -v fish >/dev/null || { \
	  echo "make: installing zsh and fish …"; apt-get update -qq && $(APT_INSTALL) zsh fish; }
	@command -v chromium >/dev/null || { echo "make: installing Chromium …"; apt-get update -qq && $(APT_INSTALL) chromium; }
	@$(MAKE) --no-print-directory --silent $(NODE_CLIENTS)

$(NODE_CLIENTS): tests/clients/package-lock.json
	@echo "make: installing the packages of tests/clients/package-lock.json …"
	@npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --loglevel=error || { \
	  echo "make: a package could not be installed; see the lines above. make test works without them, and says what it left out." >&2; \
	  exit 1; }
	@touch $@

# Measurements: each prints a table and writes nothing into the repository. Another number of synthetic experiences: make bench N=100
bench: bench-deps
	@$(BIN)/python -m bench.reasoning
	@$(BIN)/python -m bench.asking
	@$(BIN)/python -m bench.building 13 100 $(N)
	@$(BIN)/python -m bench.catalogue --experiences $(N)
	@$(BIN)/python -m bench.serving --experiences $(N)
	@$(BIN)/python -m bench.pages --experiences $(N)

# What the measurements need beyond the tests: the peers as Python packages, and wrk, on Debian as root.
bench-deps: .venv/ready-for-bench
	@command -v wrk >/dev/null || { echo "make: installing wrk …"; apt-get update -qq && apt-get install -y -qq wrk; } || { \
	  echo "make: wrk could not be installed; install it by hand (on Debian as root: apt-get install wrk)" >&2; exit 1; }

# The W3C's test suites for SPARQL against a plain server of ours. They are not in the project.
conformance: $(if $(W3C),.venv/ready-for-tests)
	@test -n "$(W3C)" || { echo "make: say where the W3C's test suites are, a copy of github.com/w3c/rdf-tests:" \
	  "make conformance W3C=<folder>" >&2; exit 2; }
	@$(BIN)/python -m tests.conformance "$(W3C)"

.venv/ready: requirements.lock setup.cfg pyproject.toml .venv/bin/python
	@echo "make: installing the packages of requirements.lock into .venv …"
	@$(PIP) install --require-hashes --requirement requirements.lock || { \
	  echo "make: a package could not be installed. Without a network, point pip at a mirror or a folder of wheels (PIP_INDEX_URL," \
	  "PIP_FIND_LINKS) and run make again; if a hash differs, the package is not the one that was locked: do not use it." >&2; exit 1; }
	@$(PIP) install --no-deps --no-build-isolation --editable . || { \
	  echo "make: the checkout could not be installed into .venv; see the lines above, and try: make clean run" >&2; exit 1; }
	@touch $@

.venv/ready-for-tests: requirements-test.lock .venv/ready
	@echo "make: installing the packages of requirements-test.lock into .venv …"
	@$(PIP) install --require-hashes --requirement requirements-test.lock || { \
	  echo "make: a package for the tests could not be installed; see the lines above. make run works without them." >&2; exit 1; }
	@touch $@

.venv/ready-for-bench: requirements-bench.lock .venv/ready-for-tests
	@echo "make: installing the packages of requirements-bench.lock into .venv …"
	@$(PIP) install --require-hashes --requirement requirements-bench.lock || { \
	  echo "make: a package for the measurements could not be installed; see the lines above. make run and make test work without." >&2; exit 1; }
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 run" >&2; exit 1; }
	@echo "make: making the environment .venv …"
	@$(PYTHON) -m venv .venv || { \
	  echo "make: the environment could not be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }

# Writes what is generated (expected answers, queries/README.md, ontology/context.jsonld, docs/cube.svg); read the difference before you commit it.
renew: .venv/ready-for-tests
	@$(BIN)/python -m tests.renew

# Renews the lock files from setup.cfg; needs uv and a network.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate setup.cfg build-requirements.in --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra test setup.cfg build-requirements.in --constraint requirements.lock --output-file requirements-test.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra bench setup.cfg build-requirements.in --constraint requirements-test.lock --output-file requirements-bench.lock
	@rm -rf *.egg-info

clean:
	rm -rf .venv var tests/clients/node_modules *.egg-info build dist
