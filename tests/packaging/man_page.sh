#!/usr/bin/env bash
# The man page is well-formed and names every command and every option of the program.
#
#   man_page.sh SOCKSCOPE MAN_PAGE
set -euo pipefail
# shellcheck source=tests/packaging/options.sh
source "$(dirname "${BASH_SOURCE[0]}")/options.sh"

mandoc -T lint -W warning "$2"

# A terminal's bold is a letter, a backspace and the letter again.
page=$(mandoc -T ascii "$2" | sed 's/.\x08//g')
status=0
for command in $(commands_of "$1"); do
  for word in "$command" $(options_of "$1" "$command"); do
    grep -qE -- "(^|[^a-z-])$word([^a-z-]|\$)" <<<"$page" || { echo "the man page does not name $word ($command)"; status=1; }
  done
done
[ -n "$(commands_of "$1")" ] || { echo "no commands found in $1 --help"; status=1; }
exit $status
