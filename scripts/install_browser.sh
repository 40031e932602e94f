#!/bin/sh
# Chromium, a small Chinese font, and libatomic (for Playwright's driver) for the browser tests; installed here when
# root, asked for otherwise.
set -eu
if command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . &&
  ldconfig -p | grep -q libatomic.so.1; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium and a Chinese font ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-wqy-microhei fontconfig libatomic1 >/dev/null
else
  echo "The browser tests need Chromium and a Chinese font. On Debian:" >&2
  echo "  sudo apt-get install chromium fonts-wqy-microhei fontconfig libatomic1" >&2
  exit 1
fi
