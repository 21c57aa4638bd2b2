# Sourced by scripts/run, test, setup and lock: finds the checkout, and brings its environment up to date when it is not.
#
# The decision worth knowing: "nothing to do" is decided here, in plain sh, by comparing what the environment was made
# from with what lies in the checkout now, as text. That costs a few milliseconds; asking Python would cost fifty.
# Everything else is scripts/environment (Python, standard library only).

root=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd -P)
venv=${SIGHTLINE_VENV:-$root/.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac

# The same text as description() in scripts/environment/place.py, which writes it when an environment is ready.
description() {
    printf 'checkout %s\npython %s\n' "$root" "$(readlink -f -- "$venv/bin/python")"
    cat "$root/pyproject.toml" "$root/scripts/environment/llama.cmake" \
        "$root/requirements/build.txt" "$root/requirements/llama.txt" "$root/requirements/$1.txt"
}

ready() {
    [ -x "$venv/bin/sightline" ] && [ -f "$venv/ready-$1" ] || return 1
    [ -z "${SIGHTLINE_BUILD:-}" ] || [ "$SIGHTLINE_BUILD" = "$(cat "$venv/flavour")" ] || return 1
    description "$1" | cmp -s - "$venv/ready-$1"
}

find_python() {
    for candidate in ${SIGHTLINE_PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    found=$("${SIGHTLINE_PYTHON:-python3}" --version 2>&1) || found="no ${SIGHTLINE_PYTHON:-python3} that runs"
    {
        printf 'sightline needs Python 3.11 or newer, and here is %s.\n' "$found"
        printf '  Install one (Debian, Ubuntu: apt install python3 python3-venv) or name one: SIGHTLINE_PYTHON=/path/to/python3.12\n'
    } >&2
    return 1
}

set_up() {
    python=$(find_python) || exit 1
    (cd -- "$root" && SIGHTLINE_VENV=$venv "$python" -m scripts.environment "$@") || exit
}
