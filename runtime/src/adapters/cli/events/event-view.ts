import type { JsonValue } from "@bufbuild/protobuf";
import { describeEvent } from "../../../schemas/index.js";
import type { RecordedEvent } from "../../../store/ports/index.js";
import type { Target } from "../target.js";
import { printable } from "../terminal/index.js";

/** The content of an event, decoded for display. */
export interface ShownContent {
  /** undefined: the declaration of the event is unknown. */
  readonly json: JsonValue | undefined;
  /** The type and version that it was decoded as, if they differ from those of the event. */
  readonly readAs: string | undefined;
}

/** Decodes an event with the code of the app, or else with the event schema that the store has recorded. */
export async function showContent({ app, store }: Target, event: RecordedEvent): Promise<ShownContent> {
  const content = app?.decodeEvent(event);
  if (content !== undefined) {
    const same = content.type === event.type && content.version === event.schemaVersion;
    return { json: content.toJson(), readAs: same ? undefined : nameOf(content.type, content.version) };
  }
  return { json: await describeEvent(store, event), readAs: undefined };
}

/** Prints an event on one line of at most `columns` characters: position, time, stream and version, type, content. */
export function printEventLine(event: RecordedEvent, { json }: ShownContent, columns: number): string {
  const { position, at, type, schemaVersion, version } = event;
  const streamVersion = `${nameStream(event)}@${version}`;
  const content = json === undefined ? describeBytes(event) : JSON.stringify(json);
  const line = printable(
    `${position}  ${new Date(at).toISOString()}  ${streamVersion}  ${nameOf(type, schemaVersion)}  ${content}`,
  ).replaceAll("\n", "\\n");
  return line.length > columns ? `${line.slice(0, columns - 1)}…\n` : `${line}\n`;
}

/** Prints an event with all its fields, on several lines. */
export function printEvent(event: RecordedEvent, { json, readAs }: ShownContent): string {
  const { position, id, type, schemaVersion, version, at, correlationId, causationId, metadata } = event;
  const facts = [
    ["stream", `${nameStream(event)}, version ${version}`],
    ["at", new Date(at).toISOString()],
    ["id", id],
    ["correlation", correlationId],
    ["causation", causationId],
    ...Object.entries(metadata).map(([key, value]) => [`  ${key}`, value]),
    ...(readAs === undefined ? [] : [["decoded as", readAs]]),
    ...(event.erased === true ? [["erased", "its data subject was erased: personal fields are empty"]] : []),
  ];
  const width = Math.max(...facts.map(([name = ""]) => name.length));
  const lines = facts.map(([name = "", fact = ""]) => `  ${name.padEnd(width)}  ${fact}`);
  const content = json === undefined ? describeBytes(event) : JSON.stringify(json, undefined, 2);
  const shown = [`#${position}  ${nameOf(type, schemaVersion)}`, ...lines, indent(content)].join("\n");
  return `${printable(shown)}\n`;
}

/** Names a stream as commands print and accept it: `order/4711`, or with its tenant `acme:order/4711`. */
export function nameStream({ stream: { tenant, type, id } }: Pick<RecordedEvent, "stream">): string {
  return tenant === "" ? `${type}/${id}` : `${tenant}:${type}/${id}`;
}

function nameOf(type: string, version: number): string {
  return version === 1 ? type : `${type} v${version}`;
}

function describeBytes({ bytes }: RecordedEvent): string {
  return bytes === undefined ? "(an object in memory)" : `(${bytes.length} bytes, schema unknown)`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
