import { type App, isPotterError, type PotterError } from "@potter/runtime";
import { type Caller, comparableField, type Outcome } from "../caller.js";

/** Calls the app without any transport: what all surfaces are compared with. */
export function inProcess(app: App): Caller {
  return {
    name: "in process",
    async call({ method, requests, commandId, expectedVersion, after, timeout, cancel, take }) {
      const responses: unknown[] = [];
      const signals = [
        ...(cancel === undefined ? [] : [cancel]),
        ...(timeout === undefined ? [] : [AbortSignal.timeout(timeout)]),
      ];
      try {
        const messages = requests.map((request) => method.request.fromJson(request as never));
        const isSent = method.stream === "client" || method.stream === "bidi";
        const { response, version } = await app.dispatch(method, isSent ? toStream(messages) : messages[0], {
          ...(commandId !== undefined && { commandId }),
          ...(expectedVersion !== undefined && { expectedVersion }),
          ...(after !== undefined && { lastEventId: after }),
          ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
        });
        const isReceived = method.stream === "server" || method.stream === "bidi";
        const items = isReceived ? (response as AsyncIterable<unknown>) : toStream([response]);
        for await (const item of items) {
          responses.push(method.response.toJson(item as never));
          if (responses.length === take) break;
        }
        return { code: "ok", responses, version };
      } catch (error) {
        if (!isPotterError(error)) throw error;
        return { ...toOutcome(error), responses };
      }
    },
  };
}

function toOutcome(error: PotterError): Outcome {
  return {
    code: error.code,
    responses: [],
    message: error.message,
    violations: error.violations.map((one) => ({ ...one, field: comparableField(one.field) })),
    declared: error.detail && { type: error.detail.typeName, json: error.detail.json },
    retryAfter: error.retryAfter,
  };
}

async function* toStream(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}
