/** A type without any property, where a contract declares nothing. */
export type None = Readonly<Record<never, never>>;
