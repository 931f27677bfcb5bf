import { isDeepStrictEqual } from "node:util";
import type { ScaffoldResult } from "./scaffold-result.js";
import type { ScaffoldState } from "./state.js";

/** The last scaffold of a watcher that found nothing to write: with the same contract and the same files, the next one is the same. */
export class ScaffoldMemory {
  #known: { readonly state: ScaffoldState; readonly result: ScaffoldResult } | undefined;

  /** The result, if nothing has changed that it depends on. */
  find(state: ScaffoldState): ScaffoldResult | undefined {
    const known = this.#known;
    if (known === undefined) return undefined;
    const isSame =
      isSameText(known.state.texts, state.texts) &&
      isDeepStrictEqual(known.state.unreadable, state.unreadable) &&
      isDeepStrictEqual(toFacts(known.state), toFacts(state));
    return isSame ? known.result : undefined;
  }

  /** Remembers a result. One that has written something depends on more than contract and files. */
  keep(state: ScaffoldState, result: ScaffoldResult): void {
    const isQuiet = result.changed.length + result.created.length + state.leftovers.length === 0;
    this.#known = isQuiet ? { state, result } : undefined;
  }
}

function isSameText(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

/** The services stand in the order of the parts, which are their keys. */
function toFacts({ contract: { parts, modules, services }, layout: { folders } }: ScaffoldState) {
  return { parts, modules, folders, services: parts.map((part) => services.get(part)) };
}
