import type { AggregateTypes, CommandResponse, EmittedEvent, NewEvent, PropertyOf } from "../aggregate/index.js";
import { type Rejection, toError } from "../cqrs/index.js";
import type { Code, PotterError } from "../errors/index.js";
import type { MessageTypes } from "../message/index.js";
import { expectEqual, expectTrue } from "./expectations/index.js";
import type { Tried } from "./trial.js";

/** The details of a declared error of an aggregate, as the value that its message is created from. */
export type ErrorInit<A extends AggregateTypes, Name> = Name extends keyof A["errors"]
  ? A["errors"][Name] extends MessageTypes
    ? A["errors"][Name]["init"]
    : never
  : never;

/** Further expectations of a failure. */
export interface ExpectedFailure {
  /** The exact message. Default: any. */
  readonly message?: string;
  /** The fields of the request that break a rule, in proto names: `lines[0].sku`. */
  readonly fields?: readonly string[];
}

/** The outcome of a command, with checks. Each check throws an `ExpectationError` if it fails. */
export interface Outcome<A extends AggregateTypes, C> {
  /** The command records exactly these events, in this order. */
  emits(...events: readonly EmittedEvent<A, C>[]): this;
  /** The command succeeds and records nothing. */
  emitsNothing(): this;
  /** The decider rejects the command with this declared error, and these details if given. */
  rejects<Name extends PropertyOf<C, "failsWith">>(name: Name, details?: ErrorInit<A, Name>): this;
  /** The command succeeds with this response. */
  replies(response: CommandResponse<C>): this;
  /**
   * The command fails with this code, as its caller would see it: by a validation rule, by `creates`, by the expected version or
   * tenant of its caller, or by the decider.
   */
  fails(code: Code, details?: ExpectedFailure): this;
}

/** Creates the checks of an outcome. */
export function createOutcome(tried: Tried): Outcome<AggregateTypes, unknown> {
  const described = describe(tried);
  const { response: codec } = tried.method;
  const checks: Outcome<AggregateTypes, unknown> = {
    emits(...expected) {
      expectEqual("the command to emit", described, (expected as readonly NewEvent[]).map(describeEvent));
      return checks;
    },
    emitsNothing() {
      expectEqual("the command to emit nothing", described, []);
      return checks;
    },
    rejects(name: string, details?: unknown) {
      expectTrue(tried.kind !== "decided", `expected a rejection ${name}, the command emitted`, described);
      expectTrue(tried.kind === "rejected", `expected a rejection ${name}, the command was refused`, described);
      const { rejection } = tried as Extract<Tried, { kind: "rejected" }>;
      const { codec: detailsCodec } = rejection.definition;
      const expected =
        details === undefined
          ? { rejects: name }
          : { rejects: name, details: detailsCodec.toJson(detailsCodec.create(details)) };
      const actual = describeRejection(rejection);
      expectEqual("the command to be rejected", details === undefined ? { rejects: actual.rejects } : actual, expected);
      return checks;
    },
    replies(expected) {
      expectTrue(tried.kind !== "rejected", "expected an answer, the command was rejected", described);
      expectTrue(tried.kind !== "refused", "expected an answer, the command was refused", described);
      const { response } = tried as Extract<Tried, { kind: "decided" }>;
      expectEqual("the answer", codec.toJson(response), codec.toJson(codec.create(expected)));
      return checks;
    },
    fails(code, { message, fields }: ExpectedFailure = {}) {
      expectTrue(tried.kind !== "decided", `expected a failure with ${code}, the command emitted`, described);
      const error = tried.kind === "rejected" ? toError(tried.rejection) : (tried as { error: PotterError }).error;
      const chosen = (whole: { message?: unknown; fields?: unknown }) => ({
        ...(message !== undefined && { message: whole.message }),
        ...(fields !== undefined && { fields: whole.fields }),
      });
      const actual = { message: error.message, fields: error.violations.map(({ field }) => field) };
      expectEqual(
        "the command to fail with",
        { code: error.code, ...chosen(actual) },
        { code, ...chosen({ message, fields }) },
      );
      return checks;
    },
  };
  return checks;
}

function describe(tried: Tried): unknown {
  if (tried.kind === "decided") return tried.events.map(describeEvent);
  return tried.kind === "rejected" ? describeRejection(tried.rejection) : describeRefusal(tried.error);
}

function describeEvent({ name, data, definition }: NewEvent): unknown {
  return { emits: name, data: definition.codec.toJson(data) };
}

function describeRejection({ name, details, definition }: Rejection): { rejects: string; details: unknown } {
  return { rejects: name, details: definition.codec.toJson(details) };
}

function describeRefusal({ code, message, violations }: PotterError): unknown {
  return {
    fails: code,
    message,
    ...(violations.length > 0 && { violations: violations.map(({ field, rule }) => `${field}: ${rule}`) }),
  };
}
