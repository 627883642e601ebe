/**
 * Figures with their names, as a list.
 * @module
 */

/** One of them, written already, with what it may be compared with. */
export type Fact = readonly [name: string, figure: string, note?: string];

/** The list; a style sheet says how the class lays it out. */
export function Facts({ of, class: className = "facts" }: { of: readonly Fact[]; class?: string }) {
  return (
    <dl class={className}>
      {of.map(([name, figure, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {figure}
            {note && <span class="quiet">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
