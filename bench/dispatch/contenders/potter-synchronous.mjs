import { charge, createSynchronousApp } from "../../potter/dist/trivial.mjs";
import { trivialTask } from "../potter-trivial.mjs";

export const name = "Potter, synchronous handler";
export const tasks = { trivial: () => trivialTask(createSynchronousApp, charge) };
