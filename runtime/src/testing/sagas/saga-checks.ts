import type { SagaDefinition, SagaPart } from "../../saga/declaration/index.js";
import { fieldReadBy } from "../../saga/machine/index.js";
import { ExpectationError } from "../expectations/index.js";

/** Throws if a step runs a saga that is not among these. */
export function checkChildren(parts: readonly SagaPart[]): void {
  const names = new Set(parts.map(({ saga }) => saga.name));
  for (const { saga } of parts) {
    for (const [localName, step] of Object.entries(saga.steps)) {
      if (step.kind !== "saga" || names.has(step.saga().name)) continue;
      throw new RangeError(
        `the step ${localName} of the saga ${saga.name} runs the saga ${step.saga().name}, which is not known: ` +
          "pass its part to specifySaga, as in { sagas: [child] }",
      );
    }
  }
}

/** Throws if the saga would not receive the event: another one would, or none. */
export function expectMatch(saga: SagaDefinition, localName: string, event: unknown, data: unknown): void {
  const step = saga.steps[localName];
  if (step?.kind !== "event") return;
  const { eventKey, key = saga.key } = step;
  const found = eventKey(event as never);
  const expected = key(data as never);
  if (found === expected && found !== "") return;
  const fields = `its ${fieldReadBy(eventKey)} must equal ${fieldReadBy(key)} of the data`;
  const wanted = expected === "" ? "which has no value yet" : JSON.stringify(expected);
  throw new ExpectationError(
    `expected the event of ${localName} to match the saga: ${fields}, ${wanted}, found ${JSON.stringify(found)}`,
    found,
    expected,
  );
}
