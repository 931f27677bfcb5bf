import {
  type Answer,
  type Code,
  type OutgoingCall,
  PotterClientError,
  type StreamItem,
  type Transport,
} from "./index.js";

/** What a scripted transport does with one attempt. */
export type Step = (call: OutgoingCall) => Answer | Promise<Answer>;

/** Answers one attempt after the other, and records them. Every attempt beyond the script fails the test. */
export function scripted(...steps: readonly Step[]): Transport & { readonly calls: OutgoingCall[] } {
  const calls: OutgoingCall[] = [];
  return {
    calls,
    async send(call) {
      const step = steps[calls.length];
      calls.push(call);
      if (step === undefined) throw new Error(`attempt ${calls.length} is not in the script`);
      return step(call);
    },
  };
}

/** Answers with a response. */
export function answer(response: unknown, headers: Readonly<Record<string, string>> = {}): Step {
  return () => ({ response, headers: new Map(Object.entries(headers)) });
}

/** Fails. */
export function fail(code: Code, options: { readonly retryAfter?: number; readonly unprocessed?: boolean } = {}): Step {
  return () => {
    throw new PotterClientError(code, `scripted ${code}`, options);
  };
}

/** Answers with a stream of items, that ends, or breaks with an error. */
export function items(list: readonly StreamItem[], broken?: Code): Step {
  return () => ({
    headers: new Map(),
    response: (async function* () {
      yield* list;
      if (broken !== undefined) throw new PotterClientError(broken, `scripted ${broken}`);
    })(),
  });
}

/** Never answers. */
export const hang: Step = () => new Promise(() => {});
