/**
 * A name from the data: whatever it holds, it is shown as text, and changes nothing around it.
 * @module
 */
import { plain } from "./format.ts";

/** The name of a candidate, a party, a region or an election. */
export function Name({ of, class: className }: { of: string; class?: string }) {
  return <bdi class={className}>{plain(of)}</bdi>;
}

/** A name that leads somewhere; `to` is null where no address can stand for it. */
export function LinkedName({ of, to, class: className }: { of: string; to: string | null; class?: string }) {
  if (to === null) return <Name of={of} class={className} />;
  return (
    <a href={to} class={className}>
      <Name of={of} />
    </a>
  );
}

/** The path of what is called so, below `under`; null for the two names that no path can have. */
export function pathTo(under: "regions" | "candidates", name: string): string | null {
  return name === "." || name === ".." ? null : `/${under}/${encodeURIComponent(name)}`;
}
