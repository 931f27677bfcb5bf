import { PotterError } from "../errors/index.js";

/** An argument of a page that is not right. */
export function invalidPage(field: string, message: string): PotterError {
  return new PotterError("invalid_argument", `${field} ${message}`, {
    violations: [{ field, rule: "page", message }],
  });
}
