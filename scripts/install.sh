#!/bin/sh
# Installs exactly what the lock file pins (each file checked by its hash), then the `songgang` command itself.
set -eu
echo "Installing $1 ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
