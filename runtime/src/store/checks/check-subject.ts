import type { SubjectId } from "../ports/index.js";
import { checkTenant } from "./check-append.js";
import { checkText, maxTextBytes } from "./check-value.js";

/** Refuses the name of a subject that not every store can keep. Never repeats it. */
export function checkSubject({ tenant, subject }: SubjectId): void {
  checkTenant(tenant);
  checkText("the subject of personal data", subject, maxTextBytes.id);
}
