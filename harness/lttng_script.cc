#include "harness/lttng_script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>

#include "harness/version.h"

namespace sockscope {
namespace {

/// What the analysis takes of what lttng-modules has (2.8 and later; before that some have the kernel's names), in the
/// order of a message's path. It has nothing at sockets: no sock:*, no tcp:*.
constexpr std::array<std::string_view, 12> kTracepoints{
    "net_dev_queue",     "net_if_rx",          "net_dev_xmit",           "irq_softirq_raise",
    "irq_softirq_entry", "irq_softirq_exit",   "net_if_receive_skb",     "sched_waking",
    "sched_switch",      "sched_migrate_task", "udp_fail_queue_rcv_skb", "skb_kfree"};

constexpr std::string_view kScript = R"(#!/bin/sh
# Records with LTTng what `sockscope report` needs, while a command runs. By sockscope {} lttng-script.
#
#   sudo sh lttng.sh COMMAND [ARG...]
#
# TRACE=DIR is where the trace goes [./lttng-TIME]. Status: the command's.
set -eu

if [ $# -eq 0 ]; then
  echo "usage: sudo [TRACE=DIR] sh $0 COMMAND [ARG...]" >&2
  exit 2
fi
session=sockscope-$$
trace=${{TRACE:-$PWD/lttng-$(date +%Y%m%d-%H%M%S)}}
case $trace in /*) ;; *) trace=$PWD/$trace ;; esac

# LTTng 2.15 and later record CTF 2 unless told otherwise; earlier ones know nothing else than CTF 1.8.
format=
if lttng create --help 2>/dev/null | grep -q -e --trace-format; then
  format=--trace-format=ctf-1.8
fi
# shellcheck disable=SC2086 # One word or none.
lttng create "$session" --output="$trace" $format >&2
is_started=
# shellcheck disable=SC2317 # The trap calls it.
finish() {{
  lttng destroy "$session" >&2
  [ -n "$is_started" ] || return 0
  # What root has recorded is for whoever asked for it.
  if [ -n "${{SUDO_UID:-}}" ]; then
    chown -R "$SUDO_UID:${{SUDO_GID:-$SUDO_UID}}" "$trace"
  fi
  echo "recorded: sockscope report $trace" >&2
}}
trap finish EXIT
trap 'exit 130' INT TERM

# 32 MiB a CPU: as much as a second of 400,000 events takes, so that nothing is lost while the disk is busy.
lttng enable-channel --kernel --session="$session" --subbuf-size=4M --num-subbuf=8 messages >&2
for event in {}; do
  lttng enable-event --kernel --session="$session" --channel=messages "$event" >/dev/null 2>&1 ||
    echo "this kernel's LTTng has no $event" >&2
done
lttng enable-event --kernel --session="$session" --channel=messages --syscall --all >&2
lttng add-context --kernel --session="$session" --channel=messages \
  --type=vtid --type=vpid --type=procname --type=prio >&2

lttng start "$session" >&2
is_started=yes
status=0
"$@" || status=$?
lttng stop "$session" >&2
exit "$status"
)";

}  // namespace

std::string lttng_script() { return fmt::format(kScript, kVersion, fmt::join(kTracepoints, " ")); }

}  // namespace sockscope
