import type { EventFilter, RecordedEvent, StreamId } from "../../../store/ports/index.js";
import type { OptionSpecs, Options } from "../options.js";
import { UsageError } from "../usage-error.js";
import { readTime } from "./read-time.js";

/** The events that a command operates on: those that match all given criteria. */
export interface Selection {
  readonly types: ReadonlySet<string>;
  readonly streamTypes: ReadonlySet<string>;
  /** One stream, by type and id. */
  readonly stream: Omit<StreamId, "tenant"> | undefined;
  /** undefined: all tenants. */
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

/** A stream as named on the command line. */
export interface StreamReference extends Omit<StreamId, "tenant"> {
  /** undefined: not given. */
  readonly tenant: string | undefined;
}

/** Options that select events by type, stream and tenant. */
export const kindOptions: OptionSpecs = {
  type: { value: "type", many: true, help: "only events of this stored type, or of a comma-separated list of types" },
  stream: { value: "type/id", help: "only events of this stream; with a tenant: tenant:type/id" },
  "stream-type": {
    value: "type",
    many: true,
    help: "only events of streams of this type, or of a comma-separated list of types",
  },
  tenant: { value: "tenant", help: "only events of this tenant" },
};

/** Options of commands that read recorded events: the above, and ranges of time and position. */
export const selectionOptions: OptionSpecs = {
  ...kindOptions,
  since: {
    value: "time",
    help: "only events recorded at this time or later, such as 2026-11-26T08:00:00Z or 2h (two hours ago)",
  },
  until: { value: "time", help: "only events recorded before this time" },
  from: { value: "position", help: "first position" },
  to: { value: "position", help: "last position" },
};

/** Reads the criteria of `kindOptions`. */
export function toKind(options: Options): Selection {
  const stream = options.text("stream");
  const tenant = options.text("tenant");
  const named = stream === undefined ? undefined : readStreamName(stream, tenant);
  if (stream !== undefined && options.has("stream-type"))
    throw new UsageError("--stream and --stream-type exclude each other");
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

/** Reads the criteria of `selectionOptions`. */
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
 * Reads the name of a stream as commands print it: type and id, `order/4711`, with its tenant `north:order/4711`. If the tenant
 * is given separately, a colon is part of the type.
 */
export function readStreamName(text: string, tenant: string | undefined): StreamReference {
  const slash = text.indexOf("/");
  const colon = tenant === undefined ? text.lastIndexOf(":", slash) : -1;
  if (slash > colon + 1 && slash < text.length - 1) {
    const [type, id] = [text.slice(colon + 1, slash), text.slice(slash + 1)];
    return { tenant: colon < 0 ? tenant : text.slice(0, colon), type, id };
  }
  throw new UsageError(`expected a stream as type/id, such as order/4711, not ${JSON.stringify(text)}`);
}

/** The part of a selection that the store filters by itself. undefined: no filter. */
export function toFilter({ types, streamTypes, stream, tenant }: Selection): EventFilter | undefined {
  const categories = stream === undefined ? [...streamTypes] : [stream.type];
  if (types.size === 0 && categories.length === 0 && tenant === undefined) return undefined;
  return {
    ...(types.size > 0 && { types: [...types] }),
    ...(categories.length > 0 && { streamTypes: categories }),
    ...(tenant !== undefined && { tenant }),
  };
}

/** Returns whether a selection contains an event. */
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
