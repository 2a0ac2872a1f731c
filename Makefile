# Shuke 熟客. Needs Python >= 3.11 with pip; everything else is put into this folder. `make help` lists what there is.

PYTHON ?= python3
# The first of these that is new enough; only what was asked for, if something was.
candidates := $(if $(filter file,$(origin PYTHON)),$(PYTHON) python3.13 python3.12 python3.11,$(PYTHON))
pythons := python3.11 python3.12 python3.13
python := $(shell for name in $(candidates); do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
prepare = @$(if $(python),$(python) requirements/prepare.py,$(too-old))
define too-old
echo "make: Shuke needs Python 3.11 or newer, and $(PYTHON) is not: install one and name it, as in make run PYTHON=python3.12" >&2; exit 1;
endef

SHUKE_DATA ?= $(CURDIR)/.shuke/demo
bin := .venv/bin
# Two processes, each with servers of its own; browsers, and processes that replace each other, are tested after them.
alone := tests/integration/test_rolling_update.py
side_by_side = $(bin)/pytest --ignore=tests/e2e --ignore=$(alone) -n 2 --dist loadfile

.PHONY: help run install pwa test test-backend test-pythons check schema release-schema bench format lock clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: install pwa ## install, build and start everything with the demo chain
	@SHUKE_DATA="$(SHUKE_DATA)" exec $(bin)/shuke up --demo --with-parent

install: ## put what the program needs into .venv, and start nothing
	$(prepare) run

pwa: ## build the app for phones into pwa/dist
	$(prepare) pwa

test: ## install what tests need (a browser included) and run all of them
	$(prepare) dev pwa browser
	@trap 'exit 130' INT; status=0; \
	export CHROME="$$(cat .tools/chrome)"; \
	$(if $(ARGS),$(bin)/pytest $(ARGS),$(side_by_side) || status=$$?; $(bin)/pytest $(alone) tests/e2e) || status=$$?; \
	$(python) requirements/prepare.py pwa-test || status=$$?; exit $$status

test-backend: ## the tests that need no browser
	$(prepare) dev modules
	$(if $(ARGS),$(bin)/pytest --ignore=tests/e2e $(ARGS),$(side_by_side) && $(bin)/pytest $(alone))

# A clone each, so that this folder keeps its own .venv.
test-pythons: ## install and test the backend, as committed, with each of Python 3.11 to 3.13 that is here
	@trap 'rm -rf "$$folder"; exit 130' INT TERM; status=0; tried=; \
	for name in $(pythons); do \
		if ! $$name -c '' 2>/dev/null; then echo "make: $$name is not here: skipped"; continue; fi; \
		echo "make: $$name"; tried=$$name; folder=$$(mktemp -d); \
		git clone --quiet "$(CURDIR)" "$$folder/shuke" \
			&& $(MAKE) --no-print-directory -C "$$folder/shuke" PYTHON=$$name install test-backend \
			|| { echo "make: $$name fails" >&2; status=1; }; \
		rm -rf "$$folder"; \
	done; \
	test -n "$$tried" || { echo "make: none of $(pythons) is here" >&2; exit 1; }; exit $$status

check: ## format, lint, types, import walls, schema drift and breaks, the app's types
	$(prepare) dev modules
	$(bin)/ruff format --check
	$(bin)/ruff check
	$(bin)/mypy
	PYTHONPATH=backend $(bin)/lint-imports --no-cache
	@$(bin)/shuke export-schema | diff -u schema.graphql - \
		|| { echo "schema.graphql is not what the code says: make schema" >&2; exit 1; }
	@$(bin)/shuke export-schema --breaking-since docs/schema/released.graphql >&2 \
		|| { echo "this breaks clients of the released schema: deprecate first (docs/api.md, Versions)" >&2; exit 1; }
	$(prepare) pwa-check

schema: ## write schema.graphql anew
	$(prepare) dev
	@$(bin)/shuke export-schema > schema.graphql.new && mv schema.graphql.new schema.graphql

release-schema: ## from now on, promise partners the schema as it is
	$(prepare) dev
	@$(bin)/shuke export-schema > docs/schema/released.graphql.new \
		&& mv docs/schema/released.graphql.new docs/schema/released.graphql

bench: ## measure speed against a floor measured in the same run
	$(prepare) dev pwa browser
	@CHROME="$$(cat .tools/chrome)" $(bin)/python -m bench $(ARGS)

format: ## lay code out as `make check` wants it
	$(prepare) dev modules
	$(bin)/ruff check --fix-only --quiet
	$(bin)/ruff format
	$(prepare) pwa-format

lock: ## make the locks of Python packages again (UPGRADE=1: the newest that fit)
	$(prepare) lock$(if $(UPGRADE),-upgrade)

clean: ## remove what was built and installed; the demo's data stays
	rm -rf .venv .tools pwa/dist pwa/node_modules tests/*/node_modules bench/*/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
