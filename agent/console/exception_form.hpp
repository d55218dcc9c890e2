#pragma once
// The form that opens an address for a time, and what it does: an exception in policy.yaml with owner, reason and
// expiry. Shared by IT's tasks and the lead's appeals. Blocks for the files.

#include <string>
#include <string_view>

#include "agent/console/requests.hpp"
#include "agent/console/visit.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console {

struct ExceptionForm {
  std::string_view action;  // where it is posted to; "subject" and "do=except" go along
  const AskedFor& asked;
  std::string id;  // makes the ids of the fields unique on the page
};
[[nodiscard]] pages::Html exception_form(const Visit& visit, const ExceptionForm& form);

/// Makes the exception that the posted form asks for.
/// released  by somebody who may decide alone.
/// Errors    refused: a field is missing or wrong, no agent runs; what the workshop says.
[[nodiscard]] Result<Answered> grant_exception(const Visit& visit, bool released);

/// What a person typed, in one line without control characters and marks that turn text around; at most `most` bytes.
[[nodiscard]] std::string plain_text(std::string_view raw, std::size_t most);

}  // namespace fairlead::agent::console
