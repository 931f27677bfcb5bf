import type { ExecutionResult } from "graphql";

type Data = Readonly<Record<string, unknown>>;

/** A result without errors, whose text is written once. */
export class JsonResult implements ExecutionResult {
  #data: Data | undefined;
  #text: string | undefined;
  #shared: { readonly id: string; readonly position: string | undefined; readonly text: string } | undefined;

  private constructor(data: Data | undefined, text: string | undefined) {
    this.#data = data;
    this.#text = text;
  }

  static ofData(data: Data): JsonResult {
    return new JsonResult(data, undefined);
  }

  /** `data`: the JSON of the data. */
  static ofText(data: string): JsonResult {
    return new JsonResult(undefined, `{"data":${data}}`);
  }

  /** Parsed when first read, if the result was written as text. */
  get data(): Data {
    this.#data ??= (JSON.parse(this.text) as { data: Data }).data;
    return this.#data;
  }

  get text(): string {
    this.#text ??= `{"data":${JSON.stringify(this.#data)}}`;
    return this.#text;
  }

  /** Text that contains this result, an id and a position. Written once for all subscribers that follow one another with equal ones. */
  textFor(id: string, position: string | undefined, write: () => string): string {
    const known = this.#shared;
    if (known !== undefined && known.id === id && known.position === position) return known.text;
    const text = write();
    this.#shared = { id, position, text };
    return text;
  }

  toJSON(): ExecutionResult {
    return { data: this.data };
  }
}

/** Serialises a result to JSON. */
export function toJsonText(result: ExecutionResult): string {
  return result instanceof JsonResult ? result.text : JSON.stringify(result);
}
