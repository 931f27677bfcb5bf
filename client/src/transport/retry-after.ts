import type { ResponseHeaders } from "../errors/index.js";

/** Reads `retry-after`: seconds, or a date. Returns milliseconds, as a property for options of errors; empty if there is none. */
export function readRetryAfter(headers: ResponseHeaders): { readonly retryAfter?: number } {
  const value = headers.get("retry-after");
  if (!value) return {};
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(milliseconds) ? {} : { retryAfter: Math.max(milliseconds, 0) };
}
