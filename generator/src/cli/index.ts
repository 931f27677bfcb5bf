// The command `potter`: the only room with console and process. What a running service is asked, its runtime answers.
export { main } from "./main.js";
