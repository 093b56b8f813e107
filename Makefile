# Chainrule's commands. `make help` lists them.
PYTHON ?= python3
VENV := .venv/$(notdir $(PYTHON))
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# A lock lists everything, so pip must not resolve: its resolver may find a release newer than the pinned
# one first, and stop because that release has no hash.
INSTALL_LOCKED := $(PIP_INSTALL) --no-deps --require-hashes --only-binary :all: --requirement
# One more process than cores: some tests wait for servers and browsers.
ALL_TESTS = --numprocesses $$(( $$(nproc) + 1 )) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help up demo screenshots setup quick test coverage proof compose-test compose-ready corpus check format storm strength bench bench-long lock env clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(VENV)/.runtime ## Set up, then run the service on http://127.0.0.1:8000
	@$(BIN)/chainrule up

demo: $(VENV)/.runtime ## Run the service with a class of 120 students on http://127.0.0.1:8001
	@$(BIN)/python -m tests.demo

screenshots: setup ## Write pictures of every page of that class to screenshots/
	@$(BIN)/python -m tests.demo.screenshots

setup: $(VENV)/.runtime $(VENV)/.dev ## Install everything for tests and checks
	@tools/system-packages

test: setup ## Run all tests, or those that ARGS names
	@$(BIN)/python -m pytest $(or $(ARGS),$(ALL_TESTS))

coverage: setup ## Run all tests, and fail if they leave out too much of the code; takes half as long again
	@$(BIN)/python -m pytest $(ALL_TESTS) --cov --cov-report=term --cov-fail-under=95

quick: $(VENV)/.dev ## Lint, types and the fast tests, under a minute
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -m "not sandbox and not browser and not heavy" $(ARGS)

proof: strength corpus storm ## Prove what the suites catch, what the sandbox holds, and that nothing is lost

storm: setup ## Kill every process while 1,000 files arrive, on both forms of the service; about half an hour
	@$(BIN)/python -m tests.storm $(ARGS)

compose-test: setup ## Start the stack of docker-compose.yml in Docker, and test it
	@$(BIN)/python -m pytest tests/compose $(ARGS)

compose-ready: setup # Start a Docker engine if possible, and download what the images need
	@$(BIN)/python -m tests.compose

corpus: setup ## Run hostile programs and repeat gradings on every Python here, as root and as a user; kill 200 times
	@$(BIN)/python -m tests.worker.sandbox.everywhere
	@KILLS=200 $(BIN)/python -m pytest tests/worker/sandbox/test_kills.py

check: $(VENV)/.dev ## Formatting, lint, types, import contracts, prose, complete locks
	@$(BIN)/python -m pip check --quiet --disable-pip-version-check
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@PYTHON=$(BIN)/python tools/check-prose

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

strength: setup ## Measure which wrong engines and mutants the suites catch
	@$(BIN)/python -m tests.strength

bench: setup ## Measure engine, suites, diagnosis, sandbox and pages in one run
	@$(BIN)/python -m tests.bench.__main__ $(ARGS)

bench-long: setup ## Measure growth over 20,000 sandbox sessions; some minutes
	@$(BIN)/python -m tests.bench.sandbox

lock: $(VENV)/.dev ## Pin the newest versions that pyproject.toml allows
	@tools/lock $(BIN)/uv

env: ## Write random secrets for docker-compose.yml to .env
	@tools/make-env

clean: ## Remove everything that was built; var/ stays
	rm -rf .venv .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@tools/make-venv "$(PYTHON)" "$(VENV)"

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing Chainrule into $(VENV) ..."
	@$(INSTALL_LOCKED) requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q service worker migrations
	@$(BIN)/python -m worker.suites
	@$(BIN)/python -m worker.grading.diagnosis
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the tools for tests and checks ..."
	@$(INSTALL_LOCKED) requirements-dev.lock
	@touch $@
