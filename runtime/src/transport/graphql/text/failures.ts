/** A value that cannot be written as text: the operation is then executed in the other form, which reports why. */
export class Unwritable extends Error {}

/** A type that no value can make writable as text: the operation is never executed in this form again. */
export class Unsupported extends Error {}
