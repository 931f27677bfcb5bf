import { isEncodable, type Outcome, type TrialCall } from "./caller.js";

/** A difference from the call in process that a surface may have, and why. */
export interface Difference {
  /** The names of the surfaces. */
  readonly surface: RegExp;
  readonly applies: (call: TrialCall, expected: Outcome) => boolean;
  /** What is compared instead, on both sides. */
  readonly adapt?: (outcome: Outcome) => Partial<Outcome>;
  /** What is expected instead. */
  readonly expect?: (expected: Outcome) => Partial<Outcome>;
  readonly reason: string;
}

const isInternal = ({ code }: Outcome): boolean => /^(internal|unknown|data_loss)$/.test(code);

export const differences: readonly Difference[] = [
  {
    surface: /^(?!client in process)/,
    applies: (_, expected) => isInternal(expected),
    expect: () => ({ message: "internal error, see the log for correlation id" }),
    reason: "clients of a transport see no message of an internal error",
  },
  {
    surface: /^(?!client in process)/,
    applies: ({ method, requests }) =>
      method.name === "Fail" && (requests[0] as { how?: string }).how === "confidential",
    expect: () => ({ message: "the service is not available at the moment: try again later" }),
    reason: "clients of a transport see no confidential message",
  },
  {
    surface: /./,
    applies: (_, { code }) => code === "cancelled" || code === "deadline_exceeded",
    adapt: () => ({ message: undefined }),
    reason: "the client that gave up has words of its own",
  },
  {
    surface: /REST|GraphQL/,
    applies: (_, { declared }) => declared !== undefined,
    adapt: () => ({ message: undefined }),
    reason: "problem+json has the message of a declared error as its title",
  },
  {
    surface: /REST/,
    applies: (call) => call.method.http[0]?.body !== "*" && !isEncodable(call),
    adapt: () => ({ message: undefined, violations: [] }),
    reason: "an invalid parameter breaks rules of its own, such as http.unknown_parameter",
  },
  {
    surface: /REST/,
    applies: (call) => !isEncodable(call),
    adapt: () => ({ message: undefined }),
    reason: "REST does not name the type of a request that it cannot read",
  },
  {
    surface: /GraphQL/,
    applies: () => true,
    adapt: () => ({ version: undefined }),
    reason: "GraphQL has no place for the version of an aggregate",
  },
];
