// Reactions: handlers that run once for each event and may send commands. Runs on the projections of the app; knows the bus of
// the app by one function.
export {
  type AnyEventHandler,
  handle,
  type Reaction,
  type ReactionContext,
  type ReactionHandler,
  type ReactionPart,
  type ReactionScheduleOptions,
  type ReactionSendOptions,
  type ReactionSettings,
} from "./declaration.js";
export { type DeferredCall, HandlerContext, type ReactionHost } from "./handler-context.js";
export { toReactionConsumer } from "./reaction-consumer.js";
