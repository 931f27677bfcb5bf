/** The types of an answer (GraphQL over HTTP, 6.4): the second is for clients that know no better. */
export type MediaType = "application/graphql-response+json" | "application/json";

const graphqlType = "application/graphql-response+json";
const jsonType = "application/json";

/** What a client takes, by its `accept`. */
export interface Accepted {
  /** The type that it wants; undefined: none that there is. Without an `accept` it is JSON, as it always was. */
  readonly type: MediaType | undefined;
  /** Whether it names server-sent events. */
  readonly events: boolean;
}

function readAccept(accept: string | undefined): Accepted {
  if (accept === undefined || accept.trim() === "") return { type: jsonType, events: false };
  const types = accept.toLowerCase().split(",").map(readRange);
  const graphql = qualityOf(types, [graphqlType]);
  const json = qualityOf(types, [jsonType, "application/*", "*/*"]);
  const events = qualityOf(types, ["text/event-stream"]) > 0;
  if (graphql === 0 && json === 0) return { type: undefined, events };
  return { type: graphql >= json ? graphqlType : jsonType, events };
}

/** Reads each `accept` once: clients send few, over and over. So many are kept, and no long ones. */
export class Accepts {
  private readonly known: Map<string | undefined, Accepted> = new Map();

  read(accept: string | undefined): Accepted {
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

/** That of the first of the names that is there, the most specific first. */
function qualityOf(ranges: readonly Range[], names: readonly string[]): number {
  for (const name of names) {
    const found = ranges.find(({ type }) => type === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
