/** Text that is inserted at an offset of the text that was read. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Inserts texts. Those at one offset keep their order. */
export function insertAll(text: string, insertions: readonly Insertion[]): string {
  let result = "";
  let from = 0;
  for (const { at, text: inserted } of inOrder(insertions)) {
    result += text.slice(from, at) + inserted;
    from = at;
  }
  return result + text.slice(from);
}

/** Removes from a text what was inserted into it. Returns undefined if something else stands there. */
export function removeAll(text: string, insertions: readonly Insertion[]): string | undefined {
  let result = "";
  let from = 0;
  let read = 0;
  for (const { at, text: inserted } of inOrder(insertions)) {
    result += text.slice(from, from + at - read);
    from += at - read;
    read = at;
    if (!text.startsWith(inserted, from)) return undefined;
    from += inserted.length;
  }
  return result + text.slice(from);
}

function inOrder(insertions: readonly Insertion[]): readonly Insertion[] {
  return insertions
    .map((one, index) => ({ one, index }))
    .sort((a, b) => a.one.at - b.one.at || a.index - b.index)
    .map(({ one }) => one);
}
