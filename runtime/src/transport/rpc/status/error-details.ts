import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { PotterError, Violation } from "../../../errors/index.js";
import { writeBytes, writeInt, writeText } from "./wire.js";

/** A message that describes an error, as a google.protobuf.Any holds it. */
export interface Detail {
  /** The full name of the message. */
  readonly typeName: string;
  readonly value: Uint8Array;
  /** The message as ProtoJSON, if it is known. */
  readonly json?: unknown;
}

/**
 * Returns the details of an error: those that it carries, its violations as google.rpc.BadRequest, and when to retry as
 * google.rpc.RetryInfo.
 */
export function detailsOf(error: PotterError): readonly Detail[] {
  const { details, violations, retryAfter } = error;
  if (details.length === 0 && violations.length === 0 && retryAfter === undefined) return none;
  const found: Detail[] = [];
  for (const detail of details) {
    const value = detail.encode?.();
    if (value !== undefined) found.push({ typeName: detail.typeName, value, json: detail.json });
  }
  if (violations.length > 0) found.push(toBadRequest(violations));
  if (retryAfter !== undefined) found.push(toRetryInfo(retryAfter));
  return found;
}

const none: readonly Detail[] = [];

function toBadRequest(violations: readonly Violation[]): Detail {
  const writer = new BinaryWriter();
  for (const { field, rule, message } of violations) {
    const violation = new BinaryWriter();
    writeText(violation, 1, field);
    writeText(violation, 2, message);
    writeText(violation, 3, rule);
    writeBytes(writer, 1, violation.finish());
  }
  const json = {
    fieldViolations: violations.map(({ field, rule, message }) => ({ field, description: message, reason: rule })),
  };
  return { typeName: "google.rpc.BadRequest", value: writer.finish(), json };
}

function toRetryInfo(milliseconds: number): Detail {
  const seconds = Math.floor(milliseconds / 1000);
  const nanos = Math.round((milliseconds - seconds * 1000) * 1_000_000);
  const duration = new BinaryWriter();
  writeInt(duration, 1, seconds);
  writeInt(duration, 2, nanos);
  const value = writeBytes(new BinaryWriter(), 1, duration.finish()).finish();
  return { typeName: "google.rpc.RetryInfo", value, json: { retryDelay: `${milliseconds / 1000}s` } };
}

/** Writes a google.rpc.Status. */
export function writeStatus(code: number, message: string, details: readonly Detail[]): Uint8Array {
  const writer = new BinaryWriter();
  writeInt(writer, 1, code);
  writeText(writer, 2, message);
  for (const { typeName, value } of details) {
    const any = new BinaryWriter();
    writeText(any, 1, `type.googleapis.com/${typeName}`);
    if (value.length > 0) writeBytes(any, 2, value);
    writeBytes(writer, 3, any.finish());
  }
  return writer.finish();
}
