// The names in a DNS message (RFC 1035, sections 4.1 and 5.1), as whatever name server wrote them.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "agent/platform/platform.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr std::size_t kLongestName = 255;  // in bytes of the message, with the last zero
constexpr std::uint16_t kCname = 5;
constexpr unsigned kKind = 0xC0, kPointer = 0xC0, kLabel = 0;

/// A label's bytes as zone files write them: what has a meaning there is marked, what cannot be printed is a number.
void append_label(std::string& name, std::span<const unsigned char> label) {
  constexpr std::string_view kMarked = "\".;\\()@$";
  if (!name.empty()) name += '.';
  for (const unsigned char byte : label) {
    const char c = static_cast<char>(byte);
    if (byte <= ' ' || byte >= 0x7F) {
      const std::string digits = std::to_string(byte);
      name.append("\\").append(3 - digits.size(), '0').append(digits);
    } else {
      if (kMarked.find(c) != std::string_view::npos) name += '\\';
      name += c;
    }
  }
}

class Message {
 public:
  explicit Message(std::span<const unsigned char> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool is_at_end() const { return at_ == bytes_.size(); }

  bool skip(std::size_t size) {
    if (size > bytes_.size() - at_) return false;
    at_ += size;
    return true;
  }

  std::optional<std::uint16_t> number() {
    const std::size_t begin = at_;
    if (!skip(2)) return std::nullopt;
    return static_cast<std::uint16_t>(bytes_[begin] << 8U | bytes_[begin + 1]);
  }

  /// Over a name, without a look at where it is continued.
  bool skip_name() {
    while (at_ < bytes_.size()) {
      const unsigned char size = bytes_[at_];
      if (size == 0) return skip(1);
      if ((size & kKind) == kPointer) return skip(2);
      if ((size & kKind) != kLabel || !skip(std::size_t{1} + size)) return false;
    }
    return false;
  }

  std::optional<std::string> name() {
    auto read = name_at(at_);
    if (!read || !skip_name()) return std::nullopt;
    return read;
  }

  /// Pointers may lead anywhere, also in a circle: what was gone through is never more than the message has.
  [[nodiscard]] std::optional<std::string> name_at(std::size_t at) const {
    std::string name;
    std::size_t length = 1, gone = 0;
    while (at < bytes_.size()) {
      const std::size_t size = bytes_[at];
      if (size == 0) return name.empty() ? "." : name;
      if ((size & kKind) == kPointer) {
        gone += 2;
        if (bytes_.size() - at < 2 || gone >= bytes_.size()) return std::nullopt;
        at = (size & ~std::size_t{kKind}) << 8U | bytes_[at + 1];
        continue;
      }
      gone += size + 1;
      length += size + 1;
      if ((size & kKind) != kLabel || length > kLongestName || size >= bytes_.size() - at) return std::nullopt;
      append_label(name, bytes_.subspan(at + 1, size));
      at += size + 1;
    }
    return std::nullopt;
  }

 private:
  std::span<const unsigned char> bytes_;
  std::size_t at_ = 0;
};

struct Link {
  std::string from, to;
};

/// The record's data is passed over; a link's is read. False: the message cannot be read.
bool read_record(Message& message, std::vector<Link>* links) {
  std::string owner;
  if (links != nullptr) {
    auto name = message.name();
    if (!name) return false;
    owner = std::move(*name);
  } else if (!message.skip_name()) {
    return false;
  }
  const auto type = message.number();
  constexpr std::size_t kClassAndLife = 6;
  if (!type || !message.skip(kClassAndLife)) return false;
  const auto size = message.number();
  const std::size_t data = message.at();
  if (!size || !message.skip(*size)) return false;
  if (links == nullptr || *type != kCname) return true;
  auto target = message.name_at(data);
  if (!target) return false;
  links->push_back({std::move(owner), std::move(*target)});
  return true;
}

struct Answer {
  std::string asked;
  std::vector<Link> links;
};

std::optional<Answer> read_answer(std::span<const unsigned char> bytes) {
  Message message(bytes);
  constexpr std::size_t kIdAndFlags = 4, kTypeAndClass = 4;
  if (!message.skip(kIdAndFlags)) return std::nullopt;
  std::array<std::uint16_t, 4> counts{};  // questions, answers, authorities, and what else may help
  for (std::uint16_t& count : counts) {
    const auto number = message.number();
    if (!number) return std::nullopt;
    count = *number;
  }
  if (counts[0] != 1) return std::nullopt;
  auto asked = message.name();
  if (!asked || !message.skip(kTypeAndClass)) return std::nullopt;
  Answer answer{std::move(*asked), {}};
  for (std::size_t section = 1; section < counts.size(); ++section) {
    for (unsigned i = 0; i < counts[section]; ++i) {
      if (!read_record(message, section == 1 ? &answer.links : nullptr)) return std::nullopt;
    }
  }
  if (!message.is_at_end()) return std::nullopt;
  return answer;
}

}  // namespace

Result<std::vector<std::string>> read_aliases(std::span<const unsigned char> message) {
  auto answer = read_answer(message);
  if (!answer) return fail(Errc::bad_message, Side::upstream, "an answer of the name server");
  std::vector<std::string> names(1, answer->asked);
  for (;;) {
    const auto leads_on = [&](const Link& link) { return text::equals_ignoring_case(link.from, names.back()); };
    const auto next = std::find_if(answer->links.begin(), answer->links.end(), leads_on);
    if (next == answer->links.end()) return names;
    if (names.size() > kMostAliases) return fail(Errc::not_found, Side::upstream, "its aliases do not come to an end");
    names.push_back(next->to);
  }
}

}  // namespace fairlead::agent::platform
