import { toMediaType } from "../../../http/index.js";
import type { FormatName } from "../calls/index.js";

/** How the messages of a call are sent: as HTTP/2 with trailers, or in the body alone, as bytes or as base64. */
export type GrpcFraming = "grpc" | "web" | "web-text";

/** What a content type of gRPC or gRPC-Web means. */
export interface GrpcType {
  readonly framing: GrpcFraming;
  readonly format: FormatName;
  /** The headers of a response without metadata. */
  readonly headers: Readonly<Record<string, string>>;
}

const framings: readonly [prefix: string, framing: GrpcFraming][] = [
  ["application/grpc", "grpc"],
  ["application/grpc-web", "web"],
  ["application/grpc-web-text", "web-text"],
];

const types = new Map<string, GrpcType>();
for (const [prefix, framing] of framings) {
  for (const format of ["proto", "json"] as const) {
    const contentType = `${prefix}+${format}`;
    types.set(contentType, { framing, format, headers: Object.freeze({ "content-type": contentType }) });
  }
  types.set(prefix, { framing, format: "proto", headers: Object.freeze({ "content-type": prefix }) });
}

/** Returns what a content type means; undefined: it is not one of gRPC or gRPC-Web. */
export function findGrpcType(contentType: string): GrpcType | undefined {
  return types.get(contentType) ?? types.get(toMediaType(contentType));
}
