// Row 8: every listed name is found as it is written, and ten million random and mutated hosts get the answer of an
// oracle that knows nothing of hashes: sorted reversed names and a binary search for every suffix.

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string_view>
#include <tuple>

#include "rules/catalog/imports/import.hpp"
#include "tests/bench/rules/material.hpp"

namespace fairlead::bench {
namespace {

/// A name where it is written: list and line.
struct Place {
  std::uint16_t list = 0;
  std::uint32_t line = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Lines that are no rule: "gb.net" is a registry, and would close what strangers have below it.
struct Refused {
  std::set<std::uint32_t> lines;
  std::vector<std::string> names;  // with the reason
};

Refused refused_by_import(const std::filesystem::path& path, rules::catalog::ListFormat format) {
  struct Sink final : rules::catalog::ListSink {
    Refused refused;
    void begin_file(std::string_view) override {}
    void host(std::string_view, std::uint32_t) override {}
    void path(std::string_view, std::string_view, std::uint32_t) override {}
    void pattern(std::string_view, rules::catalog::Where, std::uint32_t) override {}
    void filter(rules::catalog::Filter, std::uint32_t) override {}
    void hashed(std::string_view, std::uint32_t) override {}
    void skipped(rules::catalog::Skipped reason, std::string_view text, std::uint32_t line) override {
      refused.lines.insert(line);
      refused.names.push_back(std::string(text) + " (" + std::string(to_string(reason)) + ")");
    }
  } sink;
  if (!rules::catalog::import_list(path, format, "", sink)) give_up(path.string() + " cannot be imported");
  return std::move(sink.refused);
}

class Oracle {
 public:
  explicit Oracle(const Lists& lists) {
    for (std::size_t list = 0; list < lists.paths.size(); ++list) {
      std::uint32_t line = 0;
      const Refused refused = refused_by_import(lists.paths[list], lists.catalog.lists[list].format);
      left_out_.insert(left_out_.end(), refused.names.begin(), refused.names.end());
      for (const std::string& name : read_lines(lists.paths[list])) {
        if (refused.lines.count(line + 1) != 0) {
          ++line;
          continue;
        }
        entries_.push_back(
            {texts_.size(), static_cast<std::uint32_t>(name.size()), static_cast<std::uint16_t>(list), ++line});
        texts_.append(name.rbegin(), name.rend());
      }
    }
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
      return std::tuple(text_of(a), a.list, a.line) < std::tuple(text_of(b), b.list, b.line);
    });
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const std::vector<std::string>& left_out() const { return left_out_; }
  [[nodiscard]] std::string name(std::size_t i) const {
    const std::string_view text = text_of(entries_[i]);
    return {text.rbegin(), text.rend()};
  }

  /// Every place that names the host or a parent of it; a list that names both is asked for the parent alone.
  void find(std::string_view host, std::vector<Place>& places) {
    places.clear();
    reversed_.assign(host.rbegin(), host.rend());
    for (std::size_t end = reversed_.find('.');; end = reversed_.find('.', end + 1)) {
      add(std::string_view(reversed_).substr(0, end), places);
      if (end == std::string::npos) break;
    }
    std::sort(places.begin(), places.end());
  }

 private:
  struct Entry {
    std::size_t begin;
    std::uint32_t size;
    std::uint16_t list;
    std::uint32_t line;
  };
  [[nodiscard]] std::string_view text_of(const Entry& entry) const {
    return std::string_view(texts_).substr(entry.begin, entry.size);
  }
  void add(std::string_view reversed, std::vector<Place>& places) const {
    auto at = std::lower_bound(entries_.begin(), entries_.end(), reversed,
                               [&](const Entry& entry, std::string_view text) { return text_of(entry) < text; });
    for (; at != entries_.end() && text_of(*at) == reversed; ++at) {
      const bool covered =
          std::any_of(places.begin(), places.end(), [&](const Place& place) { return place.list == at->list; });
      if (!covered) places.push_back({at->list, at->line});
    }
  }

  std::string texts_, reversed_;
  std::vector<Entry> entries_;
  std::vector<std::string> left_out_;
};

/// Hosts that are listed, nearly listed, below what is listed, or nothing of the kind.
class Mutator {
 public:
  explicit Mutator(const Oracle& oracle) : oracle_(oracle) {}

  std::string next() {
    std::string host = oracle_.name(pick(oracle_.size()));
    switch (pick(8)) {
      case 0:
        return host;
      case 1:
        return random_label() + "." + host;
      case 2:  // a label less
        return host.find('.') == std::string::npos ? host : host.substr(host.find('.') + 1);
      case 3:  // another letter
        if (const std::size_t at = pick(host.size()); host[at] != '.') host[at] = letter();
        return host;
      case 4:  // the same end without the dot
        return letter() + host;
      case 5:  // the name of one below another
        return host + "." + oracle_.name(pick(oracle_.size()));
      case 6: {  // another end
        const std::string other = oracle_.name(pick(oracle_.size()));
        return host.substr(0, host.find('.')) + other.substr(std::min(other.find('.'), other.size()));
      }
      default:
        return random_label() + "." + random_label() + (pick(2) == 0 ? ".com" : "." + random_label());
    }
  }

 private:
  std::size_t pick(std::size_t below) { return turn_() % below; }
  char letter() { return static_cast<char>('a' + pick(26)); }
  std::string random_label() {
    std::string label(1 + pick(12), 'a');
    for (char& c : label) c = letter();
    return label;
  }

  const Oracle& oracle_;
  std::mt19937_64 turn_{20240229};
};

struct Verdicts {
  std::size_t asked = 0, listed = 0, missing = 0, false_hits = 0;
  std::vector<std::string> examples;
};

class Proof {
 public:
  Proof(const rules::match::Ruleset& ruleset, Oracle& oracle) : ruleset_(ruleset), oracle_(oracle) {}

  /// Hosts that no browser would take are left out: nobody can ask for them.
  void ask(const std::string& host, Verdicts& verdicts) {
    if (host.size() > 253 || !url_.assign("http://" + host + "/") || url_.host_kind() != rules::url::HostKind::name)
      return;
    ++verdicts.asked;
    oracle_.find(url_.host(), expected_);
    ruleset_.classify(url_, matches_);
    found_.clear();
    for (const rules::match::Match& match : matches_.found) found_.push_back({match.rule.category, match.rule.line});
    std::sort(found_.begin(), found_.end());
    verdicts.listed += expected_.empty() ? 0 : 1;
    if (found_ == expected_) return;
    const bool missing = !std::includes(found_.begin(), found_.end(), expected_.begin(), expected_.end());
    ++(missing ? verdicts.missing : verdicts.false_hits);
    if (verdicts.examples.size() < 5) verdicts.examples.push_back(host);
  }

 private:
  const rules::match::Ruleset& ruleset_;
  Oracle& oracle_;
  rules::url::CanonicalUrl url_;
  rules::match::Matches matches_;
  std::vector<Place> expected_, found_;
};

nlohmann::json as_json(const Verdicts& verdicts) {
  return {{"asked", verdicts.asked},
          {"listed", verdicts.listed},
          {"missing", verdicts.missing},
          {"false", verdicts.false_hits},
          {"examples", verdicts.examples}};
}

}  // namespace

/// prove RULESET MANIFEST COUNT
void prove_names(const Arguments& arguments) {
  const Lists lists = read_manifest(arguments.at(1));
  const auto ruleset = open_ruleset(map_file(arguments.at(0)), lists.catalog);
  Oracle oracle(lists);
  Proof proof(*ruleset, oracle);
  Verdicts listed, mutated;
  for (std::size_t i = 0; i < oracle.size(); ++i) proof.ask(oracle.name(i), listed);
  Mutator mutator(oracle);
  while (mutated.asked < std::stoull(arguments.at(2))) proof.ask(mutator.next(), mutated);
  std::cout << nlohmann::json{{"listed", as_json(listed)},
                              {"mutated", as_json(mutated)},
                              {"left_out", oracle.left_out()}}
            << '\n';
}

}  // namespace fairlead::bench
