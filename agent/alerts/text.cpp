#include "agent/alerts/text.hpp"

#include <algorithm>

#include <date/date.h>
#include <nlohmann/json.hpp>

#include "agent/events/export.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::alerts {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestTitle = 120;

std::string counted(std::uint64_t number, std::string_view what) {
  return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s");
}

std::uint64_t total(const Contents& contents) { return contents.items.size() + contents.beyond; }

/// "critical, contact: Strangers and grooming"; as much of it as the policy lets out.
std::string describe(const Item& item, const Contents& contents) {
  std::string out;
  const auto add = [&out](std::string_view joint, std::string_view part) {
    if (part.empty()) return;
    if (!out.empty()) out += joint;
    out += part;
  };
  if (contents.includes.severity) add("", to_string(item.severity));
  if (contents.includes.risk) add(", ", one_line(item.risk, kLongestTitle));
  if (contents.includes.category) add(": ", one_line(item.title, kLongestTitle));
  return out;
}

std::string_view says(Reason reason) {
  switch (reason) {
    case Reason::fresh:
      return "new";
    case Reason::more_severe:
      return "more serious than before";
    case Reason::goes_on:
      break;
  }
  return "still going on";
}

std::string link(const Contents& contents, std::uint64_t incident) {
  return contents.console + "/incidents/" + std::to_string(incident);
}

/// The console is the laptop's own: from where the mail is read, no link leads to it.
bool is_on_laptop(const Contents& contents) {
  const std::string_view console = contents.console;
  const std::size_t scheme = console.find("://");
  const std::string_view host = scheme == std::string_view::npos ? console : console.substr(scheme + 3);
  return host.starts_with("127.") || host.starts_with("[::1]") ||
         host.substr(0, host.find_first_of(":/")) == "localhost";
}

std::string line_of(const Item& item, const Contents& contents) {
  const std::string what = describe(item, contents);
  std::string out = "Incident " + std::to_string(item.incident) + " (" + std::string(says(item.reason)) + ")";
  if (!what.empty()) out += ": " + what;
  if (contents.includes.person && !item.person.empty()) out += "; account " + one_line(item.person, kLongestTitle);
  if (contents.includes.host && !item.host.empty()) out += "; site " + one_line(item.host, kLongestTitle);
  out += "\n";
  if (is_on_laptop(contents)) return out;
  return out.append("  ").append(link(contents, item.incident)).append("\n");
}

json json_of(const Item& item, const Contents& contents) {
  json out = {{"number", item.incident}, {"reason", to_string(item.reason)}, {"link", link(contents, item.incident)}};
  if (contents.includes.severity) out["severity"] = to_string(item.severity);
  if (contents.includes.risk) out["risk"] = item.risk;
  if (contents.includes.category) out["category"] = {{"id", item.category}, {"title", item.title}};
  if (contents.includes.person && !item.person.empty()) out["person"] = item.person;
  if (contents.includes.host && !item.host.empty()) out["host"] = item.host;
  return out;
}

std::string_view kind_key(AlertWay way) {
  switch (way) {
    case AlertWay::weekly:
      return "weekly";
    case AlertWay::daily:
      return "daily";
    default:
      return "at_once";
  }
}

std::string as_json_text(const json& value) { return value.dump(-1, ' ', true, json::error_handler_t::replace); }

/// How many bytes of a text, at most so many, end with a letter's last one. Bytes that are no UTF-8 are cut anywhere,
/// so that whoever takes one piece after the other comes to the end.
std::size_t whole_letters(std::string_view text, std::size_t most) {
  constexpr std::size_t kMostBytesALetter = 4;
  if (text.size() <= most) return text.size();
  for (std::size_t end = most; end > 0 && most - end < kMostBytesALetter; --end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U) return end;
  }
  return most;
}

/// Quoted-printable (RFC 2045, 6.7): lines of at most 76 characters, "=" and what is no printable ASCII as "=XX".
std::string quoted_printable(std::string_view text) {
  constexpr std::size_t kLongestLine = 73;  // room for one more escape and the soft break
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    if (column >= kLongestLine) {
      out += "=\r\n";
      column = 0;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    // A dot that begins a line would be the mail protocol's; some servers forget to undo its doubling.
    const bool is_plain = byte > ' ' && byte < 0x7F && byte != '=' && !(byte == '.' && column == 0);
    if (is_plain || (byte == ' ' && !ends_line)) {
      out += static_cast<char>(byte);
      ++column;
    } else {
      out += {'=', kHex[byte >> 4U], kHex[byte & 0xFU]};
      column += 3;
    }
  }
  return text.ends_with('\n') ? out : out + "\r\n";
}

/// A header's text: as it is where it is ASCII, else encoded words (RFC 2047), each of whole letters.
std::string header_text(std::string_view text) {
  constexpr std::size_t kMostBytesAWord = 16;  // "=?utf-8?q?" + 3 * 16 + "?=" stays below 75
  std::string line = one_line(text, 200);
  if (std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7F; }) &&
      line.find("=?") == std::string::npos)
    return line;
  std::string out;
  std::size_t begin = 0;
  while (begin < line.size()) {
    const std::size_t end = begin + whole_letters(std::string_view(line).substr(begin), kMostBytesAWord);
    if (!out.empty()) out += "\r\n ";
    out += "=?utf-8?q?";
    for (std::size_t i = begin; i < end; ++i) {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(line[i]);
      if (text::is_alnum(line[i])) {
        out += line[i];
      } else {
        out += {'=', kHex[byte >> 4U], kHex[byte & 0xFU]};
      }
    }
    out += "?=";
    begin = end;
  }
  return out;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < ' ' || byte == 0x7F ? ' ' : c;
  }
  out.resize(whole_letters(out, most));
  return out;
}

std::string subject_of(const Contents& contents) {
  if (contents.way != AlertWay::at_once) {
    return "Fairlead: " + std::string(contents.way == AlertWay::daily ? "the day's " : "the week's ") +
           counted(total(contents), "incident");
  }
  if (total(contents) != 1 || contents.items.empty()) {
    std::string out = "Fairlead: " + counted(total(contents), "incident");
    if (contents.includes.severity && !contents.items.empty())
      out += ", the most serious " + std::string(to_string(contents.items.front().severity));
    return out;
  }
  const Item& item = contents.items.front();
  const std::string what = describe(item, contents);
  return "Fairlead: incident " + std::to_string(item.incident) + (what.empty() ? "" : ", " + what);
}

std::string mail_text(const Contents& contents) {
  const std::uint64_t all = total(contents);
  std::string out;
  if (contents.way == AlertWay::at_once) {
    out = all == 1 ? "An incident needs your attention.\n\n"
                   : counted(all, "incident") +
                         " need your attention. They came close together, so they are told of in "
                         "one message.\n\n";
  } else {
    out =
        "Since the last summary there " + std::string(all == 1 ? "was " : "were ") + counted(all, "incident") + ".\n\n";
  }
  const std::size_t listed = std::min(contents.items.size(), kMostListed);
  for (std::size_t i = 0; i < listed; ++i) out += line_of(contents.items[i], contents);
  const bool on_laptop = is_on_laptop(contents);
  if (all > listed) {
    out.append("\nand ").append(std::to_string(all - listed)).append(" more, which ");
    out += on_laptop ? "the console lists.\n" : contents.console + "/incidents lists.\n";
  }
  if (!contents.device.empty()) out += "\nLaptop: " + contents.device + "\n";
  out += on_laptop ? "\nOpen the console on the laptop, and sign in. It says what was asked for, by whom and when"
                   : "\nThe links open the console, where you sign in. It says what was asked for, by whom and when";
  out += contents.includes.person || contents.includes.host
             ? ".\nThis message holds personal data: please delete it once you have looked.\n"
             : "; this message\ndoes not, so that mailboxes stay free of it.\n";
  return out + "\nFairlead, the web filter of " + one_line(contents.organisation, kLongestTitle) +
         "\nSent by a machine; nobody reads answers to it.\n";
}

std::string webhook_json(const Contents& contents, std::string_view key, TimePoint created) {
  json out = {{"format", 1},
              {"key", key},
              {"kind", kind_key(contents.way)},
              {"created", events::utc_text(created)},
              {"organisation", contents.organisation},
              {"total", total(contents)},
              {"incidents", json::array()}};
  if (!contents.device.empty()) out["device"] = contents.device;
  const std::size_t listed = std::min(contents.items.size(), kMostListed);
  for (std::size_t i = 0; i < listed; ++i) out["incidents"].push_back(json_of(contents.items[i], contents));
  return as_json_text(out);
}

std::string test_subject() { return "Fairlead: a test message"; }

std::string test_text(std::string_view organisation) {
  return "This message only tries whether alerts arrive. Nothing happened.\n\nFairlead, the web filter of " +
         one_line(organisation, kLongestTitle) + "\nSent by a machine; nobody reads answers to it.\n";
}

std::string test_json(std::string_view key, TimePoint now) {
  return as_json_text({{"format", 1},
                       {"key", key},
                       {"kind", "test"},
                       {"created", events::utc_text(now)},
                       {"total", 0},
                       {"incidents", json::array()}});
}

std::string mail_message(const Envelope& envelope, std::string_view subject, std::string_view text) {
  const std::string domain = envelope.from.substr(envelope.from.rfind('@') + 1);
  const auto when = std::chrono::floor<std::chrono::seconds>(envelope.created);
  std::string out;
  const auto header = [&out](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  header("Date", date::format("%a, %d %b %Y %T +0000", when));
  header("From", "Fairlead <" + one_line(envelope.from, 254) + ">");
  header("To", "<" + one_line(envelope.to, 254) + ">");
  header("Subject", header_text(subject));
  header("Message-ID", "<" + envelope.key + "@" + domain + ">");
  header("Auto-Submitted", "auto-generated");  // RFC 3834: no answer from holiday programs
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "quoted-printable");
  return out + "\r\n" + quoted_printable(text);
}

}  // namespace fairlead::agent::alerts
