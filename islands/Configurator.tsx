/**
 * The island of the page that makes code for other sites: every change shows at once, and code is copied by a
 * button.
 * @module
 */
/// <reference lib="dom" />
import { useEffect, useState } from "preact/hooks";
import { configuratorMessages as text } from "./configurator_messages.ts";
import { type ConfiguratorProps, ConfiguratorView } from "./configurator_view.tsx";
import type { EmbedCode } from "./embed_code.ts";
import { type EmbedOptions, localeOf, MAX_LIMIT, parametersOf } from "./embed_options.ts";

/** The form, alive. */
export function Configurator(props: ConfiguratorProps) {
  const [options, setOptions] = useState(props.options);
  const [complaint, setComplaint] = useState(props.complaint);
  const [copied, setCopied] = useState<string | null>(null);
  const height = useFrameHeight();

  useEffect(() => {
    if (options === props.options) return; // its address is what was asked for
    const query = new URLSearchParams({ view: options.view, ...parametersOf(options) });
    history.replaceState(history.state, "", `/embed?${query}`);
  }, [options]);

  function change(name: string, value: string): void {
    // The newest ones: another field may have changed just before.
    setOptions((options) => {
      const changed = changedBy(options, name, value.trim());
      setComplaint(changed === null ? text.cannot(value) : null);
      return changed ?? options;
    });
    setCopied(null);
  }

  async function copy({ name, code }: EmbedCode): Promise<void> {
    await navigator.clipboard.writeText(code);
    setCopied(name);
  }

  const life = { onChange: change, onCopy: copy, copied, height };
  return <ConfiguratorView {...props} options={options} complaint={complaint} life={life} />;
}

/** The choices with one of them changed; null where it can't be that. */
function changedBy(options: EmbedOptions, name: string, value: string): EmbedOptions | null {
  switch (name) {
    case "limit": {
      const limit = Number(value);
      return Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT ? { ...options, limit } : null;
    }
    case "locale": {
      const locale = localeOf(value);
      return locale === null ? null : { ...options, locale };
    }
    case "as_of":
      return { ...options, asOf: value === "" ? null : value };
    case "region":
      return { ...options, region: value === "" ? null : value };
    default:
      return { ...options, [name]: value };
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
