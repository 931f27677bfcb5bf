import type { CheckName } from "./explanations.js";

/** How grave a finding is: `ok`; `warning`: something works less well; `error`: something cannot work. */
export type Status = "ok" | "warning" | "error";

/** What a check has found. */
export interface Finding {
  readonly status: Status;
  /** What was found, with its place. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string | undefined;
}

/** A finding with the name of its check. */
export interface CheckedFinding extends Finding {
  readonly check: string;
}

/** A part of the project that is looked at. */
export interface Check {
  /** As the report names it: `tsconfig`. */
  readonly name: CheckName;
  /** What it is about to do, for the progress. */
  readonly step: string;
  /** May throw: the error becomes a finding. */
  run(folder: string): Promise<readonly Finding[]> | readonly Finding[];
}

/** Creates a finding of something that is as it should be. */
export function ok(message: string): Finding {
  return { status: "ok", message, remedy: undefined };
}

/** Creates a finding of something that works less well than it could. */
export function warning(message: string, remedy: string): Finding {
  return { status: "warning", message, remedy };
}

/** Creates a finding of something that cannot work. */
export function error(message: string, remedy: string): Finding {
  return { status: "error", message, remedy };
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
