/** A JSON reference within the document. */
export interface Reference {
  readonly $ref: string;
}

/** Refers to a message of the components. */
export function messageReference(name: string): Reference {
  return { $ref: `#/components/messages/${toFragment(name)}` };
}

/** Encodes a name for a JSON Pointer in a URI fragment (RFC 6901). */
export function toFragment(name: string): string {
  return encodeURI(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}
