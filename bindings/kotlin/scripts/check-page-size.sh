#!/usr/bin/env bash
# Says whether every segment of these libraries can be loaded with memory pages of 16 KB, which Android 15 and later use on
# some devices: check-page-size.sh lib.so ...
set -euo pipefail

readonly PAGE=16384
if [ $# = 0 ]; then
    echo "usage: check-page-size.sh lib.so ..." >&2
    exit 2
fi

failed=0
for library in "$@"; do
    alignments=$(readelf --program-headers --wide "$library" | awk '$1 == "LOAD" { print $NF }')
    smallest=$(for alignment in $alignments; do echo $((alignment)); done | sort -n | head -n 1)
    if [ -z "$smallest" ]; then
        echo "$library: no segment is loaded; is it a library?" >&2
        failed=1
    elif [ "$smallest" -lt "$PAGE" ] || [ $((smallest % PAGE)) != 0 ]; then
        echo "$library: aligned to $smallest bytes, not to $PAGE" >&2
        failed=1
    else
        echo "$library: aligned to $smallest bytes"
    fi
done
exit "$failed"
