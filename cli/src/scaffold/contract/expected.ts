/** A function of a definition that takes the behaviour of a part: `Order.decider({…})`. */
export type DeclarationMethod = "decider" | "projection" | "queries" | "commands" | "saga";

/** The methods, to look for them in source text. */
export const declarationMethods: readonly DeclarationMethod[] = [
  "decider",
  "projection",
  "queries",
  "commands",
  "saga",
];

/** What the contract requires of one value in a user's file. */
export type Expected = ExpectedObject | ExpectedCode;

/** An object literal: the keys that it must have, and those that it may have. */
export interface ExpectedObject {
  /** Distinguishes the kinds of values. */
  readonly kind: "object";
  /** Keys that must be there, in the order of the contract. */
  readonly required: ReadonlyMap<string, Expected>;
  /** Further keys that the contract knows. */
  readonly optional: ReadonlyMap<string, Expected>;
  /** Whether any other key is a name that the contract lost. Otherwise other keys are settings. */
  readonly isClosed: boolean;
}

/** Anything else: a function, or a setting. */
export interface ExpectedCode {
  /** Distinguishes the kinds of values. */
  readonly kind: "code";
  /** The expression that is inserted, without types and imports. */
  readonly stub: string;
}

/** A part that the contract declares: what a user's file has to call, and with what. */
export interface ExpectedPart {
  /** The generated module, as a path without extension below its output folder: `shop/orders/v1/orders_cqrs`. */
  readonly module: string;
  /** The exported definition: `Order`. */
  readonly name: string;
  /** The method that declares the behaviour. */
  readonly method: DeclarationMethod;
  /** For people: `aggregate Order`. */
  readonly label: string;
  /** The argument of the method. */
  readonly behaviour: ExpectedObject;
  /** A name of a new file, without extension, and of the constant in it. */
  readonly file: string;
  readonly constant: string;
  /** The comment above the constant. */
  readonly comment: string;
}

/** An export of a generated module. */
export interface DefinitionName {
  /** The module, as in `ExpectedPart`. */
  readonly module: string;
  /** The name of the export. */
  readonly name: string;
}

/** The parts of a contract, and what tells its names from others. */
export interface ExpectedContract {
  /** The parts, in the order of the contract. */
  readonly parts: readonly ExpectedPart[];
  /** Exports of each generated module that have behaviour. */
  readonly modules: ReadonlyMap<string, ReadonlySet<string>>;
  /** The service of each method that an aggregate handles, by part: to see which processes leave out. */
  readonly services: ReadonlyMap<ExpectedPart, readonly DefinitionName[]>;
}
