import { fromBinary } from "@bufbuild/protobuf";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";
import type { Outcome } from "./foreign-client.js";

/** Metadata of grpc-js or nice-grpc, each name with its values. */
type Entries = Iterable<readonly [name: string, values: readonly (string | Uint8Array)[]]>;

/** The values of metadata as the tests compare them. */
export function toMap(entries: Entries): ReadonlyMap<string, string> {
  return new Map(Array.from(entries, ([name, values]) => [name, values.map(toText).join(", ")]));
}

/** The error of a call, with the details that its trailers contain. */
export function toError(code: number, message: string, trailers: ReadonlyMap<string, string>): Outcome["error"] {
  const status = trailers.get("grpc-status-details-bin");
  const details = status === undefined ? [] : fromBinary(StatusSchema, Buffer.from(status, "base64")).details;
  return { code, message, details };
}

function toText(value: string | Uint8Array): string {
  return typeof value === "string" ? value : Buffer.from(value).toString("base64").replace(/=+$/, "");
}
