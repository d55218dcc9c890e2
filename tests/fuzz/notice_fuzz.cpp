// Any bytes as what a hub tells a laptop, as how a laptop is, and as what learners say and what is done there: read or
// refused. What is read is within its limits and is read the same once it was written again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "agent/exchange/book_batch.hpp"
#include "agent/exchange/notice.hpp"

namespace {

namespace exchange = fairlead::agent::exchange;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string written(const exchange::Told& told) {
  std::vector<std::string> texts;
  for (const exchange::Notice& notice : told.notices) texts.push_back(exchange::write_notice(notice));
  return exchange::write_notices(texts, told.exceptions);
}

void read_as_notices(std::string_view text) {
  const auto told = exchange::read_notices(text);
  if (!told) return require(!told.error().context.empty());
  require(told->notices.size() + told->unreadable.size() <= exchange::kMostNotices);
  require(!told->exceptions || told->exceptions->all.size() <= exchange::kMostExceptions);
  require(!(told->exceptions && told->exceptions_unreadable));
  for (const exchange::Notice& notice : told->notices)
    require(!notice.id.empty() && exchange::events_of(notice).size() <= exchange::kMostNoticeEvents);
  const auto again = exchange::read_notices(written(*told));
  require(again && again->unreadable.empty() && written(*again) == written(*told));
}

void read_as_health(std::string_view text) {
  const auto health = exchange::read_health(text);
  if (!health) return require(!health.error().context.empty());
  const std::string anew = exchange::write_health(health->health, health->heard, health->exceptions);
  const auto again = exchange::read_health(anew);
  require(again && again->health == health->health && again->heard == health->heard &&
          again->exceptions == health->exceptions);
}

void read_as_book(std::string_view text) {
  const auto batch = exchange::read_book_batch(text);
  if (!batch) return require(!batch.error().context.empty());
  require(batch->rows.size() <= exchange::kMostRows);
  // What is escaped grows when it is written; a batch at the limit need not fit again.
  const std::string anew = exchange::write_book_batch(*batch);
  const auto again = exchange::read_book_batch(anew);
  require(again ? exchange::write_book_batch(*again) == anew : anew.size() > exchange::kMostBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_as_notices(bytes);
  read_as_health(bytes);
  read_as_book(bytes);
  return 0;
}
