#pragma once
// What learners say of events, and what is done about them, as a laptop hands it to its organisation's hub; as
// batch.hpp does for events. Pure.

#include <string>
#include <string_view>

#include "agent/events/book.hpp"
#include "agent/exchange/batch.hpp"

namespace fairlead::agent::exchange {

struct BookBatch : BatchOf<events::BookRow> {
  events::Table table = events::Table::reports;  // or entries
};

/// JSON; `table` says which rows they are.
[[nodiscard]] std::string write_book_batch(const BookBatch& batch);

/// As strict as read_batch(). Errors   bad_message, too_large.
[[nodiscard]] Result<BookBatch> read_book_batch(std::string_view json);

}  // namespace fairlead::agent::exchange
