// The exact store of names against a plain map, and the filter in front of it.

#include "rules/match/names/name_store.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "rules/match/names/name_hash.hpp"
#include "rules/match/names/name_key.hpp"
#include "rules/match/names/name_writer.hpp"

namespace fairlead::rules::match {
namespace {

using Entries = std::map<std::string, std::vector<Posting>>;  // by key

/// Some files; sets of more than one of them are numbered from `kFiles` on.
constexpr std::uint32_t kFiles = 5;

struct Store {
  explicit Store(const Entries& entries) {
    std::vector<std::string> tails;
    for (const auto& [key, postings] : entries) tails.push_back(key);
    NameWriter writer(train_symbols(tails), 100);
    FileWriter out;
    std::vector<SetRecord> sets;
    std::vector<std::uint32_t> members;
    for (const auto& [key, postings] : entries) {
      std::vector<std::uint32_t> files, places;
      for (const Posting& posting : postings) {
        files.push_back(posting.file);
        places.push_back(posting.place);
      }
      std::uint32_t set = files[0];
      if (files.size() > 1) {
        set = kFiles + static_cast<std::uint32_t>(sets.size());
        sets.push_back({static_cast<std::uint32_t>(members.size()), static_cast<std::uint32_t>(files.size())});
        members.insert(members.end(), files.begin(), files.end());
      }
      writer.add(key, hash_name(name_of_key(key)), set, files, places);
    }
    writer.finish(Section::hosts, out);
    const std::vector<FileRecord> files(kFiles);
    out.add_records(Section::files, std::span(files));
    out.add_records(Section::sets, std::span<const SetRecord>(sets));
    out.add_records(Section::set_members, std::span<const std::uint32_t>(members));
    out.seal();
    file = std::move(FileView::open(out.to_memory()).value());
    names = std::make_unique<NameStore>(*file, Section::hosts);
  }
  [[nodiscard]] std::vector<Posting> find(std::string_view key) const {
    std::vector<Posting> postings;
    names->find(key, postings);
    return postings;
  }
  std::unique_ptr<const FileView> file;
  std::unique_ptr<NameStore> names;
};

std::string key_of(std::string_view host) {
  std::string key;
  append_host_key(host, key);
  return key;
}

class Dice {
 public:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
  std::string label() {
    std::string text;
    for (std::size_t size = 1 + below(9); size > 0; --size) text += "abcdexyz-019_"[below(13)];
    return text;
  }

 private:
  std::mt19937 engine_{7};
};

TEST_CASE("NameStore: every entry is found with its files and places, and nothing else") {
  Dice dice;
  Entries entries;
  while (entries.size() < 5000) {
    std::string host = dice.label() + "." + (dice.below(2) == 0 ? "com" : dice.label());
    while (dice.below(3) == 0) host = dice.label() + "." + host;
    if (dice.below(20) == 0) host = "10.0." + std::to_string(dice.below(256)) + "." + std::to_string(dice.below(256));
    std::vector<Posting> postings;
    for (std::uint32_t file = 0; file < kFiles; ++file) {
      if (dice.below(3) == 0) postings.push_back({file, static_cast<std::uint32_t>(dice.below(3'000'000))});
    }
    if (postings.empty()) postings.push_back({2, 1});
    if (dice.below(50) == 0) postings.insert(postings.begin(), {postings[0].file, 4'000'000'000});  // one file, twice
    entries.emplace(key_of(host), postings);
  }
  const Store store(entries);
  for (const auto& [key, postings] : entries) {
    CHECK(store.find(key) == postings);
    CHECK(store.names->filter().may_hold(hash_name(name_of_key(key))));
  }
  std::size_t let_through = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string key = key_of(dice.label() + "." + dice.label());
    if (entries.contains(key)) continue;
    CHECK(store.find(key).empty());
    let_through += store.names->filter().may_hold(hash_name(name_of_key(key))) ? 1 : 0;
  }
  CHECK(let_through < 200);  // one in 256 on average
  CHECK_FALSE(store.file->damaged());

  Entries again;
  store.names->each_from("", [&](std::string_view key, std::span<const Posting> postings) {
    again.emplace(std::string(key), std::vector<Posting>(postings.begin(), postings.end()));
    return true;
  });
  CHECK(again == entries);
  const auto middle = std::next(entries.begin(), 1234);
  store.names->each_from(middle->first, [&](std::string_view key, std::span<const Posting>) {
    CHECK(key == middle->first);
    return false;
  });
}

TEST_CASE("NameStore: many blocks that begin alike are told apart by their first keys") {
  Entries entries;
  for (int i = 0; i < 3000; ++i) {
    entries.emplace(key_of("r" + std::to_string(i) + ".the-same-long-parent.example"),
                    std::vector<Posting>{{1, static_cast<std::uint32_t>(i)}});
  }
  const Store store(entries);
  for (const auto& [key, postings] : entries) CHECK(store.find(key) == postings);
  CHECK(store.find(key_of("r3000.the-same-long-parent.example")).empty());
  CHECK(store.find(key_of("the-same-long-parent.example")).empty());
  CHECK(store.find(key_of("zzz.the-same-long-parent.example")).empty());
}

TEST_CASE("NameStore: long keys and single ones") {
  Entries entries;
  for (const std::size_t size : {1U, 14U, 15U, 16U, 63U, 127U, 128U, 300U, 5000U}) {
    entries.emplace("com" + std::string(1, kLabelEnd) + std::string(size, 'q'),
                    std::vector<Posting>{{0, static_cast<std::uint32_t>(size)}});
  }
  const Store store(entries);
  for (const auto& [key, postings] : entries) CHECK(store.find(key) == postings);
  const Store one({{"org", {{3, 4}}}});
  CHECK(one.find("org") == std::vector<Posting>{{3, 4}});
  CHECK(one.find("or").empty());
  CHECK(one.find("orgs").empty());
  const Store none({});
  CHECK(none.names->empty());
  CHECK(none.find("org").empty());
}

TEST_CASE("prefix_of_key: never greater for a key that sorts before") {
  Dice dice;
  for (int i = 0; i < 20000; ++i) {
    std::string a = key_of(dice.label() + "." + dice.label()), b = key_of(dice.label() + "." + dice.label());
    if (dice.below(10) == 0) a += static_cast<char>(dice.below(256)), b = a + static_cast<char>(dice.below(256));
    if (b < a) std::swap(a, b);
    CHECK(prefix_of_key(a) <= prefix_of_key(b));
  }
}

}  // namespace
}  // namespace fairlead::rules::match
