import type { Terminal } from "./terminal.js";

/** A terminal that keeps what is written to it. */
export interface FakeTerminal extends Terminal {
  readonly out: string;
  readonly told: string;
}

export function fakeTerminal(given: Partial<Terminal> = {}): FakeTerminal {
  const written: Uint8Array[] = [];
  const told: string[] = [];
  return {
    write: async (text) => {
      written.push(Buffer.from(text));
    },
    tell: (text) => {
      told.push(text);
    },
    input: async function* () {},
    interactive: false,
    columns: 80,
    folder: "/nowhere",
    signal: new AbortController().signal,
    ...given,
    get out() {
      return Buffer.concat(written).toString();
    },
    get told() {
      return told.join("");
    },
  };
}
