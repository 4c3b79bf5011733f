#!/usr/bin/env bash
# Resolves requirements*.in anew into requirements*.txt, for every platform and Python from 3.11 on, with hashes.
set -euo pipefail

cd "$(dirname "$0")/.."
.venv/bin/python -m pip --quiet --disable-pip-version-check install uv
for name in requirements requirements-build requirements-dev; do
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
        --output-file "$name.txt" "$name.in"
done
git diff --stat -- 'requirements*.txt'
