import type { MessageInitShape } from "@bufbuild/protobuf";
import { isPotterClientError, type PotterClientError, type ResponseHeaders } from "@potter/client";
import { codes } from "../codes.js";
import type { ClientResponseResultSchema } from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import type { ConformancePayload, ErrorSchema, HeaderSchema } from "../gen/connectrpc/conformance/v1/service_pb.js";

type Result = MessageInitShape<typeof ClientResponseResultSchema>;

/** What is known of a call while it runs. */
export class Outcome {
  readonly payloads: ConformancePayload[] = [];
  private headers: ResponseHeaders | undefined;
  private trailers: ResponseHeaders | undefined;

  /** Adds a response. One without payload counts as one with an empty payload. */
  add(payload: ConformancePayload): void {
    this.payloads.push(payload);
  }

  /** The server has begun to answer. */
  begin({
    headers,
    trailers,
  }: {
    readonly headers: ResponseHeaders;
    readonly trailers?: ResponseHeaders | undefined;
  }): void {
    this.headers = headers;
    this.trailers = trailers;
  }

  /** Describes the outcome of a call. Throws what is no error of a call. */
  describe(error: unknown): Result {
    if (error !== undefined && !isPotterClientError(error)) throw error;
    return {
      payloads: this.payloads,
      responseHeaders: toHeaders(error?.headers ?? this.headers),
      responseTrailers: toHeaders(error?.trailers ?? this.trailers),
      ...(error && { error: toError(error) }),
    };
  }
}

function toHeaders(headers: ResponseHeaders | undefined): MessageInitShape<typeof HeaderSchema>[] {
  const list: MessageInitShape<typeof HeaderSchema>[] = [];
  headers?.forEach((value, name) => {
    list.push({ name, value: [value] });
  });
  return list;
}

function toError({ code, message, details }: PotterClientError): MessageInitShape<typeof ErrorSchema> {
  return {
    code: codes.indexOf(code) + 1,
    message,
    details: details.map(({ typeName, bytes }) => {
      return { typeUrl: `type.googleapis.com/${typeName}`, ...(bytes && { value: bytes }) };
    }),
  };
}
