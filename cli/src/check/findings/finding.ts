import type { Location } from "@potter/generator/tooling";

/** A part of the contract on which somebody or something depends. */
export type Surface =
  | "wire"
  | "events"
  | "aggregates"
  | "commands"
  | "sagas"
  | "read-models"
  | "rest"
  | "graphql"
  | "asyncapi"
  | "personal-data"
  | "lock"
  | "generated"
  | "scaffold"
  | "acceptances";

/** All surfaces, in the order of reports. */
export const surfaces: readonly Surface[] = [
  "wire",
  "events",
  "aggregates",
  "commands",
  "sagas",
  "read-models",
  "rest",
  "graphql",
  "asyncapi",
  "personal-data",
  "lock",
  "generated",
  "scaffold",
  "acceptances",
];

/**
 * `breaking`: stored data, running sagas or clients of the base fail or are misread. `dangerous`: they can. `compatible`: worth a
 * line in a review, and nothing fails.
 */
export type Severity = "breaking" | "dangerous" | "compatible";

/** All severities, the worst first. */
export const severities: readonly Severity[] = ["breaking", "dangerous", "compatible"];

/** Where a change is: in the head, or in the base if its element is gone. */
export interface Place {
  /** The contract that has the element. */
  readonly side: "base" | "head";
  /** A range of a proto file, or the file alone if nothing says more. The file is named as imports name it. */
  readonly location: Location | { readonly file: string };
  /** The word within the location. */
  readonly focus?: string;
  /** The field of the option whose value is the focus. */
  readonly key?: string;
}

/** One change of a contract. */
export interface Finding {
  /** The kind of change: `event-removed`. */
  readonly code: string;
  /** What it affects. */
  readonly surface: Surface;
  /** How bad it is. */
  readonly severity: Severity;
  /** What has changed: `order.placed version 1`, `POST /v1/orders`. Acceptances name it. */
  readonly element: string;
  /** Where it is; undefined: it has no place in a proto file. */
  readonly place: Place | undefined;
  /** A file that is no proto file, from the folder of the project. */
  readonly file?: string;
  /** Where in this file, from 1. */
  readonly at?: { readonly line: number; readonly column: number };
  /** What has changed, as a sentence. */
  readonly message: string;
  /** What fails, and for whom. */
  readonly effect: string;
  /** How to avoid it. */
  readonly remedy: string;
}
