# `make demo` and `make test` set up all they need on a machine with Python 3.11 and make.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready-dev

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all lint templates docs bench bundle clean

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("jixiao needs Python 3.11 or newer: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV), about a minute ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)

setup: $(READY)  ## Make the virtual environment with the program and its tools

demo: $(READY)  ## Run the batch on the samples and say where to look
	$(BIN)/jixiao run samples/inbox -o demo-out --roster samples/名册.xlsx

test: $(READY)  ## Run the tests, the slow proofs apart
	$(BIN)/python -m pytest -q -n auto -m "not slow"

test-all: $(READY)  ## Run all tests, with recalculation by LibreOffice where it is installed
	$(BIN)/python -m pytest -q -n auto

lint: $(READY)  ## Check style and types
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/mypy

templates: $(READY)  ## Draw the official template and the samples anew (no diff if nothing changed)
	$(BIN)/jixiao template -o input_templates/部门整体支出绩效自评表.xlsx
	$(BIN)/jixiao demo samples
	$(BIN)/jixiao template -o input_templates/部门整体支出绩效自评表（省表）.xlsx --pack hunan_2020
	$(BIN)/jixiao demo samples/hunan_2020 --pack hunan_2020

docs: $(READY)  ## Generate docs/rules.md, docs/rubric.md, docs/commands.md and docs/schema
	$(BIN)/python -m jixiao.pack.docs.pages docs
	$(BIN)/python -m jixiao.cli.command_pages docs
	$(BIN)/jixiao pack schema docs/schema

bench: $(READY)  ## Measure against a user's pipeline and the floor, and write docs/performance.md
	$(BIN)/python -m benchmarks.bench --large 5000 --write docs/performance.md

clean:  ## Remove what was made
	rm -rf $(VENV) demo-out build dist
