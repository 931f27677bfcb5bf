import type { SubjectId } from "../ports/index.js";
import { checkTenant } from "./check-append.js";
import { checkText, maxTextBytes } from "./check-value.js";

/** Refuses a subject that some store cannot keep. The message never contains the subject. */
export function checkSubject({ tenant, subject }: SubjectId): void {
  checkTenant(tenant);
  checkText("the subject of personal data", subject, maxTextBytes.id);
}
