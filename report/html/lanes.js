"use strict";

// The path of one message as lanes: its two threads, the softirq, and each CPU, with what happened when. No library draws
// that, so it is drawn here, as SVG.

const kLaneHeight = 34;
const kBlockHeight = 18;
const kStageHeight = 30;
const kAxisHeight = 34;

// What a row of `events` has behind time, CPU and thread.
const [kTime, kCpu, kTid, kName, kFirst, kSecond, kThird] = [0, 1, 2, 3, 4, 5, 6];
const kSoftirqEvents = ["netif_receive_skb", "tcp_probe", "sk_data_ready", "sched_waking", "udp_fail_queue_rcv_skb"];

// Who ran

/** For each CPU: who ran when, as far as the events say, [{tid, from, to}], from the path's beginning to its end. */
function blocksOfCpus(path) {
  const cpus = new Map();
  for (const event of path.events) {
    if (!cpus.has(event[kCpu])) cpus.set(event[kCpu], []);
    const blocks = cpus.get(event[kCpu]);
    const time = event[kTime];
    const last = blocks.at(-1);
    const [before, after] = event[kName] === "sched_switch" ? [event[kFirst], event[kSecond]] : [event[kTid], event[kTid]];
    const next = event[kName] === "switch_in" ? event[kFirst] : after;
    // A switch that was not recorded shows in the next event: from then on, at least, it is another task.
    if (!last) {
      if (event[kName] !== "switch_in") blocks.push({ tid: before, from: -Infinity, to: time });
      blocks.push({ tid: next, from: time, to: Infinity });
    } else if (last.tid !== next) {
      last.to = time;
      blocks.push({ tid: next, from: time, to: Infinity });
    }
  }
  const end = path.duration_ns;
  const inside = (block) => ({ ...block, from: Math.max(0, block.from), to: Math.min(end, block.to) });
  return [...cpus.entries()]
    .sort(([one], [other]) => one - other)
    .map(([cpu, blocks]) => ({ cpu, blocks: blocks.map(inside).filter(({ from, to }) => to > from) }));
}

/** When a thread waited for a CPU: woken, or taken off it while it still could run. */
function waitsOf(path, tid, runs) {
  const waits = [];
  let since = null;
  for (const event of path.events) {
    if (event[kName] === "sched_waking" && event[kFirst] === tid && !isRunning(runs, event[kTime])) since ??= event[kTime];
    if (event[kName] === "sched_switch" && event[kFirst] === tid && event[kThird] === 1) since = event[kTime];
    const starts = (event[kName] === "sched_switch" && event[kSecond] === tid) || (event[kName] === "switch_in" && event[kFirst] === tid);
    if (starts && since !== null) {
      if (event[kTime] > 0) waits.push({ from: Math.max(0, since), to: event[kTime] });
      since = null;
    }
  }
  if (since !== null) waits.push({ from: Math.max(0, since), to: path.duration_ns });
  return waits;
}

function isRunning(runs, time) {
  return runs.some(({ from, to }) => from <= time && time < to);
}

/** NET_RX at work: from its entry to its exit where that was recorded, else to the last that was seen of it. */
function softirqsOf(path) {
  const open = new Map();
  const softirqs = [];
  for (const event of path.events) {
    const current = open.get(event[kCpu]);
    if (event[kName] === "softirq_entry") {
      const softirq = { cpu: event[kCpu], tid: event[kTid], from: event[kTime], to: event[kTime] };
      softirqs.push(softirq);
      open.set(event[kCpu], softirq);
    } else if (current && (kSoftirqEvents.includes(event[kName]) || event[kName] === "softirq_exit")) {
      current.to = event[kTime];
      if (event[kName] === "softirq_exit") open.delete(event[kCpu]);
    } else if (current && ["enter", "exit", "sched_switch"].includes(event[kName])) {
      open.delete(event[kCpu]);
    }
  }
  return softirqs.filter(({ to }) => to >= 0);
}

// Time to position

/** True to scale, or with long gaps evened out: then a gap is as wide as the logarithm of its length. */
function scaleOf(path, width, isEven) {
  if (!isEven) return (time) => (time / path.duration_ns) * width;
  const times = new Set([0, path.duration_ns]);
  for (const segment of path.segments) times.add(segment[0]).add(segment[1]);
  for (const event of path.events) if (event[kTime] > 0 && event[kTime] < path.duration_ns) times.add(event[kTime]);
  const marks = [...times].sort((a, b) => a - b);
  const widths = marks.slice(1).map((time, at) => Math.log2(1 + (time - marks[at]) / 50));
  const whole = widths.reduce((sum, one) => sum + one, 0);
  const positions = [0];
  for (const one of widths) positions.push(positions.at(-1) + (one / whole) * width);
  return (time) => {
    let at = marks.findIndex((mark) => mark >= time);
    if (at === -1) at = marks.length - 1;
    if (at === 0 || marks[at] === time) return positions[at];
    const share = (time - marks[at - 1]) / (marks[at] - marks[at - 1]);
    return positions[at - 1] + share * (positions[at] - positions[at - 1]);
  };
}

// Names

function taskName(path, tid) {
  if (tid === 0) return "idle";
  const name = path.names[tid];
  return name ? `${name} ${tid}` : `thread ${tid}`;
}

function taskColour(path, tid) {
  if (tid === 0) return "var(--line)";
  if (tid === path.client) return "var(--series-0)";
  if (tid === path.server) return "var(--series-1)";
  return "var(--other-task)";
}

function eventText(path, event) {
  const rest = event.slice(kName + 1);
  switch (event[kName]) {
    case "sched_switch":
      return `${taskName(path, rest[0])} → ${taskName(path, rest[1])}${rest[2] ? ", which could still run" : ""}`;
    case "sched_waking":
    case "sched_migrate_task":
    case "switch_in":
      return taskName(path, rest[0]);
    case "enter":
      return `${rest[0]} call${rest[1] === undefined ? "" : `, ${rest[1]} bytes`}`;
    case "exit":
      return rest[0] < 0 ? `error ${-rest[0]}` : `returns ${rest[0]}`;
    case "net_dev_queue":
      return `${rest[0]} bytes with headers`;
    default:
      return rest.join(" ");
  }
}

// Drawing

class Lanes {
  constructor(path, width, isEven) {
    this.path = path;
    this.left = 118;
    this.width = width;
    this.x = scaleOf(path, width - this.left - 14, isEven);
    this.cpus = blocksOfCpus(path);
    this.softirqs = softirqsOf(path);
    this.lanes = new Map();
    let top = kStageHeight + 10;
    const client = [path.client, ["client", taskName(path, path.client)]];
    const server = [path.server, ["server", taskName(path, path.server)]];
    for (const [key, names] of [client, ["softirq", ["softirq", "NET_RX"]], server, ...this.cpus.map(({ cpu }) => [`cpu ${cpu}`, [`CPU ${cpu}`]])]) {
      if (this.lanes.has(key)) continue;
      this.lanes.set(key, { top, middle: top + kLaneHeight / 2, names });
      top += kLaneHeight;
    }
    this.bottom = top;
    this.height = top + kAxisHeight;
  }

  at(time) {
    return this.left + this.x(Math.max(0, Math.min(this.path.duration_ns, time)));
  }

  /** A coloured block with its name, if that has room, and a tooltip. */
  block(lane, from, to, colour, text, title) {
    const x = this.at(from);
    const width = Math.max(1.5, this.at(to) - x);
    const y = lane.middle - kBlockHeight / 2;
    const parts = [svgElement("rect", { x, y, width, height: kBlockHeight, rx: 2, fill: colour }, svgElement("title", {}, title))];
    if (text && width > 6.2 * text.length + 8) parts.push(svgElement("text", { x: x + 4, y: lane.middle + 4, class: "inside" }, text));
    return parts;
  }

  heads() {
    return [...this.lanes.values()].flatMap(({ top, middle, names }) => [
      svgElement("line", { x1: 0, x2: this.width, y1: top, y2: top, class: "rule" }),
      svgElement("text", { x: 0, y: names.length > 1 ? middle - 2 : middle + 4, "font-weight": 600 }, names[0]),
      ...(names.length > 1 ? [svgElement("text", { x: 0, y: middle + 11, class: "faint" }, clipped(names[1], 19))] : []),
    ]);
  }

  stages() {
    const lane = { middle: 4 + kBlockHeight / 2 };
    return this.path.segments.flatMap(([from, to, direction, stage, words], at) => {
      const took = formatUs(to - from);
      const room = this.at(to) - this.at(from);
      const text = [`${stage} ${took}`, stage, took].find((one) => room > 6.2 * one.length + 8);
      const parts = this.block(lane, from, to, `var(--${stage})`, text, `${direction} ${stage}: ${took} µs, ${words}`);
      if (at === this.path.culprit && this.path.segments.length > 1) {
        const x = this.at(from);
        parts.push(svgElement("rect", { x: x - 1, y: 2, width: Math.max(4, this.at(to) - x + 2), height: kBlockHeight + 4, rx: 3, class: "culprit" }));
      }
      return parts;
    });
  }

  threads() {
    return [this.path.client, this.path.server].flatMap((tid) => {
      const lane = this.lanes.get(tid);
      const runs = this.cpus.flatMap(({ cpu, blocks }) => blocks.filter((block) => block.tid === tid).map((block) => ({ ...block, cpu })));
      const waits = waitsOf(this.path, tid, runs);
      return [
        ...waits.map(({ from, to }) =>
          svgElement("line", { x1: this.at(from), x2: this.at(to), y1: lane.middle, y2: lane.middle, stroke: "var(--bad)", class: "waiting" },
            svgElement("title", {}, `${taskName(this.path, tid)} waits for a CPU for ${formatUs(to - from)} µs`)),
        ),
        ...runs.flatMap(({ cpu, from, to }) => this.block(lane, from, to, taskColour(this.path, tid), "runs", `${taskName(this.path, tid)} runs on CPU ${cpu} for ${formatUs(to - from)} µs`)),
      ];
    });
  }

  softirqBlocks() {
    const lane = this.lanes.get("softirq");
    return this.softirqs.flatMap(({ cpu, tid, from, to }) =>
      this.block(lane, from, to, "var(--receive)", null, `NET_RX softirq on CPU ${cpu}, in ${taskName(this.path, tid)}: ${formatUs(to - from)} µs as far as seen`),
    );
  }

  cpuBlocks() {
    return this.cpus.flatMap(({ cpu, blocks }) =>
      blocks.flatMap(({ tid, from, to }) =>
        this.block(this.lanes.get(`cpu ${cpu}`), from, to, taskColour(this.path, tid), tid === 0 ? null : taskName(this.path, tid), `CPU ${cpu}: ${taskName(this.path, tid)} for ${formatUs(to - from)} µs`),
      ),
    );
  }

  /** Which lane an event belongs to: the softirq's, its thread's, or its CPU's. */
  laneOf(event) {
    const isOfSoftirq = event[kName].startsWith("softirq") || this.softirqs.some(({ cpu, from, to }) => cpu === event[kCpu] && from <= event[kTime] && event[kTime] <= to && kSoftirqEvents.includes(event[kName]));
    if (isOfSoftirq) return this.lanes.get("softirq");
    if (event[kName] === "sched_switch" || event[kName] === "switch_in") return this.lanes.get(`cpu ${event[kCpu]}`);
    return this.lanes.get(event[kTid]) ?? this.lanes.get(`cpu ${event[kCpu]}`);
  }

  events() {
    return this.path.events
      .filter((event) => event[kTime] >= 0)
      .map((event) => {
        const lane = this.laneOf(event);
        const x = this.at(event[kTime]);
        return svgElement("line", { x1: x, x2: x, y1: lane.middle + 5, y2: lane.middle + kBlockHeight / 2 + 4, class: "event" },
          svgElement("title", {}, `${formatUs(event[kTime])} µs: ${event[kName]} ${eventText(this.path, event)}`));
      });
  }

  arrow(from, fromTime, to, toTime, colour, title) {
    const down = to.middle > from.middle ? 1 : -1;
    const y1 = from.middle + (down * kBlockHeight) / 2;
    const y2 = to.middle - (down * kBlockHeight) / 2;
    const [x1, x2] = [this.at(fromTime), this.at(toTime)];
    const head = `M ${x2 - 4} ${y2 - down * 7} L ${x2} ${y2} L ${x2 + 4} ${y2 - down * 7}`;
    return svgElement("path", { d: `M ${x1} ${y1} L ${x2} ${y2} ${head}`, class: "arrow", stroke: colour }, svgElement("title", {}, title));
  }

  /** Of each message the packet, from its sender to the softirq and on, and the wake-up of its receiver. */
  arrows() {
    const softirq = this.lanes.get("softirq");
    return this.path.messages.flatMap((message) => {
      const isRequest = message.direction === "request";
      const [sender, receiver] = [isRequest ? this.path.client : this.path.server, isRequest ? this.path.server : this.path.client].map((tid) => this.lanes.get(tid));
      const arrows = [this.arrow(sender, message.queue, softirq, message.receive, "var(--send)", `packet of the ${message.direction}: ${formatUs(message.receive - message.queue)} µs from net_dev_queue to netif_receive_skb`)];
      if (message.waking !== undefined && message.switch !== undefined) {
        arrows.push(this.arrow(softirq, message.waking, receiver, message.switch, "var(--wake-up)", `wake-up: ${formatUs(message.switch - message.waking)} µs from sched_waking to running`));
      } else {
        arrows.push(this.arrow(softirq, message.ready ?? message.receive, receiver, message.ready ?? message.receive, "var(--muted)", "the receiver was awake: no wake-up"));
      }
      return arrows;
    });
  }

  /** Where events are left out. */
  gap() {
    if (!this.path.left_out) return [];
    const [count, before] = this.path.left_out;
    const from = this.path.events[before - 1]?.[kTime] ?? 0;
    const to = this.path.events[before]?.[kTime] ?? this.path.duration_ns;
    return [
      svgElement("rect", { x: this.at(from), y: kStageHeight, width: this.at(to) - this.at(from), height: this.bottom - kStageHeight, class: "gap" },
        svgElement("title", {}, `${formatCount(count)} events are left out here`)),
    ];
  }

  axis() {
    const y = this.bottom;
    const parts = [svgElement("line", { x1: this.left, x2: this.width - 14, y1: y, y2: y, class: "rule" })];
    let last = -Infinity;
    const end = this.path.duration_ns;
    const marks = [0, ...this.path.segments.map(([, to]) => to)];
    const endLabel = this.at(end) - 30;
    for (const time of marks) {
      const x = this.at(time);
      parts.push(svgElement("line", { x1: x, x2: x, y1: kStageHeight, y2: y + 5, class: "rule" }));
      if (time !== end && (x - last < 46 || x > endLabel - 30)) continue;
      last = x;
      parts.push(svgElement("text", { x, y: y + 17, class: "faint", "text-anchor": time === 0 ? "start" : time === end ? "end" : "middle" }, formatUs(time)));
    }
    parts.push(svgElement("text", { x: 0, y: y + 17, class: "faint" }, "µs since the send"));
    return parts;
  }

  draw(label) {
    return svgElement(
      "svg",
      { class: "lanes", width: this.width, height: this.height, viewBox: `0 0 ${this.width} ${this.height}`, role: "img", "aria-label": label },
      this.heads(),
      this.axis(),
      this.gap(),
      this.stages(),
      this.threads(),
      this.softirqBlocks(),
      this.cpuBlocks(),
      this.events(),
      this.arrows(),
    );
  }
}

function clipped(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
