/** A path of google.api.http, parsed. */
export interface PathTemplate {
  readonly segments: readonly PathTemplateSegment[];
  /** After the last colon: `cancel`. */
  readonly verb: string | undefined;
}

/** A literal, `*`, `**`, or what a field of the request is bound to. */
export type PathTemplateSegment = string | { readonly field: string; readonly segments: readonly string[] };

/** Where a template stops making sense; the offset counts characters from 0. */
export interface PathTemplateError {
  readonly reason: string;
  readonly offset: number;
}

/** What may stand in a literal: RFC 3986's pchar, with `:` apart since it begins the verb. */
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
 * Reads a path template by the grammar of google/api/http.proto:
 *
 *     Template  = "/" Segments [ ":" LITERAL ]
 *     Segments  = Segment { "/" Segment }
 *     Segment   = "*" | "**" | LITERAL | Variable
 *     Variable  = "{" FieldPath [ "=" Segments ] "}"
 *
 * with `/` alone as the root. Variables do not nest, no field is bound twice, and `**` stands once: the
 * grammar wants it last, but protos in the wild have literals behind it, and those say unambiguously where it ends.
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
  const found = (): string => (at < text.length ? `found "${text[at]}"` : "found the end");

  const readPlain = (): string => {
    if (skip("**")) {
      if (hasRest) fail('"**" may stand once', at - 2);
      hasRest = true;
      return "**";
    }
    return skip("*") ? "*" : (take(literalPattern) ?? fail(`expected a segment, ${found()}`));
  };
  const readVariable = (): PathTemplateSegment => {
    const start = at;
    const field = take(fieldPathPattern) ?? fail(`expected the name of a field, ${found()}`);
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
    fail(`expected ${verb === undefined ? '"/", ":" or the end' : "the end"}, ${found()}`);
  }
  return { segments, verb };
}
