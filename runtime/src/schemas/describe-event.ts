import type { DescMessage, JsonValue } from "@bufbuild/protobuf";
import { es } from "../message/index.js";
import type { EventSchemaStore, RecordedEvent, Store } from "../store/ports/index.js";
import { liveCodec } from "./live-codecs.js";
import { linkMessage } from "./stored-message.js";

/** How long a list of declarations is cached, in milliseconds. */
const fresh = 2_000;

const describers = new WeakMap<EventSchemaStore, Describer>();

/**
 * Describes a stored event as ProtoJSON by its declaration in the store, without the code that wrote it. Returns undefined if the
 * store has no declaration of the event, or cannot decode the bytes by it.
 */
export async function describeEvent(
  store: Store,
  event: Pick<RecordedEvent, "type" | "schemaVersion" | "bytes" | "data">,
): Promise<JsonValue | undefined> {
  const { schemas } = store;
  if (schemas === undefined) return undefined;
  if (event.bytes === undefined) return liveCodec(schemas, event.type, event.schemaVersion)?.toJson(event.data);
  let describer = describers.get(schemas);
  if (describer === undefined) {
    describer = new Describer(schemas);
    describers.set(schemas, describer);
  }
  const message = await describer.find(event.type, event.schemaVersion);
  if (message === undefined) return undefined;
  try {
    const codec = es(message);
    return codec.toJson(codec.decode(event.bytes));
  } catch {
    // The bytes are of another message, or contain an Any of a type that was not stored with it.
    return undefined;
  }
}

/** Links the message of each declaration once. */
class Describer {
  private readonly schemas: EventSchemaStore;
  private readonly messages = new Map<string, DescMessage | undefined>();
  private known: Awaited<ReturnType<EventSchemaStore["list"]>> = [];
  private listed = Number.NEGATIVE_INFINITY;

  constructor(schemas: EventSchemaStore) {
    this.schemas = schemas;
  }

  async find(type: string, version: number): Promise<DescMessage | undefined> {
    if (performance.now() > this.listed + fresh) {
      this.known = await this.schemas.list();
      this.listed = performance.now();
    }
    // The newest declaration reads the data of all earlier ones.
    const newest = this.known.findLast((one) => one.type === type && one.schemaVersion === version);
    if (newest === undefined) return undefined;
    const key = `${newest.hash} ${newest.message}`;
    let message = this.messages.get(key);
    if (message === undefined) {
      message = await linkMessage(newest, await this.schemas.descriptors([newest.hash]));
      this.messages.set(key, message);
    }
    return message;
  }
}
