#pragma once
// The forms that answer what somebody asked for: one that opens an address for a time, and what it does (an exception
// in policy.yaml, or at an organisation's desk for its laptops, with owner, reason and last day), and one with a
// sentence for the learner. Shared by IT's tasks and the lead's pages. Blocks for the files.

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

inline constexpr std::size_t kLongestSentence = 500;  // bytes
/// The end of a form, "says": a sentence that somebody has to read, and the button.
/// of   what the button is about, for whoever hears it alone
/// id   makes the id of the field unique on the page
[[nodiscard]] pages::Html sentence_and_button(std::string_view label, std::string_view button, std::string_view of,
                                              std::string_view id);

/// Makes the exception that the posted form asks for.
/// released  by somebody who may decide alone.
/// Errors    refused: a field is missing or wrong, no agent runs; what the workshop says.
[[nodiscard]] Result<Answered> grant_exception(const Visit& visit, bool released);

/// What a person typed, in one line without control characters and marks that turn text around; at most `most` bytes.
[[nodiscard]] std::string plain_text(std::string_view raw, std::size_t most);

}  // namespace fairlead::agent::console
