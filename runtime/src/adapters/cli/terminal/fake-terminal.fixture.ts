import type { Terminal } from "./terminal.js";

/** A terminal that records its output. */
export interface FakeTerminal extends Terminal {
  readonly written: string;
  readonly logged: string;
}

export function fakeTerminal(given: Partial<Terminal> = {}): FakeTerminal {
  const written: Uint8Array[] = [];
  const logged: string[] = [];
  return {
    write: async (text) => {
      written.push(Buffer.from(text));
    },
    log: (text) => {
      logged.push(text);
    },
    input: async function* () {},
    interactive: false,
    columns: 80,
    folder: "/nowhere",
    signal: new AbortController().signal,
    ...given,
    get written() {
      return Buffer.concat(written).toString();
    },
    get logged() {
      return logged.join("");
    },
  };
}
