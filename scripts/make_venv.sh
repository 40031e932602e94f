#!/bin/sh
# Makes .venv with the newest Python >= 3.11 found here; on a bare Debian, where the venv module is a package
# of its own, root gets it installed.
set -eu
for python in python3.14 python3.13 python3.12 python3.11 python3; do
  if command -v "$python" >/dev/null 2>&1 &&
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found=$python
    break
  fi
done
if [ -z "${found:-}" ]; then
  echo "送岗 needs Python 3.11 or newer; none was found. On Debian: apt-get install python3 python3-venv" >&2
  exit 1
fi
if ! "$found" -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing python3-venv ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
  else
    echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv" >&2
    exit 1
  fi
fi
echo "Making .venv with $("$found" --version) ..."
rm -rf .venv
"$found" -m venv .venv
