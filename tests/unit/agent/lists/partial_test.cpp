#include "agent/lists/partial.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

namespace fairlead::agent::lists {
namespace {

const std::string kUrl = "https://lists.example/hosts";

TEST_CASE("Partial: what was kept may be continued with the edition that it was of") {
  TemporaryFolder folder;
  Partial part(folder.path(), kUrl);
  CHECK(part.bytes() == 0);
  write_file(part.file(), "slots.exam");
  part.keep("\"a\"");
  const Partial again(folder.path(), kUrl);
  CHECK(again.bytes() == 10);
  CHECK(again.if_range() == "\"a\"");
}

TEST_CASE("Partial: a part that does not fit its record is thrown away") {
  const struct {
    const char* why;
    std::string validator, url, part, record;
  } rows[] = {
      {"there is no validator", "", kUrl, "", ""},
      {"it is of another address", "\"a\"", "https://lists.example/other", "", ""},
      {"it grew after it was recorded", "\"a\"", kUrl, "slots.example", ""},
      {"its bytes are others", "\"a\"", kUrl, "slots.exan", ""},
      {"its record is garbage", "\"a\"", kUrl, "", "{{{\xff"},
      {"its record is a list", "\"a\"", kUrl, "", "[1]"},
      {"its record has numbers for texts", "\"a\"", kUrl, "", R"({"from": 1, "if_range": 2, "sha256": 3})"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    TemporaryFolder folder;
    Partial part(folder.path(), kUrl);
    write_file(part.file(), "slots.exam");
    part.keep(row.validator);
    if (!row.part.empty()) write_file(part.file(), row.part);
    if (!row.record.empty()) write_file(folder.path() / "incoming.json", row.record);
    const Partial again(folder.path(), row.url);
    CHECK(again.bytes() == 0);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

}  // namespace
}  // namespace fairlead::agent::lists
