/** A parsed path template of google.api.http. */
export interface PathTemplate {
  readonly segments: readonly PathTemplateSegment[];
  /** The verb after the last colon: `cancel`. */
  readonly verb: string | undefined;
}

/** A literal, `*`, `**`, or a variable: a field of the request and the segments that it matches. */
export type PathTemplateSegment = string | { readonly field: string; readonly segments: readonly string[] };

/** A syntax error in a path template; the offset counts characters from 0. */
export interface PathTemplateError {
  readonly reason: string;
  readonly offset: number;
}

/** Characters of a literal: pchar of RFC 3986 without `:`, which starts the verb. */
const literalPattern = /(?:[\w\-.~!$&'()+,;=@]|%[\dA-Fa-f]{2})+/y;
const fieldPathPattern = /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y;

class Malformed extends Error {
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

/**
 * Parses a path template with the grammar of google/api/http.proto:
 *
 *     Template  = "/" Segments [ ":" LITERAL ]
 *     Segments  = Segment { "/" Segment }
 *     Segment   = "*" | "**" | LITERAL | Variable
 *     Variable  = "{" FieldPath [ "=" Segments ] "}"
 *
 * `/` alone is the root. Variables do not nest, no field is bound twice, and `**` occurs at most once. The grammar requires
 * `**` last; this parser accepts literals after it, as published protos have them, because they end it unambiguously.
 */
export function parsePathTemplate(text: string): PathTemplate | PathTemplateError {
  try {
    return readTemplate(text);
  } catch (error) {
    if (error instanceof Malformed) {
      return { reason: error.message, offset: error.offset };
    }
    throw error;
  }
}

function readTemplate(text: string): PathTemplate {
  const fields = new Set<string>();
  let at = 0;
  let hasRest = false;

  const fail = (reason: string, offset = at): never => {
    throw new Malformed(reason, offset);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const skip = (token: string): boolean => {
    const found = text.startsWith(token, at);
    at += found ? token.length : 0;
    return found;
  };
  const found = (): string => (at < text.length ? `found "${text[at]}"` : "found the end of the path");

  const readPlain = (): string => {
    if (skip("**")) {
      if (hasRest) fail('"**" may occur only once', at - 2);
      hasRest = true;
      return "**";
    }
    return skip("*") ? "*" : (take(literalPattern) ?? fail(`expected a segment, ${found()}`));
  };
  const readVariable = (): PathTemplateSegment => {
    const start = at;
    const field = take(fieldPathPattern) ?? fail(`expected a field name, ${found()}`);
    if (fields.has(field)) {
      fail(`"${field}" is bound twice`, start);
    }
    fields.add(field);
    const segments: string[] = [];
    if (skip("=")) {
      do {
        if (text[at] === "{") {
          fail("variables do not nest");
        }
        segments.push(readPlain());
      } while (skip("/"));
    }
    if (!skip("}")) {
      fail(`expected "}", ${found()}`);
    }
    return { field, segments: segments.length === 0 ? ["*"] : segments };
  };

  if (!skip("/")) {
    fail(`expected "/", ${found()}`);
  }
  const segments: PathTemplateSegment[] = [];
  if (at < text.length) {
    do {
      segments.push(skip("{") ? readVariable() : readPlain());
    } while (skip("/"));
  }
  const verb = skip(":") ? (take(literalPattern) ?? fail(`expected a verb, ${found()}`)) : undefined;
  if (at < text.length) {
    fail(`expected ${verb === undefined ? '"/", ":" or the end of the path' : "the end of the path"}, ${found()}`);
  }
  return { segments, verb };
}
