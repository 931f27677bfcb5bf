/** What clients send, and servers return. The text of the large one makes it a message of 4 KB. */
export const small = {
  id: "order-000042",
  text: "two of them, gift wrapped, for the neighbour",
  amount: 129_900n,
  urgent: true,
  tags: ["gift", "fragile"],
};

const sentence = "The quick brown fox jumps over the lazy dog near the bank of the river. ";
export const large = { ...small, text: sentence.repeat(56).slice(0, 4_000) };

/** What all handlers do, whatever their server: they take the fields from the request and put them into a response. */
export function echo({ id, text, amount, urgent, tags }) {
  return { id, text, amount, urgent, tags };
}

/** As ProtoJSON has it: integers of 64 bits are strings. */
export function toJson({ id, text, amount, urgent, tags }) {
  return { id, text, amount: String(amount), urgent, tags };
}
