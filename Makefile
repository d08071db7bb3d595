# One command sets up, one checks all. Every target makes the environment it needs first.
#   make demo    a first look: a network learns to read handwritten digits
#   make test    the whole suite (at most 10 minutes on 2 cores)
#   make smoke   a subset that takes seconds
#   make check   format, lint, types, layers of imports, API coverage
#   make golden  record the expected values again, from TensorFlow 2.1.0
#   make interop  TensorFlow 2.1.0 reads the files that Reflow writes
#   make hostile  200 killed savings of each format, 20,000 damaged files (about an hour)
#   make bench   measure, side by side with TensorFlow and PyTorch where they are installed

VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?= -n 2

.DEFAULT_GOAL := help
.PHONY: help demo test smoke check format names golden interop hostile bench clean

help:
	@sed -n 's/^#   //p' Makefile

# Each stamp says that an extra of pyproject.toml is installed; a second call finds it and is quick.
$(VENV)/.made:
	$(or $(PYTHON),$$(sh tools/find_python.sh)) -m venv $(VENV)
	touch $@

$(VENV)/.with-%: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	touch $@

demo: $(VENV)/.with-demo
	$(BIN)/reflow demo

test: $(VENV)/.with-test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

smoke: $(VENV)/.with-test
	$(BIN)/python -m pytest -m smoke

check: $(VENV)/.with-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/make_names.py --check
	$(BIN)/python tools/make_docs.py --check
	$(BIN)/python tools/api_coverage.py --check

format: $(VENV)/.with-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

names: $(VENV)/.with-test
	$(BIN)/python tools/make_names.py
	$(BIN)/python tools/make_docs.py

golden:
ifndef ORACLE_PYTHON
	@echo 'Expected values come from TensorFlow 2.1.0, which needs Python 3.7:' >&2
	@echo '    conda create -n tf21 python=3.7' >&2
	@echo "    conda run -n tf21 pip install tensorflow==2.1.0 'protobuf<3.21' scikit-learn matplotlib" >&2
	@echo 'then name it: make golden ORACLE_PYTHON=/path/to/envs/tf21/bin/python' >&2
	@exit 2
else
	$(ORACLE_PYTHON) tests/golden/make_golden.py
	$(ORACLE_PYTHON) tests/golden/make_programs.py
	$(ORACLE_PYTHON) tests/golden/files/make_files.py
	$(ORACLE_PYTHON) tests/golden/make_applications.py
endif

interop: $(VENV)/.with-test
ifndef ORACLE_PYTHON
	@echo 'name a Python 3.7 with TensorFlow 2.1.0: make interop ORACLE_PYTHON=... (see make golden)' >&2
	@exit 2
else
	$(BIN)/python tools/interop.py $(ORACLE_PYTHON)
endif

hostile: $(VENV)/.with-test
	REFLOW_TEST_KILLS=200 REFLOW_TEST_DAMAGE=20000 $(BIN)/python -m pytest $(PYTEST_ARGS) \
	    tests/keras/models/test_killed_saves.py tests/io/test_hostile_files.py

bench: $(VENV)/.with-demo
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf $(VENV) .venv-* build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests tools benchmarks examples -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
