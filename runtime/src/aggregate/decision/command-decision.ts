import { type Call, isExpected, isRejection, type Rejection } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { CommandDefinition, NewEvent } from "../declaration/index.js";
import type { Behaviour } from "./behaviour.js";
import { DefaultDecideContext } from "./decide-context.js";

/** The state of an aggregate, and the number of events that have led to it. */
export interface Loaded {
  readonly state: unknown;
  readonly version: number;
}

/** What a command leads to, not recorded yet. */
export interface Decided {
  readonly events: readonly NewEvent[];
  /** The state after the events. Computed once, when a written reply, a snapshot or a state store needs it. */
  after(): unknown;
  /** The response. */
  response(): unknown;
}

/** Decides a command on a known state: everything between loading and recording. Apps and `specify` both run it. */
export class CommandDecision {
  private readonly behaviour: Behaviour;
  private readonly name: string;
  private readonly command: CommandDefinition;

  constructor(behaviour: Behaviour, name: string, command: CommandDefinition) {
    this.behaviour = behaviour;
    this.name = name;
    this.command = command;
  }

  /** The context of `decide`. Throws if the request does not name its aggregate but must. */
  createContext({ request, context }: Call): DefaultDecideContext {
    const given = this.command.id(request);
    if (given !== "") return new DefaultDecideContext(context, given);
    const { method, creates } = this.command;
    if (creates === true) return new DefaultDecideContext(context, context.newId());
    throw new PotterError("invalid_argument", `${method.name} needs the id of the ${this.behaviour.aggregate.name}`);
  }

  /** Throws if the contract or the caller's conditions exclude the command. Returns the rejection of the decider. */
  decide({ state, version }: Loaded, { request, context }: Call, ctx: DefaultDecideContext): Rejection | Decided {
    const { behaviour, command } = this;
    const { name } = behaviour.aggregate;
    const { expectedVersion } = context;
    if (expectedVersion !== undefined && !isExpected(version, expectedVersion)) {
      throw new PotterError("aborted", `the ${name} is at version ${version}, expected ${String(expectedVersion)}`);
    }
    if (version === 0 && command.creates === false) {
      throw new PotterError("not_found", `there is no ${name} ${ctx.id}`);
    }
    ctx.version = version;
    const events = behaviour.decide(this.name, state, request, ctx);
    if (isRejection(events)) return events;
    if (events.length > 0 && command.creates === true && version > 0) {
      throw new PotterError("already_exists", `there is a ${name} ${ctx.id} already`);
    }
    let known: { readonly state: unknown } | undefined;
    const after = (): unknown => {
      known ??= { state: events.reduce((before, event) => behaviour.evolve(before, event), state) };
      return known.state;
    };
    return { events, after, response: () => this.respond(after, request, ctx) };
  }

  private respond(after: () => unknown, request: unknown, ctx: DefaultDecideContext): unknown {
    const { response } = this.command.method;
    const reply = this.behaviour.reply(this.name);
    if (reply !== undefined) return response.create(reply(after(), request, ctx));
    return response.create(this.command.respond?.(request, ctx.id));
  }
}
