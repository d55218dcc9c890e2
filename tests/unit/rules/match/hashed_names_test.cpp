#include "rules/match/names/hashed_names.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "rules/base/text.hpp"
#include "rules/match/file/file_writer.hpp"

namespace fairlead::rules::match {
namespace {

// printf 'fairlead:%s' bad.example | sha256sum
constexpr std::string_view kBadExample = "d3ae650a08a49d5f8228cd8d55de390225744507dc3a3c91647455c5fb0614ed";

struct HashedTable {
  explicit HashedTable(const std::vector<HashedRecord>& records) {
    FileWriter out;
    out.add_records(Section::hashed, std::span(records));
    out.seal();
    file = std::move(FileView::open(out.to_memory()).value());
    names = std::make_unique<HashedNames>(*file);
  }
  [[nodiscard]] std::vector<std::uint32_t> find(std::string_view host) const {
    std::vector<std::uint32_t> places;
    names->find(HostSuffixes(host)[0], [&](const Posting& posting) { places.push_back(posting.place); });
    return places;
  }
  std::unique_ptr<const FileView> file;
  std::unique_ptr<HashedNames> names;
};

TEST_CASE("HashedNames: the digest is the one the administrator's command prints") {
  CHECK(text::hex(digest_of_name("bad.example")) == kBadExample);
  const HashedTable names({{*digest_of_hex(kBadExample), 0, 7}});
  CHECK(names.find("bad.example") == std::vector<std::uint32_t>{7});
  CHECK(names.find("good.example").empty());
}

TEST_CASE("HashedNames: a common end of names is found when it is an entry") {
  const HashedTable names({{digest_of_name("tv"), 0, 9}});
  CHECK(names.find("tv") == std::vector<std::uint32_t>{9});
  CHECK(names.find("com").empty());
}

TEST_CASE("HashedNames: half a digest is no digest") { CHECK_FALSE(digest_of_hex(kBadExample.substr(0, 32))); }

}  // namespace
}  // namespace fairlead::rules::match
