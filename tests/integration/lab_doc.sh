#!/usr/bin/env bash
# Every command of docs/lab.md runs as it stands there, and shows what the page says is to be seen.
#
#   lab_doc.sh SOCKSCOPE DOCUMENT
#
# Commands are the lines that are indented by four; those of other kernels stand between fences. Status 77: this machine
# cannot trace, or lacks one of the lab's programs.
set -euo pipefail

program=$(realpath "$1")
document=$(realpath "$2")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
mkdir bin
ln -s "$program" bin/sockscope
PATH=$place/bin:$PATH

for tool in nc telnet; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
sockscope doctor || { echo 'skipped: this machine cannot trace'; exit 77; }

status=0
failed() { printf 'FAILED: %s\n' "$*"; status=1; }

# Runs the command and keeps what it prints for seen().
commands=0
run() {
  local ended=0
  bash -c "${1#sudo }" </dev/null >"out.$commands" 2>"err.$commands" || ended=$?
  printf '%s\n' "$1" >"command.$commands"
  # The gate may not be able to tell, beside whatever else this machine does.
  if [ $ended -ne 0 ] && ! { [ $ended -eq 3 ] && [[ $1 == *' gate '* ]]; }; then
    failed "$1: status $ended"
    tail -n 5 "err.$commands"
  fi
  commands=$((commands + 1))
}

# seen COMMAND REGEX: the command is one of the page's, and a line that it printed fits.
seen() {
  local at
  for ((at = 0; at < commands; ++at)); do
    [ "$(<"command.$at")" = "$1" ] || continue
    grep -qE -- "$2" "out.$at" || failed "$1: printed no line like $2"
    return
  done
  failed "no command of the page: $1"
}

while IFS= read -r line; do
  printf '%s\n' "$line"
  run "$line"
done < <(awk '/^```/ { fenced = !fenced } !fenced && /^    (sudo )?sockscope / { sub(/^    /, ""); print }' "$document")
[ "$commands" -ge 20 ] || failed "only $commands commands found in $document"

seen 'sockscope report lab/tcp' '^  packets queued \(skbs\) +8$'
seen 'sockscope report lab/tcp' '^  socket state changes +12$'
seen "sockscope events lab/tcp --event sock:inet_sock_set_state" 'newstate=2\(TCP_SYN_SENT\)'
seen 'sockscope report lab/udp' '^  packets queued \(skbs\) +1$'
seen 'sockscope report lab/udp' '^  socket state changes +0$'
seen 'sudo sockscope compare --quick --keep lab/compare' '^  packets queued \(skbs\) +2\.000'
seen 'sockscope slow lab/compare --top 3' '^3\. '
seen 'sockscope report lab/telnet' '^  packets queued \(skbs\) +8$'
seen 'sudo sockscope compare --workload telnet --rounds 8' '^  packets queued \(skbs\) +130\.0'
for function in __tcp_transmit_skb tcp_sendmsg_locked tcp_write_xmit tcp_rcv_established tcp_ack __tcp_send_ack; do
  seen 'sudo sockscope functions --quick --keep lab/functions' "^  $function +[0-9.]+ +0 "
done
for function in udp_sendmsg ip_make_skb udp_send_skb udp_queue_rcv_one_skb __udp_enqueue_schedule_skb; do
  seen 'sudo sockscope functions --quick --keep lab/functions' "^  $function +0 +[0-9.]+ "
done
seen 'sudo sockscope functions --quick --a tcp --b tcp' '^0 functions only in A, 0 only in B, '
seen 'sudo sockscope topologies --quick' '^  bridge +2\.000 .* 2\.000 '
seen 'sockscope report lab/bridge' '^  request  port-c passes on to port-s '
seen "sudo sockscope functions --quick --workload echo --a 'udp --topology bridge' --b 'udp --topology loopback'" \
  '^  br_handle_frame +[0-9.]+ +0 '
seen 'sockscope report lab/ctf' '^  round trips measured +2,000$'
for file in lab/compare.html lab/functions.html lab/functions.folded lab/stacks.folded; do
  [ -s "$file" ] || failed "$file was not written"
done
exit $status
