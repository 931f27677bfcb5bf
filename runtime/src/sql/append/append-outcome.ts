import { isPotterError } from "../../errors/index.js";
import type {
  AppendRefusal,
  AppendResult,
  AppendToStreamsResult,
  RecordedEvent,
  StreamAppend,
} from "../../store/ports/index.js";
import type { SqlRow } from "../driver/index.js";
import { outcomes, refusedState } from "../migrations/index.js";
import { bindStream } from "../values/index.js";
import type { SqlAppend } from "./append-values.js";

/** Outcome of one append of a call. */
export type Outcome = AppendResult | Again;

/**
 * `busy`: other transactions hold what it needs for too long. `row_changed`: a row that it depends on has changed since it was read.
 * `key_exists`: a data subject has a key already, or is erased.
 */
export interface Again {
  readonly kind: "busy" | "row_changed" | "key_exists";
}

/** Whether nothing was appended, for a reason that may pass. */
export function isAgain(outcome: { readonly kind: string }): outcome is Again {
  return outcome.kind === "busy" || outcome.kind === "row_changed" || outcome.kind === "key_exists";
}

/** The outcome of one append, as the database returned it. */
interface Said {
  readonly outcome: number;
  readonly version: number;
  readonly response: Uint8Array | undefined;
  /** Of the last event. */
  readonly position: number;
  /** Index, within the append, of the unique value that another stream holds. */
  readonly takenValue?: number;
}

/** Reads the row of `append_one` or `append_one_with_row`. */
export function readOne(row: SqlRow, { append }: SqlAppend): Outcome {
  return toOutcome(
    {
      outcome: Number(row["outcome"]),
      version: Number(row["version"]),
      response: (row["response"] as Uint8Array | null) ?? undefined,
      position: Number(row["pos"] ?? 0),
    },
    append,
  );
}

/** Reads the row of `append_group`: the outcomes in the order of the appends. */
export function readGroup(row: SqlRow, appends: readonly SqlAppend[]): readonly Outcome[] {
  const found = row["outcomes"] as readonly number[];
  const versions = row["versions"] as readonly number[];
  const responses = row["responses"] as readonly (Uint8Array | null)[] | null;
  const positions = (row["positions"] as readonly number[] | null) ?? [];
  let next = 0;
  return appends.map(({ append }, i) => {
    const outcome = Number(found[i]);
    if (outcome === outcomes.appended) next += append.events.length;
    const position = append.events.length === 0 ? 0 : Number(positions[next - 1]);
    return toOutcome(
      { outcome, version: Number(versions[i]), response: responses?.[i] ?? undefined, position },
      append,
    );
  });
}

/** Reads the row of `singlesWithKeys`. undefined: nothing was appended. */
export function readKeyed(row: SqlRow, appends: readonly SqlAppend[]): readonly AppendResult[] | undefined {
  return (row["positions"] as readonly number[] | null)?.map((position, i) =>
    appendedTo(appends[i] as SqlAppend, position),
  );
}

/** Reads the row of `singles`. undefined: this was not appended. */
export function readSingles(row: SqlRow, appends: readonly SqlAppend[]): readonly (AppendResult | undefined)[] {
  const positions = (row["positions"] as readonly number[] | null) ?? [];
  const streams = row["streams"] as readonly (readonly string[])[] | null;
  if (streams === null && positions.length === appends.length) {
    return positions.map((position, i) => appendedTo(appends[i] as SqlAppend, position));
  }
  // In the order of the appends.
  let next = 0;
  return appends.map((one) => {
    const key = bindStream(one.append.stream);
    if (!key.every((part, i) => streams?.[next]?.[i] === part)) return undefined;
    return appendedTo(one, positions[next++] as number);
  });
}

/** Reads the row of `many` or `manyWithCommands`. undefined: this was not appended. */
export function readMany(row: SqlRow, appends: readonly SqlAppend[]): readonly (AppendResult | undefined)[] {
  const positions = (row["positions"] as readonly number[] | null) ?? [];
  const owners = new Set(((row["owners"] as readonly number[] | null) ?? []).map(Number));
  let next = 0;
  return appends.map((one, i) => {
    if (!owners.has(i + 1)) return undefined;
    next += one.append.events.length;
    return appendedTo(one, positions[next - 1] as number);
  });
}

function appendedTo({ append }: SqlAppend, position: number): AppendResult {
  return { kind: "appended", version: append.expectedVersion + append.events.length, position: Number(position) };
}

/** The refusal of a call that is all or nothing; undefined: the error has another cause. */
export function readRefusal(error: unknown, appends: readonly SqlAppend[]): AppendRefusal | Again | undefined {
  const cause = isPotterError(error) ? (error.cause as { code?: unknown; detail?: unknown } | undefined) : undefined;
  if (cause?.code !== refusedState || typeof cause.detail !== "string") return undefined;
  const said = JSON.parse(cause.detail) as {
    readonly outcomes: readonly number[];
    readonly versions: readonly number[];
    readonly responses: readonly (string | null)[] | null;
    readonly taken_value: number | null;
  };
  const at = said.outcomes.findIndex((outcome) => outcome !== outcomes.appended);
  const refused = appends[at] ?? appends[0];
  if (refused === undefined) return undefined;
  const response = said.responses?.[at];
  // The database numbers the unique values of all appends of the call, from 1.
  const before = appends.slice(0, at).reduce((sum, { append }) => sum + (append.uniqueValues?.length ?? 0), 0);
  return toOutcome(
    {
      outcome: said.outcomes[at] ?? outcomes.conflict,
      version: Number(said.versions[at]),
      response: response ? fromBase64(response) : undefined,
      position: 0,
      ...(said.taken_value !== null && { takenValue: said.taken_value - 1 - before }),
    },
    refused.append,
  ) as AppendRefusal | Again;
}

function toOutcome({ outcome, version, response, position, takenValue }: Said, append: StreamAppend): Outcome {
  switch (outcome) {
    case outcomes.appended:
      return { kind: "appended", version, position };
    case outcomes.conflict:
      return { kind: "conflict", actualVersion: version, stream: append.stream };
    case outcomes.closed:
      return { kind: "closed", stream: append.stream };
    case outcomes.duplicate:
      return { kind: "duplicate", response: response ?? new Uint8Array(), version };
    case outcomes.commandMismatch:
      return { kind: "command_mismatch" };
    case outcomes.valueTaken: {
      const taken = append.uniqueValues?.[takenValue ?? 0];
      return { kind: "value_taken", index: taken?.index ?? "", value: taken?.value ?? "" };
    }
    case outcomes.rowChanged:
      return { kind: "row_changed" };
    default:
      return { kind: "key_exists" };
  }
}

/** The result of a call that is all or nothing. */
export function toTogether(row: SqlRow): AppendToStreamsResult {
  const positions = (row["positions"] as readonly number[] | null) ?? [];
  const versions = row["versions"] as readonly number[];
  return { kind: "appended", versions, position: Number(positions.at(-1) ?? 0) };
}

/** The events of a call as stored, without reading them back. */
export function toRecorded(row: SqlRow, appends: readonly SqlAppend[]): readonly RecordedEvent[] {
  const positions = row["positions"] as readonly number[];
  const at = Number(row["at"]);
  return recordedAt(appends, positions, () => at);
}

/** The events of a call of a statement for single events, if all were appended; none otherwise, or if their times are unknown. */
export function toRecordedSingles(row: SqlRow, appends: readonly SqlAppend[]): readonly RecordedEvent[] {
  const positions = (row["positions"] as readonly number[] | null) ?? [row["pos"] as number];
  const times = (row["times"] as readonly number[] | null | undefined) ?? [row["at"] as number];
  if (positions.length !== appends.length || times.length !== appends.length) return [];
  return recordedAt(appends, positions, (n) => Number(times[n]));
}

function recordedAt(
  appends: readonly SqlAppend[],
  positions: readonly number[],
  timeOf: (n: number) => number,
): readonly RecordedEvent[] {
  let next = 0;
  return appends.flatMap(({ append, context, payloads }) =>
    append.events.map(({ id, definition }, i) => ({
      // As the database writes it.
      id: id.toLowerCase(),
      position: Number(positions[next]),
      stream: append.stream,
      version: append.expectedVersion + i + 1,
      type: definition.type,
      schemaVersion: definition.version,
      at: timeOf(next++),
      correlationId: context.correlationId,
      causationId: context.causationId,
      metadata: context.metadata,
      bytes: payloads[i] as Uint8Array,
    })),
  );
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("\n", "")), (char) => char.charCodeAt(0));
}
