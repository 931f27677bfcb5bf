import { type FileModel, isReserved, type MethodModel, Names, type ServiceModel } from "../../model/index.js";
import { errorsOf, eventsOf } from "./contract.js";

/** The names of a method in the client of its file. */
export interface MethodNames {
  /** Its function: `placeOrder`. */
  readonly constant: string;
  /** Its property of the object of its service: `placeOrder`. */
  readonly property: string;
  /** The type of its declared errors: `PlaceOrderErrors`. undefined: it declares none. */
  readonly errors: string | undefined;
}

/** The names that the client of a file declares. */
export interface ClientNames {
  readonly methods: ReadonlyMap<MethodModel, MethodNames>;
  /** The type of the methods of a service: `OrderServiceMethods`. */
  readonly services: ReadonlyMap<ServiceModel, string>;
  /** All of them. */
  readonly declared: readonly string[];
}

/** Chooses the names of a file, in source order, so that a method that is added last changes no other name. */
export function chooseNames(file: FileModel): ClientNames {
  const names = new Names();
  const declared: string[] = [];
  const take = (wanted: string): string => {
    const name = names.take(isReserved(wanted) ? `${wanted}$` : wanted);
    declared.push(name);
    return name;
  };
  for (const { name } of [...file.services, ...file.readModels, ...eventsOf(file)]) take(name);
  const services = new Map(file.services.map((service) => [service, take(`${service.name}Methods`)]));
  const methods = new Map<MethodModel, MethodNames>();
  for (const service of file.services) {
    for (const method of service.methods) {
      const { localName } = method;
      // A method of the same name in an earlier service has the short name.
      const isTaken = declared.includes(localName);
      const constant = take(isTaken ? lowerFirst(service.name) + upperFirst(localName) : localName);
      methods.set(method, {
        constant,
        // An object with a method `then` would be taken for a promise.
        property: localName === "then" ? "then$" : localName,
        errors: errorsOf(method).length === 0 ? undefined : take(`${upperFirst(constant)}Errors`),
      });
    }
  }
  return { methods, services, declared };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
