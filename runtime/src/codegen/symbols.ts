/** A name that generated code may import from `@potter/runtime/codegen/v1`. */
export interface RuntimeSymbol {
  /** The exported name. */
  readonly name: string;
  /** Whether it is a type, which generated code must import with `import type`. */
  readonly typeOnly: boolean;
}

/** All names of the runtime that generated code may import. The generator prints only names of this table. */
export const symbols: {
  readonly [Name in
    | "Aggregate"
    | "Descriptors"
    | "ErrorDefinition"
    | "Es"
    | "EventDefinition"
    | "GraphQLContract"
    | "Method"
    | "None"
    | "ReadModel"
    | "Saga"
    | "Service"
    | "TsProto"
    | "defineAggregate"
    | "defineError"
    | "defineEvent"
    | "defineGraphQL"
    | "defineReadModel"
    | "defineSaga"
    | "defineService"
    | "descriptors"
    | "es"
    | "httpBinding"
    | "personalData"
    | "protovalidate"
    | "timeOf"
    | "tsProto"]: RuntimeSymbol;
} = {
  Aggregate: { name: "Aggregate", typeOnly: true },
  Descriptors: { name: "Descriptors", typeOnly: true },
  ErrorDefinition: { name: "ErrorDefinition", typeOnly: true },
  Es: { name: "Es", typeOnly: true },
  EventDefinition: { name: "EventDefinition", typeOnly: true },
  GraphQLContract: { name: "GraphQLContract", typeOnly: true },
  Method: { name: "Method", typeOnly: true },
  None: { name: "None", typeOnly: true },
  ReadModel: { name: "ReadModel", typeOnly: true },
  Saga: { name: "Saga", typeOnly: true },
  Service: { name: "Service", typeOnly: true },
  TsProto: { name: "TsProto", typeOnly: true },
  defineAggregate: { name: "defineAggregate", typeOnly: false },
  defineError: { name: "defineError", typeOnly: false },
  defineEvent: { name: "defineEvent", typeOnly: false },
  defineGraphQL: { name: "defineGraphQL", typeOnly: false },
  defineReadModel: { name: "defineReadModel", typeOnly: false },
  defineSaga: { name: "defineSaga", typeOnly: false },
  defineService: { name: "defineService", typeOnly: false },
  descriptors: { name: "descriptors", typeOnly: false },
  es: { name: "es", typeOnly: false },
  httpBinding: { name: "httpBinding", typeOnly: false },
  personalData: { name: "personalData", typeOnly: false },
  protovalidate: { name: "protovalidate", typeOnly: false },
  timeOf: { name: "timeOf", typeOnly: false },
  tsProto: { name: "tsProto", typeOnly: false },
};
