"use strict";

// What the kernel did: integers each message, and context switches by kind and thread.

const kCounts = {
  syscalls: "system calls",
  skbs: "packets queued (skbs)",
  data_skbs: "skbs with data",
  softirqs: "softirqs (NET_RX)",
  context_switches: "context switches",
  wakeups: "wake-ups",
  socket_state_changes: "socket state changes",
  sockets: "sockets",
  copies: "copies",
};

/** Where the counts of a variant are, and what they are divided by. */
function countsOf(source, key) {
  const base = source.pointerOf(key);
  if (source.at(`${base}/per_round_trip`)) return { base: `${base}/per_round_trip`, unit: "round trip" };
  if (source.at(`${base}/per_unit`)) return { base: `${base}/per_unit`, unit: source.at(`${base}/per_unit/unit`) };
  if (source.at(`${base}/totals`)) return { base: `${base}/totals`, unit: null };
  return null;
}

function countsPart(source) {
  const counted = source.variants.map((variant) => ({ ...variant, ...countsOf(source, variant.key) })).filter((variant) => variant.base);
  if (counted.length === 0) return [];
  const { unit } = counted[0];
  const names = Object.keys(kCounts).filter((name) => counted.some(({ base }) => source.at(`${base}/${name}`) !== undefined));
  const title = unit ? `Each ${unit}` : "The whole session";
  const chart = chartFigure(title, "Events of both ends together, from the trace.", 60 + names.length * (counted.length > 1 ? 36 : 26), (theme) => ({
    type: "bar",
    data: {
      labels: names.map((name) => kCounts[name]),
      datasets: counted.map(({ key, label, base }) => ({
        label,
        data: names.map((name) => source.at(`${base}/${name}`)),
        backgroundColor: theme.series[source.colourOf(key)],
        barPercentage: 0.85,
        categoryPercentage: 0.75,
      })),
    },
    options: {
      indexAxis: "y",
      scales: { x: { min: 0, ticks: { maxRotation: 0 } }, y: { grid: { display: false } } },
      plugins: { legend: { display: counted.length > 1 } },
    },
  }));
  const rows = names.map((name) => ({
    name: kCounts[name],
    cells: counted.map(({ key, base }) =>
      figureCell(source, `${base}/${name}`, unit ? formatPerUnit : formatCount, { doubtful: source.isDoubtful(key, "counts") }),
    ),
  }));
  return [element("div", { class: "pair" }, chart, table(title, columns("", ...counted.map(({ label }) => label)), rows))];
}

/** Each end of each variant that has context switches. */
function endsOf(source) {
  return source.variants.flatMap(({ key, label }) =>
    ["client", "server"].map((end) => ({
      key,
      label: `${label} ${end}`,
      traced: `${source.pointerOf(key)}/context_switches/${end}`,
      untraced: `${source.pointerOf(key)}/untraced/context_switches/${end}`,
      thread: `${source.pointerOf(key)}/threads/${end}`,
    })),
  );
}

function switchesChart(source, ends, watched) {
  const shown = ends.filter((end) => source.at(end[watched]));
  return chartFigure(
    `Context switches, ${watched}`,
    "Voluntary: it blocked. Involuntary: it was preempted, or its time was up.",
    70 + 34 * shown.length,
    (theme) => ({
      type: "bar",
      data: {
        labels: shown.map(({ label }) => label),
        datasets: [
          { label: "voluntary", data: shown.map((end) => source.at(`${end[watched]}/voluntary`)), backgroundColor: theme.stage("device") },
          { label: "involuntary", data: shown.map((end) => source.at(`${end[watched]}/involuntary`)), backgroundColor: theme.stage("wake-up") },
        ],
      },
      options: {
        indexAxis: "y",
        scales: { x: { stacked: true, min: 0, ticks: { maxRotation: 0, autoSkipPadding: 12 } }, y: { stacked: true, grid: { display: false } } },
      },
    }),
  );
}

function switchesTable(source, ends) {
  const row = (name, pointerOf, format) => ({
    name,
    cells: ends.map((end) => figureCell(source, pointerOf(end), format, { doubtful: !pointerOf(end).includes("/untraced/") && source.isDoubtful(end.key, "threads") })),
  });
  const rows = [
    row("command", (end) => `${end.thread}/comm`, String),
    row("voluntary, trace", (end) => `${end.traced}/voluntary`, formatCount),
    row("voluntary, getrusage", (end) => `${end.traced}/getrusage_voluntary`, formatCount),
    row("voluntary, untraced rounds", (end) => `${end.untraced}/voluntary`, formatCount),
    row("involuntary, trace", (end) => `${end.traced}/involuntary`, formatCount),
    row("involuntary, getrusage", (end) => `${end.traced}/getrusage_involuntary`, formatCount),
    row("involuntary, untraced rounds", (end) => `${end.untraced}/involuntary`, formatCount),
    row("running, µs", (end) => `${end.thread}/running_ns`, formatUs),
    row("runnable, µs", (end) => `${end.thread}/runnable_ns`, formatUs),
    row("sleeping, µs", (end) => `${end.thread}/sleeping_ns`, formatUs),
    row("migrations", (end) => `${end.thread}/migrations`, formatCount),
    row("woken to running, p50, µs", (end) => `${end.thread}/sch_delay_ns/p50`, formatUs),
    row("woken to running, p99, µs", (end) => `${end.thread}/sch_delay_ns/p99`, formatUs),
  ].filter(({ cells }) => cells.some((cell) => cell.hasAttribute("data-json")));
  return table("Each end, all rounds together", columns("", ...ends.map(({ label }) => label)), rows);
}

function countsSection(source) {
  const ends = endsOf(source).filter((end) => source.at(end.traced) ?? source.at(end.untraced));
  const watched = ends.some((end) => source.at(end.traced)) ? "traced" : "untraced";
  const switches = ends.length === 0 ? [] : [switchesChart(source, ends, watched), switchesTable(source, ends)];
  const content = [...countsPart(source), ...switches];
  if (content.length === 0) return null;
  return section("counts", "What the kernel did", "These integers hardly depend on how busy the machine is.", content);
}
