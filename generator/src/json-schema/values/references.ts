import type { DescEnum, DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";
import type { Schema } from "../keywords/index.js";
import type { Audience } from "./audience.js";

/** `input`: what the service receives. `output`: what it returns. */
export type Direction = "input" | "output";

/** How a schema refers to the schemas of other types. Types that are referred to become components. */
export interface References {
  readonly direction: Direction;
  readonly facts: OpenApiFacts;
  readonly audience: Audience;
  message(desc: DescMessage): Schema;
  enumeration(desc: DescEnum): Schema;
  scalar(type: ScalarType): Schema;
}
