// The conditions that hold before anything of the user's is changed.
export { type FileEdit, type RefusedEdit, type Verified, verify } from "./verify.js";
