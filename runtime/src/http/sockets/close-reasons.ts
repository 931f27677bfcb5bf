import { isPotterError } from "../../errors/index.js";

/** Why a socket is closed. The text is constant, so that it discloses nothing about messages or failures. */
export interface CloseReason {
  readonly code: number;
  readonly text: string;
}

/** Codes from 4400 on are those of graphql-transport-ws, others those of RFC 6455 (7.4.1). Clients reconnect after some of them. */
export const closeReasons: Readonly<
  Record<
    | "goingAway"
    | "noBinary"
    | "tooBig"
    | "tooSlow"
    | "tryAgainLater"
    | "unauthorized"
    | "expired"
    | "forbidden"
    | "initTimeout"
    | "tooManyInits"
    | "failed",
    CloseReason
  >
> = {
  goingAway: { code: 1001, text: "Going away" },
  noBinary: { code: 1003, text: "Messages must be text" },
  tooBig: { code: 1009, text: "Message too big" },
  tooSlow: { code: 1013, text: "The client reads too slowly" },
  tryAgainLater: { code: 1013, text: "Try again later" },
  unauthorized: { code: 4401, text: "Unauthorized" },
  expired: { code: 4401, text: "Credentials expired" },
  forbidden: { code: 4403, text: "Forbidden" },
  initTimeout: { code: 4408, text: "Connection initialisation timeout" },
  tooManyInits: { code: 4429, text: "Too many initialisation requests" },
  failed: { code: 4500, text: "Internal server error" },
};

/** A message that violates the protocol. `text` must not contain anything that the client sent. */
export function invalidMessage(text: string): CloseReason {
  return { code: 4400, text };
}

/** An id that is in use by a `what`. The text repeats it only if it looks like an id. */
export function alreadyExists(what: string, id: string): CloseReason {
  return { code: 4409, text: `${what} for ${/^[\w-]{1,64}$/.test(id) ? id : "this id"} already exists` };
}

/** The close reason for an error of the `caller` hook. `first`: the name of the message whose params it refuses. */
export function closeReasonOf(error: unknown, first: string): CloseReason {
  switch (isPotterError(error) ? error.code : undefined) {
    case "unauthenticated":
      return closeReasons.unauthorized;
    case "permission_denied":
      return closeReasons.forbidden;
    case "invalid_argument":
    case "out_of_range":
      return invalidMessage(`the payload of ${first} was rejected`);
    case "unavailable":
    case "resource_exhausted":
    case "deadline_exceeded":
    case "aborted":
      return closeReasons.tryAgainLater;
    default:
      return closeReasons.failed;
  }
}
