import { andThen, type MaybePromise } from "../../../async/index.js";
import { PotterError } from "../../../errors/index.js";
import type { HttpRequest } from "../../../http/index.js";
import { type Coding, openEnvelope } from "../compression/index.js";
import {
  decodeBase64Body,
  decodeBase64Chunks,
  type Envelope,
  EnvelopeReader,
  type EnvelopeRules,
  prefixLength,
  readSingleEnvelope,
} from "../envelope/index.js";
import type { CallScope } from "./call-scope.js";
import type { Endpoint } from "./endpoint.js";
import type { RequestSource } from "./exchange.js";
import type { MessageFormat } from "./message-format.js";
import { RequestMessages } from "./request-messages.js";

/** How many times the largest message fits into a request that is kept until its end. */
const maxCollected = 4;

/** How the messages of a request are sent in envelopes. */
export interface RequestWriting {
  readonly format: MessageFormat;
  /** The compression of the messages whose flag says so. */
  readonly coding: Coding | undefined;
  readonly rules: EnvelopeRules;
  /** Whether the body is base64. */
  readonly isBase64?: boolean;
}

/** Reads the one message of a request. Rejects with a PotterError for any other number, and for an invalid message. */
export function readEnvelopedMessage(request: HttpRequest, writing: RequestWriting): Promise<unknown> {
  const { rules, isBase64 = false } = writing;
  const size = prefixLength + rules.limit;
  return request.bytes(isBase64 ? 2 * size : size).then((body) => {
    const bytes = isBase64 ? decodeBase64Body(body) : body;
    return openMessage(readSingleEnvelope(bytes, rules), writing);
  });
}

/** Opens the request of a call whose request or response is a stream. */
export function openEnvelopedRequest(
  { method, readsStream }: Endpoint,
  request: HttpRequest,
  writing: RequestWriting,
  scope: CallScope,
): RequestSource {
  if (!readsStream) return { read: () => readEnvelopedMessage(request, writing), release() {} };
  const chunks = writing.isBase64 === true ? decodeBase64Chunks(request.chunks()) : request.chunks();
  const envelopes = new EnvelopeReader(chunks, writing.rules);
  const messages = new RequestMessages(envelopes, (envelope) => openMessage(envelope, writing), scope);
  const isHalfDuplex = method.stream === "bidi" && !request.server.fullDuplex;
  return {
    read: async () => (isHalfDuplex ? collect(messages, envelopes, maxCollected * writing.rules.limit) : messages),
    begun: messages.begun,
    release: () => messages.release(),
  };
}

function openMessage(envelope: Envelope, { coding, rules, format }: RequestWriting): MaybePromise<unknown> {
  return andThen(openEnvelope(envelope, coding, rules), format.decode);
}

/**
 * Reads all messages before the response begins: its client reads no response before it has sent its request. Their size is limited,
 * since they are kept until then.
 */
async function collect(
  messages: RequestMessages,
  envelopes: EnvelopeReader,
  limit: number,
): Promise<AsyncIterable<unknown>> {
  const collected: unknown[] = [];
  for await (const message of messages) {
    if (envelopes.size > limit) {
      const error = `a stream in both directions over this connection has at most ${limit} bytes of requests: use HTTP/2`;
      throw new PotterError("resource_exhausted", error);
    }
    collected.push(message);
  }
  return iterate(collected);
}

async function* iterate(messages: readonly unknown[]): AsyncGenerator<unknown> {
  yield* messages;
}
