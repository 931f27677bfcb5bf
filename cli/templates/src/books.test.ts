import { specify } from "@potter/runtime/testing";
import { test } from "vitest";
import { Book } from "../gen/library/v1/books_cqrs.js";
import { book } from "./books.js";

test("a book is lent once", () => {
  const added = Book.event.bookAdded({ bookId: "emma", title: "Emma" });
  const lent = Book.event.bookLent({ bookId: "emma", memberId: "ada" });
  specify(book).given(added).when.lendBook({ bookId: "emma", memberId: "ada" }).emits(lent);
  specify(book).given(added, lent).when.lendBook({ bookId: "emma", memberId: "bob" }).rejects("bookIsLent");
});
