/** Why a socket is closed. The text is constant, so that it discloses nothing about messages or failures. */
export interface CloseReason {
  readonly code: number;
  readonly text: string;
}

/** Codes from 4400 on are those of graphql-transport-ws, others those of RFC 6455 (7.4.1). Clients reconnect after some of them. */
export const closeReasons: Readonly<
  Record<
    "goingAway" | "tooBig" | "tryAgainLater" | "unauthorized" | "forbidden" | "initTimeout" | "tooManyInits" | "failed",
    CloseReason
  >
> = {
  goingAway: { code: 1001, text: "Going away" },
  tooBig: { code: 1009, text: "Message too big" },
  tryAgainLater: { code: 1013, text: "Try again later" },
  unauthorized: { code: 4401, text: "Unauthorized" },
  forbidden: { code: 4403, text: "Forbidden" },
  initTimeout: { code: 4408, text: "Connection initialisation timeout" },
  tooManyInits: { code: 4429, text: "Too many initialisation requests" },
  failed: { code: 4500, text: "Internal server error" },
};

/** A message that violates the protocol. `text` must not contain anything that the client sent. */
export function invalidMessage(text: string): CloseReason {
  return { code: 4400, text };
}

/** An id that is in use. The text repeats it only if it looks like an id. */
export function alreadyExists(id: string): CloseReason {
  return { code: 4409, text: `Subscriber for ${/^[\w-]{1,64}$/.test(id) ? id : "this id"} already exists` };
}
