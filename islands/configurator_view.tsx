/**
 * The form that makes the code for other sites, with the view as it looks on a light and on a dark page. Complete
 * without JavaScript; the island gives it life.
 * @module
 */
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { codesOf, type EmbedCode, type EmbedPlace } from "./embed_code.ts";
import {
  type EmbedOptions,
  framePath,
  knowsLimit,
  knowsRegions,
  MAX_LIMIT,
  THEMES,
  TRANSPORTS,
  VIEWS,
} from "./embed_options.ts";
import { configuratorMessages as text } from "./configurator_messages.ts";

/** A field of the form. */
export type FieldName = keyof typeof text.fields;
/** What is wrong with what was asked, by field. */
export type Complaints = Readonly<Partial<Record<FieldName, string>>>;

/** What the form offers and shows. */
export interface ConfiguratorProps {
  readonly options: EmbedOptions;
  readonly place: EmbedPlace;
  /** Every region's name. */
  readonly regions: readonly string[];
  readonly complaints: Complaints;
}

/** What makes it live. */
export interface ConfiguratorLife {
  /** A field and its new value. */
  readonly onChange: (name: FieldName, value: string) => void;
  /** A code, and where it stands. */
  readonly onCopy: (code: EmbedCode, box: HTMLTextAreaElement) => void;
  /** The name of the code that was copied last, or selected where the page may not copy. */
  readonly copied: { readonly name: string; readonly isByHand: boolean } | null;
  /** Of the frames, in px, as they told. */
  readonly height: number | null;
}

/** The page; without `life` it is a plain form. */
export function ConfiguratorView(props: ConfiguratorProps & { life?: ConfiguratorLife }) {
  const { options, place, life } = props;
  return (
    <div class="embed-maker">
      <ChoicesForm {...props} />
      <section aria-labelledby="embed-samples">
        <h2 id="embed-samples">{text.samples}</h2>
        <div class="embed-samples">
          {(["light", "dark"] as const).map((paper) => (
            <figure key={paper} class={`embed-sample ${paper}`}>
              <figcaption>{text.sample[paper]}</figcaption>
              <iframe
                src={framePath(options.theme === "auto" ? { ...options, theme: paper } : options)}
                title={text.sample[paper]}
                sandbox="allow-scripts"
                height={String(life?.height ?? 420)}
              />
            </figure>
          ))}
        </div>
      </section>
      <section aria-labelledby="embed-codes">
        <h2 id="embed-codes">{text.codes}</h2>
        {codesOf(options, place).map((code) => <Code key={code.name} code={code} life={life} />)}
      </section>
    </div>
  );
}

function ChoicesForm(
  { options, regions, complaints, life }: ConfiguratorProps & { life?: ConfiguratorLife },
) {
  const { view, region, limit, theme, locale, asOf, transport } = options;
  // Fields keep what is being typed in them, whatever else changes; it counts when it is whole, all else at once.
  const changed = (event: Event) => {
    const { type, name, value } = event.target as HTMLInputElement;
    if ((type === "text") === (event.type === "change")) life?.onChange(name as FieldName, value);
  };
  const about = (name: FieldName) =>
    complaints[name] === undefined ? {} : { "aria-invalid": true, "aria-describedby": complaintId(name) };
  const choice = (values: readonly string[], chosen: string) =>
    values.map((value) => <option key={value} value={value} selected={value === chosen}>{value}</option>);
  return (
    <form class="embed-choices" action="/embed" method="get" onInput={changed} onChange={changed}>
      <Field name="view" note={text.views[view]} complaint={complaints.view}>
        <select id="embed-view" name="view" {...about("view")}>{choice(VIEWS, view)}</select>
      </Field>
      <Field name="region" note={knowsRegions(view) ? null : text.notHere}>
        <select id="embed-region" name="region" disabled={!knowsRegions(view)}>
          <option value="" selected={region === null}>{text.allRegions}</option>
          {choice(regions, region ?? "")}
        </select>
      </Field>
      <Field name="limit" note={knowsLimit(view) ? null : text.notHere} complaint={complaints.limit}>
        <input
          id="embed-limit"
          name="limit"
          type="number"
          min="1"
          max={MAX_LIMIT}
          defaultValue={limit}
          disabled={!knowsLimit(view)}
          {...about("limit")}
        />
      </Field>
      <Field name="theme">
        <select id="embed-theme" name="theme">{choice(THEMES, theme)}</select>
      </Field>
      <Field name="locale" note={text.localeNote} complaint={complaints.locale}>
        <input
          id="embed-locale"
          name="locale"
          defaultValue={locale}
          size={8}
          spellcheck={false}
          {...about("locale")}
        />
      </Field>
      <Field name="as_of" note={text.asOfNote} complaint={complaints.as_of}>
        <input
          id="embed-as_of"
          name="as_of"
          defaultValue={asOf ?? ""}
          size={22}
          spellcheck={false}
          {...about("as_of")}
        />
      </Field>
      <Field name="transport" note={text.transportNote}>
        <select id="embed-transport" name="transport">{choice(TRANSPORTS, transport)}</select>
      </Field>
      {!life && <button type="submit">{text.show}</button>}
    </form>
  );
}

const complaintId = (name: FieldName) => `embed-${name}-wrong`;

function Field({ name, note, complaint, children }: {
  name: FieldName;
  note?: string | null;
  complaint?: string;
  children: ComponentChildren;
}) {
  return (
    <p>
      <label for={`embed-${name}`}>{text.fields[name]}</label>
      {children}
      {complaint && <strong id={complaintId(name)} class="embed-complaint" role="alert">{complaint}</strong>}
      {note && <small>{note}</small>}
    </p>
  );
}

function Code({ code, life }: { code: EmbedCode; life?: ConfiguratorLife }) {
  const id = `code-${code.name.toLowerCase().replaceAll(" ", "-")}`;
  const box = useRef<HTMLTextAreaElement>(null);
  const copied = life?.copied?.name === code.name ? life.copied : null;
  return (
    <div class="embed-code">
      <h3 id={id}>{code.name}</h3>
      <p class="quiet">{code.note}</p>
      <textarea
        ref={box}
        readonly
        rows={code.code.length > 120 ? 3 : 1}
        aria-labelledby={id}
        value={code.code}
      >
        {code.code}
      </textarea>
      {life && (
        <button type="button" onClick={() => life.onCopy(code, box.current!)}>
          {copied && !copied.isByHand ? text.copied : text.copy(code.name.toLowerCase())}
        </button>
      )}
      {copied?.isByHand && <p class="embed-complaint" role="alert">{text.copyByHand}</p>}
    </div>
  );
}
