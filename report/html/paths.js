"use strict";

// The paths of single messages: the median one first, any of the slowest by a click.

function pathTitle(source, path, rank) {
  const what = path.is_round_trip ? "round trip" : "message";
  const which = rank === null ? `The median ${source.labelOf(path.variant)} ${what}` : `Number ${rank + 1} of the slowest: ${source.labelOf(path.variant)} ${what}`;
  const where = path.round === 0 ? "" : ` of round ${path.round}`;
  return `${which}${where}, ${formatUs(path.duration_ns)} µs`;
}

function segmentsTable(path) {
  const rows = path.segments.map((segment, at) => ({
    name: `${segment[2]} ${segment[3]}`,
    strong: at === path.culprit && path.segments.length > 1,
    cells: [numberCell(formatUs(segment[0])), numberCell(formatUs(segment[1] - segment[0])), proseCell(segment[4])],
  }));
  rows.push({ name: "together", strong: true, cells: [numberCell(""), numberCell(formatUs(path.duration_ns)), wordCell("")] });
  return table("Its critical path: where each microsecond went; it adds up", [...columns("Stage", "since the send, µs", "took, µs"), { text: "What held it" }], rows);
}

function eventsTable(path) {
  const rows = path.events.map((event) => ({
    name: formatUs(event[kTime]),
    cells: [numberCell(String(event[kCpu])), wordCell(taskName(path, event[kTid])), wordCell(event[kName]), wordCell(eventText(path, event))],
  }));
  if (path.left_out) {
    const [count, before] = path.left_out;
    rows.splice(before, 0, { name: "…", cells: [numberCell(""), wordCell(""), wordCell(`${formatCount(count)} events are left out`), wordCell("")] });
  }
  return table("Its events, µs since the send", [{ text: "Time" }, { text: "CPU", number: true }, { text: "Task" }, { text: "Event" }, { text: "" }], rows);
}

/** What else ran meanwhile, on the CPUs of which there are events. */
function othersOf(path, lanes) {
  const others = new Map();
  for (const { cpu, blocks } of lanes.cpus) {
    for (const { tid, from, to } of blocks) {
      if (tid === path.client || tid === path.server) continue;
      const key = `${cpu} ${tid}`;
      const other = others.get(key) ?? { cpu, tid, ns: 0 };
      other.ns += to - from;
      others.set(key, other);
    }
  }
  return [...others.values()].sort((one, other) => other.ns - one.ns);
}

function othersText(path, lanes) {
  const others = othersOf(path, lanes).slice(0, 6);
  if (others.length === 0) return "Meanwhile nothing else ran on these CPUs, as far as the recording tells.";
  const list = others.map(({ cpu, tid, ns }) => `${taskName(path, tid)} on CPU ${cpu} for ${formatUs(ns)} µs`);
  return `Meanwhile: ${list.join("; ")}.`;
}

/** One path, drawn anew for each choice, scale and width. */
class PathView {
  constructor(source) {
    this.source = source;
    this.paths = source.view.paths;
    this.rank = null;
    this.median = 0;
    this.isEven = null;
    this.title = element("p", { class: "path-title", id: "path-shown", "aria-live": "polite" });
    this.picture = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": "path-shown" });
    this.detail = element("div");
    this.rows = [];
    this.buttons = [];
  }

  get path() {
    return this.rank === null ? this.paths.medians[this.median] : this.paths.slowest[this.rank];
  }

  get nodes() {
    return [this.choice(), this.title, this.picture, this.legend(), this.detail, ...this.slowest()];
  }

  legend() {
    const items = [["series-0", "client"], ["series-1", "server"], ["receive", "softirq NET_RX"], ["other-task", "other tasks"], ["line", "idle"]];
    return element("ul", { class: "legend", "aria-label": "Colours" },
      items.map(([colour, name]) => element("li", {}, element("i", { style: `background:var(--${colour})` }), name)),
      element("li", {}, "red dashes: waits for a CPU"),
      element("li", {}, "nothing: asleep"),
      element("li", {}, "ticks: events, named under the pointer"),
      element("li", {}, "frame: where it lost most"),
    );
  }

  choice() {
    const medians = this.paths.medians.map((path, at) => {
      const what = this.paths.medians.filter((one) => one.variant === path.variant).length > 1 ? (path.is_round_trip ? " round trip" : " lone message") : "";
      const button = element("button", { type: "button", "aria-pressed": "false" }, `Median ${this.source.labelOf(path.variant)}${what}`);
      button.addEventListener("click", () => this.show(null, at));
      this.buttons.push(button);
      return button;
    });
    this.even = element("input", { type: "checkbox", id: "even" });
    this.even.addEventListener("change", () => {
      this.isEven = this.even.checked;
      this.drawPicture();
    });
    return element("div", { class: "choice" }, medians, element("label", { for: "even" }, this.even, " even out long gaps"));
  }

  slowest() {
    const { slowest } = this.paths;
    if (slowest.length === 0) return [];
    this.rows = slowest.map((path, rank) => {
      const culprit = path.segments[path.culprit];
      const button = element("button", { type: "button", tabindex: rank === 0 ? 0 : -1, "aria-pressed": "false" }, "Show", unseen(`number ${rank + 1}`));
      button.addEventListener("click", () => this.show(rank, this.median));
      button.addEventListener("keydown", (event) => this.step(event, rank));
      return element("tr", {},
        element("th", { scope: "row" }, String(rank + 1)),
        element("td", { class: "number" }, formatUs(path.duration_ns)),
        wordCell(this.source.labelOf(path.variant)),
        element("td", { class: "number" }, path.round === 0 ? "–" : String(path.round)),
        proseCell(culprit ? `${culprit[2]} ${culprit[3]}, ${formatUs(culprit[1] - culprit[0])} µs: ${culprit[4]}` : "–"),
        element("td", {}, button),
      );
    });
    const heading = [["Rank"], ["µs", "number"], ["", null], ["Round", "number"], ["Where most of it was lost"], [""]];
    return [
      element("h3", {}, `The ${slowest.length} slowest`),
      element("p", { class: "note" }, "Show draws a message above; the arrow keys go on to the next."),
      element("div", { class: "slowest", role: "region", "aria-label": "The slowest messages", tabindex: 0 },
        element("table", {},
          element("thead", {}, element("tr", {}, heading.map(([text, kind]) => element("th", { scope: "col", class: kind }, text)))),
          element("tbody", {}, this.rows),
        ),
      ),
    ];
  }

  step(event, rank) {
    const to = { ArrowDown: rank + 1, ArrowUp: rank - 1, Home: 0, End: this.rows.length - 1 }[event.key];
    if (to === undefined || !this.rows[to]) return;
    event.preventDefault();
    this.rows[to].querySelector("button").focus();
    this.show(to, this.median);
  }

  show(rank, median) {
    this.rank = rank;
    this.median = median;
    this.isEven = null;
    this.buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(rank === null && at === median)));
    this.rows.forEach((row, at) => {
      const button = row.querySelector("button");
      if (at === rank) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      button.setAttribute("aria-pressed", String(at === rank));
      button.tabIndex = at === (rank ?? 0) ? 0 : -1;
    });
    this.draw();
  }

  /** A gap that takes most of the time would leave no room for what happened beside it. */
  needsEvening() {
    const times = [0, ...this.path.events.map((event) => event[kTime]).filter((time) => time > 0), this.path.duration_ns];
    return times.some((time, at) => at > 0 && time - times[at - 1] > this.path.duration_ns / 2);
  }

  draw() {
    this.isEven ??= this.needsEvening();
    this.even.checked = this.isEven;
    this.title.textContent = pathTitle(this.source, this.path, this.rank);
    this.drawPicture();
    const { path } = this;
    this.detail.replaceChildren(
      element("p", { class: "note" }, othersText(path, this.lanes)),
      segmentsTable(path),
      folded(`All ${path.events.length} events`, () => eventsTable(path)),
    );
  }

  drawPicture() {
    const width = Math.max(640, this.picture.clientWidth || 0);
    this.lanes = new Lanes(this.path, width, this.isEven);
    const label = `${pathTitle(this.source, this.path, this.rank)}. The table below has its stages, and all events unfold under it.`;
    this.picture.replaceChildren(this.lanes.draw(label));
  }
}

function remarksOfPaths({ losses, limits }) {
  const lost = losses === 0 ? [] : [`${formatCount(losses)} datagrams were lost to a full receive buffer: they are in no list.`];
  const remarks = [...lost, ...limits];
  return remarks.length === 0 ? [] : [element("h3", {}, "What the trace does not know"), element("div", { class: "note" }, listOf(remarks))];
}

function pathsSection(source) {
  const { paths } = source.view;
  if (!source.variants.some(({ key }) => source.at(`${source.pointerOf(key)}/traced`))) return null;
  const title = "The path of one message";
  if (!paths || paths.medians.length === 0) return section("path", title, "There is none to show: no message could be followed from its send to its receive.", []);
  const view = new PathView(source);
  const part = section("path", title, "From the send to the receive, event by event: client, server, the softirq that carries the packet, and each CPU with who ran on it. Arrows are packets and wake-ups.", [
    ...view.nodes,
    ...remarksOfPaths(paths),
  ]);
  part.drawn = () => view.show(null, 0);
  new ResizeObserver(() => view.lanes && view.drawPicture()).observe(view.picture);
  return part;
}
