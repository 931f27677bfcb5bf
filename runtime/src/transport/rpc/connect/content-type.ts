import { isUtf8Type, toMediaType } from "../../../http/index.js";
import type { FormatName } from "../calls/index.js";

/** What a content type of Connect means. */
export interface ConnectType {
  /** Whether the body has envelopes, for methods with streams. */
  readonly streams: boolean;
  readonly format: FormatName;
  readonly contentType: string;
}

const types = new Map<string, ConnectType>();
for (const format of ["proto", "json"] as const) {
  for (const streams of [false, true]) {
    const contentType = `application/${streams ? "connect+" : ""}${format}`;
    types.set(contentType, Object.freeze({ streams, format, contentType }));
  }
}

/** Returns what a content type means; undefined: it is not one of Connect. */
export function findConnectType(contentType: string): ConnectType | undefined {
  const known = types.get(contentType);
  if (known !== undefined) return known;
  return isUtf8Type(contentType) ? types.get(toMediaType(contentType)) : undefined;
}

/** The content types of requests to a method. */
export function listConnectTypes(streams: boolean): readonly string[] {
  return [...types.values()].filter((type) => type.streams === streams).map((type) => type.contentType);
}
