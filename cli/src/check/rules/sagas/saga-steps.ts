import type { SagaModel } from "@potter/generator";
import { pairElements } from "../../contract/index.js";
import { inBase, inHead, type Where } from "../../findings/index.js";
import { optionNumbers } from "../option-numbers.js";
import type { Rule } from "../rule.js";
import { actionOf, differences, orderOf, stepsOf, timingOf } from "./step-facts.js";

/** The versions of a saga that can have instances in flight keep their steps and their order. */
export const sagaSteps: Rule = ({ sagas }, findings) => {
  for (const { base, head } of sagas.kept) {
    for (const version of versionsOf(base, head)) {
      const [before, now] = [stepsOf(base, version), stepsOf(head, version)];
      const { kept, gone, added } = pairElements([...before.values()], [...now.values()], ({ name }) => name);
      for (const { name } of gone) {
        const where = inBase(base.desc, { option: optionNumbers.saga, focus: `"${name}"`, key: "name" });
        findings.report("saga-step-removed", elementOf(base, name), where, titleOf(base, name), `${version}`);
      }
      for (const { name } of added) {
        findings.report(
          "saga-step-added",
          elementOf(head, name),
          stepIn(head, name),
          titleOf(head, name),
          `${version}`,
        );
      }
      for (const pair of kept) {
        const [order, newOrder] = [orderOf(pair.base, version), orderOf(pair.head, version)];
        if (order === newOrder) continue;
        const { name } = pair.head;
        const title = titleOf(head, name);
        findings.report("saga-step-reordered", elementOf(head, name), stepIn(head, name), title, order, newOrder);
      }
    }
  }
};

/** A step does the same, since its options hold for all versions that have it. */
export const sagaActions: Rule = ({ sagas }, findings) => {
  for (const { base, head } of sagas.kept) {
    for (const pair of pairElements(base.steps, head.steps, ({ name }) => name).kept) {
      const { name } = pair.head;
      for (const what of differences(actionOf(pair.base), actionOf(pair.head))) {
        findings.report("saga-step-changed", elementOf(head, name), stepIn(head, name), titleOf(head, name), what);
      }
    }
  }
};

/** Instances in flight have as much time as before. */
export const sagaTiming: Rule = ({ sagas }, findings) => {
  for (const { base, head } of sagas.kept) {
    const name = head.desc.typeName;
    if (base.deadline !== head.deadline) {
      findings.report("saga-timing-changed", name, inHead(head.desc), `the saga ${name}`, "deadline");
    }
    for (const pair of pairElements(base.steps, head.steps, (one) => one.name).kept) {
      const step = pair.head.name;
      for (const what of differences(timingOf(pair.base), timingOf(pair.head))) {
        findings.report("saga-timing-changed", elementOf(head, step), stepIn(head, step), titleOf(head, step), what);
      }
    }
  }
};

/** The versions up to that of the base, of which only those matter that can differ from the one before. */
function versionsOf(base: SagaModel, head: SagaModel): readonly number[] {
  const bounds = [...base.steps, ...head.steps].flatMap(({ sinceVersion = 1, untilVersion }) =>
    untilVersion === undefined ? [sinceVersion] : [sinceVersion, untilVersion + 1],
  );
  return [...new Set([1, ...bounds])].filter((version) => version <= base.version).sort((a, b) => a - b);
}

function elementOf({ desc }: SagaModel, step: string): string {
  return `${desc.typeName}.${step}`;
}

function titleOf({ desc }: SagaModel, step: string): string {
  return `the step "${step}" of ${desc.typeName}`;
}

function stepIn({ desc }: SagaModel, step: string): Where {
  return inHead(desc, { option: optionNumbers.saga, focus: `"${step}"`, key: "name" });
}
