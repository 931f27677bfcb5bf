import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Printable } from "../../../printer/index.js";

/** How a client sees messages: as plain ProtoJSON, or as objects of a message library. */
export interface Flavour {
  /** Whether the target declares the types of messages itself. */
  readonly declaresTypes: boolean;
  /** The type of what a caller passes. */
  input(message: DescMessage): Printable;
  /** The type of what a caller receives. */
  output(message: DescMessage): Printable;
  /** The expression of its codec; undefined: messages are ProtoJSON already. */
  codec(message: DescMessage): Printable | undefined;
  /** The property name of a field. */
  property(field: DescField): string;
}
