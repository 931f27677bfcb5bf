import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import type {
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  ConformancePayload,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  UnaryRequestSchema,
} from "../gen/connectrpc/conformance/v1/service_pb.js";

/** The options of a call. */
export interface Options {
  /** Metadata of the request; values of names that end in `-bin` are base64. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly timeout?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/**
 * What a client received. Metadata has lower-case names; several values are joined by `, `, and those of names that end in `-bin`
 * are base64 without padding.
 */
export interface Outcome {
  readonly payloads: readonly ConformancePayload[];
  readonly headers: ReadonlyMap<string, string>;
  readonly trailers: ReadonlyMap<string, string>;
  readonly error?: { readonly code: number; readonly message: string; readonly details: readonly Any[] };
}

/** The response of any method. That of Unimplemented has no payload. */
export interface Response {
  readonly $typeName: string;
  readonly payload?: ConformancePayload | undefined;
}

/** A client that others wrote, as the tests use it. A failed call resolves with an error. */
export interface ForeignClient {
  /** Whether an error at the end of a stream discards items that arrived with it and were not read yet. Default: `false`. */
  readonly discardsUnread?: boolean;
  unary(request: MessageInitShape<typeof UnaryRequestSchema>, options?: Options): Promise<Outcome>;
  idempotentUnary(request: MessageInitShape<typeof IdempotentUnaryRequestSchema>, options?: Options): Promise<Outcome>;
  /** Calls a method that the server does not implement. */
  unimplemented(): Promise<Outcome>;
  /** Calls `received` with each payload before it reads the next. */
  serverStream(
    request: MessageInitShape<typeof ServerStreamRequestSchema>,
    options?: Options,
    received?: (payload: ConformancePayload) => void,
  ): Promise<Outcome>;
  /** Absent: the client cannot send streams. */
  clientStream?(
    requests: AsyncIterable<MessageInitShape<typeof ClientStreamRequestSchema>>,
    options?: Options,
  ): Promise<Outcome>;
  /** Absent: the client cannot send while it receives. */
  bidiStream?(
    requests: AsyncIterable<MessageInitShape<typeof BidiStreamRequestSchema>>,
    options?: Options,
    received?: (payload: ConformancePayload) => void,
  ): Promise<Outcome>;
  /** Closes the client's connections. */
  close(): void;
}
