#!/usr/bin/env bash
# The completion offers the commands, and each command's options, as --help lists them.
#
#   completion.sh SOCKSCOPE COMPLETION
set -euo pipefail
# shellcheck source=tests/packaging/options.sh
source "$(dirname "${BASH_SOURCE[0]}")/options.sh"
# shellcheck source=/dev/null
source "$2"

# What the completion offers for the last of these words.
offered() {
  COMP_WORDS=(sockscope "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  _sockscope
  printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
}

status=0
diff <(commands_of "$1") <(offered '') || { echo 'commands: --help (<), completion (>)'; status=1; }
for command in $(commands_of "$1"); do
  diff <(options_of "$1" "$command") <(offered "$command" --) || {
    echo "options of $command: --help (<), completion (>)"
    status=1
  }
done
[ -n "$(commands_of "$1")" ] || { echo "no commands found in $1 --help"; status=1; }
exit $status
