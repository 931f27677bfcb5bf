/** Media types of a response (GraphQL over HTTP, 6.4). The second is for legacy clients. */
export type MediaType = "application/graphql-response+json" | "application/json";

const graphqlType = "application/graphql-response+json";
const jsonType = "application/json";

/** The media types that a client accepts. */
export interface AcceptedTypes {
  /** The preferred type; undefined if the client accepts none of them. Without an `accept` header it is plain JSON. */
  readonly type: MediaType | undefined;
  /** Whether it accepts `text/event-stream`. */
  readonly events: boolean;
}

function readAccept(accept: string | undefined): AcceptedTypes {
  if (accept === undefined || accept.trim() === "") return { type: jsonType, events: false };
  const types = accept.toLowerCase().split(",").map(readRange);
  const graphql = qualityOf(types, [graphqlType]);
  const json = qualityOf(types, [jsonType, "application/*", "*/*"]);
  const events = qualityOf(types, ["text/event-stream"]) > 0;
  if (graphql === 0 && json === 0) return { type: undefined, events };
  return { type: graphql >= json ? graphqlType : jsonType, events };
}

/** Parses `accept` headers, and caches up to 100 short ones: clients repeat a few. */
export class AcceptHeaders {
  private readonly known: Map<string | undefined, AcceptedTypes> = new Map();

  read(accept: string | undefined): AcceptedTypes {
    const known = this.known.get(accept);
    if (known !== undefined) return known;
    const accepted = readAccept(accept);
    if (this.known.size < 100 && (accept ?? "").length <= 200) this.known.set(accept, accepted);
    return accepted;
  }
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

/** The quality of the first name found. `names`: the most specific first. */
function qualityOf(ranges: readonly Range[], names: readonly string[]): number {
  for (const name of names) {
    const found = ranges.find(({ type }) => type === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
