import { startMercurius } from "../mercurius.mjs";

export const name = "mercurius 16, jit: 1";

export const start = () => startMercurius({ jit: 1 });
