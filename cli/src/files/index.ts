// Users' files: all TypeScript files of a folder read, one replaced or created whole, or left as it is.
export { createFile, replaceFile, type WriteResult } from "./atomic.js";
export { isLeftover } from "./temporary.js";
export { readUserFiles, toBytes, type UserFiles } from "./user-files.js";
export { createWhole, writeWhole } from "./whole.js";
