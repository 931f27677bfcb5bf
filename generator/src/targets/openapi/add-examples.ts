// Adds examples of bodies where tools would derive wrong ones from the schema: where it has alternatives, references
// to any message, or patterns.
import type { oas32 } from "openapi3-ts";
import { type Direction, isPlain, type Resolve, type Schema, sampleValue } from "../../json-schema/index.js";

/** Adds examples to the bodies of a document that need one. Existing examples are kept. */
export function addExamples(document: oas32.OpenAPIObject): oas32.OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  const resolve: Resolve = (reference) => schemas[reference.slice("#/components/schemas/".length)];
  const addTo = <T extends { readonly content?: oas32.ContentObject }>(body: T, direction: Direction): T =>
    body.content === undefined
      ? body
      : { ...body, content: mapValues(body.content, (media, type) => toMedia(type, media, direction)) };
  const toMedia = (type: string, media: oas32.MediaTypeObject | oas32.ReferenceObject, direction: Direction) => {
    if (!("schema" in media) || media.schema === undefined || !/[/+]json$/.test(type)) return media;
    if (media.example !== undefined || media.examples !== undefined) return media;
    const example = exampleOf(media.schema as Schema, direction, resolve);
    return example === undefined ? media : { ...media, example };
  };
  const toOperation = (operation: oas32.OperationObject): oas32.OperationObject => ({
    ...operation,
    ...(operation.requestBody && { requestBody: addTo(operation.requestBody as oas32.RequestBodyObject, "input") }),
    responses: mapValues(operation.responses ?? {}, (one) => addTo(one as oas32.ResponseObject, "output")),
  });
  return {
    ...document,
    paths: mapValues(document.paths ?? {}, (item) =>
      mapValues(item, (one, name) => (isOperation(name, one) ? toOperation(one) : one)),
    ),
  };
}

/** An example of a schema, and the components that it was derived from. */
interface KnownExample {
  readonly example: unknown;
  readonly from: ReadonlyMap<string, Schema | undefined>;
}

const known = new Map<string, KnownExample>();

/** How many examples are kept. */
const most = 20_000;

/** An example of a body; undefined if tools find one. It is derived again only if a component has changed. */
function exampleOf(schema: Schema, direction: Direction, resolve: Resolve): unknown {
  const key = `${direction} ${JSON.stringify(schema)}`;
  const found = known.get(key);
  if (found !== undefined && [...found.from].every(([reference, one]) => resolve(reference) === one)) {
    return found.example;
  }
  const from = new Map<string, Schema | undefined>();
  const follow: Resolve = (reference) => {
    const one = resolve(reference);
    from.set(reference, one);
    return one;
  };
  const example = isPlain(schema, follow) ? undefined : sampleValue(schema, direction, follow);
  if (known.size >= most) known.clear();
  known.set(key, { example, from });
  return example;
}

function isOperation(name: string, value: unknown): value is oas32.OperationObject {
  return name !== "additionalOperations" && typeof value === "object" && value !== null && "responses" in value;
}

function mapValues<T extends object>(object: T, map: (value: T[keyof T], name: string) => unknown): T {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value as T[keyof T], name)])) as T;
}
