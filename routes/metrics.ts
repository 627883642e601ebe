/**
 * Metrics in the Prometheus text format: what the count, the log, the viewers and the process do.
 * @module
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { REASONS } from "../pipeline/record.ts";
import type { Ledger } from "../pipeline/ledger.ts";
import type { SavedSnapshot } from "../pipeline/snapshot_loop.ts";
import type { Stream } from "../pipeline/stream.ts";
import { ageInSeconds } from "./health.ts";

/** What is measured as it happens; everything else is read when somebody asks. */
export interface Metrics {
  readonly contentType: string;
  /** The current values. Partitions' lag is left out while the log can't be asked. */
  render(): Promise<string>;
  /** A durable append of some records took this long. */
  observeAppend(seconds: number): void;
  /** A record waited this long from being read until Results with it were published. */
  observePublish(seconds: number): void;
  /** Cutting out a snapshot held up the fold for this long. */
  observeCut(seconds: number): void;
  /** A sink has written everything up to this version. */
  observeSink(sink: string, version: number): void;
}

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the metrics of one stream. */
export function createMetrics(
  stream: Stream,
  sseClients: () => number,
  newestSnapshot: () => SavedSnapshot | null,
): Metrics {
  const registers = [new Registry()];
  const append = new Histogram({
    name: "teller_append_seconds",
    help: "Time a durable append took",
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const publish = new Histogram({
    name: "teller_publish_seconds",
    help: "Time from reading a record until results with it were published",
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const cut = new Histogram({
    name: "teller_snapshot_cut_seconds",
    help: "Time for which cutting out a snapshot held up the fold",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1],
    registers,
  });

  const sinks = new Gauge({
    name: "teller_sink_version",
    help: "Version up to which a sink has written everything",
    labelNames: ["sink"],
    registers,
  });

  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  /** A counter that the fold keeps itself; it is copied when somebody asks. */
  const counter = (name: string, help: string, value: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });

  const totals = () => stream.updates.latest().totals;
  gauge("teller_version", "Version of the results shown", () => stream.updates.latest().version);
  gauge(
    "teller_caught_up",
    "1 once every partition has reached the end seen at the start",
    () => +stream.caughtUp(),
  );
  gauge("teller_voters", "Accredited voters", () => totals().voters);
  gauge("teller_candidates", "Accredited candidates", () => totals().candidates);
  gauge(
    "teller_votes_waiting",
    "Votes whose voter or candidate is not accredited yet",
    () => totals().waiting,
  );
  gauge("teller_snapshot_version", "Version of the newest snapshot", () => newestSnapshot()?.version ?? 0);
  gauge("teller_snapshot_age_seconds", "Age of the newest snapshot; NaN where there is none", () => {
    const newest = newestSnapshot();
    return newest === null ? NaN : ageInSeconds(newest);
  });
  gauge("teller_sse_clients", "Viewers connected to the live stream", sseClients);
  counter("teller_votes_counted_total", "Votes that count", () => totals().votes);
  counter("teller_votes_late_total", "Votes that count and were late", () => totals().late);
  counter("teller_votes_duplicate_total", "Records of voters who had voted", () => totals().duplicates);
  new Counter({
    name: "teller_records_rejected_total",
    help: "Records that are not well-formed",
    labelNames: ["topic", "reason"],
    registers,
    collect() {
      this.reset();
      for (const [topic, ledgers] of Object.entries(ledgersOf(stream))) {
        for (const reason of REASONS) {
          this.inc({ topic, reason }, ledgers.reduce((sum, ledger) => sum + ledger.found[reason], 0));
        }
      }
    },
  });
  new Gauge({
    name: "teller_lag_records",
    help: "Offsets between what is folded and the log's end",
    labelNames: ["topic", "partition"],
    registers,
    async collect() {
      this.reset();
      const lag = await stream.lag();
      for (const [topic, partitions] of Object.entries(lag ?? {})) {
        partitions.forEach((records, partition) => this.set({ topic, partition }, records));
      }
    },
  });

  // prom-client's own process metrics read /proc, which would take all permissions.
  const startedAt = Date.now() / 1000;
  gauge("process_start_time_seconds", "Start time since the epoch", () => startedAt);
  gauge("process_resident_memory_bytes", "Resident memory", () => Deno.memoryUsage().rss);
  gauge("process_heap_bytes", "JavaScript heap in use", () => Deno.memoryUsage().heapUsed);

  return {
    contentType: registers[0].contentType,
    render: () => registers[0].metrics(),
    observeAppend: (seconds) => append.observe(seconds),
    observePublish: (seconds) => publish.observe(seconds),
    observeCut: (seconds) => cut.observe(seconds),
    observeSink: (sink, version) => sinks.set({ sink }, version),
  };
}

function ledgersOf(stream: Stream): Record<string, Ledger[]> {
  return {
    candidates_topic: [stream.registry.ledger],
    voters_topic: stream.folds.map((fold) => fold.votersLedger),
    votes_topic: stream.folds.map((fold) => fold.votesLedger),
  };
}
