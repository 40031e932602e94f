# The whole developer interface. Every command makes what it needs first; nothing is done by hand.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTEST_ARGS ?=
BIN := .venv/bin

.PHONY: run test check fix bench lock clean

# A demo county on http://127.0.0.1:8000, with a QR code to scan and one sign-in per role.
run: .venv/.runtime
	@$(BIN)/songgang serve --demo --host $(HOST) --port $(PORT)

# Every test: SQLite, PostgreSQL, a real browser.
test: .venv/.dev .venv/.browser
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_migrations.py

fix: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.bench
	$(BIN)/python -m bench

# New pins. No index address goes into the files.
lock: .venv/.dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --upgrade --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --upgrade --group build --group dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --upgrade -c requirements-dev.lock --group build --group dev --group bench pyproject.toml \
	  -o requirements-bench.lock

clean:
	rm -rf .venv var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@sh scripts/make_venv.sh

.venv/.runtime: requirements.lock pyproject.toml | .venv/bin/python
	@sh scripts/install.sh requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	@sh scripts/install.sh requirements-dev.lock
	@touch $@ .venv/.runtime

# A virtual environment that has measured also tests with the compiled search: `make clean` goes back.
.venv/.bench: requirements-bench.lock pyproject.toml | .venv/bin/python
	@sh scripts/install.sh requirements-bench.lock
	@touch $@ .venv/.dev .venv/.runtime

.venv/.browser: scripts/install_browser.sh | .venv/bin/python
	@sh scripts/install_browser.sh
	@touch $@
