/**
 * Pictures that are made once for each version and choice, however many ask.
 * @module
 */

/** A picture's content. */
export type PictureBody = string | Uint8Array<ArrayBuffer>;

/** A picture that was made. */
export interface KeptPicture {
  readonly body: PictureBody;
  /** Of what it shows. */
  readonly tag: string;
  /** When this was the newest, by the store's clock. */
  readonly fromMs: number;
}

/** What is asked for. */
export interface WantedPicture {
  /** Equal for all versions of one choice. */
  readonly choice: string;
  /** Of what there is to show now. */
  readonly tag: string;
  /** Makes it; "busy" where it can't be made now, which is not kept. */
  readonly make: () => Promise<PictureBody | "busy">;
  /** So old it may be, if a newer one has to be made first. */
  readonly maxAgeMs: number;
}

/** A PNG 2,000 px wide is some 200 KB. */
const MAX_CHOICES = 96;

interface Choice {
  made: KeptPicture | null;
  /** One at a time: whoever asks meanwhile waits for the same. */
  making: Promise<KeptPicture | "busy"> | null;
}

/** Makes an empty store; what it gives may be older than asked, and says so by its tag. */
export function createKeptPictures(
  nowMs: () => number,
): (wanted: WantedPicture) => Promise<KeptPicture | "busy"> {
  const choices = new Map<string, Choice>();

  function find(name: string): Choice {
    const choice = choices.get(name) ?? { made: null, making: null };
    choices.delete(name);
    choices.set(name, choice); // as the last one used
    if (choices.size > MAX_CHOICES) choices.delete(choices.keys().next().value!);
    return choice;
  }

  async function makeFor(choice: Choice, { tag, make }: WantedPicture): Promise<KeptPicture | "busy"> {
    const fromMs = nowMs();
    try {
      const body = await make();
      return body === "busy" ? body : choice.made = { body, tag, fromMs };
    } finally {
      choice.making = null;
    }
  }

  return async (wanted) => {
    const choice = find(wanted.choice);
    const { made } = choice;
    if (made?.tag === wanted.tag) return made;
    const coming = choice.making ??= makeFor(choice, wanted);
    if (made === null || nowMs() - made.fromMs >= wanted.maxAgeMs) return await coming;
    coming.catch(() => {}); // whoever asks when the one that was made is too old is told
    return made;
  };
}
