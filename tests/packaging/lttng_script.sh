#!/usr/bin/env bash
# What `sockscope lttng-script` prints passes shellcheck, and calls lttng as it should: a fake one notes its arguments.
set -euo pipefail
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" lttng-script >lttng.sh
"$program" lttng-script -o other.sh
cmp lttng.sh other.sh

if command -v shellcheck >/dev/null; then
  shellcheck lttng.sh
else
  echo "no shellcheck here: its part is skipped"
fi
sh -n lttng.sh

# A LTTng that has no skb_kfree, and as of 2.15 knows --trace-format if HAS_FORMAT is set.
mkdir bin
cat >bin/lttng <<'FAKE'
#!/bin/sh
[ "$1 $2" = 'create --help' ] && { [ -z "${HAS_FORMAT:-}" ] || echo '      --trace-format=ctf-1.8|ctf-2'; exit 0; }
printf '%s\n' "$*" | sed "s/sockscope-[0-9]*/SESSION/g" >>"$CALLS"
case $* in *skb_kfree*) exit 1 ;; "${FAILS:-none}"*) exit 1 ;; esac
FAKE
chmod +x bin/lttng
export CALLS=$folder/calls

expected() {
  echo "create SESSION --output=$folder/trace$1"
  echo "enable-channel --kernel --session=SESSION --subbuf-size=4M --num-subbuf=8 messages"
  for event in net_dev_queue net_if_rx net_dev_xmit irq_softirq_raise irq_softirq_entry irq_softirq_exit net_if_receive_skb \
    sched_waking sched_switch sched_migrate_task udp_fail_queue_rcv_skb skb_kfree; do
    echo "enable-event --kernel --session=SESSION --channel=messages $event"
  done
  echo "enable-event --kernel --session=SESSION --channel=messages --syscall --all"
  echo "add-context --kernel --session=SESSION --channel=messages --type=vtid --type=vpid --type=procname --type=prio"
  printf '%s SESSION\n' start stop destroy
}

run() {
  : >calls
  mkdir -p trace
  status=0
  PATH=$folder/bin:$PATH TRACE=trace sh lttng.sh "$@" >out 2>err || status=$?
}

fail() {
  echo "$1"
  cat err
  exit 1
}

run sh -c 'echo of the command; exit 7'
[ "$status" = 7 ] || fail "status $status instead of the command's"
[ "$(cat out)" = 'of the command' ] || fail 'more than the command on stdout'
diff <(expected '') calls
grep -qx "this kernel's LTTng has no skb_kfree" err || fail 'it does not say what is missing'
grep -qx "recorded: sockscope report $folder/trace" err || fail 'it does not say where the trace lies'

# Ctrl-C: the session ends, and what was recorded until then is whoever's who asked for it.
cat >bin/chown <<'FAKE'
#!/bin/sh
printf 'chown %s\n' "$*" >>"$CALLS"
FAKE
chmod +x bin/chown
SUDO_UID=1000 SUDO_GID=1001 run sh -c 'kill -INT $PPID'
[ "$status" = 130 ] || fail "status $status after Ctrl-C"
diff <(expected '' | grep -v '^stop'; echo "chown -R 1000:1001 $folder/trace") calls
grep -qx "recorded: sockscope report $folder/trace" err || fail 'after Ctrl-C it does not say where the trace lies'

# A channel that cannot be made: nothing was recorded.
FAILS=enable-channel run true
[ "$status" = 1 ] || fail "status $status without a channel"
[ "$(tail -n 1 calls)" = 'destroy SESSION' ] || fail 'a session is left'
! grep -q '^recorded:' err || fail 'it says that it recorded what it did not'

export HAS_FORMAT=1
run true
[ "$status" = 0 ] || fail "status $status"
diff <(expected ' --trace-format=ctf-1.8') calls

status=0
sh lttng.sh >out 2>err || status=$?
[ "$status" = 2 ] || fail "status $status without a command"
grep -q '^usage: ' err || fail 'no usage without a command'
echo 'the script does as it should'
