import type { Node } from "ts-morph";
import type { ExpectedContract } from "../contract/index.js";
import type { Declaration } from "../places/index.js";
import type { Gaps, HiddenKeys, Place } from "./gap.js";
import type { Note } from "./note.js";

/** Notes the keys that the contract no longer has. A single new key beside a single lost one may be the same, renamed. */
export function noteLost({ part, missing, extra }: Gaps, place: (node: Node) => Place): readonly Note[] {
  return extra.map(({ key, slot, node }): Note => {
    const path = [part.name, ...slot, key].join(".");
    const isHere = (one: { readonly slot: readonly string[] }): boolean => one.slot.join(".") === slot.join(".");
    const added = missing.filter(isHere);
    const renamed = added.length === 1 && extra.filter(isHere).length === 1 ? added[0]?.key : undefined;
    const advice =
      renamed === undefined
        ? "remove it, or restore it in the contract"
        : `if ${renamed} is its new name, move the code there and remove ${key}; otherwise remove it`;
    return {
      kind: "lost",
      element: path,
      place: place(node),
      message: `${path} is not in the contract: ${advice}`,
      paste: [],
    };
  });
}

/** Notes a definition that the contract no longer has, or that no longer takes this behaviour. */
export function noteLostDefinition(
  contract: ExpectedContract,
  { definition, method }: Declaration,
  place: Place,
): Note {
  const { module, name } = definition;
  const exists = contract.modules.get(module)?.has(name) === true;
  const message = exists
    ? `${name}.${method}(…) has nothing to declare: the contract has no ${method} of ${name}; remove it`
    : `${name} is not in the contract (${module}): remove this code, or restore or rename ${name} in the contract`;
  return { kind: "lost", element: `${name}.${method}`, place, message, paste: [] };
}

/** Notes keys that cannot be seen. */
export function noteHidden({ part, slot, keys, reason }: HiddenKeys, place: Place): Note {
  const names = keys.map(([key]) => key).join(", ");
  const path = [part.name, ...slot].join(".");
  const message = `${reason}, so nothing is inserted into ${path}: it needs ${names}`;
  return { kind: "hidden", element: path, place, message, paste: keys };
}
