// Sagas of three and of ten trivial steps, as an app of Potter.
import { type App, createApp, type SagaOptions, type Store } from "@potter/runtime";
import { Task, WorkService } from "./gen/bench/saga/v1/saga_cqrs.js";
import {
  LocalTen,
  LocalThree,
  RemoteTen,
  RemoteThree,
  SameTen,
  SameThree,
  Wait,
} from "./gen/bench/saga/v1/saga_saga.js";

export { postgres } from "@potter/runtime/postgres";
export { LocalTen, LocalThree, RemoteTen, RemoteThree, SameTen, SameThree, Wait };

const task = Task.decider({
  initial: () => ({ parts: 0 }),
  decide: {
    beginTask: (_state, { taskId, part }) => Task.event.partDone({ taskId, part }),
    doPart: (_state, { taskId, part }) => Task.event.partDone({ taskId, part }),
  },
  evolve: { partDone: ({ parts }) => ({ parts: parts + 1 }) },
  reply: { beginTask: ({ parts }) => ({ parts }), doPart: ({ parts }) => ({ parts }) },
});

interface Data {
  readonly sagaId: string;
}

/** `run`: what a remote step does, by its number from 0. */
export function createSagaApp(store: Store, run: (part: number) => Promise<number>, sagas: SagaOptions = {}): App {
  const local = (part: number) => ({
    command: ({ sagaId }: Data) => ({ taskId: `${sagaId}-${part}`, part }),
  });
  const same = (part: number) => ({ command: ({ sagaId }: Data) => ({ taskId: sagaId, part }) });
  const remote = (part: number) => ({ command: ({ sagaId }: Data) => ({ workId: sagaId, part }) });
  const three = <Step>(step: (part: number) => Step) => ({ step0: step(0), step1: step(1), step2: step(2) });
  const ten = <Step>(step: (part: number) => Step) => ({
    ...three(step),
    step3: step(3),
    step4: step(4),
    step5: step(5),
    step6: step(6),
    step7: step(7),
    step8: step(8),
    step9: step(9),
  });
  return createApp({
    store,
    sagas,
    parts: [
      task,
      WorkService.commands({ doWork: async ({ part }) => ({ part: await run(part) }) }),
      LocalThree.saga({ steps: three(local) }),
      LocalTen.saga({ steps: ten(local) }),
      SameThree.saga({ steps: three(same) }),
      SameTen.saga({ steps: ten(same) }),
      RemoteThree.saga({ steps: three(remote) }),
      RemoteTen.saga({ steps: ten(remote) }),
      Wait.saga({ steps: {} }),
    ],
  });
}
