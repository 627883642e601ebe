/**
 * `GET /api/v1/quality`: every data-quality check as the newest report has it; ids only for the administrator.
 * @module
 */
import type { Handler } from "hono";
import type { Check, Offender } from "../pipeline/quality.ts";
import type { QualityReport } from "../pipeline/quality_loop.ts";
import type { Access } from "./access.ts";
import { unknownParameters } from "./query.ts";

/** A report as it is answered. Times are ISO 8601 UTC. */
export interface QualityAnswer {
  status: QualityReport["status"];
  version: number;
  as_of: string;
  checks: Check[];
}

/** Answers with the newest report. */
export function getQuality(latest: () => QualityReport, access: Access): Handler {
  return (c) => {
    const refused = unknownParameters(c, []) ?? access.blocked(c);
    if (refused !== null) return refused;
    if (access.bearer(c) !== null && !access.isAdmin(c)) return access.unauthorized(c);
    const { status, version, asOf, checks } = latest();
    const answer: QualityAnswer = {
      status,
      version,
      as_of: new Date(asOf).toISOString(),
      checks: access.isAdmin(c) ? [...checks] : checks.map(withoutIds),
    };
    return c.json(answer, 200, { "Cache-Control": "no-store" });
  };
}

function withoutIds(check: Check): Check {
  return { ...check, offenders: check.offenders.map(({ id: _, ...place }): Offender => place) };
}
