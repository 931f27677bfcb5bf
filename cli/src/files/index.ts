// Users' files, one at a time: replaced or created whole, or left as they are.
export { createFile, replaceFile, type WriteResult } from "./atomic.js";
export { isLeftover } from "./temporary.js";
