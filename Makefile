# Two commands do everything: `make demo` and `make test`. Both install what they need first.
SHELL := /bin/sh
PY := .venv/bin/python
PUNTE := .venv/bin/punte
PYTEST := $(PY) -m pytest -p tests.left_out -p tests.sharing
NEEDS_A_SERVER := spark or postgres or browser

.DEFAULT_GOAL := help
.PHONY: help demo test quick check bench docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

demo: ## install, make the demo company in ./home-demo, serve it and open the browser
	@tools/bootstrap
	@$(PUNTE) --home home-demo demo
	@$(PUNTE) --home home-demo serve --open

test: check ## install what tests need, check, run every test, name what was left out
	@tools/bootstrap --with test,browser,spark
	@$(PYTEST) -n 2 --durations 15

quick: ## the tests that need no server and no patience, under 30 s: while you work
	@tools/bootstrap --with test
	@$(PYTEST) -n auto --durations 5 --durations-min 1 -m "not slow and not ($(NEEDS_A_SERVER))"

check: ## style, types, import contracts, migrations, translations: before each commit
	@tools/bootstrap --with test
	@tools/check

bench: ## the benchmarks, each with its target
	@tools/bootstrap --with test
	@set -e; for bench in benchmarks/*.py; do echo "$$bench"; $(PY) "$$bench"; done

docs: ## write the documents that are made from code
	@tools/bootstrap
	@$(PY) tools/documents.py

clean: ## remove what these commands made: .venv, home-demo, caches
	rm -rf .venv home-demo build dist .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
