#include "agent/command/hub_workshop.hpp"

namespace fairlead::agent::command {
namespace {

tl::unexpected<Error> elsewhere() {
  return fail(Errc::not_found, Side::client,
              "Files are changed where the bundles of rules are made, and reach the laptops from there.");
}

}  // namespace

Result<console::EditedFile> HubWorkshop::read(std::string_view) const { return elsewhere(); }
Result<console::Preview> HubWorkshop::preview(std::string_view, std::string_view, console::Moment) {
  return elsewhere();
}
Result<console::Outcome> HubWorkshop::propose(const console::Proposal&, console::Moment) { return elsewhere(); }
Result<void> HubWorkshop::release(std::string_view, const std::string&, console::Moment) { return elsewhere(); }
Result<void> HubWorkshop::withdraw(std::string_view, const std::string&, console::Moment) { return elsewhere(); }
Result<console::Outcome> HubWorkshop::undo(std::string_view, const std::string&, console::Moment) {
  return elsewhere();
}

Result<console::Outcome> HubWorkshop::except(const rules::catalog::ExceptionText& exception, const std::string& account,
                                             bool released, console::Moment now) {
  if (!released) {
    return fail(Errc::refused, Side::client,
                "Here the safeguarding lead opens addresses. Ask the lead, or change the file that the laptops' rules "
                "are made from. Nothing was changed.");
  }
  auto made = make_(exception, account, now);
  if (!made) return tl::unexpected(std::move(made).error());
  console::Outcome outcome;
  outcome.change = std::move(*made);
  return outcome;
}

}  // namespace fairlead::agent::command
