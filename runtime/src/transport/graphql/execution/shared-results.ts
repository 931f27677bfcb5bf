import type { ExecutionResult } from "graphql";
import type { ResultObject } from "./result.js";

/** A result that is sent to several clients and serialised once. */
export class SharedResult implements ExecutionResult {
  readonly data: ResultObject;
  #text: string | undefined;

  constructor(data: ResultObject) {
    this.data = data;
  }

  get text(): string {
    this.#text ??= `{"data":${JSON.stringify(this.data)}}`;
    return this.#text;
  }
}

/** Serialises a result to JSON. */
export function toJsonText(result: ExecutionResult): string {
  return result instanceof SharedResult ? result.text : JSON.stringify(result);
}

/** Maximum number of results for one event: with different variables for each subscriber there is nothing to share. */
const maxResults = 16;

/** Results of one subscription operation by event and variables. They are held weakly by event. */
export class SharedResults {
  private readonly results = new WeakMap<object, Map<string, SharedResult>>();
  /** Serialised variables; a subscriber passes the same object for all events. */
  private readonly keys = new WeakMap<object, string>();

  find(event: unknown, variables: object): SharedResult | undefined {
    return isObject(event) ? this.results.get(event)?.get(this.keyOf(variables)) : undefined;
  }

  keep(event: unknown, variables: object, result: SharedResult): void {
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
