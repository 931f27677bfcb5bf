import { defineSaga } from "../codegen/index.js";
import type { CallContext, HandlersPart } from "../cqrs/index.js";
import { personalData } from "../engines/index.js";
import type { SagaPart, StepDefinition } from "../saga/declaration/index.js";
import { type Book, Booked, sagaOf } from "../saga/saga.fixture.js";

/** What the service of trips was asked for: `hotel`, with the id of the command. */
export interface Asked {
  readonly what: string;
  readonly id: string;
  readonly commandId: string;
  readonly tenant: string;
  readonly user: string;
  readonly correlationId: string;
  readonly signal: AbortSignal | undefined;
}

/** A service whose commands are functions, which remembers what it was asked for. */
export class TripService {
  readonly asked: Asked[] = [];
  /** By what is booked. Default: it succeeds. */
  readonly behaviour = new Map<string, (asked: Asked) => unknown>();

  /** What was asked for. */
  get log(): readonly string[] {
    return this.asked.map(({ what }) => what);
  }

  part(steps: readonly StepDefinition[]): HandlersPart {
    const methods = steps.flatMap((step) =>
      step.kind === "command" ? [step.command, ...(step.compensation ? [step.compensation] : [])] : [],
    );
    const byName = Object.fromEntries(methods.map((method) => [method.name, method]));
    const handle = async ({ what, id }: Book, context: CallContext): Promise<unknown> => {
      const { commandId, tenant, user, correlationId, signal } = context;
      const asked: Asked = { what, id, commandId, tenant, user, correlationId, signal };
      this.asked.push(asked);
      const found = this.behaviour.get(what);
      return (await found?.(asked)) ?? Booked.create({ text: what });
    };
    return {
      kind: "commands",
      service: { typeName: "trips.v1.TripService", methods: byName, errors: {}, views: () => ({}) },
      handlers: Object.fromEntries(Object.keys(byName).map((name) => [name, handle as never])),
    };
  }
}

/** A saga with its engine. */
export function declare(...given: Parameters<typeof sagaOf>): SagaPart {
  const { saga, behaviour } = sagaOf(...given);
  return defineSaga({ ...saga, personal: personalData }).saga(behaviour as never);
}
