# Every target sets up what it needs: a virtual environment in .venv, from pyproject.toml.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST = $(BIN)/python -m pytest -n 4 --dist loadgroup
QUICK := tests/domain tests/cli/test_output.py $(addprefix tests/tui/,charts kit compare experiments feed jobs logs models runs serving sweeps)

# Compiled modules start faster; some machines switch them off.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

help: ## Show these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

demo: $(READY) ## Open the app on a demo directory (build/demo)
	mkdir -p build
	$(BIN)/mlops-tui demo build/demo

check: $(READY) format lint types imports $(if $(CI),coverage releases,test) ## Everything that must hold before a change lands

format: $(READY) ## Check the formatting
	$(BIN)/ruff format --check .

lint: $(READY) ## Lint
	$(BIN)/ruff check .

types: $(READY) ## Check the types
	$(BIN)/mypy

imports: $(READY) ## Check who imports whom
	$(BIN)/lint-imports

test: $(READY) ## Run the tests
	$(PYTEST) tests

coverage: $(READY) $(if $(CI),slurm postgres ssh spark) ## Run them with coverage, which takes half as long again; CI does it
	rm -f .coverage .coverage.*
	$(PYTEST) --cov --cov-report= tests
	$(BIN)/python -m coverage report --skip-covered --fail-under=90
	$(BIN)/python -m coverage report --include='mlops_tui/domain/**,mlops_tui/services/**' --fail-under=95

quick: $(READY) ## Run the tests that need no process, in under a minute
	$(BIN)/python -m pytest -n 2 -m "not process" $(QUICK)

releases: $(READY) ## Test what is read from MLflow on its oldest and newest release
	sh tests/releases.sh

slurm: ## Install Slurm for its tests (Debian, as root); without it they are skipped
	sh tests/install_slurm.sh

postgres: ## Install PostgreSQL for its tests (Debian, as root); without it they are skipped
	sh tests/install_postgres.sh

ssh: ## Install an SSH server for its tests (Debian, as root); without it they are skipped
	sh tests/install_ssh.sh

spark: $(READY) ## Install Spark for its test (Java from Debian, as root); without it it is skipped
	sh tests/install_spark.sh

bench: $(READY) ## Measure against the bare parts, side by side
	$(BIN)/python -m tests.benchmarks

screenshots: $(READY) ## Take the pictures of the README from the real app
	$(BIN)/python -m screenshots

docs: $(READY) ## Renew the generated parts of the README
	$(BIN)/python -m tests.readme

clean: ## Remove the virtual environment with what was built
	rm -rf $(VENV) build

$(READY): pyproject.toml
	@echo "Setting up once, which takes a few minutes; every later start is immediate."
	@echo "1 of 3: making a virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)
	@echo "2 of 3: bringing pip up to date"
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@echo "3 of 3: installing mlops-tui with MLflow and its tools, package by package"
	$(BIN)/python -m pip install --editable . --group dev
	touch $@

.PHONY: help demo check format lint types imports test quick releases slurm postgres ssh spark bench screenshots docs clean
