/** A field of a message: a number, or bytes. */
export interface ProtoField {
  /** The number of the field. */
  readonly number: number;
  /** A varint. 0 for other types. */
  readonly value: number;
  /** A string, bytes or message. Empty for other types. */
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);

/** Reads the fields of an encoded message, for the few messages that need no generated code. Throws for malformed bytes. */
export function readFields(bytes: Uint8Array): ProtoField[] {
  const fields: ProtoField[] = [];
  let at = 0;
  const varint = (): number => {
    // Numbers lose what is beyond 53 bits: no field that is read here has more.
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("the message is truncated");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const skip = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError("the message is truncated");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === 0) fields.push({ number, value: varint(), bytes: none });
    else if (type === 2) fields.push({ number, value: 0, bytes: skip(varint()) });
    else if (type === 1 || type === 5) skip(type === 1 ? 8 : 4);
    else throw new RangeError(`the message has a field of the unknown type ${type}`);
  }
  return fields;
}

/** The text of a field. */
export function textOf({ bytes }: ProtoField): string {
  return new TextDecoder().decode(bytes);
}
