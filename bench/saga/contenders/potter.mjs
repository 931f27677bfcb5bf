// By the public API, as any app would: the commands of local steps are decided by aggregates, those of remote steps are functions.
import {
  createSagaApp,
  LocalTen,
  LocalThree,
  postgres,
  RemoteTen,
  RemoteThree,
  SameTen,
  SameThree,
} from "../../potter/dist/saga.mjs";
import { createStep } from "../step.mjs";

const sagas = {
  local: { 3: LocalThree, 10: LocalTen },
  same: { 3: SameThree, 10: SameTen },
  remote: { 3: RemoteThree, 10: RemoteTen },
};

export async function open({ url, connections, isHeld, steps: kind }) {
  const step = createStep(isHeld);
  const app = createSagaApp(postgres({ url, connections }), step.run, { concurrency: 1_000_000 });
  await app.start();
  return {
    async run(sagaId, steps) {
      const { status } = await app.saga(sagas[kind][steps]).run({ sagaId });
      if (status !== "completed") throw new Error(`a saga is ${status}`);
    },
    start: (sagaId, steps) => app.saga(sagas[kind][steps]).start({ sagaId }),
    held: () => step.held,
    // Its engine takes over what has no owner any more.
    recover: async () => {},
    async finished() {
      const counts = await Promise.all(Object.values(sagas[kind]).map((saga) => app.saga(saga).counts()));
      return counts.reduce((sum, { completed }) => sum + completed, 0);
    },
    close: () => app.stop(),
  };
}
