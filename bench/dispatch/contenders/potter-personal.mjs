import { createPrivateOrderApp, memory, PrivateOrder, placePrivateOrder } from "../../potter/dist/command.mjs";
import { appendTask } from "../potter-orders.mjs";

export const name = "Potter, personal field";
export const tasks = {
  append: () => appendTask(createPrivateOrderApp(memory(), false), placePrivateOrder, PrivateOrder),
};
