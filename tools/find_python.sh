#!/bin/sh
# Prints a Python that Reflow runs on (3.11 to 3.13): `python3` if it is one, else another one
# found on PATH or among pyenv's versions.
#   sh tools/find_python.sh            the first that fits
#   sh tools/find_python.sh --newest   the newest that fits

fits() { # prints its minor version, fails where it is missing or outside the range
  "$1" -c 'import sys, venv, ensurepip
major, minor = sys.version_info[:2]
sys.exit(1) if major != 3 or not 11 <= minor <= 13 else print(minor)' 2>/dev/null
}

best=""
best_minor=0
for candidate in python3 python3.13 python3.12 python3.11 python \
  "$HOME"/.pyenv/versions/*/bin/python3; do
  minor=$(fits "$candidate") || continue
  if [ "$1" != "--newest" ]; then
    echo "$candidate"
    exit 0
  fi
  if [ "$minor" -gt "$best_minor" ]; then
    best=$candidate
    best_minor=$minor
  fi
done
if [ -z "$best" ]; then
  echo "Reflow needs Python 3.11, 3.12 or 3.13 with its venv module: none was found." >&2
  echo "Install one, or name it: make PYTHON=/path/to/python3.12 ..." >&2
  exit 1
fi
echo "$best"
