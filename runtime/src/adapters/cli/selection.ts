import type { EventFilter, RecordedEvent, StreamId } from "../../event-store/index.js";
import type { OptionSpecs, Options } from "./options.js";
import { readTime } from "./time.js";
import { UsageError } from "./usage-error.js";

/** Which events a command is about: those that fit in every respect that was given. */
export interface Selection {
  readonly types: ReadonlySet<string>;
  readonly streamTypes: ReadonlySet<string>;
  /** One stream, by type and id. */
  readonly stream: Omit<StreamId, "tenant"> | undefined;
  /** undefined: of all tenants. */
  readonly tenant: string | undefined;
  /** Recorded at this time or later, in milliseconds since 1970. */
  readonly since: number;
  /** Recorded before this time. */
  readonly until: number;
  /** The first position. */
  readonly from: number;
  /** The last position. */
  readonly to: number;
}

/** A stream as a command line names it. */
export interface NamedStream extends Omit<StreamId, "tenant"> {
  /** undefined: not said. */
  readonly tenant: string | undefined;
}

/** The options that say whose events, and of which kind. */
export const kindOptions: OptionSpecs = {
  type: { value: "type", many: true, help: "only events stored under this type; several by commas" },
  stream: { value: "type/id", help: "only events of this stream; of a tenant: tenant:type/id" },
  "stream-type": { value: "type", many: true, help: "only events of streams of this type; several by commas" },
  tenant: { value: "tenant", help: "only events of this tenant" },
};

/** The options of commands that read events that are there already. */
export const selectionOptions: OptionSpecs = {
  ...kindOptions,
  since: { value: "time", help: "only events recorded then or later: 2026-11-26T08:00:00Z, or 2h ago" },
  until: { value: "time", help: "only events recorded before" },
  from: { value: "position", help: "the first position" },
  to: { value: "position", help: "the last position" },
};

/** Whose events, and of which kind. */
export function toKind(options: Options): Selection {
  const stream = options.text("stream");
  const tenant = options.text("tenant");
  const named = stream === undefined ? undefined : readStreamName(stream, tenant);
  if (stream !== undefined && options.has("stream-type"))
    throw new UsageError("--stream names one stream: leave out --stream-type");
  return {
    types: new Set(options.list("type")),
    streamTypes: new Set(options.list("stream-type")),
    stream: named && { type: named.type, id: named.id },
    tenant: named?.tenant ?? tenant,
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    from: 0,
    to: Number.POSITIVE_INFINITY,
  };
}

/** Whose events, of which kind, when and where. */
export function toSelection(options: Options, now: number): Selection {
  const kind = toKind(options);
  const time = (name: "since" | "until"): number => {
    const text = options.text(name);
    return text === undefined ? kind[name] : readTime(name, text, now);
  };
  return {
    ...kind,
    since: time("since"),
    until: time("until"),
    from: options.count("from", 0) ?? kind.from,
    to: options.count("to", 0) ?? kind.to,
  };
}

/**
 * `order/4711`: the type of a stream, and its id. Of a tenant `north:order/4711`, as streams are printed, unless the tenant is
 * given besides.
 */
export function readStreamName(text: string, tenant: string | undefined): NamedStream {
  const slash = text.indexOf("/");
  const colon = tenant === undefined ? text.lastIndexOf(":", slash) : -1;
  if (slash > colon + 1 && slash < text.length - 1) {
    const [type, id] = [text.slice(colon + 1, slash), text.slice(slash + 1)];
    return { tenant: colon < 0 ? tenant : text.slice(0, colon), type, id };
  }
  throw new UsageError(`a stream is named by type and id, such as order/4711, not ${JSON.stringify(text)}`);
}

/** What of a selection the store can do by itself. */
export function toFilter({ types, streamTypes, stream, tenant }: Selection): EventFilter | undefined {
  const categories = stream === undefined ? [...streamTypes] : [stream.type];
  if (types.size === 0 && categories.length === 0 && tenant === undefined) return undefined;
  return {
    ...(types.size > 0 && { types: [...types] }),
    ...(categories.length > 0 && { streamTypes: categories }),
    ...(tenant !== undefined && { tenant }),
  };
}

export function selects(selection: Selection, { type, stream, at, position }: RecordedEvent): boolean {
  const { types, streamTypes } = selection;
  return (
    (types.size === 0 || types.has(type)) &&
    (streamTypes.size === 0 || streamTypes.has(stream.type)) &&
    (selection.stream === undefined || (selection.stream.type === stream.type && selection.stream.id === stream.id)) &&
    (selection.tenant === undefined || selection.tenant === stream.tenant) &&
    at >= selection.since &&
    at < selection.until &&
    position >= selection.from &&
    position <= selection.to
  );
}
