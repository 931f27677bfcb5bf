/**
 * What runs the things that a definition of the contract declares. Each definition brings its engine, so that an app contains the
 * engines of its parts and no others. The module `engines` creates them, and alone knows what they can do.
 */
export interface Engine<Name extends string = string> {
  /** For messages: `read models`. */
  readonly name: Name;
}
