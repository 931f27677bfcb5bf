import type { SagaCounters } from "../saga/index.js";

/** The counters of an app without sagas. */
export const noSagas: SagaCounters = {
  transitions: 0,
  fenced: 0,
  takenOver: 0,
  ignored: {},
  failures: 0,
  running: 0,
};
