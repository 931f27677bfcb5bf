import { toFieldPath } from "../transport/index.js";

/**
 * Says where a field is in the notation of all transports: `lines[0].unitPrice` for the JSON Pointer `/lines/0/unitPrice`. What is no
 * pointer is the name of a parameter: `filter.minTotal`, or `filter.min_total`.
 */
export function fromPointer(pointer: string): string {
  if (!pointer.startsWith("/")) return toFieldPath(pointer);
  const names = pointer.slice(1).split("/");
  const path = names.map((name) => toStep(name.replaceAll("~1", "/").replaceAll("~0", "~"))).join("");
  return path.replace(/^\./, "");
}

function toStep(name: string): string {
  if (/^\d+$/.test(name)) return `[${name}]`;
  return /^[a-z_]\w*$/i.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
