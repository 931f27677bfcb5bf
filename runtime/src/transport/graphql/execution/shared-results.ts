import type { JsonResult } from "./json-result.js";

/** Maximum number of results for one event: with different variables for each subscriber there is nothing to share. */
const maxResults = 16;

/** Results of one subscription operation by event and variables. They are held weakly by event. */
export class SharedResults {
  private readonly results = new WeakMap<object, Map<string, JsonResult>>();
  /** Serialised variables; a subscriber passes the same object for all events. */
  private readonly keys = new WeakMap<object, string>();

  find(event: unknown, variables: object): JsonResult | undefined {
    return isObject(event) ? this.results.get(event)?.get(this.keyOf(variables)) : undefined;
  }

  keep(event: unknown, variables: object, result: JsonResult): void {
    if (!isObject(event)) return;
    const known = this.results.get(event);
    if (known === undefined) this.results.set(event, new Map([[this.keyOf(variables), result]]));
    else if (known.size < maxResults) known.set(this.keyOf(variables), result);
  }

  private keyOf(variables: object): string {
    let key = this.keys.get(variables);
    if (key === undefined) {
      key = JSON.stringify(variables);
      this.keys.set(variables, key);
    }
    return key;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
