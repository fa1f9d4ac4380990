"use strict";

// Numbers as the program's own table prints them (report/numbers.h).

function grouped(digits) {
  const [whole, fraction] = digits.split(".");
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}

function fixed(value, decimals) {
  const digits = Math.abs(value).toFixed(decimals);
  return (value < 0 && /[1-9]/.test(digits) ? "-" : "") + grouped(digits);
}

function formatCount(count) {
  return fixed(count, 0);
}

/** Nanoseconds as microseconds: "12.37", "123.4", "1,234". */
function formatUs(ns) {
  const us = Math.abs(ns) / 1000;
  if (us >= 999999.5) return `${fixed(ns / 1e9, 2)} s`;
  return fixed(ns / 1000, us < 99.995 ? 2 : us < 999.95 ? 1 : 0);
}

/** A time with its unit, as short as it can be: for axes. */
function formatTime(ns) {
  if (ns === 0) return "0";
  const units = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]];
  const [unit, size] = units.find(([, size]) => Math.abs(ns) >= size) ?? ["ns", 1];
  return `${Number((ns / size).toPrecision(4))} ${unit}`;
}

function formatPerUnit(value) {
  return fixed(value, 3);
}

function formatRatio(value) {
  return fixed(value, 2);
}

function withSign(text) {
  return !text.startsWith("-") && /[1-9]/.test(text) ? `+${text}` : text;
}

function formatPercent(part, whole) {
  if (whole === 0) return "-";
  const percent = (100 * part) / whole;
  if (part !== 0 && percent < 0.05) return "<0.1 %";
  if (part !== whole && percent >= 99.95) return ">99.9 %";
  return `${Number(percent.toFixed(1))} %`;
}

/** "99.9 %" for 0.001 of all at or beyond a value. */
function percentBelow(atLeast) {
  const decimals = Math.max(0, Math.ceil(-Math.log10(atLeast)) - 1);
  return `${(100 * (1 - atLeast)).toFixed(Math.min(decimals, 9)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "")} %`;
}
