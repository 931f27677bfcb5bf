// The cases about personal data that every store passes.
import type { PersonalCase } from "./personal-case.fixture.js";
import { erasureCases } from "./personal-erasure.fixture.js";
import { keyCases } from "./personal-keys.fixture.js";
import { sagaCases } from "./personal-sagas.fixture.js";
import { snapshotCases } from "./personal-snapshots.fixture.js";
import { storageCases } from "./personal-storage.fixture.js";

export const personalCases: readonly PersonalCase[] = [
  ...storageCases,
  ...erasureCases,
  ...snapshotCases,
  ...keyCases,
  ...sagaCases,
];
