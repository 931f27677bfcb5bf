import { PotterError } from "../../errors/index.js";
import type { Ignored } from "./transitions.js";

/**
 * The saga has gone on without this command: another process has taken it over, or its step has ended. `not_stored`: the transition
 * that begins it was not stored.
 */
export class Fenced extends PotterError {
  readonly reason: Ignored | "exists" | "not_stored";

  constructor(reason: Ignored | "exists" | "not_stored") {
    super("aborted", "the saga has gone on without this command");
    this.reason = reason;
  }
}
