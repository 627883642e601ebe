/**
 * `GET /api/v1/quality`: every data-quality check as the newest report has it; ids only for the administrator.
 * @module
 */
import type { Handler } from "hono";
import type { QualityAnswer } from "../islands/quality_view.tsx";
import type { Check, Offender } from "../pipeline/quality.ts";
import type { QualityReport } from "../pipeline/quality_loop.ts";
import type { Access } from "./access.ts";
import { unknownParameters } from "./query.ts";

/** Answers with the newest report. */
export function getQuality(latest: () => QualityReport, access: Access): Handler {
  return (c) => {
    const refused = unknownParameters(c, []) ?? access.blocked(c);
    if (refused !== null) return refused;
    if (access.bearer(c) !== null && !access.isAdmin(c)) return access.unauthorized(c);
    const answer = access.isAdmin(c) ? answerOf(latest()) : publicAnswer(latest());
    return c.json(answer, 200, { "Cache-Control": "no-store" });
  };
}

/** A report as anybody may see it. */
export function publicAnswer(report: QualityReport): QualityAnswer {
  return answerOf({ ...report, checks: report.checks.map(withoutIds) });
}

function answerOf({ status, version, asOf, checks }: QualityReport): QualityAnswer {
  return { status, version, as_of: new Date(asOf).toISOString(), checks: [...checks] };
}

function withoutIds(check: Check): Check {
  return { ...check, offenders: check.offenders.map(({ id: _, ...place }): Offender => place) };
}
