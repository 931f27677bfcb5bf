import { PotterError } from "../errors/index.js";

/** The error for an invalid paging argument. */
export function invalidPage(field: string, message: string): PotterError {
  return new PotterError("invalid_argument", `${field} ${message}`, {
    violations: [{ field, rule: "page", message }],
  });
}
