# Works from a clean clone with Python 3.11-3.13, make and a package index. `make help` lists it.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
ARGS ?=
CANDIDATES := $(PYTHON) python3.13 python3.12 python3.11 python3 python
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
SCENARIO := $(if $(filter scenario=% task=% help -%,$(ARGS)),,scenario=proactive)

# An environment that no longer runs, or was made for another folder, is made anew.
STALE := $(shell [ ! -e $(VENV)/.made ] || { [ "$$(cat $(VENV)/.made)" = "$(CURDIR)" ] && \
  $(BIN)/python -c '$(FITS)'; } > /dev/null 2>&1 || rm -f $(VENV)/.made)

.PHONY: help run setup test test-all bench verify lint clean
.DELETE_ON_ERROR:

help:
	@echo "make run                       the main job: proactive against the status quo"
	@echo "make run ARGS=\"...\"            the same with overrides: ARGS=\"scenario=reactive tone=witty\""
	@echo "make test                      ruff, mypy, import-linter and the fast tests"
	@echo "make test-all                  all tests, the slow ones too"
	@echo "make bench                     the table of speed and memory"
	@echo "make verify                    closed forms against the model (ARGS=--fast, --seed 7, ...)"
	@echo "make clean                     remove the local environment and caches"

setup: $(VENV)/.run-ready

run: $(VENV)/.run-ready
	@$(BIN)/python -m sim $(SCENARIO) $(ARGS)

lint: $(VENV)/.dev-ready
	@echo "== ruff"
	@$(BIN)/python -m ruff check --quiet .
	@echo "== mypy"
	@$(BIN)/python -m mypy --no-error-summary
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

test: lint
	@echo "== pytest (fast)"
	@$(BIN)/python -m pytest -q -n 2 -m "not slow"

test-all: lint
	@echo "== pytest (all)"
	@$(BIN)/python -m pytest -q -n 2

bench: $(VENV)/.dev-ready
	@$(BIN)/python -m benchmarks $(ARGS)

verify: $(VENV)/.dev-ready
	@$(BIN)/python -m verification $(ARGS)

# A candidate counts only if it truly runs, fits and can make environments: shims often cannot.
$(VENV)/.made:
	@chosen=""; \
	for one in $(CANDIDATES); do \
	  if "$$one" -c '$(FITS)' > /dev/null 2>&1; then chosen="$$one"; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
	  echo "No Python 3.11, 3.12 or 3.13 with venv was found. Install one (on Debian and Ubuntu" >&2; \
	  echo "python3-venv as well), or name it: make run PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi; \
	echo "== environment $(VENV), with $$("$$chosen" --version)"; \
	rm -rf $(VENV) && "$$chosen" -m venv $(VENV)
	@printf %s "$(CURDIR)" > $@

$(VENV)/.run-ready: pyproject.toml $(VENV)/.made
	@echo "== installing demarche and what it needs (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev-ready: pyproject.toml $(VENV)/.made
	@echo "== installing demarche and its development tools (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/.run-ready

clean:
	rm -rf $(VENV) .ruff_cache .mypy_cache .pytest_cache .import_linter_cache
