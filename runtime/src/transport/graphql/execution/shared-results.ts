import type { ExecutionResult } from "graphql";
import type { ResultObject } from "./result.js";

/** A result that several clients are told: made into text once for all of them. */
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

/** A result as JSON. */
export function textOf(result: ExecutionResult): string {
  return result instanceof SharedResult ? result.text : JSON.stringify(result);
}

/** Most results that are kept of one event: where those who follow it all ask with variables of their own, there is nothing to share. */
const mostKept = 16;

/** The results of one subscription's operation, by event and variables, for as long as the event is there. */
export class SharedResults {
  private readonly results = new WeakMap<object, Map<string, SharedResult>>();
  /** A client's variables are the same object for all of its events. */
  private readonly keys = new WeakMap<object, string>();

  find(event: unknown, variables: object): SharedResult | undefined {
    return isObject(event) ? this.results.get(event)?.get(this.keyOf(variables)) : undefined;
  }

  keep(event: unknown, variables: object, result: SharedResult): void {
    if (!isObject(event)) return;
    const known = this.results.get(event);
    if (known === undefined) this.results.set(event, new Map([[this.keyOf(variables), result]]));
    else if (known.size < mostKept) known.set(this.keyOf(variables), result);
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
