/** The types of an answer (GraphQL over HTTP, 6.4): the second is for clients that know no better. */
export type MediaType = "application/graphql-response+json" | "application/json";

const graphqlType = "application/graphql-response+json";
const jsonType = "application/json";

/** The type that a client wants, by its `accept`; undefined: none that there is. Without one it is JSON, as it always was. */
export function negotiate(accept: string | undefined): MediaType | undefined {
  if (accept === undefined || accept.trim() === "") return jsonType;
  const types = accept.toLowerCase().split(",").map(readRange);
  const graphql = qualityOf(types, [graphqlType]);
  const json = qualityOf(types, [jsonType, "application/*", "*/*"]);
  if (graphql === 0 && json === 0) return undefined;
  return graphql >= json ? graphqlType : jsonType;
}

/** Whether a client names server-sent events among the types that it takes. */
export function takesEvents(accept: string | undefined): boolean {
  return accept !== undefined && qualityOf(accept.toLowerCase().split(",").map(readRange), ["text/event-stream"]) > 0;
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function readRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const q = parameters.find((parameter) => parameter.startsWith("q="));
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return { type, quality: 0 };
  const quality = q === undefined ? 1 : Number(q.slice(2));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

/** That of the first of the names that is there, the most specific first. */
function qualityOf(ranges: readonly Range[], names: readonly string[]): number {
  for (const name of names) {
    const found = ranges.find(({ type }) => type === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
