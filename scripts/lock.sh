#!/bin/sh
# Write the lock files: exact versions and the hashes of every platform's files, no addresses.
# Needs uv. Versions that the present locks name are kept unless UPGRADE=1.
set -eu

command -v uv >/dev/null 2>&1 || { echo "make lock needs uv on the path" >&2; exit 1; }

compile() {
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
        ${UPGRADE:+--upgrade} "$@"
}

compile --group build --output-file requirements.lock
compile --group dev --extra spark --constraint requirements.lock --output-file requirements-dev.lock
