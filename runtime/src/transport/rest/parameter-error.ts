import { type FieldLocation, HttpError } from "../../http/index.js";

/** 400, for one part of the request whose place is known. */
export class ParameterError extends HttpError {
  readonly place: FieldLocation["in"];

  /** `field` is the name of the parameter, or a pointer into the body. */
  constructor(place: FieldLocation["in"], field: string, rule: string, message: string) {
    const shown = field.length > 64 ? `${field.slice(0, 64)}…` : field;
    super(400, "invalid_argument", "the request is not valid", { violations: [{ field: shown, rule, message }] });
    this.place = place;
  }
}
