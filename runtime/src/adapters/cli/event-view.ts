import type { JsonValue } from "@bufbuild/protobuf";
import type { RecordedEvent } from "../../event-store/index.js";
import { describeEvent } from "../../schemas/index.js";
import { printable } from "./printable.js";
import type { Target } from "./target.js";

/** What an event says, for people. */
export interface ShownContent {
  /** Absent: nothing here knows how the event was declared. */
  readonly json: JsonValue | undefined;
  /** Of which version, if that is not the event's own. */
  readonly readAs: string | undefined;
}

/** Reads an event by the code of the app, or else by what the store remembers of its declaration. */
export async function showContent({ app, store }: Target, event: RecordedEvent): Promise<ShownContent> {
  const content = app?.decodeEvent(event);
  if (content !== undefined) {
    const same = content.type === event.type && content.version === event.schemaVersion;
    return { json: content.toJson(), readAs: same ? undefined : nameOf(content.type, content.version) };
  }
  return { json: await describeEvent(store, event), readAs: undefined };
}

/** One line: position, time, stream and version, type, content. */
export function printEventLine(event: RecordedEvent, { json }: ShownContent, columns: number): string {
  const { position, at, type, schemaVersion, version } = event;
  const place = `${nameStream(event)}@${version}`;
  const content = json === undefined ? describeBytes(event) : JSON.stringify(json);
  const line = printable(
    `${position}  ${new Date(at).toISOString()}  ${place}  ${nameOf(type, schemaVersion)}  ${content}`,
  ).replaceAll("\n", "\\n");
  return line.length > columns ? `${line.slice(0, columns - 1)}…\n` : `${line}\n`;
}

/** All that is known of an event, in several lines. */
export function printEvent(event: RecordedEvent, { json, readAs }: ShownContent): string {
  const { position, id, type, schemaVersion, version, at, correlationId, causationId, metadata } = event;
  const facts = [
    ["stream", `${nameStream(event)}, version ${version}`],
    ["at", new Date(at).toISOString()],
    ["id", id],
    ["correlation", correlationId],
    ["causation", causationId],
    ...Object.entries(metadata).map(([key, value]) => [`  ${key}`, value]),
    ...(readAs === undefined ? [] : [["read as", readAs]]),
    ...(event.erased === true ? [["erased", "its subject was forgotten: personal fields are empty"]] : []),
  ];
  const width = Math.max(...facts.map(([name = ""]) => name.length));
  const lines = facts.map(([name = "", fact = ""]) => `  ${name.padEnd(width)}  ${fact}`);
  const content = json === undefined ? describeBytes(event) : JSON.stringify(json, undefined, 2);
  const shown = [`#${position}  ${nameOf(type, schemaVersion)}`, ...lines, indent(content)].join("\n");
  return `${printable(shown)}\n`;
}

/** `order/4711`, with the tenant before it where there is one: `acme:order/4711`. */
export function nameStream({ stream: { tenant, type, id } }: Pick<RecordedEvent, "stream">): string {
  return tenant === "" ? `${type}/${id}` : `${tenant}:${type}/${id}`;
}

function nameOf(type: string, version: number): string {
  return version === 1 ? type : `${type} v${version}`;
}

function describeBytes({ bytes }: RecordedEvent): string {
  return bytes === undefined ? "(an object in memory)" : `(${bytes.length} bytes, not known how declared)`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
