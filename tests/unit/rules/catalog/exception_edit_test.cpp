#include "rules/catalog/exception_edit.hpp"
#include "rules/catalog/further_exceptions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/unit/rules/catalog/good_files.hpp"
#include "tests/unit/rounds.hpp"

using namespace fairlead::rules::catalog;

namespace {

ExceptionText example() {
  return {"https://tools.example/plans",
          {"learners", "staff"},
          Action::allow,
          "R. Site, IT",
          "Needed for unit 4: it's the course's own page",
          "2027-06-30"};
}

std::string shipped_policy() {
  std::ifstream file(std::string(FAIRLEAD_SOURCE_DIR) + "/categories/policy.yaml", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with_ends(std::string text, std::string_view end) {
  std::string out;
  for (const char c : text) c == '\n' ? out.append(end) : out.append(1, c);
  return out;
}

/// Is `part` what is left of `whole` when bytes are taken out, in order?
bool is_kept_in(std::string_view part, std::string_view whole) {
  std::size_t at = 0;
  for (const char c : whole) at += at < part.size() && part[at] == c ? 1 : 0;
  return at == part.size();
}

constexpr std::string_view kHead = "organisation: Multi Trades\nversion: '1'\n";

}  // namespace

TEST_CASE("add_exception: a list of lines gets one more behind its last, and all else stays") {
  const std::string before =
      "a: 1\nexceptions:   # agreed\n  # the first\n  - url: one.example\n    groups: [staff]   # only these\n\n"
      "# about what follows\nb: 2\n";
  const auto after = add_exception(before, example());
  REQUIRE(after);
  CHECK(*after ==
        "a: 1\nexceptions:   # agreed\n  # the first\n  - url: one.example\n    groups: [staff]   # only these\n"
        "  - url: 'https://tools.example/plans'\n    groups: [learners, staff]\n    action: allow\n"
        "    owner: 'R. Site, IT'\n    reason: 'Needed for unit 4: it''s the course''s own page'\n"
        "    expires: 2027-06-30\n\n# about what follows\nb: 2\n");
}

TEST_CASE("add_exception: the places where the list may stand, or not") {
  const ExceptionText item{"a.example", {"staff"}, Action::block, "Ops", "Why", "2027-01-01"};
  const std::string lines =
      "- url: a.example\n    groups: [staff]\n    action: block\n    owner: Ops\n    reason: Why\n    expires: "
      "2027-01-01\n";
  const std::string flow =
      "{url: a.example, groups: [staff], action: block, owner: Ops, reason: Why, expires: 2027-01-01}";
  CHECK(add_exception("a: 1\n", item) == "a: 1\nexceptions:\n  " + lines);
  CHECK(add_exception("a: 1", item) == "a: 1\nexceptions:\n  " + lines);
  CHECK(add_exception("exceptions: []\nb: 1\n", item) == "exceptions:\n  " + lines + "b: 1\n");
  CHECK(add_exception("exceptions: [ ]  # none yet\nb: 1\n", item) ==
        "exceptions:   # none yet\n  " + lines + "b: 1\n");
  CHECK(add_exception("exceptions:\nb: 1\n", item) == "exceptions:\n  " + lines + "b: 1\n");
  CHECK(add_exception("b: 1\nexceptions: []", item) == "b: 1\nexceptions:\n  " + lines);
  CHECK(add_exception("{a: 1, b: 2}\n", item) == "{exceptions: [" + flow + "], a: 1, b: 2}\n");
  CHECK(add_exception("{a: 1, exceptions: []}\n", item) == "{a: 1, exceptions: [" + flow + "]}\n");
  CHECK(add_exception("exceptions: [{url: x}, {url: y}]\n", item) ==
        "exceptions: [" + flow + ", {url: x}, {url: y}]\n");
  CHECK(add_exception("exceptions: [\n  {url: x}]\n", item) == "exceptions: [\n  " + flow + ",\n  {url: x}]\n");
  CHECK(add_exception("a: 1\n...\n", item) == "a: 1\nexceptions:\n  " + lines + "...\n");
}

TEST_CASE("add_exception: line ends stay what they are") {
  for (const std::string_view end : {"\r\n", "\r", "\n"}) {
    const std::string before = with_ends("a: 1\nexceptions:\n- url: x\n# end\nb: 2\n", end);
    const auto after = add_exception(before, example());
    REQUIRE(after);
    CHECK(is_kept_in(before, *after));
    CHECK(with_ends(*add_exception("a: 1\nexceptions:\n- url: x\n# end\nb: 2\n", example()), end) == *after);
  }
  const auto marked = add_exception(
      "\xEF\xBB\xBF"
      "a: \xC3\xBC\nexceptions: [{url: \xC3\xBC}]\n",
      example());
  REQUIRE(marked);
  CHECK(
      marked->starts_with("\xEF\xBB\xBF"
                          "a: \xC3\xBC\nexceptions: [{url: 'https://tools"));
}

TEST_CASE("add_exception: what looks like the end of an item may be its middle") {
  const std::string folded =
      "exceptions:\n  - url: x\n    reason: |\n      first\n      # no comment\n\n      last\n  # a comment\nb: 1\n";
  const auto after = add_exception(folded, example());
  REQUIRE(after);
  CHECK(after->find("      last\n  - url: 'https") != std::string::npos);
  const std::string dash_alone = "exceptions:\n  -\n    url: x\n    reason: \"a\n      # b\"\n";
  const auto second = add_exception(dash_alone, example());
  REQUIRE(second);
  CHECK(second->starts_with(dash_alone));
}

TEST_CASE("add_exception: what cannot be read is left alone, and told") {
  CHECK(add_exception("a: 1\n\texceptions: []\n", example()).error().context.find("tab") != std::string::npos);
  CHECK(add_exception("exceptions: &x []\nb: *x\n", example()).error().code == fairlead::Errc::bad_file);
  CHECK_FALSE(add_exception("exceptions: {url: x}\n", example()));
  CHECK_FALSE(add_exception("exceptions: none\n", example()));
  CHECK_FALSE(add_exception("exceptions: ~\n", example()));
  CHECK_FALSE(add_exception("a: 1\nexceptions: []\nexceptions: []\n", example()));
  CHECK_FALSE(add_exception("", example()));
}

TEST_CASE("add_exception: no field can write more than itself") {
  for (const std::string& bad : std::vector<std::string>{"", " ", "x\n  - url: y", "x\ry", std::string("x\0y", 3), " x",
                                                         std::string(2000, 'x'), "\xFF"}) {
    ExceptionText item = example();
    item.reason = bad;
    CHECK_FALSE(add_exception(kHead, item));
    item = example();
    item.groups = {bad};
    CHECK_FALSE(add_exception(kHead, item));
  }
  for (const std::string& odd : std::vector<std::string>{
           "a: b", "a #b", "'",          "''",    "\"",   "[",    "]", "{x}", "*x",  "&x",  "!x", "%",
           "@x",   "|",    ">",          "- a",   "true", "Null", "~", "? a", ", x", "`x`", "\\", "\xC3\xA9t\xC3\xA9",
           "12",   "1.5",  "2027-01-01", "--- x", "..."}) {
    ExceptionText item = example();
    item.url = item.owner = item.reason = odd;
    item.groups = {odd, odd};
    CAPTURE(odd);
    CHECK(add_exception(kHead, item));
    CHECK(add_exception("{a: 1, exceptions: [{url: x}]}", item));
  }
}

TEST_CASE("replace_exception, remove_exception: one goes, its neighbours and comments stay") {
  const std::string text =
      "exceptions:\n  # one\n  - {url: one}\n\n  # two\n  - url: two\n    groups: [a]\n  # three\n  -\n    url: "
      "three\n\n# end\nb: 1\n";
  CHECK(remove_exception(text, 0) ==
        "exceptions:\n  # one\n\n  # two\n  - url: two\n    groups: [a]\n  # three\n  -\n    url: three\n\n# end\nb: "
        "1\n");
  CHECK(remove_exception(text, 1) ==
        "exceptions:\n  # one\n  - {url: one}\n\n  # two\n  # three\n  -\n    url: three\n\n# end\nb: 1\n");
  CHECK(remove_exception(text, 2) ==
        "exceptions:\n  # one\n  - {url: one}\n\n  # two\n  - url: two\n    groups: [a]\n  # three\n\n# end\nb: 1\n");
  CHECK(remove_exception(text, 3).error().code == fairlead::Errc::not_found);
  CHECK(remove_exception("exceptions:\n  - url: x\nb: 1\n", 0) == "exceptions: []\nb: 1\n");
  CHECK(remove_exception("exceptions: [{url: 'a}, {'}, {url: y}, {url: z}]\n", 0) ==
        "exceptions: [{url: y}, {url: z}]\n");
  CHECK(remove_exception("exceptions: [{url: x}, {url: y}, {url: z}]\n", 1) == "exceptions: [{url: x}, {url: z}]\n");
  CHECK(remove_exception("exceptions: [{url: x}, {url: z}]\n", 1) == "exceptions: [{url: x}]\n");
  CHECK(remove_exception("exceptions: [{url: x}]\n", 0) == "exceptions: []\n");
  const auto replaced = replace_exception(text, 1, example());
  REQUIRE(replaced);
  CHECK(replaced->find("  # two\n  - url: 'https://tools.example/plans'\n") != std::string::npos);
  CHECK(replaced->find("url: two") == std::string::npos);
  CHECK(replace_exception("exceptions: [{url: x}, {url: y}]\n", 0, example())->ends_with(", {url: y}]\n"));
}

TEST_CASE("add_exception: the shipped policy keeps every byte and every value, and can be gone back from") {
  const std::string before = shipped_policy();
  const auto after =
      add_exception(before, {"tools.example", {"learners"}, Action::allow, "IT", "For the course", "2027-06-30"});
  REQUIRE(after);
  CHECK(is_kept_in(before, *after));
  CHECK(after->size() > before.size());
  CHECK(remove_exception(*after, 3) == before);
}

TEST_CASE("add_exception: over odd layouts, what loads afterwards is what loaded before and one more") {
  std::mt19937 random(20260601);  // NOLINT: the same layouts each time
  const auto pick = [&](std::initializer_list<std::string_view> of) {
    return std::string(of.begin()[random() % of.size()]);
  };
  const auto policy_with = [&](const std::string& section, bool first) {
    good::Files files = good::files();
    for (auto& [name, text] : files) {
      if (name != "policy.yaml") continue;
      const std::size_t begin = text.find("exceptions:");
      REQUIRE(begin != std::string::npos);
      std::size_t end = text.find("\n", begin) + 1;
      while (end < text.size() && (text[end] == ' ' || text[end] == '-')) end = text.find("\n", end) + 1;
      text = text.substr(0, begin) + text.substr(end);
      text = first ? section + text : text + section;
    }
    return files;
  };
  int changed = 0;
  for (int round = 0; round < fairlead::rounds(400); ++round) {
    const std::string pad = pick({"", "  ", "    "}),
                      comment = pick({"", "# a\n", "\n", "\n# b\n\n", "      # deep\n"});
    std::string section;
    const std::size_t count = random() % 4;
    if (random() % 2 == 0) {
      section = "exceptions:" + pick({"", "  # why", " "}) + "\n" + comment;
      for (std::size_t i = 0; i < count; ++i) {
        const std::string in = pad + "  ";
        section += pad + (random() % 3 == 0 ? "-\n" + in : "- ") +
                   "url: " + pick({"a.example", "'b.example/x'", "\"c.example\""}) + "\n";
        section +=
            in + "groups: " + pick({"[staff]", "[ staff ]", "\n" + in + "  - staff"}) + pick({"", "  # g"}) + "\n";
        section += pick({"", "\n", in + "# inside\n"});
        section += in + "action: allow\n" + in +
                   "owner: " + pick({"Ops", "'O''s'", ">\n" + in + "  Long\n" + in + "  owner"}) + "\n";
        section +=
            in + "expires: 2027-03-31\n" + in + "reason: " + pick({"R", "\"a # b\"", "'one\n" + in + "  two'"}) + "\n";
        section += pick({"", "\n", pad + "# between\n", "# far\n"});
      }
      if (count == 0) section = pick({"exceptions:\n", "exceptions: []\n", "exceptions: [ ] # x\n", ""});
    } else {
      section = "exceptions: [";
      for (std::size_t i = 0; i < count; ++i) {
        section +=
            (i > 0 ? "," : "") + pick({"", " ", "\n  ", "\n\n    "}) +
            "{url: d.example, groups: [staff], action: block, owner: 'a, b', reason: \"c]}\", expires: 2027-03-31}";
      }
      section += pick({"]\n", " ]\n", "\n  ]\n", "] # c\n"});
    }
    good::Files files = policy_with(section, random() % 2 == 0);
    const bool windows = random() % 4 == 0;
    for (auto& [name, text] : files) {
      if (name != "policy.yaml") continue;
      if (windows) text = with_ends(text, "\r\n");
      const Loaded before = load_texts(files);
      CAPTURE(section);
      if (!before.usable()) break;  // a list that is no list: nothing to add to
      const auto after = add_exception(text, example());
      REQUIRE(after);
      if (text.find("[]") == std::string::npos && text.find("[ ]") == std::string::npos)
        CHECK(is_kept_in(text, *after));
      const std::size_t had = before.catalog.policy.exceptions.size();
      const std::string old = std::exchange(text, *after);
      const Loaded now = load_texts(files);
      REQUIRE(now.usable());
      REQUIRE(now.catalog.policy.exceptions.size() == had + 1);
      CHECK(now.catalog.policy.groups.size() == before.catalog.policy.groups.size());
      CHECK(now.catalog.policy.placeholders.size() == before.catalog.policy.placeholders.size());
      CHECK(std::count_if(now.catalog.policy.exceptions.begin(), now.catalog.policy.exceptions.end(),
                          [](const Exception& e) { return e.host == "tools.example"; }) == 1);
      for (std::size_t number = 0; number <= had; ++number) {
        const auto removed = remove_exception(*after, number);
        REQUIRE(removed);
        text = *removed;
        const Loaded without = load_texts(files);
        REQUIRE(without.usable());
        CHECK(without.catalog.policy.exceptions.size() == had);
        CHECK(replace_exception(*after, number, example()));
      }
      ++changed;
      break;
    }
  }
  CHECK(changed > fairlead::rounds(300));
}

TEST_CASE("as_read: the address in canonical form, the end, and what cannot be read is said") {
  const auto read = as_read(Catalog(), example());
  REQUIRE(read);
  CHECK(read->read.host == "tools.example");
  CHECK(read->read.path == "/plans");
  // The day ends in London, where the clocks are an hour ahead.
  CHECK(read->read.expires == std::chrono::sys_days{std::chrono::year{2027} / 6 / 30} + std::chrono::hours(23));
  CHECK(read->groups == std::vector<std::string>{"learners", "staff"});
  const auto why = [](ExceptionText text) {
    const auto wrong = as_read(Catalog(), text);
    REQUIRE_FALSE(wrong);
    return wrong.error().context;
  };
  ExceptionText nowhere = example(), endless = example(), nobody = example();
  nowhere.url = "http://";
  endless.expires = "soon";
  nobody.groups.clear();
  CHECK(why(nowhere) == "the address of the exception cannot be read");
  CHECK(why(endless) == "the end of the exception cannot be read");
  CHECK(why(nobody) == "policy.yaml: an exception for no group does nothing");
}

TEST_CASE("is_the_same: address, action, owner, reason and end; of the same address: address and action alone") {
  const auto read = [](const ExceptionText& text) {
    const auto found = as_read(Catalog(), text);
    REQUIRE(found);
    return found->read;
  };
  const auto one = read(example());
  ExceptionText spelt = example(), later = example(), elsewhere = example();
  spelt.url = "https://Tools.Example/plans";
  later.expires = "2027-07-01";
  elsewhere.url = "tools.example";
  CHECK(is_the_same(one, read(spelt)));
  CHECK(is_about_the_same(one, read(later)));
  CHECK_FALSE(is_the_same(one, read(later)));
  CHECK_FALSE(is_about_the_same(one, read(elsewhere)));
}
