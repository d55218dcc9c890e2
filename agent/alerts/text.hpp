#pragma once
// What an alert says: plain words for mail, JSON for webhooks, and the frame around a mail. Only what the policy lets
// out is in the items that come in here. Pure; any thread. FORMAT.md describes both for who receives them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/alerts/alert.hpp"

namespace fairlead::agent::alerts {

/// What a message is made of.
struct Contents {
  std::string organisation, console, device;  // device: empty where the policy keeps it back
  rules::catalog::AlertIncludes includes;
  AlertWay way = AlertWay::at_once;
  std::vector<Item> items;   // the gravest first
  std::uint64_t beyond = 0;  // more, for which there was no room in the queue
};

inline constexpr std::size_t kMostListed = 20;  // the rest is counted

/// One line, printable; never a person or a host, whatever the policy says: subjects show on locked telephones.
[[nodiscard]] std::string subject_of(const Contents& contents);
[[nodiscard]] std::string mail_text(const Contents& contents);
[[nodiscard]] std::string webhook_json(const Contents& contents, std::string_view key, TimePoint created);

/// The same for the message that only tries a channel.
[[nodiscard]] std::string test_subject();
[[nodiscard]] std::string test_text(std::string_view organisation);
[[nodiscard]] std::string test_json(std::string_view key, TimePoint now);

struct Envelope {
  std::string from, to;  // addresses as the policy reader checked them
  std::string key;
  TimePoint created{};
};
/// The whole message (RFC 5322, RFC 2045), lines ended by CRLF, ASCII throughout. Text that holds line breaks or
/// control bytes cannot make a header of its own.
[[nodiscard]] std::string mail_message(const Envelope& envelope, std::string_view subject, std::string_view text);

/// A text in one printable line, at most so many bytes (UTF-8 is not cut within a letter).
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most);

}  // namespace fairlead::agent::alerts
