"use strict";

// What speaks for and against the figures: laws, data quality, and how and where it was measured.

function lawsPart(source) {
  const { laws } = source.document;
  if (laws.length === 0) return [];
  const failing = laws.filter((law) => !law.holds).length;
  const rows = laws.map((law) => ({
    name: law.name,
    cells: [element("td", { class: law.holds ? "holds" : "fails" }, law.holds ? "holds" : "FAILS"), proseCell(law.detail)],
  }));
  return [
    element("h3", {}, failing === 0 ? `Laws: all ${laws.length} hold` : `Laws: ${failing} of ${laws.length} FAIL`),
    table("Conservation laws, checked on this run", [{ text: "Law" }, { text: "" }, { text: "Both sides" }], rows),
  ];
}

const kQuality = {
  lost_events: "events lost",
  undecoded_events: "events not decoded",
  skipped_records: "records skipped",
  out_of_order_records: "records out of order",
  unmatched_messages: "messages not followed",
  unmatched_wakeups: "wake-ups not followed",
  switch_ins: "switch-ins",
  switch_ins_from_records: "of them seen by PERF_RECORD_SWITCH alone",
};

function qualityPart(source) {
  const pointer = `${source.view.base}/data_quality`;
  const { complete, truncated } = source.at(pointer);
  const rows = Object.entries(kQuality).map(([key, name]) => ({ name, cells: [figureCell(source, `${pointer}/${key}`, formatCount)] }));
  rows.push({ name: "truncated", cells: [numberCell(truncated ? "yes" : "no")] });
  for (const { key, label } of source.variants) {
    const traced = `${source.pointerOf(key)}/traced`;
    if (source.at(`${traced}/matched`) === undefined) continue;
    rows.push({ name: `${label}: messages sent`, cells: [figureCell(source, `${traced}/messages`, formatCount)] });
    rows.push({ name: `${label}: of them followed to their receive`, cells: [figureCell(source, `${traced}/matched`, formatCount)] });
  }
  return [element("h3", {}, `Data quality: ${complete ? "complete" : "INCOMPLETE"}`), table("What was lost or not understood", columns("", "count"), rows)];
}

function factsPart(title, facts) {
  return Object.keys(facts ?? {}).length === 0 ? [] : [element("h3", {}, title), pairs(facts)];
}

function programsPart(source) {
  const { programs } = source.document;
  if (!programs) return [];
  const rows = programs.map((program) => ({ name: program.role, cells: [wordCell(program.command), numberCell(String(program.pid)), numberCell(String(program.status))] }));
  return [element("h3", {}, "Programs"), table("Recorded programs", [{ text: "Role" }, { text: "Command" }, { text: "Process", number: true }, { text: "Exit status", number: true }], rows)];
}

function evidenceSection(source) {
  const { plan, environment } = source.document;
  return section("evidence", "What speaks for it", "Conservation laws are checked on every run; figures that depend on one that fails are marked.", [
    ...lawsPart(source),
    ...qualityPart(source),
    ...programsPart(source),
    ...factsPart("Plan", plan),
    ...factsPart("Environment", environment),
  ]);
}
