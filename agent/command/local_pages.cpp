#include "agent/command/local_pages.hpp"

#include <future>

#include "agent/console/pages.hpp"
#include "agent/net/listener.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

using rules::policy::Person;
using rules::policy::Rules;

std::vector<console::OwnBlock> own_blocks(const events::Store& store, const Rules& rules, const Person& person) {
  std::vector<console::OwnBlock> out;
  if (person.name.empty()) return out;  // what belongs to nobody known is shown to nobody
  events::Filter filter;
  filter.person = person.name;
  filter.limit = console::kOwnBlocksShown;
  filter.newest_first = true;
  const auto rows = store.list(filter);
  if (!rows) return out;
  for (const events::Stored& row : *rows) {
    console::OwnBlock block;
    block.id = row.event.id;
    block.time = std::chrono::floor<std::chrono::seconds>(row.event.time);
    block.host = row.event.host;
    block.reported = !row.reports.empty();
    for (const auto& category : rules.catalog().categories) {
      if (category.id != row.event.category) continue;
      block.category_title = category.title;
      block.says = category.says;
    }
    out.push_back(std::move(block));
  }
  return out;
}

/// Blocks until the store has answered: on a worker thread only.
int store_report(events::Store& store, const Person& person, const pages::ReportForm& form) {
  events::Report report{form.id, person.name, events::ReportKind::accident, platform::wall_clock(), form.words};
  for (const auto kind : {events::ReportKind::wrong, events::ReportKind::concern}) {
    if (form.kind == to_string(kind)) report.kind = kind;
  }
  std::promise<Result<void>> answer;
  store.report(std::move(report), [&answer](Result<void> stored) { answer.set_value(std::move(stored)); });
  const auto stored = answer.get_future().get();
  if (stored) return 200;
  return stored.error().code == Errc::not_found ? 404 : 503;
}

}  // namespace

LocalPages::LocalPages(net::Services& services, net::Tcp::endpoint endpoint)
    : services_(services),
      endpoint_(std::move(endpoint)),
      server_(services.context, net::to_text(endpoint_), [this](console::Request request, console::Respond respond) {
        net::asio::co_spawn(
            services_.context.get_executor(),
            [this, request = std::move(request), respond = std::move(respond)]() mutable {
              return answer(std::move(request), std::move(respond));
            },
            net::asio::detached);
      }) {}

net::Task<void> LocalPages::answer(console::Request request, console::Respond respond) {
  net::ErrorCode error;
  const net::Tcp::endpoint client(net::asio::ip::make_address(request.peer_address, error), request.peer_port);
  const auto person = co_await services_.people.identify(client, endpoint_);
  const auto rules = services_.keeper.current();
  const bool answers_https = services_.own_tls != nullptr;
  auto make_page = [this, rules, person, answers_https, request = std::move(request)] {
    console::Site site{*rules, std::chrono::floor<std::chrono::seconds>(platform::wall_clock()), {}, {}, answers_https};
    site.own_blocks = [&] { return own_blocks(services_.store, *rules, *person); };
    site.report = [&](const pages::ReportForm& form) { return store_report(services_.store, *person, form); };
    return console::respond(request, site);
  };
  auto page = co_await net::run_on(services_.workers, std::move(make_page));
  respond(std::move(page));
}

}  // namespace fairlead::agent::command
