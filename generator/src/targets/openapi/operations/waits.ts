import type { oas32 } from "openapi3-ts";
import type { EventModel, MethodModel } from "../../../model/index.js";
import type { Components } from "./components.js";

// What an app with `waits()` reads of requests and adds to responses. Names, bounds and texts follow docs/guides/waiting.md.

/** The path at which a wait is resumed; see `wait-operation.ts`. */
export const waitPath = "/potter/v1/waits/{token}";

const after: oas32.ParameterObject = {
  name: "Potter-After",
  in: "header",
  description:
    "Positions that commands have returned as `Potter-Position`, separated by commas. A query waits until its read models include them. A command returns its own position. `0`: none is known yet.",
  schema: { type: "string", minLength: 1 },
};

/** How long a call waits. */
export const limits: readonly oas32.ParameterObject[] = [
  {
    name: "Potter-Wait",
    in: "header",
    description: "The longest wait in milliseconds; 10000 by default, 600000 at most.",
    schema: { type: "integer", format: "int32", minimum: 0, maximum: 999_999_999 },
  },
  {
    name: "Prefer",
    in: "header",
    description:
      "`wait=5`: the longest wait in seconds; `respond-async`: no wait (RFC 7240). `Potter-Wait` takes precedence.",
    schema: { type: "string" },
  },
];

/** Headers of the responses to commands, by name. */
const reports = {
  "Potter-Position": {
    description:
      "The position after the command, for `Potter-After` of queries. Present with `Potter-Wait-For` or `Potter-After`.",
    schema: { type: "string" },
  },
  "Potter-State": {
    description: "What has become of the wait. Present with `Potter-Wait-For`.",
    schema: { type: "string", enum: ["reached", "pending"] },
  },
  "Potter-Wait-Token": {
    description: `Resumes a wait that is pending, and reads the event of one that was reached: \`GET ${waitPath}\`.`,
    schema: { type: "string" },
  },
  "Potter-Event": {
    description: "The full name of the message of the event that has come. Present if an event has ended the wait.",
    schema: { type: "string" },
  },
  "Preference-Applied": {
    description: "The preferences of `Prefer` that were applied.",
    schema: { type: "string" },
  },
  "Retry-After": { description: "When to try again, in seconds.", schema: { type: "integer" } },
  Location: {
    description: `Where the wait is resumed: \`${waitPath}\`.`,
    schema: { type: "string" },
  },
} as const satisfies Record<string, oas32.HeaderObject>;

type Report = keyof typeof reports;

const reached: readonly Report[] = [
  "Potter-Position",
  "Potter-State",
  "Potter-Wait-Token",
  "Potter-Event",
  "Preference-Applied",
];
const pending: readonly Report[] = [
  "Location",
  "Potter-Position",
  "Potter-State",
  "Potter-Wait-Token",
  "Preference-Applied",
];

/** Whether clients can wait for what a method leads to. */
export function isAwaited({ role, stream }: MethodModel, { hasWaits }: Components): boolean {
  return hasWaits && role.kind === "command" && stream === "unary";
}

/** Whether the document says how a call of a method waits: not of commands that answer with a stream, which has no position. */
export function canWait(method: MethodModel, components: Components): boolean {
  return components.hasWaits && (method.role.kind === "query" || isAwaited(method, components));
}

/** The header parameters by which a call of a method waits. */
export function waitParameters(method: MethodModel, components: Components): readonly WaitParameter[] {
  if (!canWait(method, components)) return [];
  const common = [after, ...limits].map((parameter) => toWaitParameter(parameter, parameter.name, components));
  return isAwaited(method, components) ? [waitFor(method, components), ...common] : common;
}

/** A parameter, which becomes a component when it is used. */
export interface WaitParameter {
  readonly name: string;
  refer(): oas32.ReferenceObject;
}

function toWaitParameter(parameter: oas32.ParameterObject, component: string, components: Components): WaitParameter {
  return { name: parameter.name, refer: () => components.parameter(component, () => parameter) };
}

/** Lists what callers of the service may name. A service without read models may name those of the whole app. */
function waitFor({ service }: MethodModel, components: Components): WaitParameter {
  const { audience } = components;
  const views = service.views.filter(({ desc }) => !audience.hidesType(desc));
  const models = views.map(({ name }) => name);
  const events = [...new Set(views.flatMap(({ from }) => from))]
    // No log keeps the events of an aggregate that stores its state.
    .filter(({ desc, aggregate }) => !audience.hidesType(desc) && aggregate?.persistence !== "state");
  const names = [
    ...(models.length > 0 ? [`Read models: ${quoted(models)}.`] : []),
    ...(events.length > 0 ? [`Events: ${quoted(nameEvents(events, models))}.`] : []),
  ];
  const description = [
    "What the command waits for, separated by commas: all of the read models, and the first of the events.",
    ...names,
  ].join(" ");
  const name = "[\\w.]{1,255}";
  const parameter: oas32.ParameterObject = {
    name: "Potter-Wait-For",
    in: "header",
    description,
    schema: { type: "string", pattern: `^${name}( *, *${name}){0,15}$` },
  };
  const component = names.length === 0 ? parameter.name : `${parameter.name}.${service.desc.typeName}`;
  return toWaitParameter(parameter, component, components);
}

/** Names events by their local names, where these are unique. */
function nameEvents(events: readonly EventModel[], models: readonly string[]): readonly string[] {
  const all = [...models, ...events.map(({ desc }) => desc.name)];
  return events.map(({ desc }) => (all.filter((one) => one === desc.name).length === 1 ? desc.name : desc.typeName));
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

/** The response to a command whose wait is pending: the response of its success, and where the wait is resumed. */
export function pendingResponse(success: oas32.ResponseObject, components: Components): oas32.ResponseObject {
  const wait = components.link("wait", () => ({
    operationId: components.waitOperationId,
    parameters: { token: "$response.header.Potter-Wait-Token" },
    description: "Resumes the wait.",
  }));
  return { ...withReports(success, pending, components), links: { wait } };
}

/** The response to a command whose client has waited. */
export function withWait(success: oas32.ResponseObject, components: Components): oas32.ResponseObject {
  return withReports(success, reached, components);
}

/** The headers of a response that asks to try again. */
export function retryLater(components: Components): oas32.HeadersObject {
  return { "Retry-After": components.header("Retry-After", () => reports["Retry-After"]) };
}

/** Adds headers to a response. Their names are case-insensitive, and headers from options take precedence. */
function withReports(
  { description, headers = {}, ...rest }: oas32.ResponseObject,
  names: readonly Report[],
  components: Components,
): oas32.ResponseObject {
  const taken = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const added = names.filter((name) => !taken.has(name.toLowerCase()));
  return {
    ...(description !== undefined && { description }),
    headers: {
      ...headers,
      ...Object.fromEntries(added.map((name) => [name, components.header(name, () => reports[name])])),
    },
    ...rest,
  };
}
