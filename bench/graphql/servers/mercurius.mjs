import { startMercurius } from "../mercurius.mjs";

export const name = "mercurius 16";

export const start = () => startMercurius({});
