import { Book, BookService, BookView } from "../gen/library/v1/books_cqrs.js";

export const book = Book.decider({
  initial: () => ({ lent: false }),
  decide: {
    addBook: (_state, command, ctx) => Book.event.bookAdded({ bookId: ctx.id, title: command.title }),
    lendBook: (state, command, ctx) =>
      state.lent
        ? Book.reject.bookIsLent({ bookId: ctx.id })
        : Book.event.bookLent({ bookId: ctx.id, memberId: command.memberId }),
  },
  evolve: {
    bookAdded: (state) => state,
    bookLent: () => ({ lent: true }),
  },
});

export const bookViews = BookView.projection({
  on: {
    bookAdded: ({ bookId, title }, rows) => rows.upsert({ bookId, title }),
    bookLent: ({ bookId, memberId }, rows) => rows.update(bookId, { lentTo: memberId }),
  },
});

export const bookQueries = BookService.queries({
  listBooks: async (query, { views }) => {
    const page = await views.bookView.page(query);
    return { books: page.items, nextPageToken: page.nextPageToken };
  },
});
