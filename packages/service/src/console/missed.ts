/** Texts that were printed while no operator was attached. */
export interface MissedTexts {
  add(text: string): void;
  /** Takes them all, oldest first; the first says how many are lost, if any. */
  take(): string[];
}

const MAX_TEXTS = 1000;
const MAX_CHARACTERS = 262_144;

/** Keeps the latest 1,000 texts, of 262,144 characters in all. */
export function createMissedTexts(): MissedTexts {
  let texts: string[] = [];
  let characters = 0;
  let lost = 0;
  return {
    add(text) {
      texts.push(text);
      characters += text.length;
      while (texts.length > MAX_TEXTS || characters > MAX_CHARACTERS) {
        characters -= texts.shift()?.length ?? 0;
        lost += 1;
      }
    },
    take() {
      const taken = lost === 0 ? texts : [`… ${lost} earlier lines not kept`, ...texts];
      texts = [];
      characters = 0;
      lost = 0;
      return taken;
    },
  };
}
