// Evidence that is handed over: checked without the store, and whatever is changed in it is named.

#include "agent/events/pack.hpp"

#include <nlohmann/json.hpp>

#include "agent/events/device.hpp"
#include "agent/events/pack_file.hpp"
#include "agent/events/pack_parts.hpp"
#include "agent/events/store.hpp"
#include "samples.hpp"
#include "tests/unit/rounds.hpp"

namespace fairlead::agent::events {
namespace {

using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

struct Case {
  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  std::string pack;
  Case() : store(std::move(*Store::open(folder.path()))) {
    for (int i = 0; i < 12; ++i) {
      Event event = sample(i);
      event.navigation = Navigation::yes;
      event.severity = i < 3 ? "low" : "high";
      if (i == 6) {
        event.words = "</script><script>alert('one')</script>&amp; \"two\" \xE2\x80\xA8";
        event.url = "https://casino6.example/<!--";
        event.span = "\xFF\xFE no text";
      }
      REQUIRE(record(*store, event) == Recorded::durable);
    }
    REQUIRE(report(*store, {"EV6", "learner0", ReportKind::accident, moment(50), "<b>sorry</b> </script>"}));
    Entry entry;
    entry.time = moment(60);
    entry.incident = 1;
    entry.kind = "review";
    entry.actor = "lead1";
    entry.person = "learner0";
    entry.body = R"({"state": "in_review", "note": "spoken with </script>"})";
    REQUIRE(store->add(entry));
    REQUIRE(*store->erase_expired({}, moment() + 24h * 31) == 3);
    PackRequest request;
    request.incidents = {1};
    request.events = {"EV4"};
    request.made_by = "lead1";
    request.made = moment(1'000);
    const auto made = store->evidence_pack(request);
    CAPTURE((made ? std::string() : made.error().context));
    REQUIRE(made);
    pack = *made;
  }
  std::size_t json_begin() const { return pack.find(kPackBegin) + kPackBegin.size(); }
  std::size_t json_end() const { return pack.find(kPackEnd, json_begin()); }
  Json json() const { return Json::parse(pack.substr(json_begin(), json_end() - json_begin())); }
  std::string with(const Json& json) const {
    return pack.substr(0, json_begin()) + pack_text(json) + pack.substr(json_end());
  }
};

TEST_CASE("evidence_pack: holds what was chosen, readable and verifiable without the store") {
  const Case one;
  const PackVerified verified = verify_pack(one.pack);
  CHECK(verified.first_bad == "");
  CHECK(verified.events == 5);
  CHECK(verified.reports == 1);
  CHECK(verified.entries == 1);
  CHECK(verified.made == moment(1'000));
  CHECK(verified.device == one.store->show("EV0")->device);
  // The data begins once and ends once: no text of an event opens or closes anything.
  CHECK(one.pack.find("<script", one.json_begin()) == std::string::npos);
  CHECK(one.pack.find("</script", one.json_end() + 1 + kPackEnd.size()) == std::string::npos);
  CHECK(one.pack.find("<script") + kPackBegin.size() == one.json_begin());
  CHECK(one.pack.find("<b>sorry") == std::string::npos);
  CHECK(one.pack.find("&lt;b&gt;sorry") != std::string::npos);
  const Json evidence = one.json()["evidence"];
  CHECK(evidence["incidents"][0]["person"] == "learner0");
  CHECK(evidence["events"][0]["erased"] == true);
  CHECK(evidence["events"][0]["person"].is_null());
  CHECK(evidence["events"][3]["span"]["hex"] == "fffe206e6f2074657874");
  CHECK(evidence["entries"][0]["state"] == "in_review");
}

/// Another value of the same kind.
Json other_value(const Json& value) {
  if (value.is_string()) {
    std::string text = value.get<std::string>();
    if (text.empty()) return "x";
    text.front() = text.front() == 'a' ? 'b' : 'a';
    return text;
  }
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return value.get<std::int64_t>() + 1;
  return "x";
}

TEST_CASE("verify_pack: a field that was changed, taken out or added is named, whichever it is") {
  const Case one;
  const Json whole = one.json();
  const auto flat = whole["evidence"].flatten();
  std::size_t fields = 0;
  for (const auto& item : flat.items()) {
    const auto& pointer = item.key();
    const auto& value = item.value();
    CAPTURE(pointer);
    // "/events/3/url" is events[3].url
    std::string name;
    for (std::size_t at = 1; at <= pointer.size();) {
      const std::size_t end = std::min(pointer.find('/', at), pointer.size());
      const std::string part = pointer.substr(at, end - at);
      const bool index = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
      name += index ? "[" + part + "]" : (name.empty() ? "" : ".") + part;
      at = end + 1;
    }
    Json changed = whole;
    changed["evidence"][Json::json_pointer(pointer)] = other_value(value);
    const std::string bad = verify_pack(one.with(changed)).first_bad;
    CAPTURE(bad);
    CHECK(bad.starts_with(name == "format" ? "evidence.format" : name));
    ++fields;
  }
  CHECK(fields > 150);
  Json more = whole;
  more["evidence"]["events"][1]["note"] = "x";
  CHECK(verify_pack(one.with(more)).first_bad.starts_with("events[1].note: it was added"));
  Json fewer = whole;
  fewer["evidence"]["events"].erase(4);
  CHECK(verify_pack(one.with(fewer)).first_bad.starts_with("events[4]."));
  for (const char* part : {"fields", "lines", "signature"}) {
    Json less = whole;
    less["proof"].erase(part);
    CHECK_FALSE(verify_pack(one.with(less)).first_bad.empty());
  }
}

TEST_CASE("verify_pack: no byte of the file can be changed, left out or doubled") {
  const Case one;
  std::mt19937 random(11);
  const auto tries = static_cast<std::size_t>(rounds(600));
  std::size_t found = 0;
  for (std::size_t i = 0; i < tries; ++i) {
    std::string pack = one.pack;
    // Each third of the tries in the page, the data and anywhere.
    const std::size_t from = i % 3 == 0 ? 0 : i % 3 == 1 ? one.json_begin() : 0;
    const std::size_t to = i % 3 == 0 ? one.json_begin() : i % 3 == 1 ? one.json_end() : pack.size();
    const std::size_t at = from + random() % (to - from);
    if (i % 5 == 3) {
      pack.erase(at, 1);
    } else if (i % 5 == 4) {
      pack.insert(at, 1, pack[at]);
    } else {
      pack[at] = static_cast<char>(pack[at] ^ (1 << random() % 7));
    }
    found += !verify_pack(pack).first_bad.empty();
  }
  CHECK(found == tries);
  for (std::size_t size = 0; size < one.pack.size(); size += 997)
    CHECK_FALSE(verify_pack(std::string_view(one.pack).substr(0, size)).first_bad.empty());
}

TEST_CASE("verify_pack: a pack that somebody signed anew is another device's, and its rows must fit all the same") {
  const Case one;
  TemporaryFolder other;
  REQUIRE(Store::open(other.path()));
  const auto device = Device::read(other.path());
  REQUIRE(device);
  Json forged = one.json();
  const auto sign = [&] {
    const std::string before = one.pack.substr(0, one.json_begin() - kPackBegin.size());
    const std::string after = one.pack.substr(one.json_end() + kPackEnd.size());
    const Fields fields = fields_of(forged["evidence"]);
    const auto lines = lines_of(before, after);
    forged["proof"]["fields"] = fields;
    forged["proof"]["signature"] = hex(*device->key().sign(pack_message(fields, lines)));
    return verify_pack(one.with(forged));
  };
  CHECK(sign().first_bad.starts_with("proof.signature"));
  forged["evidence"]["public_key"] = hex(device->key().public_key());
  CHECK(sign().first_bad.starts_with("device:"));
  forged["evidence"]["device"] = device->key().id();
  CHECK(sign().first_bad.starts_with("events[0]: it does not follow"));
  forged["evidence"]["events"][1]["url"] = "https://forged.example";
  CHECK_FALSE(sign().first_bad.empty());
  CHECK(sign().device == device->key().id());
}

TEST_CASE("evidence_pack: no signature is put under a store that somebody changed") {
  Case one;
  one.store.reset();
  REQUIRE(Editor(one.folder.path() / "events.db").run("UPDATE hosts SET name = 'x.example' WHERE number = 9") == 1);
  const auto store = Store::open_read_only(one.folder.path());
  PackRequest request;
  request.incidents = {1};
  const auto made = (*store)->evidence_pack(request);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::broken_store);
  CHECK(made.error().context.find("event 9") != std::string::npos);
}

TEST_CASE("evidence_pack: what is not there is told before the store is verified") {
  Case one;
  one.store.reset();
  REQUIRE(Editor(one.folder.path() / "events.db").run("UPDATE hosts SET name = 'x.example' WHERE number = 9") == 1);
  const auto store = Store::open_read_only(one.folder.path());
  PackRequest request;
  request.incidents = {99};
  CHECK((*store)->evidence_pack(request).error().code == Errc::not_found);
}

TEST_CASE("evidence_pack: what was chosen twice stands there once, and rows stand in the order of the store") {
  Case one;
  for (const std::uint64_t incident : {2U, 1U, 2U}) {
    Entry entry;
    entry.time = moment(70);
    entry.incident = incident;
    entry.kind = "task";
    entry.body = "{}";
    REQUIRE(one.store->add(entry));
  }
  PackRequest request;
  request.incidents = {2, 1, 2, 1};
  request.events = {"EV4", "EV4", "EV6"};
  const auto made = one.store->evidence_pack(request);
  REQUIRE(made);
  CHECK(verify_pack(*made).first_bad == "");
  const std::size_t begin = made->find(kPackBegin) + kPackBegin.size();
  const Json evidence = Json::parse(made->substr(begin, made->find(kPackEnd, begin) - begin))["evidence"];
  CHECK(evidence["incidents"].size() == 2);
  CHECK(evidence["events"].size() == 8);
  CHECK(evidence["reports"].size() == 1);
  REQUIRE(evidence["entries"].size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(evidence["entries"][i]["sequence"] == i + 1);
}

TEST_CASE("evidence_pack: more than a pack can hold is refused, and so no pack that cannot be read is made") {
  const Case one;
  Entry entry;
  entry.time = moment(70);
  entry.incident = 2;
  entry.kind = "task";
  entry.body = "[\"" + std::string(65'000, '&') + "\"]";  // six bytes each in the pack, five more in the page
  for (int i = 0; i < 120; ++i) REQUIRE(one.store->add(entry));
  PackRequest request;
  request.incidents = {2};
  const auto made = one.store->evidence_pack(request);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::too_large);
  CHECK(made.error().context.find("choose fewer") != std::string::npos);
}

TEST_CASE("verify_pack_file: a pack, a file that is none, and a device that never ends") {
  const Case one;
  TemporaryFolder folder;
  std::ofstream(folder.path() / "pack.html", std::ios::binary) << one.pack;
  const auto clean = verify_pack_file(folder.path() / "pack.html");
  REQUIRE(clean);
  CHECK(clean->first_bad == "");
  CHECK(clean->events == 5);
  CHECK_FALSE(verify_pack_file(folder.path() / "none.html"));
  CHECK_FALSE(verify_pack_file(folder.path()));
  const auto endless = verify_pack_file("/dev/zero");
  REQUIRE(endless);
  CHECK(endless->first_bad == "the file is larger than a pack can be");
}

TEST_CASE("verify_pack: neighbours follow each other in whatever order they stand") {
  const Case one;
  Json turned = one.json();
  auto& events = turned["evidence"]["events"];
  std::swap(events[1], events[2]);  // sequences 4 and 5
  events[1]["before"] = std::string(64, '0');
  const auto device = Device::read(one.folder.path());
  REQUIRE(device);
  // The rows' own digests are made to fit, as the holder of the key could: only the link between them does not.
  Hasher hasher;
  const auto rehash = [&](Json& row) {
    Row hashed;
    std::vector<std::string> texts;
    const PackTable& table = pack_tables()[0];
    texts.reserve(table.fields.size());
    for (std::size_t i = 0; i < table.fields.size(); ++i) {
      const Json& field = row[std::string(table.fields[i])];
      if (i < 3) {
        hashed.numbers.push_back(field.get<std::uint64_t>());
        continue;
      }
      texts.push_back(field.is_object() ? bytes_from_hex(field["hex"].get<std::string>()) : field.get<std::string>());
      (i < 19 ? hashed.texts : hashed.personal).emplace_back(texts.back());
    }
    const Link before{hashed.numbers[0] - 1, digest_from(bytes_from_hex(row["before"].get<std::string>()))};
    row["digest"] = hex(
        row_digest(hasher, kEventShape, before, hashed, bytes_from_hex(row["commitment"].get<std::string>())).view());
  };
  rehash(events[1]);
  const std::string page_before = one.pack.substr(0, one.json_begin() - kPackBegin.size());
  const std::string page_after = one.pack.substr(one.json_end() + kPackEnd.size());
  const Fields fields = fields_of(turned["evidence"]);
  const auto lines = lines_of(page_before, page_after);
  turned["proof"]["fields"] = fields;
  turned["proof"]["signature"] = hex(*device->key().sign(pack_message(fields, lines)));
  CHECK(verify_pack(one.with(turned)).first_bad == "events[1]: it does not follow the row before");
}

TEST_CASE("evidence_pack: what is not there cannot be packed") {
  const Case one;
  PackRequest request;
  CHECK(one.store->evidence_pack(request).error().code == Errc::not_found);
  request.incidents = {99};
  CHECK(one.store->evidence_pack(request).error().code == Errc::not_found);
  request.incidents = {};
  request.events = {"NONE"};
  CHECK(one.store->evidence_pack(request).error().code == Errc::not_found);
}

TEST_CASE("verify_pack: what is no pack is refused, however deep or long it is") {
  const std::string begin(kPackBegin);
  const std::string end(kPackEnd);
  for (const std::string& json :
       {std::string(), std::string("{}"), std::string("[1]"), std::string(1'000'000, '['),
        std::string(R"({"evidence": {}, "proof": {}})"), std::string(R"({"evidence": 1, "proof": 2})")})
    CHECK_FALSE(verify_pack(begin + json + end).first_bad.empty());
  Json pack = {{"evidence", {{"format", kPackFormat}, {"head", {{"events", 1}}}}},
               {"proof", {{"fields", Json::array()}, {"lines", Json::array()}}}};
  CHECK_FALSE(verify_pack(begin + pack_text(pack) + end).first_bad.empty());
  CHECK_FALSE(verify_pack(std::string(kLargestPack + 1, ' ')).first_bad.empty());
}

}  // namespace
}  // namespace fairlead::agent::events
