#!/usr/bin/env bash
# Checks that MANIFEST.tsv lists every recording beside it, and each with its checksum. With --update it writes the
# checksums anew: a decision, to be explained in the change.
set -euo pipefail
cd "$(dirname "$0")"
listed=$(grep -v '^#' MANIFEST.tsv | cut -f 1 | sort)
present=$(find . -mindepth 2 -type f -printf '%P\n' | sort)
if [ "$listed" != "$present" ]; then
  printf 'MANIFEST.tsv and the folder differ:\n'
  diff <(printf '%s\n' "$listed") <(printf '%s\n' "$present") && true
  exit 1
fi
if [ "${1:-}" = --update ]; then
  while IFS=$'\t' read -r file sum rest; do
    case $file in '#'*) printf '%s\t%s\t%s\n' "$file" "$sum" "$rest" ;;
    *) printf '%s\t%s\t%s\n' "$file" "$(sha256sum "$file" | cut -d ' ' -f 1)" "$rest" ;; esac
  done <MANIFEST.tsv >MANIFEST.tsv.new
  mv MANIFEST.tsv.new MANIFEST.tsv
fi
grep -v '^#' MANIFEST.tsv | awk -F '\t' '{print $2 "  " $1}' | sha256sum --check --quiet
echo "$(printf '%s\n' "$listed" | wc -l) recordings as listed"
