import type { SagaControl, SagaOwner } from "../../../saga/index.js";
import type { Invocation } from "../command.js";
import { suggestion } from "../suggestion.js";
import { UsageError } from "../usage-error.js";

/** The option of all commands that address sagas. */
export const tenant = { value: "tenant", help: "the tenant whose sagas they are" };

/** Finds the sagas that the first operand names, by the full name of their data or its last segments. Does not start the app. */
export async function findSaga({ options, target }: Invocation): Promise<SagaControl> {
  const app = await (await target()).open();
  const given = options.operands[0] ?? "";
  return app.saga(findType(app.sagaTypes, given));
}

/** The sagas that the first operand names; without one, all of the app, by name. Does not start the app. */
export async function findSagas({ options, target }: Invocation): Promise<ReadonlyMap<string, SagaControl>> {
  const app = await (await target()).open();
  const [given] = options.operands;
  const types = given === undefined ? [...app.sagaTypes].sort() : [findType(app.sagaTypes, given)];
  return new Map(types.map((type) => [type, app.saga(type)]));
}

function findType(names: readonly string[], given: string): string {
  const found = names.filter((name) => name === given || name.endsWith(`.${given}`));
  if (found.length === 1) return found[0] as string;
  if (found.length > 1) throw new UsageError(`${given} is ambiguous: expected ${found.join(" or ")}`);
  const known = given.includes(".") ? names : names.map((name) => name.slice(name.lastIndexOf(".") + 1));
  throw new UsageError(`unknown saga ${given}${suggestion(given, known)}`);
}

/** Reads whose sagas a command addresses. */
export function readOwner({ options }: Invocation): SagaOwner {
  const given = options.text("tenant");
  return given === undefined ? {} : { tenant: given };
}
