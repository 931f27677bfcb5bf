import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import {
  type EnumOptions,
  enumDefaults,
  type FieldOptions,
  fieldDefaults,
  type MethodOptions,
  methodDefaults,
  type OneofOptions,
  oneofDefaults,
  readEnumOptions,
  readFieldOptions,
  readMethodOptions,
  readOneofOptions,
  readServiceOptions,
  readTypeOptions,
  readValueOptions,
  type ServiceOptions,
  serviceDefaults,
  type TypeOptions,
  typeDefaults,
  type ValueOptions,
  valueDefaults,
} from "../graphql-options/index.js";
import { ElementFacts } from "./element-facts.js";

/** The options of the contract for its GraphQL schema. A name that no option sets is the empty string. */
export interface GraphQLFacts {
  /** Returns the options of a service. */
  service(desc: DescService): ServiceOptions;
  /** Returns the options of an rpc. */
  method(desc: DescMethod): MethodOptions;
  /** Returns the options of a message. */
  type(desc: DescMessage): TypeOptions;
  /** Returns the options of a field. */
  field(desc: DescField): FieldOptions;
  /** Returns the options of a oneof. */
  oneof(desc: DescOneof): OneofOptions;
  /** Returns the options of an enum. */
  enumeration(desc: DescEnum): EnumOptions;
  /** Returns the options of an enum value. */
  value(desc: DescEnumValue): ValueOptions;
}

/** Returns the facts of any model: what the options of an element say depends on nothing else. */
export function buildGraphQLFacts(): GraphQLFacts {
  return facts;
}

const facts: GraphQLFacts = createFacts();

function createFacts(): GraphQLFacts {
  const services = new ElementFacts(serviceDefaults, readServiceOptions);
  const methods = new ElementFacts(methodDefaults, readMethodOptions);
  const types = new ElementFacts(typeDefaults, readTypeOptions);
  const fields = new ElementFacts(fieldDefaults, readFieldOptions);
  const oneofs = new ElementFacts(oneofDefaults, readOneofOptions);
  const enums = new ElementFacts(enumDefaults, readEnumOptions);
  const values = new ElementFacts(valueDefaults, readValueOptions);
  return Object.freeze({
    service: (desc: DescService) => services.of(desc),
    method: (desc: DescMethod) => methods.of(desc),
    type: (desc: DescMessage) => types.of(desc),
    field: (desc: DescField) => fields.of(desc),
    oneof: (desc: DescOneof) => oneofs.of(desc),
    enumeration: (desc: DescEnum) => enums.of(desc),
    value: (desc: DescEnumValue) => values.of(desc),
  });
}
