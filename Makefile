# The two commands that matter are `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test check format words docs clean

run: $(VENV)/.run
	@$(BIN)/hearthbot run

test: $(VENV)/.test
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-report=term

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --num-workers auto
	$(MAKE) test

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

words: $(VENV)/.test  ## take new texts into the catalogues
	$(BIN)/python -m bot.locale.update

docs: $(VENV)/.run  ## write the generated pages anew
	$(BIN)/hearthbot config docs --out docs/configuration.md
	$(BIN)/hearthbot commands docs --out docs/commands.md

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis htmlcov

$(VENV)/.run: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what is pinned in constraints.txt (once) …"
	@$(PIP) install --quiet --no-warn-conflicts --constraint constraints.txt --editable .
	@# Only its models are used, to read text in pictures: none of its requirements.
	@$(PIP) install --quiet --no-warn-conflicts --constraint constraints.txt --no-deps rapidocr
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@$(PIP) install --quiet --no-warn-conflicts --constraint constraints.txt --editable '.[test]'
	@# Only read by tests: the text of the CommonMark specification is in its source.
	@$(PIP) download --quiet --no-deps --no-binary commonmark --dest $(VENV)/share/commonmark commonmark==0.9.1
	@touch $@
