import type { Logger } from "../cqrs/index.js";
import type { Engine } from "../message/index.js";
import { type ContractMessages, PersonalContents, type SealStore, sealStore } from "../personal/index.js";
import type { Part } from "./part.js";
import { warnOfUniqueValues } from "./unique-values.js";

/** Encrypts personal data in the store. */
export interface PersonalDataEngine extends Engine<"personal data"> {
  readonly seal: SealStore;
  /** Reports declarations by which erasing a subject would leave something behind. */
  warn(parts: readonly Part[], messages: ContractMessages, logger: Logger): void;
}

const engine: PersonalDataEngine = {
  name: "personal data",
  seal: sealStore,
  warn: (parts, messages, logger) => warnOfUniqueValues(parts, new PersonalContents(messages), logger),
};

/**
 * Encrypts personal fields. Generated code contains it where messages have some. Pass it as `personalData.engine` to read data
 * that was encrypted before the contract lost its last personal field.
 */
export const personalData: Engine<"personal data"> = engine;

/** All engines of this name are the one above. */
export function isPersonalData(engine: Engine): engine is PersonalDataEngine {
  return engine.name === "personal data";
}
