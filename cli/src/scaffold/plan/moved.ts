import type { ExpectedPart } from "../contract/index.js";
import type { Declaration } from "../places/index.js";
import type { Place } from "./gap.js";
import type { Note } from "./note.js";

/**
 * Finds parts that no file seems to declare although one does: it imports the generated module of earlier, since the proto file or its
 * package was renamed. Several parts of one name are several candidates.
 */
export function findMoved(
  lost: readonly Declaration[],
  absent: readonly ExpectedPart[],
): ReadonlyMap<Declaration, readonly ExpectedPart[]> {
  const found = lost.map((one) => {
    const parts = absent.filter(({ name, method }) => name === one.definition.name && method === one.method);
    return [one, parts] as const;
  });
  return new Map(found.filter(([, parts]) => parts.length > 0));
}

/** Notes that a definition is generated elsewhere now. */
export function noteMoved({ definition, method }: Declaration, parts: readonly ExpectedPart[], place: Place): Note {
  const modules = parts.map(({ module }) => module).join(" or ");
  const message = `${definition.name} is generated in ${modules} now, no longer in ${definition.module}: change the import`;
  return { kind: "lost", element: `${definition.name}.${method}`, place, message, paste: [] };
}
