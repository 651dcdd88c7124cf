#!/bin/sh
# Writes the hash-locked requirements from pyproject.toml; pins that still fit stay as they are.
#
#   tools/lock.sh              after changing the dependencies
#   tools/lock.sh --upgrade    to move to newer releases
#   tools/lock.sh --check      fails when the locks no longer say what pyproject.toml asks for
set -eu
cd -- "$(dirname -- "$0")/.."
upgrade= check=
case ${1:-} in
    --upgrade) upgrade=--upgrade ;;
    --check) check=yes ;;
esac

# A universal resolution serves every platform; without header and notes the files name packages, versions and hashes only.
compile() {
    .venv/bin/uv pip compile --universal --generate-hashes --no-header --no-annotate --quiet $upgrade "$@"
}

# Newer hashes of the same version (a wheel added later for another platform) are no reason to fail.
pins() { sed 's/ *\\$//; /^ /d' "$1"; }

# lock FILE ARGUMENTS...: FILE as uv resolves it now, or, to check, its pins against that.
lock() {
    file=$1
    shift
    if [ -z "$check" ]; then
        compile "$@" --output-file "$file"
        return
    fi
    scratch=$(mktemp -d)
    # uv prefers the pins of the file it writes to, so a newer release alone changes nothing.
    cp -- "$file" "$scratch/lock"
    compile "$@" --output-file "$scratch/lock"
    pins "$file" >"$scratch/before"
    pins "$scratch/lock" >"$scratch/after"
    same=yes
    diff -u "$scratch/before" "$scratch/after" || same=
    rm -r -- "$scratch"
    [ -n "$same" ] || {
        printf '%s is out of step with pyproject.toml: run tools/lock.sh and commit.\n' "$file" >&2
        exit 1
    }
}

lock requirements.lock pyproject.toml --extra markets --group assets
lock requirements-dev.lock pyproject.toml --extra markets --group assets --group dev
# Without the analytics of world trade, and with Spark beside it.
lock requirements-core.lock pyproject.toml
lock requirements-spark.lock pyproject.toml --extra markets --extra spark --group assets --group dev
lock requirements-node.lock --group pyproject.toml:node
