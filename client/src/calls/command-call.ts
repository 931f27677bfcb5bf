import { Call } from "./call.js";

/** A call of a command. */
export class CommandCall<Response, Errors> extends Call<Response, Errors> {}
