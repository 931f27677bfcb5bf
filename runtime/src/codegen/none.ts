/** A type without properties, for slots in which a contract declares nothing. */
export type None = Readonly<Record<never, never>>;
