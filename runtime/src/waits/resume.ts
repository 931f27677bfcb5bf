import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { EventCatalog } from "../aggregate/index.js";
import type { Next } from "../cqrs/index.js";
import { positionLost } from "../errors/index.js";
import { type EventDefinition, withoutPersonal } from "../message/index.js";
import type { RecordedEvent } from "../store/ports/index.js";
import { isOfCaller, readGoal } from "./goal.js";
import { waitStates } from "./messages.js";
import type { PositionTokens } from "./position-tokens.js";
import type { Reach } from "./reach.js";
import { readerOf, readWithin } from "./read-wait.js";
import { waitMethod } from "./wait-method.js";
import { defaultWithin, type Waits } from "./waits.js";

/** The shortest wait, in milliseconds: what is there already has to be read. */
const shortest = 100;

export interface ResumeDependencies {
  readonly tokens: PositionTokens;
  readonly reach: Reach;
  readonly waits: Waits;
  readonly catalog: EventCatalog;
  /** Events whose content clients may receive. */
  readonly exposed: readonly EventDefinition[];
}

/** Creates the handler of the method that resumes a wait. */
export function createResume(dependencies: ResumeDependencies): Next {
  const { tokens, reach, waits, catalog, exposed } = dependencies;
  const { response: codec } = waitMethod();
  return async ({ request, context }) => {
    const { token } = request as { readonly token: string };
    const text = await tokens.openText("goal", token);
    const goal = text === undefined ? undefined : readGoal(text);
    // A goal of another caller is not told apart from one that is lost.
    if (goal === undefined || !isOfCaller(goal, context)) throw positionLost("the token");
    if (goal.position > 0) await tokens.check(goal);
    const time = Math.max(shortest, readWithin(readerOf(context.requestHeaders)) ?? defaultWithin);
    const found = await reach.reach(goal, time, context.signal);
    const { state, event } = waits.toOutcome(found, token);
    const data = found.event && contentOf(found.event, catalog, exposed);
    const position = goal.position === 0 ? "" : await tokens.seal(goal.tenant, goal);
    const answer = { state: waitStates[state ?? "pending"], position, ...(event && { event }), ...(data && { data }) };
    return { response: codec.create(answer) };
  };
}

/** The event as ProtoJSON, without personal fields. undefined: the app does not expose it. */
function contentOf(
  event: RecordedEvent,
  catalog: EventCatalog,
  exposed: readonly EventDefinition[],
): JsonObject | undefined {
  const reader = catalog.reader(event);
  const { codec, type } = reader.definition;
  if (!exposed.some((one) => one.type === type)) return undefined;
  const json: JsonValue = withoutPersonal(codec.schema, codec.toJson(reader.read(event)));
  // A well-known type may have another form than an object.
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : { value: json };
}
