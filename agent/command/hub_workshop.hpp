#pragma once
// The workshop at the desk of an organisation: the files are changed where bundles of rules are made and signed, so
// that none are edited here. An exception is told to the laptops of its groups, which lay it over their bundle or write
// it into their own rules.

#include <functional>

#include "agent/console/workshop.hpp"

namespace fairlead::agent::command {

class HubWorkshop final : public console::Workshop {
 public:
  /// make     makes an exception for the laptops of its groups and returns its id; from any thread.
  using Make = std::function<Result<std::string>(const rules::catalog::ExceptionText&, const std::string& by,
                                                 console::Moment now)>;
  explicit HubWorkshop(Make make) : make_(std::move(make)) {}

  [[nodiscard]] std::vector<std::string> files() const override { return {}; }
  [[nodiscard]] Result<console::EditedFile> read(std::string_view name) const override;
  [[nodiscard]] Result<console::Preview> preview(std::string_view name, std::string_view text,
                                                 console::Moment now) override;
  [[nodiscard]] Result<console::Outcome> propose(const console::Proposal& proposal, console::Moment now) override;
  /// What is not released is refused: nobody could release it here. The change that it tells of is the exception.
  [[nodiscard]] Result<console::Outcome> except(const rules::catalog::ExceptionText& exception,
                                                const std::string& account, bool released,
                                                console::Moment now) override;
  [[nodiscard]] Result<std::vector<console::Change>> changes() const override { return std::vector<console::Change>{}; }
  [[nodiscard]] Result<void> release(std::string_view change, const std::string& account, console::Moment now) override;
  [[nodiscard]] Result<void> withdraw(std::string_view change, const std::string& account,
                                      console::Moment now) override;
  [[nodiscard]] Result<console::Outcome> undo(std::string_view change, const std::string& account,
                                              console::Moment now) override;

 private:
  Make make_;
};

}  // namespace fairlead::agent::command
