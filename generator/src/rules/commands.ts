import type { CommandTarget, MethodModel, Model } from "../model/index.js";

/** Returns all commands of a model that address an aggregate. */
export function commandsOf(model: Model): { readonly method: MethodModel; readonly target: CommandTarget }[] {
  return model.all
    .flatMap(({ services }) => services)
    .flatMap(({ methods }) => methods)
    .flatMap((method) =>
      method.role.kind === "command" && method.role.target ? [{ method, target: method.role.target }] : [],
    );
}
