# Every command works from a fresh checkout; see README.md.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PACKAGES := node_modules/.installed
ASSETS := node_modules/.bundles/editor.js

.PHONY: run demo test coverage bench pictures system lint clean

$(STAMP): requirements.lock requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(PACKAGES): package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(ASSETS): $(PACKAGES) $(wildcard service/web/editor/*.js)
	npm run --silent bundle

demo: $(STAMP) $(ASSETS)
	$(BIN)/python -m service.demo

run: demo
	$(BIN)/python -m service serve

test: $(STAMP) $(ASSETS) lint
	$(BIN)/python -m pytest -n 2

# The same with the share of the code that the tests run, which takes half as long again.
coverage: $(STAMP) $(ASSETS)
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) $(ASSETS)
	$(BIN)/python -m bench.run

# The pictures of README, from the results of `make demo` (needs `make system`).
pictures: demo
	$(BIN)/python -m bench.pictures

# What helps but is not needed: Chromium and LibreOffice for the tests that look at pages, poppler for pictures.
system:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium libreoffice-writer poppler-utils

clean:
	rm -rf .venv node_modules build data
