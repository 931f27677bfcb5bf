import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import * as options from "../graphql-options/index.js";
import { ElementFacts } from "./element-facts.js";

/** What the contract says about its GraphQL schema. A name that no option sets is the empty string. */
export interface GraphQLFacts {
  service(desc: DescService): options.ServiceOptions;
  method(desc: DescMethod): options.MethodOptions;
  type(desc: DescMessage): options.TypeOptions;
  field(desc: DescField): options.FieldOptions;
  oneof(desc: DescOneof): options.OneofOptions;
  enumeration(desc: DescEnum): options.EnumOptions;
  value(desc: DescEnumValue): options.ValueOptions;
}

/** Creates the facts of a model. */
export function buildGraphQLFacts(): GraphQLFacts {
  const services = new ElementFacts(options.serviceDefaults, options.readServiceOptions);
  const methods = new ElementFacts(options.methodDefaults, options.readMethodOptions);
  const types = new ElementFacts(options.typeDefaults, options.readTypeOptions);
  const fields = new ElementFacts(options.fieldDefaults, options.readFieldOptions);
  const oneofs = new ElementFacts(options.oneofDefaults, options.readOneofOptions);
  const enums = new ElementFacts(options.enumDefaults, options.readEnumOptions);
  const values = new ElementFacts(options.valueDefaults, options.readValueOptions);
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
