# The verbs of the project. The same as plain commands: CONTRIBUTING.md.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test test-lives test-rest check check-format check-lint check-types check-contracts bench torture format texts lock hooks clean

help: ## What can be said here
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

run: .venv/run ## Set everything up and start the bot
	@exec $(BIN)/studybot run

test: .venv/dev ## Set everything up and run the whole suite
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target test-lives test-rest

# Programs of their own mostly wait: they are tried beside the rest, which measures what is covered. Storage and the
# fakes cover nothing of what is measured, and make both halves as long as each other.
LIVES := tests/life tests/bench tests/test_program.py tests/test_program_telegram.py tests/test_wheel.py tests/storage tests/fakes
test-lives: .venv/dev
	@$(BIN)/pytest -p no:cacheprovider $(LIVES)

test-rest: .venv/dev
	@$(BIN)/pytest --cov $(LIVES:%=--ignore=%)

check: .venv/dev ## Format, lint, strict types, import contracts
	@$(MAKE) --no-print-directory --keep-going --jobs=2 check-types check-format check-lint check-contracts

check-format: .venv/dev
	@$(BIN)/ruff format --check

check-lint: .venv/dev
	@$(BIN)/ruff check

check-types: .venv/dev
	@$(BIN)/mypy

check-contracts: .venv/dev
	@$(BIN)/lint-imports --no-logo

bench: .venv/dev ## Measure, each figure beside its floor
	@$(BIN)/python -m tests.bench

torture: .venv/dev ## The long runs: kill, fill the disk, again and again
	@$(BIN)/pytest -m torture

format: .venv/dev ## Put the code in form
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format

texts: .venv/dev ## Make the catalogues that are not written by hand
	@$(BIN)/python -m bot.locales

# A lock keeps its pins while they fit pyproject.toml; `make lock UPGRADE=--upgrade` takes the newest.
GROUP := $(BIN)/python -c 'import sys, tomllib, packaging.dependency_groups as d; print(*d.resolve_dependency_groups(tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"], sys.argv[1]), sep="\n")'
COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe \
	--no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(UPGRADE)
lock: .venv/dev ## Pin every dependency again, with its hashes
	@$(COMPILE) --output-file requirements.txt pyproject.toml
	@$(GROUP) build | $(COMPILE) --constraint requirements.txt --output-file requirements-build.txt -
	@$(GROUP) dev | $(COMPILE) --constraint requirements.txt --output-file requirements-dev.txt -

hooks: .venv/dev ## Let git run the checks before each commit
	@$(BIN)/pre-commit install

clean: ## Forget what was set up and made; never the database
	@rm -rf .venv build dist .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Set-up, each step again only when what it was made from has changed.
.venv/made:
	@command -v $(PYTHON) >/dev/null || { echo 'Studybot needs Python 3.11 or newer: install it, or name it with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = "%d.%d" % sys.version_info[:2]; sys.version_info >= (3, 11) or sys.exit("Studybot needs Python 3.11 or newer and this one is " + v + ": install a newer one, or name it with PYTHON=…")'
	@echo 'Setting up .venv (once)'
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/made requirements.txt requirements-build.txt pyproject.toml
	@$(INSTALL) -r requirements.txt -r requirements-build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@
