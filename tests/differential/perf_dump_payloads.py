"""Runs inside `perf script -s`: writes every sample that perf has found, with its payload in hex, as JSON."""

import json
import os

out = open(os.environ["SOCKSCOPE_PAYLOADS_FILE"], "w", encoding="ascii")


def write(perf_event):
    sample = perf_event["sample"]
    head = [perf_event["ev_name"], sample["time"], sample["cpu"], sample["pid"], sample["tid"], perf_event["comm"]]
    out.write(json.dumps([head, bytes(perf_event["raw_buf"]).hex()]) + "\n")


def trace_unhandled(event_name, context, fields, perf_event):
    write(perf_event)


def process_event(perf_event):
    write(perf_event)


def trace_end():
    out.close()
