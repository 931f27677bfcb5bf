import { readComment } from "../../descriptors/index.js";
import type { Diagnostics } from "../../diagnostics/index.js";
import { defaultInfo, joinDocumentOptions, mergeDeep, reportSchemas } from "../../documents/index.js";
import { type Schema, Schemas } from "../../json-schema/index.js";
import type { EventModel, FileModel, OpenApiFacts } from "../../model/index.js";
import { toDraft07 } from "./draft-07.js";
import { messageReference, type Reference, toFragment } from "./reference.js";
import { buildSocket, type SocketMessage } from "./websocket/index.js";

interface Message {
  readonly name: string;
  readonly title: string;
  readonly summary?: string;
  readonly contentType: "application/json";
  readonly payload: Schema;
  readonly deprecated?: true;
}

interface Channel {
  readonly address?: string;
  readonly title: string;
  readonly description: string;
  readonly messages: Readonly<Record<string, Reference>>;
}

/** The parts of AsyncAPI 3.0 that are generated. */
export interface AsyncApiDocument {
  readonly asyncapi: "3.0.0";
  readonly info: object;
  readonly defaultContentType: "application/json";
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<Record<string, object>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message | SocketMessage>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/**
 * Builds the document of the events of some files, and of their methods if `hasMethods`, merged into a base
 * document of the user.
 */
export function buildDocument(
  files: readonly FileModel[],
  { base, hasMethods }: { readonly base: object; readonly hasMethods: boolean },
  facts: OpenApiFacts,
  diagnostics: Diagnostics,
): AsyncApiDocument {
  const events = files.flatMap((file) => file.events);
  const types = [...new Set(events.map(({ type }) => type))].sort();
  const schemas = new Schemas("#/components/schemas/", facts);
  const messages = events.map((event) => [event.desc.typeName, buildMessage(event, schemas)] as const);
  const ids = nameChannels(types);
  const channels = types.map(
    (type) => [ids.get(type) ?? type, buildChannel(events.filter((event) => event.type === type))] as const,
  );
  const socket = hasMethods ? buildSocket(files, schemas) : undefined;
  const descs = files.map(({ desc }) => desc);
  const document: AsyncApiDocument = {
    asyncapi: "3.0.0",
    info: { ...defaultInfo(descs), ...toInfo(joinDocumentOptions(descs, facts).info) },
    defaultContentType: "application/json",
    channels: { ...Object.fromEntries(channels), ...(socket?.channels as Record<string, Channel> | undefined) },
    operations: {
      ...Object.fromEntries(channels.map(([id, channel]) => [`publish ${id}`, buildOperation(id, channel)])),
      ...socket?.operations,
    },
    components: {
      messages: { ...Object.fromEntries(messages), ...socket?.messages },
      schemas: Object.fromEntries(
        Object.entries(schemas.components).map(([name, schema]) => [name, toDraft07(schema)]),
      ),
    },
  };
  reportSchemas(schemas, facts, diagnostics);
  return { ...document, ...(mergeDeep(document, base) as object), asyncapi: "3.0.0" };
}

/** AsyncAPI has no document summary, and refers to a licence by URL only. */
function toInfo({
  summary: _summary,
  license,
  ...info
}: {
  summary?: string;
  license?: { name: string; url?: string; identifier?: string };
} = {}): object {
  if (license === undefined) return info;
  const { identifier, ...rest } = license;
  return {
    ...info,
    license: { ...rest, ...(identifier !== undefined && { url: `https://spdx.org/licenses/${identifier}.html` }) },
  };
}

/** Builds the channel of an event type: its current version, then the older ones. */
function buildChannel(versions: readonly EventModel[]): Channel {
  const [current, ...older] = [...versions].sort((a, b) => b.version - a.version) as [EventModel, ...EventModel[]];
  const others =
    older.length === 0 ? "" : ` Recorded before: ${older.map(({ desc }) => `\`${desc.name}\``).join(", ")}.`;
  const owner = current.aggregate === undefined ? "" : ` An event of ${current.aggregate.desc.name}.`;
  const { type } = current;
  const named = isAddress(type) ? "" : ` Its type is \`${type}\`.`;
  return {
    ...(isAddress(type) && { address: type }),
    title: current.desc.name,
    description: `${readComment(current.desc) || `\`${current.desc.name}\`.`}${named}${owner}${others}`.trim(),
    messages: Object.fromEntries(
      [current, ...older].map(({ desc }) => [desc.typeName, messageReference(desc.typeName)]),
    ),
  };
}

/** Builds the operation of a channel: the service sends the current version. */
function buildOperation(id: string, { title, messages }: Channel): object {
  const channel = `#/channels/${toFragment(id)}`;
  const [current = ""] = Object.keys(messages);
  return {
    action: "send",
    title,
    channel: { $ref: channel },
    messages: [{ $ref: `${channel}/messages/${toFragment(current)}` }],
  };
}

function buildMessage({ desc, version, supersededBy }: EventModel, schemas: Schemas): Message {
  const summary = readComment(desc);
  return {
    name: desc.typeName,
    title: `${desc.name} (version ${version})`,
    ...(summary !== "" && { summary }),
    contentType: "application/json",
    payload: schemas.message(desc, "output"),
    ...(supersededBy !== undefined && { deprecated: true as const }),
  };
}

/** Characters that addresses exclude: braces mark parameters, and tools fail on the others. */
const invalid = /[%?#{}]|\/$/g;

/** Names channels by event type, with `_` for characters that addresses exclude. */
function nameChannels(types: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map(types.filter(isAddress).map((type) => [type, type]));
  const taken = new Set(ids.keys());
  for (const type of types.filter((one) => !isAddress(one))) {
    const wanted = type.replace(invalid, "_");
    let id = wanted;
    for (let number = 2; taken.has(id); number++) id = `${wanted}_${number}`;
    ids.set(type, id);
    taken.add(id);
  }
  return ids;
}

function isAddress(type: string): boolean {
  return type.search(invalid) < 0;
}
