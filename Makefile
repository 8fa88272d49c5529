# make app    starts the page at http://127.0.0.1:7860
# make test   runs every test
# make screenshots   makes the README's pictures of the page again
# make space SPACE=me/digits   publishes the page as a Space
# Each makes .venv first and installs what it needs, again only when the requirements change.

.PHONY: app test screenshots space
.DEFAULT_GOAL := app

PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON ?= $(shell for python in $(PYTHONS); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin

app: .venv/app
	$(BIN)/python app.py $(ARGUMENTS)

test: .venv/test
	$(BIN)/ruff check .
	$(BIN)/python -m pytest $(ARGUMENTS)

screenshots: .venv/test
	$(BIN)/python -m docs.screenshots

space: .venv/app
	$(BIN)/python -m mnist_models.publishing.space $(SPACE)

.venv/app: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test: requirements.txt requirements-train.txt requirements-dev.txt scale/requirements-scale.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/app

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found."; exit 1; }
	$(PYTHON) -m venv .venv
