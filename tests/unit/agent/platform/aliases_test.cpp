#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

using Names = std::vector<std::string>;
using Links = std::vector<std::pair<std::string, std::string>>;

std::string wire(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto label = name.substr(0, name.find('.'));
    out += static_cast<char>(label.size());
    out += label;
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  return out + '\0';
}

/// A name server's answer: the question, then a CNAME for each link.
std::string answer(std::string_view asked, const Links& links) {
  std::string out("\x12\x34\x81\x80\0\1\0", 7);
  out += static_cast<char>(links.size());
  out += std::string(4, '\0') + wire(asked) + std::string("\0\1\0\1", 4);
  for (const auto& [from, to] : links) {
    const std::string data = wire(to);
    out += wire(from) + std::string("\0\5\0\1\0\0\0\x3c\0", 9) + static_cast<char>(data.size()) + data;
  }
  return out;
}

Result<Names> read(const std::string& message) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  return read_aliases({bytes, message.size()});
}

Links chain(int length) {
  Links links;
  for (int i = 0; i < length; ++i)
    links.emplace_back("n" + std::to_string(i) + ".example", "n" + std::to_string(i + 1) + ".example");
  return links;
}

}  // namespace

TEST_CASE("aliases: every name of a chain, in its order, whatever the order of the records") {
  auto links = chain(8);
  const auto names = read(answer("n0.example", links));
  REQUIRE(names);
  CHECK(names->size() == 9);
  CHECK(names->at(4) == "n4.example");
  std::reverse(links.begin(), links.end());
  CHECK(read(answer("N0.Example", links)).value().back() == "n8.example");
  CHECK(read(answer("other.example", links)).value() == Names{"other.example"});
  CHECK(read(answer("other.example", {})).value() == Names{"other.example"});
}

TEST_CASE("aliases: what has no end is no name") {
  CHECK(read(answer("n0.example", chain(static_cast<int>(kMostAliases)))));
  CHECK(read(answer("n0.example", chain(static_cast<int>(kMostAliases) + 1))).error().code == Errc::not_found);
  CHECK(read(answer("a.example", {{"a.example", "b.example"}, {"b.example", "a.example"}})).error().code ==
        Errc::not_found);
  CHECK(read(answer("a.example", {{"a.example", "a.example"}})).error().code == Errc::not_found);
}

TEST_CASE("aliases: an answer that breaks off anywhere cannot be read") {
  const std::string whole = answer("n0.example", chain(3));
  CHECK(read(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto names = read(whole.substr(0, size));
    CHECK((!names && names.error().code == Errc::bad_message));
  }
}

}  // namespace fairlead::agent::platform
