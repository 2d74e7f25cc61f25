# The few commands a person types. Each does its own set-up.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help rehearse explain test engine engine-nightly check docs benchmark bench format lock licences audit \
  stacks preview deploy drift verify clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

rehearse: $(READY) ## deploy the dev stack in memory, replay a recording, show who was told
	@$(RUN)/python -m alerting rehearse --stack dev

test: $(READY) ## the tests
	@$(RUN)/python -m pytest -m "not engine"

# 69: there is no CLI and nothing to build it with, so the tests are skipped and say why.
CLI := $(RUN)/python tools/engine/cli.py >/dev/null || [ $$? = 69 ]

engine: $(READY) ## the real Pulumi engine on an in-memory AWS (builds the CLI once where Go is)
	@$(CLI)
	@$(RUN)/python -m pytest -m engine -rs tests/engine

engine-nightly: $(READY) ## the same with 200 random interruptions, and what takes minutes
	@$(CLI)
	@ENGINE_NIGHTLY=1 ENGINE_INTERRUPTIONS=200 ENGINE_SEED=$${ENGINE_SEED:-$$RANDOM} \
	  $(RUN)/python -m pytest -m engine -rs tests/engine

check: $(READY) ## what CI runs beside the tests: format, lint, types, contracts, workflows
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/pyright
	$(RUN)/lint-imports
	$(RUN)/zizmor --offline --quiet .github/workflows
	$(RUN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yaml

docs: $(READY) ## make the tables and pages that come from the code anew
	@$(RUN)/python -m alerting.settings.tables
	@$(RUN)/python -m alerting.delivery.rules > docs/rules.md

benchmark: $(READY) ## score the band on recordings with labelled incidents; fails off the goals
	@$(RUN)/python -m benchmarks.nab

bench: $(READY) ## time replays beside promtool, and declaring beside raw pulumi_aws; fails off the goals
	@$(RUN)/python -m benchmarks.replay
	@$(RUN)/python -m benchmarks.declare
	@$(RUN)/python -m benchmarks.importing

format: $(READY) ## format the code
	$(RUN)/ruff format .
	$(RUN)/ruff check --fix .

lock: $(READY) ## compile the hashed locks from pyproject.toml
	$(RUN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" \
	  pyproject.toml --output-file requirements.txt
	$(RUN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command "make lock" \
	  --extra tools --extra dask --group dev pyproject.toml --output-file requirements-dev.txt

licences: $(READY) ## list the licences of what this uses
	@$(RUN)/python tools/licences.py

audit: $(READY) ## look for known vulnerabilities in what this uses
	@$(RUN)/python tools/audit.py

# What the workflows run; STACK says which stack, OUT a file that gets the comment.
OUT ?= /dev/null

stacks: ## the committed stacks, as a JSON list
	@printf '%s\n' Pulumi.*.yaml | sed 's/^Pulumi\.//; s/\.yaml$$//' \
	  | awk 'BEGIN { printf "[" } { printf "%s\"%s\"", (NR > 1 ? ", " : ""), $$0 } END { print "]" }'

preview: $(READY) need-stack ## what `pulumi up` would change
	@{ printf '### `%s`: what would change\n\n```\n' "$(STACK)"; \
	  pulumi preview --stack "$(STACK)" --non-interactive --diff --color never 2>&1 || failed=$$?; \
	  printf '```\n\n'; exit $${failed:-0}; } | tee "$(OUT)"

explain: $(READY) need-stack ## each alarm in words, who is told, how soon, what it costs, findings
	@$(RUN)/python -m alerting explain --stack "$(STACK)" --markdown - | tee -a "$(OUT)"

deploy: $(READY) need-stack ## deploy a stack
	@pulumi up --stack "$(STACK)" --non-interactive --yes

drift: $(READY) need-stack ## fail if what runs is not what is declared
	@pulumi preview --stack "$(STACK)" --non-interactive --refresh --expect-no-changes

verify: $(READY) need-stack ## after deploying: is every receiver reached?
	@$(RUN)/python -m alerting verify --stack "$(STACK)"

.PHONY: need-stack
need-stack:
	@test -n "$(STACK)" || { echo "say which stack: make ... STACK=dev"; exit 2; }

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; say which with PYTHON=..."; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) (about a minute, once)"
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
