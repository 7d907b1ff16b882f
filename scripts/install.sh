#!/bin/sh
# Make .venv and install what the named lock files list, then this package itself.
# Uses uv when it is on the path, else pip. PYTHON names the interpreter, if not the usual one.
set -eu

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    say "Counterpoise needs Python 3.11 or later; tried: ${PYTHON:-python3.11 python3 python3.12 python3.13}."
    say "Install it (Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python"
    exit 1
}

make_venv() { "$python" -m venv --clear .venv >/dev/null 2>&1; }

# Debian packs the part of Python that makes environments by itself.
add_venv_to_debian() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "Adding the system's package python3-venv"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends python3-venv; } >/dev/null 2>&1
}

make_venv_for_pip() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 && return
    make_venv && return
    if "$python" -m pip --python "$python" --version >/dev/null 2>&1; then
        "$python" -m venv --clear --without-pip .venv && return
    fi
    add_venv_to_debian && make_venv && return
    say "$python cannot make a virtual environment with pip in it."
    say "Install that part of Python (Debian: apt-get install python3-venv), or uv, and try again."
    exit 1
}

python=$(find_python)
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
    install() { uv pip install --quiet --compile-bytecode --python .venv/bin/python --no-build-isolation "$@"; }
else
    make_venv_for_pip
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        pip() { .venv/bin/python -m pip "$@"; }
    else
        pip() { "$python" -m pip --python .venv/bin/python "$@"; }
    fi
    install() {
        pip install --quiet --disable-pip-version-check --no-build-isolation --use-pep517 "$@"
    }
fi

# In this order: what builds packages comes first.
for lock in "$@"; do
    say "Installing what $lock lists into .venv (the first time takes a minute)"
    install --require-hashes -r "$lock"
done
install --no-deps --editable .
