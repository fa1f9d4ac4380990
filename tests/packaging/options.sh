# shellcheck shell=bash
# What the program itself says it takes, read from its --help. To be sourced.

# commands_of SOCKSCOPE
commands_of() { "$1" --help | sed -n '/^Subcommands:/,$ s/^  \([a-z][a-z-]*\) .*/\1/p' | LC_ALL=C sort; }

# options_of SOCKSCOPE COMMAND: the long options
options_of() { "$1" "$2" --help | sed -nE 's/^  (-[a-zA-Z],)?(--[a-z][a-z-]*).*/\2/p' | LC_ALL=C sort; }
