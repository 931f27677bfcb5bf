import type { DescMessage } from "@bufbuild/protobuf";

/**
 * Returns a function that tells whether a message, or one that it contains, has a property. It remembers its answers.
 */
export function findBelow(has: (schema: DescMessage) => boolean): (schema: DescMessage) => boolean {
  const known = new WeakMap<DescMessage, boolean>();
  return (schema) => {
    // Not recursive: messages may be nested deeper than the stack. A set also visits what is added to it meanwhile.
    const seen = new Set([schema]);
    let found = false;
    for (const one of seen) {
      const answer = known.get(one);
      found = answer ?? has(one);
      if (found) break;
      if (answer === undefined) for (const { message } of one.fields) if (message !== undefined) seen.add(message);
    }
    known.set(schema, found);
    if (!found) for (const one of seen) known.set(one, false);
    return found;
  };
}
