/** Whether the heavy form of the tests runs: `npm run interop -- --full`. */
export const full: boolean = process.env["POTTER_FULL"] === "true";
