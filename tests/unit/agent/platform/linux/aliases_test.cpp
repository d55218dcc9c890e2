// Our reading of DNS messages beside the system's own (libresolv), over whole, broken and changed ones.
#include <arpa/nameser.h>

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <strings.h>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "agent/platform/platform.hpp"

namespace fs = std::filesystem;
using namespace fairlead;
using namespace fairlead::agent;

namespace {

using Names = std::vector<std::string>;
using Bytes = std::vector<unsigned char>;

/// Nothing where it cannot be read. A chain without end has one name more than is permitted.
std::optional<Names> read_by_system(const Bytes& message) {
  ns_msg parsed;
  ns_rr record;
  if (ns_initparse(message.data(), static_cast<int>(message.size()), &parsed) != 0) return std::nullopt;
  if (ns_msg_count(parsed, ns_s_qd) != 1 || ns_parserr(&parsed, ns_s_qd, 0, &record) != 0) return std::nullopt;
  Names names(1, ns_rr_name(record));
  std::vector<std::pair<std::string, std::string>> links;
  for (int i = 0; i < ns_msg_count(parsed, ns_s_an); ++i) {
    if (ns_parserr(&parsed, ns_s_an, i, &record) != 0) return std::nullopt;
    if (ns_rr_type(record) != ns_t_cname) continue;
    std::array<char, NS_MAXDNAME> target{};
    if (ns_name_uncompress(ns_msg_base(parsed), ns_msg_end(parsed), ns_rr_rdata(record), target.data(), target.size()) <
        0)
      return std::nullopt;
    links.emplace_back(ns_rr_name(record), target.data());
  }
  for (std::size_t i = 0; i < links.size() && names.size() <= platform::kMostAliases;) {
    const bool leads_on = strcasecmp(links[i].first.c_str(), names.back().c_str()) == 0;
    if (leads_on) names.push_back(links[i].second);
    i = leads_on ? 0 : i + 1;
  }
  return names;
}

/// True when both read the same.
bool agree(const Bytes& message) {
  const auto ours = platform::read_aliases(message);
  const auto theirs = read_by_system(message);
  if (ours) return theirs && *ours == *theirs;
  if (ours.error().code == Errc::bad_message) return !theirs;
  return theirs && theirs->size() > platform::kMostAliases;
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> all;
  for (const auto& entry :
       fs::directory_iterator(fs::path(FAIRLEAD_SOURCE_DIR) / "tests" / "fuzz" / "seeds" / "aliases")) {
    std::ifstream in(entry.path(), std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return all;
}

}  // namespace

TEST_CASE("read_aliases: the same names as the system's own reader finds, and none where it finds none") {
  const auto all = seeds();
  REQUIRE(all.size() >= 10);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    CHECK(agree(all[i]));
  }
}

TEST_CASE("read_aliases: as the system's own reader where bytes were changed, cut off or added") {
  std::mt19937 random(20260101);
  // Mostly what has a meaning: ends, lengths, pointers, the type of a link, bytes that are written in another way.
  constexpr std::array<unsigned char, 14> kTelling{0, 1, 2, 5, 12, 28, 63, 64, 128, 192, 255, '.', '(', 0x7F};
  std::size_t unlike = 0, readable = 0;
  for (const Bytes& seed : seeds()) {
    for (int round = 0; round < 4000 && !seed.empty(); ++round) {
      Bytes message = seed;
      for (auto change = 1 + random() % 3; change > 0; --change) {
        const std::size_t at = random() % message.size();
        message[at] = random() % 4 == 0 ? static_cast<unsigned char>(random()) : kTelling[random() % kTelling.size()];
      }
      if (random() % 8 == 0) message.resize(random() % (message.size() + 2));
      unlike += agree(message) ? 0 : 1;
      readable += platform::read_aliases(message) ? 1 : 0;
    }
  }
  CHECK(unlike == 0);
  CHECK(readable > 1000);
}
