/**
 * Holds answers to the API's description, and keeps which of the described ones have been seen.
 * @module
 */
import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { OPERATIONS } from "../../routes/api_table.ts";
import { describeApi } from "../../routes/openapi.ts";
import { statusOf } from "../../routes/problem.ts";

interface Described {
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}
type Description = { paths: Record<string, Record<string, Described>>; components: unknown };

/** The description as a contract. */
export interface Contract {
  /** Fails where an answer is not described, or its body does not match its schema. */
  check(operationId: string, response: Response): Promise<void>;
  /** Each answer that is described and was never given, with the code of a problem. */
  unseen(): string[];
}

/** Nothing is seen yet. */
export function createContract(): Contract {
  const { paths, components } = describeApi() as unknown as Description;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: "api", components });
  const operations = new Map(
    OPERATIONS.map((operation) => [operation.id, paths[operation.path][operation.method]]),
  );
  const seen = new Set<string>();
  const nameOf = (id: string, status: number, code = "") => `${id} ${status} ${code}`.trim();
  return {
    async check(id, response) {
      const { status, headers } = response;
      const type = (headers.get("Content-Type") ?? "").split(";")[0];
      const described = operations.get(id)!.responses[status];
      assert.ok(described, `${id} answers ${status}, which is not described`);
      if (described.content === undefined) {
        assert.equal(await response.text(), "");
        seen.add(nameOf(id, status));
        return;
      }
      const media = described.content[type];
      assert.ok(media, `${id} answers ${status} as ${type}, which is not described`);
      if (!/[/+]json$/.test(type)) {
        await response.body?.cancel();
        seen.add(nameOf(id, status));
        return;
      }
      const schema = JSON.parse(JSON.stringify(media.schema).replaceAll('"#/', '"api#/'));
      const json = await response.json();
      const fits: boolean = ajv.validate(schema, json);
      assert.ok(fits, `${id} ${status} ${JSON.stringify(json)} ${ajv.errorsText()}`);
      seen.add(nameOf(id, status, type === "application/problem+json" ? json.code : ""));
    },
    unseen() {
      const promised = OPERATIONS.flatMap(({ id, answers, problems }) => [
        ...answers.map(({ status }) => nameOf(id, status)),
        ...problems.map((code) => nameOf(id, statusOf(code).status, code)),
      ]);
      return promised.filter((name) => !seen.has(name));
    },
  };
}
