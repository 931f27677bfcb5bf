import type { oas32 } from "openapi3-ts";
import type { Schema } from "../../../json-schema/index.js";
import type { Components } from "./components.js";
import { buildProblems } from "./responses.js";
import { limits } from "./waits.js";

// `potter.v1.WaitService/Wait`, which every app with `waits()` serves: a contract does not contain it. A test compares this
// with the document of proto/potter/v1/waits.proto.

/** The tag of that operation. */
export const waitTag: oas32.TagObject = { name: "WaitService", description: "Waits for what commands lead to." };

const states: Schema = {
  title: "WaitState",
  description:
    "The states of a wait.\n\n- `WAIT_STATE_REACHED`: All of it is there.\n- `WAIT_STATE_PENDING`: Something is missing. The command has taken effect.",
  type: "string",
  enum: ["WAIT_STATE_UNSPECIFIED", "WAIT_STATE_REACHED", "WAIT_STATE_PENDING"],
};

const response: Schema = {
  title: "WaitResponse",
  description: "What has become of a wait.",
  type: "object",
  properties: {
    state: { $ref: "#/components/schemas/potter.v1.WaitState", description: "Whether all of it is there." },
    position: {
      type: "string",
      description: "The position of the command: metadata `potter-after` of later queries.",
    },
    event: {
      type: "string",
      description: "The event that has ended the wait: full name of its message. Empty if it was not for events.",
    },
    data: {
      type: "object",
      additionalProperties: true,
      description: "The event as ProtoJSON, without personal fields. Absent if the app does not expose it.",
    },
  },
  additionalProperties: false,
};

const token: oas32.ParameterObject = {
  name: "token",
  in: "path",
  required: true,
  description: "The token of a command that was answered before its effects were there: metadata `potter-wait-token`.",
  schema: { type: "string" },
};

/** Builds the operation at which waits are resumed. `secured`: whether callers must be authorized. */
export function buildWaitOperation(components: Components, secured: boolean): oas32.OperationObject {
  const { schemas } = components;
  const schema = schemas.add("potter.v1.WaitResponse", () => response);
  schemas.add("potter.v1.WaitState", () => states);
  return {
    tags: [waitTag.name],
    summary:
      "Waits until what a command was waited for has come, or the time of the call is over. Ask again while it is pending",
    operationId: components.waitOperationId,
    parameters: [token, ...limits.map((limit) => components.parameter(limit.name, () => limit))],
    responses: {
      "200": { description: "`WaitResponse`", content: { "application/json": { schema } } },
      ...buildProblems(secured ? [400, 401, 403, 404] : [400, 404], components),
    },
  };
}
