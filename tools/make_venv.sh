#!/bin/sh
# Makes a virtual environment with the newest Python that is here, 3.11 at least.
#
#   make_venv.sh FOLDER        (FOUND_PYTHON=/path/to/python names the Python to take)
set -u

venv=$1
if "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    exit 0
fi
for python in ${FOUND_PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
    # One that is new enough, and whole: Debian leaves out ensurepip, version managers leave commands that only complain.
    if "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "Making $venv with $("$python" --version) ..."
        exec "$python" -m venv --clear "$venv"
    fi
done
echo "This needs Python 3.11 or newer with its venv module, and found none in PATH." >&2
echo "Install it from python.org or with your package manager (on Debian and Ubuntu: python3 and python3-venv)," >&2
echo "or say where it is: FOUND_PYTHON=/path/to/python3 make run" >&2
exit 1
