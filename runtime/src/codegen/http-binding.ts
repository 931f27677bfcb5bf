import type { HttpBinding, PathSegment } from "../cqrs/index.js";

/**
 * Creates an HTTP binding from its path template, which the generator has checked. A call per binding, because
 * type-checking the parsed template as a literal costs the compiler several times as much.
 */
export function httpBinding(
  method: string,
  path: string,
  bodies?: Pick<HttpBinding, "body" | "responseBody">,
): HttpBinding {
  // Neither literals nor variables contain a colon.
  const [template = "", verb] = path.split(":");
  const segments = template.match(/\{[^}]*\}|[^/]+/g) ?? [];
  return { method, path, segments: segments.map(toSegment), ...(verb !== undefined && { verb }), ...bodies };
}

function toSegment(text: string): PathSegment {
  if (!text.startsWith("{")) return text;
  const content = text.slice(1, -1);
  const equals = content.indexOf("=");
  return equals < 0
    ? { field: content, segments: ["*"] }
    : { field: content.slice(0, equals), segments: content.slice(equals + 1).split("/") };
}
