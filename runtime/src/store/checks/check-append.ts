import { streamMapKey } from "../events/index.js";
import type {
  AppendContext,
  AppendRequest,
  AppendSequenceRequest,
  AppendToStreamsRequest,
  CommandRecord,
  CommandReservation,
  EventToAppend,
  RecordedEvent,
  Snapshot,
  StreamAppend,
  StreamId,
  UniqueValueChange,
} from "../ports/index.js";
import { checkInteger, checkSize, checkText, invalid, maxTextBytes } from "./check-value.js";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Limit of all keys and values of the metadata of an append. */
const maxMetadataBytes = 64 * 1024;
/** One day. */
const maxLease = 24 * 60 * 60 * 1000;
const maxSchemaVersion = 2 ** 31 - 1;

/** Refuses a stream id that some store cannot keep. */
export function checkStream({ tenant, type, id }: StreamId): void {
  checkTenant(tenant);
  checkText("the type of the stream", type, maxTextBytes.type);
  checkText("the id of the stream", id, maxTextBytes.id);
}

/** Refuses a tenant that some store cannot keep. */
export function checkTenant(tenant: string): void {
  checkText("the tenant", tenant, maxTextBytes.tenant);
}

/** Refuses a command id that some store cannot keep. `holder`: the holder of the reservation, if there is one. */
export function checkCommandId(tenant: string, id: string, holder?: string): void {
  checkTenant(tenant);
  if (holder !== undefined) checkHolder(holder);
  checkText("the command id", id, maxTextBytes.commandId);
}

/** Refuses who or what has led to a command, as some store cannot keep it next to the events. */
export function checkCause({
  correlationId,
  causationId,
  user,
}: {
  readonly correlationId: string;
  readonly causationId?: string | undefined;
  readonly user?: string | undefined;
}): void {
  checkText("the correlation id", correlationId, maxTextBytes.id);
  if (causationId !== undefined) checkText("the causation id", causationId, maxTextBytes.commandId);
  if (user !== undefined) checkText("the user", user, maxTextBytes.id);
}

/** Refuses the record of a command that some store cannot keep. `holder`: the holder of the reservation, if there is one. */
export function checkCommand(tenant: string, { id, requestHash, response }: CommandRecord, holder?: string): void {
  checkCommandId(tenant, id, holder);
  checkText("the hash of the request", requestHash, maxTextBytes.id);
  checkSize("the response of the command", response);
}

/** Refuses a reservation of a command id that some store cannot keep. */
export function checkReservation(tenant: string, { id, requestHash, holder, lease }: CommandReservation): void {
  checkCommandId(tenant, id);
  checkText("the hash of the request", requestHash, maxTextBytes.id);
  checkHolder(holder);
  if (!(lease >= 0 && lease <= maxLease)) throw invalid(`a lease is 0 to ${maxLease} milliseconds, found ${lease}`);
}

function checkHolder(holder: string): void {
  if (!uuid.test(holder)) throw invalid(`the holder of a reservation is a UUID, found ${JSON.stringify(holder)}`);
}

/** Refuses an append that some store cannot execute. The store checks the size of events that are not encoded yet. */
export function checkAppend(request: AppendRequest, maxEventSize: number): void {
  checkPart(request, maxEventSize);
  checkContext(request.stream.tenant, request);
}

/** Refuses an append of a transaction over rows that some store cannot execute. */
export function checkRowAppend(request: AppendRequest, maxEventSize: number): void {
  checkAppend(request, maxEventSize);
  if (request.events.length === 0 && request.command === undefined) {
    throw invalid("an append of a transaction needs an event or a command");
  }
  if (request.uniqueValues !== undefined) throw invalid("an append of a transaction has no unique values");
}

/** Refuses an append to several streams that some store cannot execute. The streams must differ and belong to one tenant. */
export function checkAppendToStreams(request: AppendToStreamsRequest, maxEventSize: number): void {
  const { appends } = request;
  const [first] = appends;
  if (first === undefined) throw invalid("an append to several streams has none");
  const seen = new Set<string>();
  for (const append of appends) {
    checkPart(append, maxEventSize);
    const { stream } = append;
    if (stream.tenant !== first.stream.tenant) {
      throw invalid("an append to several streams is of one tenant, found two");
    }
    const key = streamMapKey(stream);
    if (seen.has(key)) {
      throw invalid(
        `the stream ${stream.type} ${stream.id} occurs twice in one append: put all of its events into one entry`,
      );
    }
    seen.add(key);
  }
  checkContext(first.stream.tenant, request);
}

/** Refuses a sequence that some store cannot execute. */
export function checkAppendSequence({ stream, expectedVersion, parts }: AppendSequenceRequest, most: number): void {
  if (parts.length === 0) throw invalid("an append of a sequence has no parts");
  for (const part of parts) {
    checkPart({ stream, expectedVersion, events: part.events }, most);
    checkContext(stream.tenant, part);
  }
}

/** Refuses an encoded event that is larger than the limit of the store. */
export function checkEventSize(type: string, bytes: Uint8Array, most: number): void {
  if (bytes.length <= most) return;
  throw invalid(
    `the event ${type} is too large: ${bytes.length} bytes, the store takes ${most} (its option maxEventSize). Store large content elsewhere, and a reference to it in the event`,
  );
}

/** Refuses a snapshot that some store cannot keep. */
export function checkSnapshot(stream: StreamId, { version, stateVersion, state }: Snapshot): void {
  checkStream(stream);
  checkInteger("the version of the snapshot", version);
  checkStateVersion(stateVersion);
  checkSize("the snapshot", state);
}

/** Refuses a version of a snapshot codec that some store cannot keep. */
export function checkStateVersion(stateVersion: number): void {
  checkInteger("the version of the state's shape", stateVersion);
  if (stateVersion > maxSchemaVersion) throw invalid(`the version of the state's shape is above ${maxSchemaVersion}`);
}

/** Refuses an event to import that some store cannot keep. */
export function checkImported(event: RecordedEvent, maxEventSize: number): void {
  checkStream(event.stream);
  checkInteger("the version of the event", event.version, 1);
  checkExpectedVersion(event.version);
  checkInteger("the time of the event", event.at, Number.MIN_SAFE_INTEGER);
  checkEventType(event.id, event.type, event.schemaVersion);
  if (event.bytes !== undefined) checkEventSize(event.type, event.bytes, maxEventSize);
  checkOrigin(event);
}

/** Refuses to close a stream at a version that it cannot have. */
export function checkClose(stream: StreamId, expectedVersion: number): void {
  checkStream(stream);
  checkExpectedVersion(expectedVersion);
}

/** Refuses a version that no stream can have. `count`: of the events that follow it. The last safe integer is that of no event. */
function checkExpectedVersion(version: number, count = 0): void {
  checkInteger("the expected version", version);
  if (version + count >= Number.MAX_SAFE_INTEGER) throw invalid("the stream would grow too long");
}

function checkPart({ stream, expectedVersion, events, uniqueValues }: StreamAppend, maxEventSize: number): void {
  checkStream(stream);
  checkExpectedVersion(expectedVersion, events.length);
  for (const event of events) checkEvent(event, maxEventSize);
  if (uniqueValues !== undefined) for (const change of uniqueValues) checkUniqueValue(change);
}

function checkEvent({ id, definition, bytes }: EventToAppend, maxEventSize: number): void {
  checkEventType(id, definition.type, definition.version);
  if (bytes !== undefined) checkEventSize(definition.type, bytes, maxEventSize);
}

function checkEventType(id: string, type: string, schemaVersion: number): void {
  if (!uuid.test(id)) throw invalid(`the id of an event is a UUID, found ${JSON.stringify(id)}`);
  checkText("the type of an event", type, maxTextBytes.type);
  if (!Number.isInteger(schemaVersion) || schemaVersion < 0 || schemaVersion > maxSchemaVersion) {
    throw invalid(`the version of the event type ${type} must be a whole number from 0 to ${maxSchemaVersion}`);
  }
}

/** The message never contains the value, which may be personal data. */
function checkUniqueValue({ index, value, subject }: UniqueValueChange): void {
  checkText("the name of the unique index", index, maxTextBytes.indexName);
  if (subject !== undefined) checkText("the subject of a unique value", subject, maxTextBytes.id);
  checkText(`the unique value of ${index}`, value, maxTextBytes.uniqueValue);
}

function checkContext(tenant: string, context: AppendContext): void {
  checkOrigin(context);
  if (context.command !== undefined) checkCommand(tenant, context.command);
}

function checkOrigin({
  correlationId,
  causationId,
  metadata,
}: Pick<AppendContext, "correlationId" | "causationId" | "metadata">): void {
  checkText("the correlation id", correlationId, maxTextBytes.id);
  checkText("the causation id", causationId, maxTextBytes.commandId);
  let left = maxMetadataBytes;
  for (const key in metadata) {
    const value = metadata[key] as string;
    checkText("a key of the metadata", key, maxMetadataBytes);
    checkText("a value of the metadata", value, maxMetadataBytes);
    left -= key.length + value.length;
  }
  if (left < 0) throw invalid(`the metadata is longer than the ${maxMetadataBytes} characters that are allowed`);
}
