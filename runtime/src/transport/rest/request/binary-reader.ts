import { type DescMessage, equals, fromBinary, isFieldSet, isMessage, type Message } from "@bufbuild/protobuf";
import type { AnyMethod } from "../../../cqrs/index.js";
import { HttpError, readFieldPath } from "../../../http/index.js";
import { mergeBinary, messageIn, valueIn, writeField } from "../messages/index.js";
import { ParameterError } from "./parameter-error.js";
import type { RequestReader } from "./request-reader.js";

/** Reads binary bodies. Parameters of path and query are merged into the message as the wire format does. */
export class BinaryReader {
  private readonly request: AnyMethod["request"];
  private readonly reader: RequestReader;
  private readonly recursionLimit: number;
  /** Whether messages are of protobuf-es. */
  private readonly native: boolean;

  constructor({ request }: AnyMethod, reader: RequestReader, recursionLimit: number) {
    this.request = request;
    this.reader = reader;
    this.recursionLimit = recursionLimit;
    this.native = isMessage(request.create(), request.schema);
  }

  /** Creates the request message. `bytes` are the request, or the field that is the body. */
  read(bytes: Uint8Array, query: string, values: readonly string[]): unknown {
    const { bodyField, mask } = this.reader;
    const body = bodyField?.fieldKind === "message" ? writeField(bodyField, bytes) : bytes;
    const own = this.check(body);
    const json = this.reader.readParameters(query, values);
    let message: unknown;
    if (json === undefined) {
      message = this.native ? own : this.request.decode(body);
    } else {
      const whole = mergeBinary(body, this.request.encode(this.request.fromJson(json)));
      const merged = fromBinary(this.request.schema, whole);
      this.compare(own, merged);
      message = this.native ? merged : this.request.decode(whole);
    }
    return mask === undefined ? message : mask.addTo(message);
  }

  private check(body: Uint8Array): Message {
    try {
      return fromBinary(this.request.schema, body, { recursionLimit: this.recursionLimit });
    } catch {
      const { typeName } = this.reader.bodyField?.message ?? this.request.schema;
      throw new HttpError(400, "invalid_argument", `the body is not a valid ${typeName} in the binary format`);
    }
  }

  /** A field that is in the path must have the same value in the body, or be left out. */
  private compare(own: Message, merged: Message): void {
    for (const { field, binding } of this.reader.parameters) {
      let before: Message | undefined = own;
      let after: Message | undefined = merged;
      for (const step of binding.fields.slice(0, -1)) {
        before = before && messageIn(before, step);
        after = after && messageIn(after, step);
      }
      const leaf = binding.fields[binding.fields.length - 1];
      if (before === undefined || after === undefined || leaf === undefined || !isFieldSet(before, leaf)) continue;
      if (isSame(valueIn(before, leaf), valueIn(after, leaf), leaf.message)) continue;
      const pointer = this.reader.pointInBody(readFieldPath(field));
      throw new ParameterError("body", pointer, "http.path_conflict", "must be the same as in the path, or left out");
    }
  }
}

function isSame(a: unknown, b: unknown, schema: DescMessage | undefined): boolean {
  if (schema !== undefined && isMessage(a) && isMessage(b)) return equals(schema, a, b);
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
