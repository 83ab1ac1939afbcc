# Every target sets up what it needs by itself: Python 3.11 or newer, git and make are enough.
#   make demo    the whole journey on this machine        make test    the tests
#   make check   format, lint, types, architecture        make bench   the benchmark table

ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
endif
VENV := .venv
BIN := $(VENV)/bin
# Only errors: a machine with extra package folders would warn on every line.
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
# Each file is the whole list: pip must not resolve anew, or a release of today stands in the way (ADR 0006).
PINNED := $(PIP) install --require-hashes --no-deps
# Nothing is fetched for the build: hatchling is already there, pinned.
PROJECT := $(PIP) install --no-deps --no-build-isolation --editable .
# Test processes, one more than there are processors; the serial tests never use them, and those apart are
# shared out among them by whole files.
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest

.PHONY: help demo test check bench mutants deep form dictionary guide lock clean
.DELETE_ON_ERROR:

help:
	@sed -n '2,3s/^# *//p' Makefile

# --- what each target needs -------------------------------------------------------------------------------

$(BIN)/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  python=$(or $(PYTHON),python3); \
	  echo "fieldkit needs Python 3.11 or newer; '$$python' says: $$($$python -V 2>&1 | tail -n 1)" >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

# Enough for the program and its server.
$(VENV)/.run: requirements/server.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) (once)"
	@$(PINNED) -r requirements/server.txt -r requirements/build.txt
	@$(PROJECT)
	@touch $@

# The same and the tools of make check and make test; serves the program too.
$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) for development (once)"
	@$(PINNED) -r requirements/dev.txt
	@$(PROJECT)
	@touch $(VENV)/.run $@

# --- the commands -----------------------------------------------------------------------------------------

demo: $(VENV)/.run
	@$(BIN)/fieldkit demo

# One line a step; what a step found is printed under its line.
check: $(VENV)/.dev
	@step() { name=$$1; shift; \
	  if out=$$("$$@" 2>&1); then printf '%-16s ok\n' "$$name"; \
	  else printf '%-16s FAILED\n%s\n' "$$name" "$$out"; failed=1; fi; }; \
	failed=0; \
	step format       $(BIN)/ruff format --check .; \
	step lint         $(BIN)/ruff check .; \
	step types        $(BIN)/mypy; \
	step imports      $(BIN)/lint-imports; \
	step architecture $(PYTEST) -q -n $(WORKERS) tests/architecture; \
	exit $$failed

# The serial tests first, alone; then those that start, kill and trace programs, without coverage; then all others
# with it, so that its table comes last. pytest leaves with 5 when it chose no test. Byte code is written also
# where the surroundings forbid it: each of some twenty test processes would compile all tests anew.
APART := --dist loadfile --no-loadscope-reorder
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.dev
	@$(PYTEST) -m serial --ignore=tests/architecture || [ $$? -eq 5 ]
	@$(PYTEST) -m 'apart and not serial' --ignore=tests/architecture -n $(WORKERS) $(APART) || [ $$? -eq 5 ]
	@$(PYTEST) -m 'not serial and not apart' --ignore=tests/architecture -n $(WORKERS) --dist worksteal --cov --cov-report=term

bench: $(VENV)/.dev
	@$(BIN)/python -m tests.bench

# How many small errors in the protocol and the vault the tests notice: about an hour.
mutants: $(VENV)/.dev
	@$(BIN)/python -m tests.mutation

# Every test with its long settings: hours.
deep: $(VENV)/.dev
	@FIELDKIT_DEEP=1 $(PYTEST)

form: $(VENV)/.dev
	@$(BIN)/python -m fieldkit.forms.xlsform

# The screens of docs/reporter-guide.md, drawn by the program.
guide: $(VENV)/.dev
	@$(BIN)/python -m tests.tui.guide

dictionary: $(VENV)/.dev
	@$(BIN)/python -m tests.dictionary.generate

# Chooses versions anew, none younger than a week, and writes the files all other targets install from.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
  --no-annotate --exclude-newer "7 days" --custom-compile-command "make lock"
lock: | $(BIN)/python
	@$(PINNED) -r requirements/lock.txt
	@$(COMPILE) pyproject.toml --all-extras requirements/dev.in -o requirements/dev.txt
	@$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/base.txt
	@$(COMPILE) pyproject.toml --extra server -c requirements/dev.txt -o requirements/server.txt
	@$(COMPILE) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	@$(COMPILE) requirements/lock.in -o requirements/lock.txt

clean:
	@rm -rf $(VENV) build dist htmlcov .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
