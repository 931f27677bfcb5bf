import { chargeUnchecked, createTrivialApp } from "../../potter/dist/trivial.mjs";
import { trivialTask } from "../potter-trivial.mjs";

export const name = "Potter, request without rules";
export const tasks = { trivial: () => trivialTask(createTrivialApp, chargeUnchecked) };
