import type { DescEnum, DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";
import type { Schema } from "../keywords/index.js";
import type { Audience } from "./audience.js";

/** Whether a schema is of what is sent to the service, or of what it answers. */
export type Direction = "input" | "output";

/** How the schema of one type refers to those of others. What is referred to becomes a component. */
export interface References {
  readonly direction: Direction;
  readonly facts: OpenApiFacts;
  readonly audience: Audience;
  message(desc: DescMessage): Schema;
  enumeration(desc: DescEnum): Schema;
  scalar(type: ScalarType): Schema;
}
