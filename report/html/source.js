"use strict";

// One report: its JSON document, as `--format json` has it, and what the program says beside it. Figures are looked up in
// the document by pointer (RFC 6901), and cells say by which.

class Source {
  /** `run`: which of several documents it is, of a page that has not got one alone. */
  constructor(root, view, run) {
    this.root = root;
    this.view = view;
    this.run = run;
    this.document = this.at(view.base);
  }

  /** What lies at the pointer; undefined if nothing does. */
  at(pointer) {
    return pointer
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce((value, part) => (value === undefined || value === null ? undefined : value[part]), this.root);
  }

  get variants() {
    return this.view.variants;
  }

  /** Where the figures of a variant are. */
  pointerOf(key) {
    return `${this.view.base}/protocols/${key}`;
  }

  labelOf(key) {
    return this.variants.find((variant) => variant.key === key)?.label ?? key;
  }

  /** Which of the colours of series is a variant's. */
  colourOf(key) {
    return Math.max(0, this.variants.findIndex((variant) => variant.key === key)) % 2;
  }

  /** Whether a law that fails, or events that were lost, speak against these figures. */
  isDoubtful(key, group) {
    return (this.view.doubtful[key] ?? []).includes(group);
  }
}
