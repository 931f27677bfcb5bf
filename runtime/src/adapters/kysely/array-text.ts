/**
 * An array as PostgreSQL writes it: `{1,2,NULL,"a \"b\""}`, nested arrays within. A bound before it (`[0:1]=`) is
 * ignored.
 */
export function readArray(text: string, read: (text: string) => unknown): unknown[] {
  let at = text.indexOf("{");
  return readItems();

  function readItems(): unknown[] {
    const items: unknown[] = [];
    at++;
    while (text[at] !== "}") {
      items.push(readItem());
      if (text[at] === ",") at++;
    }
    at++;
    return items;
  }

  function readItem(): unknown {
    if (text[at] === "{") return readItems();
    if (text[at] === '"') return read(readQuoted());
    const start = at;
    while (text[at] !== "," && text[at] !== "}") at++;
    const item = text.slice(start, at);
    return item === "NULL" ? null : read(item);
  }

  function readQuoted(): string {
    let item = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      item += text[at];
    }
    at++;
    return item;
  }
}

/** Writes an array as PostgreSQL reads it. Items are text, null or arrays of these. */
export function toArrayText(items: readonly unknown[]): string {
  const texts = items.map((item) => {
    if (item === null) return "NULL";
    return Array.isArray(item) ? toArrayText(item) : `"${String(item).replace(/["\\]/g, "\\$&")}"`;
  });
  return `{${texts.join(",")}}`;
}
