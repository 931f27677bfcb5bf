import { type FieldLocation, HttpError } from "../../../http/index.js";

/** 400, for an invalid parameter whose location in the request is known. */
export class ParameterError extends HttpError {
  readonly location: FieldLocation["in"];

  /** `field` is the name of the parameter, or a JSON Pointer into the body. */
  constructor(location: FieldLocation["in"], field: string, rule: string, message: string) {
    const shown = field.length > 64 ? `${field.slice(0, 64)}…` : field;
    super(400, "invalid_argument", "the request is not valid", { violations: [{ field: shown, rule, message }] });
    this.location = location;
  }
}
