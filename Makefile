# What there is to type: make demo, make test. Everything else is here for those who work on it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.8
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
ARGS ?=

.PHONY: help setup demo test long format lint types imports deploy-check check bench clean

help:  ## Say what there is to type
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

# The stamp is older than the lock file after a pull, and setup runs again.
setup: .venv/.synced  ## Install everything, locked

.venv/.synced: uv.lock pyproject.toml | $(UV)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Raccord needs Python 3.11 or newer; set PYTHON=/path/to/python3" >&2; exit 2; }
	$(UV) sync --locked --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" --quiet
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -m venv .tools 2>/dev/null && .tools/bin/python -m pip install --quiet uv==$(UV_VERSION) || \
		{ rm -rf .tools; $(PYTHON) -m pip install --quiet --target .tools uv==$(UV_VERSION); } || \
		{ echo "uv could not be installed: install python3-venv or python3-pip, or uv itself" >&2; exit 2; }

demo: setup  ## Play the sample orders on real parts, then stay up (ARGS=--until-done ends it)
	raccord demo $(ARGS)

test: setup  ## Run every test of the default suite
	pytest --cov

long: setup  ## Run what takes minutes: kills after every fact, drawn requests, two houses
	pytest -m long

format: setup  ## Rewrite the code in its one format
	ruff format .
	ruff check --fix .

lint: setup  ## Check format, lint, dead code and spelling
	ruff format --check .
	ruff check .
	vulture
	codespell
	shellcheck .ci/run deploy/*.sh

types: setup  ## Check types, strictly
	mypy .

imports: setup  ## Check that imports go one way
	lint-imports

deploy-check: setup  ## Check the image and compose files by schema and lint
	hadolint deploy/Dockerfile
	check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml

check: lint types imports deploy-check  ## Everything CI runs
	$(MAKE) test
	$(MAKE) long

bench: setup  ## Measure next to floors taken in the same run
	raccord bench identifiers
	raccord bench intake
	raccord bench port-in
	raccord bench access
	raccord bench ledger $(ARGS)

clean:  ## Remove what make installed
	rm -rf .venv .tools
