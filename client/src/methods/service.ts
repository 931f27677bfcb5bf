import type { AnyMethod } from "./types.js";

/** The methods of a service by local name: what `client.of` binds to a client. */
export type Service<Methods> = Readonly<Methods>;

/** Puts the methods of a service together. For generated code. */
export function service<Methods extends Readonly<Record<string, AnyMethod>>>(methods: Methods): Service<Methods> {
  return methods;
}

/** The methods of a service without their first parameter. */
export type Bound<Methods> = {
  readonly [Name in keyof Methods]: Methods[Name] extends (caller: never, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};
