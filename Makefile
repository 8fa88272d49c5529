# make app     starts the page at http://127.0.0.1:7860
# make check   lints, checks format and types, and runs the fast tests, in a few minutes
# make test    runs every test, in two processes
# make lock    writes anew what repeats the versions of pyproject.toml
# make screenshots   makes the README's pictures of the page again
# make space SPACE=me/digits   publishes the page as a Space, which needs a paid plan
# make glass   builds the page that needs no server, in build/glass
# make glass SPACE=me/digits-glass PAGE=ADDRESS   publishes it, with a link to the page that has one
# Each makes .venv first and installs what it needs, again only when the requirements change.

.PHONY: app check lint test lock screenshots space glass
.DEFAULT_GOAL := app

PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?= $(shell for python in $(PYTHONS); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

app: .venv/app
	$(BIN)/python app.py $(ARGUMENTS)

check: lint
	$(BIN)/python -m pytest -m "not slow" $(ARGUMENTS)

test: lint
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGUMENTS)

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: .venv/test
	$(BIN)/python -m testing.pins
	$(BIN)/uv pip compile --quiet --universal --no-annotate --custom-compile-command "make lock" \
		--all-extras --group page --group test pyproject.toml --output-file requirements-lock.txt

screenshots: .venv/test
	$(BIN)/python -m docs.screenshots

space: .venv/app
	$(BIN)/python -m mnist_models.publishing.space $(SPACE)

glass: .venv/app
	$(BIN)/python -m glass.build build/glass $(if $(PAGE),--page $(PAGE))
	$(if $(SPACE),$(BIN)/python -m mnist_models.publishing.static $(SPACE) build/glass)

.venv/app: requirements.txt requirements-lock.txt | .venv/bin/python
	@$(BIN)/python testing/platforms.py
	$(INSTALL) -r requirements.txt -c requirements-lock.txt
	touch $@

.venv/test: requirements-lock.txt | .venv/bin/python
	@$(BIN)/python testing/platforms.py
	$(INSTALL) -r requirements-lock.txt
	touch $@ .venv/app

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found."; exit 1; }
	$(PYTHON) -m venv .venv
