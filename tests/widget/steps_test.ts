/** The widget and the pages say and colour the same things in the same way. @module */
import assert from "node:assert/strict";
import { chartMessages } from "../../islands/chart_messages.ts";
import { messages } from "../../islands/messages.ts";
import { DARK, LIGHT } from "../../islands/theme.ts";
import { words } from "../../widget/words.ts";

Deno.test("where the pages say the same, the widget says it in their words", () => {
  const { standing, region, simulated, control } = messages;
  assert.deepEqual(
    {
      simulated: words.simulated,
      lost: words.lost,
      catchingUp: words.catchingUp,
      behind: words.behind("1,234"),
      noRegion: words.noRegion,
      splitUnknown: words.splitUnknown,
      asOf: words.asOf,
      noVotes: words.noVotes,
      tied: words.tied,
      mapNote: words.mapNote,
    },
    {
      simulated,
      lost: standing.lost,
      catchingUp: standing.catchingUp,
      behind: standing.behind("1,234"),
      noRegion: region.notFound,
      splitUnknown: region.unknown,
      asOf: control.asOf,
      noVotes: chartMessages.noVotes,
      tied: chartMessages.tied,
      mapNote: chartMessages.tileNote,
    },
  );
});

Deno.test("the candidates' colours are those of the pages, on light paper and on dark", () => {
  const style = Deno.readTextFileSync(new URL("../../widget/style.ts", import.meta.url));
  const lists = [...style.matchAll(/const (?:LIGHT|DARK) = \[([^\]]*)\]/g)].map(([, list]) =>
    JSON.parse(`[${list}]`)
  );
  const pages = [LIGHT, DARK].map((colours) =>
    Object.entries(colours).filter(([name]) => name.startsWith("--candidate-")).map(([, colour]) => colour)
  );
  assert.deepEqual(lists, pages);
});
