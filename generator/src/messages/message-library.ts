import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { ImportSymbol, Printable } from "../printer/index.js";

/** How one message library names and shapes what it generates: all that targets know of it. */
export interface MessageLibrary {
  /** The type of a message: `OrderPlaced`. */
  type(message: DescMessage): ImportSymbol;
  /** What the compiler is told of a message: `Es<typeof OrderPlacedSchema>`. */
  types(message: DescMessage): Printable;
  /** The expression of its codec: `es(OrderPlacedSchema)`. */
  codec(message: DescMessage, importer: string): Printable;
  /** The property of a field in its message. */
  property(field: DescField): string;
  /** The type of a field that is an id. */
  idType(field: DescField): "string" | "number" | "bigint";
  /** Whether descriptors must be generated beside a file, since the library keeps none at run time. */
  readonly needsDescriptors: boolean;
}

/** The path of the descriptors that go with a file, without an extension. */
export function descriptorsPath(fileName: string): string {
  return `${fileName}_descriptors`;
}
