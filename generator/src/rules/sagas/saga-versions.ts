import { optionNumbers } from "../../model/index.js";
import type { Rule } from "../rule.js";
import { placeOf, titleOf, versionsOf } from "./steps.js";

/** The versions of steps exist, each version has a step, and each step shares a version with those that it follows. */
export const sagaVersions: Rule = (model, diagnostics) => {
  for (const saga of model.all.flatMap(({ sagas }) => sagas)) {
    const { desc, steps, version } = saga;
    for (const step of steps) {
      const { sinceVersion: since = 1, untilVersion: until } = step;
      const report = (why: string, hint: string) =>
        diagnostics.report("saga-versions", placeOf(step, saga), titleOf(step, saga), why, hint);
      if (until !== undefined && since > until) {
        report(`exists since version ${since} and until version ${until}`, "correct one of them");
      } else if (since > version) {
        report(`exists since version ${since}, but the saga has version ${version}`, 'raise "version" of the saga');
      } else if (until !== undefined && until >= version) {
        const why = `exists until version ${until}, but the saga has version ${version}`;
        report(why, 'raise "version" of the saga: a step is removed in the version after "until_version"');
      }
      for (const before of step.after) {
        const { sinceVersion = 1, untilVersion = Number.POSITIVE_INFINITY } = before;
        if (sinceVersion <= (until ?? Number.POSITIVE_INFINITY) && since <= untilVersion) continue;
        report(
          `follows step "${before.name}", but no version has both`,
          'remove it from "after", or correct the versions',
        );
      }
    }
    const empty = steps.length === 0 ? undefined : versionsOf(saga).find((one) => one.steps.length === 0);
    if (empty === undefined) continue;
    const ref = { desc, option: optionNumbers.saga };
    const hint = "instances that started with this version would end at once: correct the versions of the steps";
    diagnostics.report("saga-versions", ref, desc.name, `has no step in version ${empty.version}`, hint);
  }
};
