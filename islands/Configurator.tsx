/**
 * The island of the page that makes code for other sites: every change shows at once, and code is copied by a
 * button.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { configuratorMessages as text } from "./configurator_messages.ts";
import { type ConfiguratorProps, ConfiguratorView, type FieldName } from "./configurator_view.tsx";
import type { EmbedCode } from "./embed_code.ts";
import { type EmbedOptions, isPoint, localeOf, MAX_LIMIT, parametersOf } from "./embed_options.ts";

/** The form, alive. */
export function Configurator(props: ConfiguratorProps) {
  const [options, setOptions] = useState(props.options);
  const [complaints, setComplaints] = useState(props.complaints);
  const [copied, setCopied] = useState<{ name: string; isByHand: boolean } | null>(null);
  const height = useFrameHeight();

  useEffect(() => {
    if (options === props.options) return; // its address is what was asked for
    const query = new URLSearchParams({ view: options.view, ...parametersOf(options) });
    history.replaceState(history.state, "", `/embed?${query}`);
  }, [options]);

  function change(name: FieldName, value: string): void {
    const { chosen, wrong } = chosenBy(name, value.trim());
    // The newest ones: another field may have changed just before.
    setOptions((options) => ({ ...options, ...chosen }));
    setComplaints((complaints) => ({ ...complaints, [name]: wrong }));
    setCopied(null);
  }

  async function copy({ name, code }: EmbedCode, box: HTMLTextAreaElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(code);
      setCopied({ name, isByHand: false });
    } catch {
      // Not allowed, or not there at all: pages that came by plain HTTP from another machine have none.
      box.focus();
      box.select();
      setCopied({ name, isByHand: true });
    }
  }

  const life = { onChange: change, onCopy: copy, copied, height };
  return <ConfiguratorView {...props} options={options} complaints={complaints} life={life} />;
}

/** What a field's new value chooses, and what is wrong with it. */
function chosenBy(name: FieldName, value: string): { chosen: Partial<EmbedOptions>; wrong?: string } {
  switch (name) {
    case "limit": {
      const limit = Number(value);
      const isRight = Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT;
      return isRight ? { chosen: { limit } } : { chosen: {}, wrong: text.wrong.limit };
    }
    case "locale": {
      const locale = localeOf(value);
      return locale === null ? { chosen: {}, wrong: text.wrong.locale } : { chosen: { locale } };
    }
    case "as_of":
      if (isPoint(value)) return { chosen: { asOf: value } };
      return { chosen: { asOf: null }, wrong: value === "" ? undefined : text.wrong.as_of };
    case "region":
      return { chosen: { region: value === "" ? null : value } };
    default:
      return { chosen: { [name]: value } as Partial<EmbedOptions> };
  }
}

/** The height that a frame of this page told last, in px: the samples show the same. */
function useFrameHeight(): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const hear = ({ data }: MessageEvent) => {
      if (data?.type === "teller:height" && Number.isFinite(data.height)) setHeight(data.height);
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, []);
  return height;
}
