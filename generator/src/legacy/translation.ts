import type { DescExtension, JsonValue } from "@bufbuild/protobuf";
import type { LegacyUse } from "./uses.js";

/** A field of an option of Go Potter that the option which replaces it has too. */
export interface KeptField {
  /** Its name: `timeout_seconds`. */
  readonly field: string;
  /** The field of potter.v1: `timeout`. */
  readonly to: string;
  /** The value in ProtoJSON. */
  readonly value: JsonValue;
  /** Whether the value is written as it was. */
  readonly isSame: boolean;
}

/** A field that another option of potter.v1 has. */
export interface MovedField {
  readonly field: string;
  readonly extension: DescExtension;
  /** The element that has this option: the same, or its file. */
  readonly on: "element" | "file";
  readonly to: string;
  readonly value: JsonValue;
}

/** A field that has no counterpart. */
export interface LostField {
  readonly field: string;
  /** What to do instead, as a clause. */
  readonly why: string;
}

/** What an option of Go Potter is in potter.v1. */
export interface Translation {
  readonly use: LegacyUse;
  /** The option that replaces it; undefined: none does. */
  readonly replacement: DescExtension | undefined;
  /** Why nothing replaces it. */
  readonly why: string;
  readonly kept: readonly KeptField[];
  readonly moved: readonly MovedField[];
  readonly lost: readonly LostField[];
  /** Whether the element gets proto's own option `deprecated`. */
  readonly deprecated: boolean;
  /** Fields of the replacement that the contract implies, and Go Potter does not have. */
  readonly implied: Readonly<Record<string, JsonValue>>;
}
