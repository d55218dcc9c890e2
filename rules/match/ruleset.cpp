#include "rules/match/ruleset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/match/names/hashed_names.hpp"
#include "rules/match/names/host_suffixes.hpp"
#include "rules/match/names/name_key.hpp"
#include "rules/match/names/name_store.hpp"
#include "rules/match/names/path_prefixes.hpp"
#include "rules/match/path_key.hpp"
#include "rules/match/path_rule.hpp"
#include "rules/match/search_engines.hpp"
#include "rules/url/words.hpp"

namespace fairlead::rules::match {
namespace {

tl::unexpected<Error> foreign(std::string context) {
  return fail(Errc::bad_file, Side::local, "the compiled ruleset " + std::move(context) + "; build it again");
}

bool is_written_as(const FileRecord& record, catalog::ListFormat format) {
  return record.list.size != 0 && record.format == static_cast<std::uint32_t>(format);
}

bool has_spoken(const Rule& rule, const Matches& matches) {
  return std::any_of(matches.found.begin(), matches.found.end(), [&](const Match& match) {
    return match.rule.number == rule.number && match.rule.category == rule.category;
  });
}

}  // namespace

std::string_view to_string(RuleKind kind) {
  switch (kind) {
    case RuleKind::hashed_host:
      return "hashed_host";
    case RuleKind::path:
      return "path";
    case RuleKind::host:
      return "host";
    case RuleKind::parent_host:
      return "parent_host";
    case RuleKind::pattern:
      return "pattern";
    case RuleKind::search:
      return "search";
    case RuleKind::none:
      return "none";
  }
  return "none";
}

struct Ruleset::Impl {
  Impl(std::unique_ptr<const FileView> view, const catalog::Catalog& catalog, std::size_t bytes)
      : file(std::move(view)),
        budget(bytes),
        files(file->records<FileRecord>(Section::files)),
        own_rules(file->records<OwnRule>(Section::own_rules)),
        set_members(file->records<std::uint32_t>(Section::set_members)),
        hosts(*file, Section::hosts),
        paths(*file, Section::paths),
        hashed(*file),
        urls(*file, Section::url_patterns, regexes),
        words(*file, Section::word_patterns, regexes),
        engines(catalog.search_engines) {}

  [[nodiscard]] Result<void> bind(const catalog::Catalog& catalog);
  void match_hosts(const url::CanonicalUrl& url, Matches& matches) const;
  void match_paths(const url::CanonicalUrl& url, const HostSuffix& suffix, Matches& matches) const;
  void match_paths(std::string_view text, const HostSuffix& suffix, char mark, const url::CanonicalUrl& url,
                   Matches& matches) const;
  void match_hashed(const url::CanonicalUrl& url, const HostSuffix& suffix, bool whole, Matches& matches) const;
  void match_searches(const url::CanonicalUrl& url, Matches& matches) const;
  void take(PatternIndex::Outcome& outcome, Section index, std::string_view typed, Matches& matches) const;
  void silence_excused(const PatternIndex& index, PatternIndex::Outcome& outcome, Matches& matches) const;

  /// Calls `each(rule)` for the rule at a place: once, or for a list once a category that it feeds.
  template <class Each>
  void each_rule(const Posting& at, RuleKind kind, std::string_view name, Each&& each) const;
  [[nodiscard]] std::span<const std::uint32_t> categories_of(const FileRecord& record) const {
    return file->part(set_members, record.categories_begin, record.categories_size);
  }
  /// Those that have a pattern that blocks.
  [[nodiscard]] std::span<const std::uint32_t> categories_of_patterns(Section index) const {
    const auto all = file->records<std::uint32_t>(section_at(index, PatternSection::categories));
    return file->part(all, 0, all.size());
  }
  void cannot_clear(const Posting& at, Matches& matches) const;

  std::unique_ptr<const FileView> file;
  std::size_t budget;
  std::span<const FileRecord> files;
  std::span<const OwnRule> own_rules;
  std::span<const std::uint32_t> set_members;
  std::vector<std::uint16_t> category_numbers;  // of the file's categories, in the catalog
  NameStore hosts, paths;
  HashedNames hashed;
  mutable RegexCache regexes;
  PatternIndex urls, words;
  SearchEngines engines;
  bool hashed_paths = false;  // a hashed list is there: it may name paths, where category files name hosts only
};

/// The file counts categories in its own order; what it says is about those of the catalog with the same ids.
Result<void> Ruleset::Impl::bind(const catalog::Catalog& catalog) {
  for (const CategoryRecord& record : file->records<CategoryRecord>(Section::categories)) {
    if (!file->sound(record)) return foreign("is damaged");
    const std::string_view id = file->text(record.id);
    const auto found = std::find_if(catalog.categories.begin(), catalog.categories.end(),
                                    [&](const catalog::Category& category) { return category.id == id; });
    if (found == catalog.categories.end())
      return foreign("speaks of the category '" + std::string(id) + "', which is not there");
    category_numbers.push_back(static_cast<std::uint16_t>(found - catalog.categories.begin()));
  }
  if (category_numbers.size() != catalog.categories.size()) return foreign("does not know every category");
  if (!file->sound(files.data(), files.size_bytes()) || !file->sound(set_members.data(), set_members.size_bytes())) {
    return foreign("is damaged");
  }
  for (const FileRecord& record : files) {
    for (const std::uint32_t category : categories_of(record)) {
      if (category >= category_numbers.size()) return foreign("is damaged");
    }
    hashed_paths = hashed_paths || is_written_as(record, catalog::ListFormat::hashed);
  }
  return file->damaged() ? Result<void>(foreign("is damaged")) : Result<void>{};
}

template <class Each>
void Ruleset::Impl::each_rule(const Posting& at, RuleKind kind, std::string_view name, Each&& each) const {
  const FileRecord* record = file->at(files, at.file);
  if (record == nullptr) return;
  Rule rule;
  rule.kind = kind;
  rule.file = file->text(record->name);
  rule.number = std::uint64_t{at.file} << 32U | at.place;
  if (record->list.size != 0) {
    rule.name = name;
    rule.line = at.place;
    rule.origin = is_written_as(*record, catalog::ListFormat::adblock) ? Origin::filter_list : Origin::list;
    for (const std::uint32_t category : categories_of(*record)) {
      rule.category = category_numbers[category];
      each(rule);
    }
    return;
  }
  const OwnRule* own = file->at(own_rules, at.place);
  if (own == nullptr) return;
  if (own->category >= category_numbers.size() || own->part > 1 ||
      own->kind >= static_cast<std::uint8_t>(RuleKind::none)) {
    file->report();
    return;
  }
  rule.part = static_cast<Part>(own->part);
  rule.kind = static_cast<RuleKind>(own->kind);
  rule.category = category_numbers[own->category];
  rule.name = file->text(own->name);
  rule.pattern = file->text(own->pattern);
  rule.because = file->text(own->because);
  rule.line = own->line;
  rule.column = own->column;
  each(rule);
}

void Ruleset::Impl::match_hosts(const url::CanonicalUrl& url, Matches& matches) const {
  const HostSuffixes suffixes(url);
  constexpr std::size_t kAhead = 8;  // suffixes looked up at once
  std::array<FuseFilter::Probe, kAhead> host_probes, path_probes;
  for (std::size_t begin = 0; begin < suffixes.size(); begin += kAhead) {
    const std::size_t end = std::min(begin + kAhead, suffixes.size());
    for (std::size_t i = begin; i < end; ++i) {
      host_probes[i - begin] = hosts.filter().aim(suffixes[i].hash);
      if (!paths.empty()) path_probes[i - begin] = paths.filter().aim(hash_of_paths(suffixes[i].hash, kBlockedPath));
    }
    for (std::size_t i = begin; i < end; ++i) {
      const HostSuffix suffix = suffixes[i];
      const bool whole = i == 0;
      if (hosts.filter().may_hold(host_probes[i - begin])) {
        std::string key;
        std::vector<Posting> postings;
        append_host_key(suffix.text, key);
        hosts.find(key, postings);
        for (const Posting& posting : postings) {
          each_rule(posting, RuleKind::host, suffix.text, [&](const Rule& rule) {
            matches.found.push_back({rule,
                                     whole ? RuleKind::host : RuleKind::parent_host,
                                     exactness_of_host(suffix.text, whole),
                                     std::string(suffix.text),
                                     {}});
          });
        }
      }
      if (!paths.empty()) {
        if (paths.filter().may_hold(path_probes[i - begin])) match_paths(url, suffix, matches);
        const std::uint64_t allowed = hash_of_paths(suffix.hash, kAllowedPath);
        if (paths.filter().may_hold(allowed)) match_paths(url.path(), suffix, kAllowedPath, url, matches);
      }
      if (!hashed.empty()) match_hashed(url, suffix, whole, matches);
    }
  }
}

/// What blocks one reading of the path or the other, in any case of letters.
void Ruleset::Impl::match_paths(const url::CanonicalUrl& url, const HostSuffix& suffix, Matches& matches) const {
  const auto match = [&](std::string_view path) {
    std::string text(path);
    if (!url.query().empty()) (text += kQueryBegin) += url.query();
    text::lower_in_place(text);
    match_paths(text, suffix, kBlockedPath, url, matches);
  };
  match(url.path());
  if (url.origin_path() != url.path()) match(url.origin_path());
}

void Ruleset::Impl::match_paths(std::string_view text, const HostSuffix& suffix, char mark,
                                const url::CanonicalUrl& url, Matches& matches) const {
  std::string key;
  append_host_key(suffix.text, key);
  key += mark;
  const std::size_t host_size = key.size();
  std::vector<Posting> postings;
  each_path_prefix(text, hash_of_paths(suffix.hash, mark), [&](std::string_view prefix, std::uint64_t hash) {
    if (!paths.filter().may_hold(hash)) return true;
    key.resize(host_size);
    key += prefix;
    postings.clear();
    paths.find(key, postings);
    for (const Posting& posting : postings) {
      const std::string name = name_of_key(key);
      each_rule(posting, RuleKind::path, name, [&](const Rule& rule) {
        // What one origin reads as "/help" another may read as "/casino": an allow rule must hold for both.
        if (rule.part == Part::allow &&
            !PathRule(suffix.text, prefix.empty() ? "/" : prefix).speaks_about(url, Part::allow))
          return;
        if (has_spoken(rule, matches)) return;
        matches.found.push_back({rule, RuleKind::path, exactness_of_path(suffix.text, prefix), name, {}});
      });
    }
    return true;
  });
}

void Ruleset::Impl::match_hashed(const url::CanonicalUrl& url, const HostSuffix& suffix, bool whole,
                                 Matches& matches) const {
  hashed.find(suffix, [&](const Posting& posting) {
    each_rule(posting, RuleKind::hashed_host, "", [&](const Rule& rule) {
      matches.found.push_back(
          {rule, RuleKind::hashed_host, exactness_of_host(suffix.text, whole), std::string(suffix.text), {}});
    });
  });
  if (!hashed_paths) return;
  constexpr int kMostPieces = 16;  // of a path that are looked up: each costs a digest
  int pieces = 0;
  const auto look_up = [&](std::string_view prefix) {
    if (prefix.size() <= 1) return true;
    hashed.find(suffix.text, prefix, [&](const Posting& posting) {
      each_rule(posting, RuleKind::hashed_host, "", [&](const Rule& rule) {
        matches.found.push_back({rule,
                                 RuleKind::hashed_host,
                                 exactness_of_path(suffix.text, prefix),
                                 std::string(suffix.text).append(prefix),
                                 {}});
      });
    });
    return ++pieces < kMostPieces;
  };
  each_path_prefix(url.path(), 0, [&](std::string_view prefix, std::uint64_t) { return look_up(prefix); });
  const std::string_view whole_path = url.path_and_query();
  for (std::size_t end = url.path().size(); end < whole_path.size() && pieces < kMostPieces;) {
    end = std::min(whole_path.find('&', end + 1), whole_path.size());
    look_up(whole_path.substr(0, end));
  }
}

const SearchEngines& Ruleset::search_engines() const { return impl_->engines; }

void Ruleset::Impl::match_searches(const url::CanonicalUrl& url, Matches& matches) const {
  if (words.empty()) return;
  std::string typed;
  PatternIndex::Outcome outcome;
  engines.each_value(url, [&](std::string_view value) {
    url::fold_words(value, typed);
    words.match_words(typed, budget, outcome);
    take(outcome, Section::word_patterns, typed, matches);
  });
}

/// Moves an outcome of the pattern index into `matches`; a rule that has spoken already is not repeated.
/// index  that it is of: Section::url_patterns or word_patterns.
void Ruleset::Impl::take(PatternIndex::Outcome& outcome, Section index, std::string_view typed,
                         Matches& matches) const {
  // In the order in which they are written, whatever woke them: of equals the first wins.
  std::sort(outcome.found.begin(), outcome.found.end(),
            [](const PatternIndex::Found& a, const PatternIndex::Found& b) { return a.pattern < b.pattern; });
  for (PatternIndex::Found& found : outcome.found) {
    const PatternRecord& pattern = *found.pattern;
    each_rule(pattern.at, RuleKind::pattern, file->text(pattern.re2.size != 0 ? pattern.re2 : pattern.filter_text),
              [&](Rule& rule) {
                if (rule.origin != Origin::category_file) rule.part = static_cast<Part>(pattern.part);
                if (has_spoken(rule, matches)) return;
                matches.found.push_back({rule, rule.kind, exactness_of_pattern(), found.span, std::string(typed)});
              });
  }
  for (const PatternRecord* pattern : outcome.unclear) cannot_clear(pattern->at, matches);
  if (outcome.exhausted) {
    for (const std::uint32_t category : categories_of_patterns(index)) {
      if (category < category_numbers.size()) matches.unclear.push_back(category_numbers[category]);
    }
  }
  outcome = {};
}

void Ruleset::Impl::cannot_clear(const Posting& at, Matches& matches) const {
  each_rule(at, RuleKind::pattern, "", [&](const Rule& rule) { matches.unclear.push_back(rule.category); });
}

/// An exception of an Adblock list silences the filters of such lists in its own category; "important" ones stay. It
/// has no say about other lists, nor about category files.
void Ruleset::Impl::silence_excused(const PatternIndex& index, PatternIndex::Outcome& outcome, Matches& matches) const {
  const auto options = [&](const PatternIndex::Found& found) { return index.filter_of(*found.pattern); };
  std::vector<std::uint16_t> excused;
  for (const PatternIndex::Found& found : outcome.found) {
    if (options(found) == nullptr || static_cast<Part>(found.pattern->part) != Part::allow) continue;
    each_rule(found.pattern->at, RuleKind::pattern, "", [&](const Rule& rule) { excused.push_back(rule.category); });
  }
  if (excused.empty()) return;
  const auto is_excused = [&](std::uint16_t category) {
    return std::find(excused.begin(), excused.end(), category) != excused.end();
  };
  std::erase_if(matches.found, [&](const Match& match) {
    return match.rule.origin == Origin::filter_list && is_excused(match.rule.category);
  });
  std::erase_if(outcome.found, [&](const PatternIndex::Found& found) {
    const FilterRecord* filter = options(found);
    if (filter == nullptr || static_cast<Part>(found.pattern->part) != Part::block ||
        (filter->anchors & kImportant) != 0)
      return false;
    bool all = true;
    each_rule(found.pattern->at, RuleKind::pattern, "",
              [&](const Rule& rule) { all = all && is_excused(rule.category); });
    return all;
  });
}

Ruleset::Ruleset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ruleset::~Ruleset() = default;

Result<std::unique_ptr<const Ruleset>> Ruleset::open(FileBytes file, const catalog::Catalog& catalog,
                                                     std::size_t budget) {
  auto view = FileView::open(std::move(file));
  if (!view) return tl::unexpected(std::move(view).error());
  auto impl = std::make_unique<Impl>(std::move(*view), catalog, budget);
  if (auto bound = impl->bind(catalog); !bound) return tl::unexpected(std::move(bound).error());
  return std::unique_ptr<const Ruleset>(new Ruleset(std::move(impl)));
}

void Ruleset::each_below(std::string_view host, const std::function<void(const Rule&)>& each) const {
  std::string begin;
  append_host_key(host, begin);
  const auto look = [&](const NameStore& names, RuleKind kind) {
    names.each_from(begin, [&](std::string_view key, std::span<const Posting> postings) {
      if (!key.starts_with(begin)) return false;
      const bool inside = key.size() == begin.size() || key[begin.size()] <= kQueryBegin;  // not just longer by letters
      const std::string name = name_of_key(key);
      for (const Posting& posting : postings) {
        if (inside) impl_->each_rule(posting, kind, name, each);
      }
      return true;
    });
  };
  look(impl_->hosts, RuleKind::host);
  look(impl_->paths, RuleKind::path);
}

void Ruleset::each_name(const std::function<void(RuleKind, std::string_view, const EachRule&)>& each) const {
  const auto look = [&](const NameStore& names, RuleKind kind) {
    names.each_from("", [&](std::string_view key, std::span<const Posting> postings) {
      const std::string name = name_of_key(key);
      each(kind, name, [&](const std::function<void(const Rule&)>& each_rule) {
        for (const Posting& posting : postings) impl_->each_rule(posting, kind, name, each_rule);
      });
      return true;
    });
  };
  look(impl_->hosts, RuleKind::host);
  look(impl_->paths, RuleKind::path);
}

void Ruleset::each_rule_of(RuleKind kind, std::string_view name, const std::function<void(const Rule&)>& each) const {
  std::vector<Posting> postings;
  if (kind == RuleKind::path) {
    const std::size_t path = name.find('/');
    impl_->paths.find(path_keys(name.substr(0, path), name.substr(path), Part::block).front(), postings);
  } else {
    std::string key;
    append_host_key(name, key);
    impl_->hosts.find(key, postings);
  }
  for (const Posting& posting : postings) impl_->each_rule(posting, kind, name, each);
}

void Ruleset::each_pattern(const std::function<void(const Rule&, std::string_view)>& each) const {
  for (const Section base : {Section::url_patterns, Section::word_patterns}) {
    const auto patterns = impl_->file->records<PatternRecord>(section_at(base, PatternSection::patterns));
    for (const PatternRecord& pattern : patterns) {
      if (!impl_->file->sound(pattern)) return;
      const std::string_view text = impl_->file->text(pattern.re2.size != 0 ? pattern.re2 : pattern.filter_text);
      impl_->each_rule(pattern.at, RuleKind::pattern, text, [&](Rule& rule) {
        rule.part = static_cast<Part>(pattern.part);
        each(rule, text);
      });
    }
  }
}

void Ruleset::forget_programs() const { impl_->regexes.clear(); }

void Ruleset::classify(const url::CanonicalUrl& url, Matches& matches, const Context& context) const {
  matches.clear();
  if (url.host().empty()) return;
  impl_->match_hosts(url, matches);
  PatternIndex::Outcome outcome;
  impl_->urls.match_url(url, context, impl_->budget, outcome);
  if (!outcome.found.empty()) impl_->silence_excused(impl_->urls, outcome, matches);
  impl_->take(outcome, Section::url_patterns, {}, matches);
  impl_->match_searches(url, matches);
  if (impl_->file->damaged()) {  // what lies on the damaged page may have been about any of them
    matches.unclear = impl_->category_numbers;
  }
  std::sort(matches.unclear.begin(), matches.unclear.end());
  matches.unclear.erase(std::unique(matches.unclear.begin(), matches.unclear.end()), matches.unclear.end());
}

bool Ruleset::damaged() const { return impl_->file->damaged(); }

std::string Ruleset::name() const {
  const Info* info = impl_->file->at(impl_->file->records<Info>(Section::info), 0);
  return info == nullptr ? std::string() : std::string(info->name.begin(), info->name.end());
}

Result<catalog::Texts> Ruleset::edited_files(const FileBytes& file) {
  const auto view = FileView::open(file);
  if (!view) return tl::unexpected(view.error());
  catalog::Texts texts;
  for (const EditedFile& edited : (*view)->records<EditedFile>(Section::edited)) {
    if (!(*view)->sound(edited)) return foreign("is damaged");
    texts.emplace_back((*view)->text(edited.name), (*view)->text(edited.text));
  }
  if ((*view)->damaged()) return foreign("is damaged");
  return texts;
}

Ruleset::Size Ruleset::size() const {
  const Info* info = impl_->file->at(impl_->file->records<Info>(Section::info), 0);
  if (info == nullptr) return {};
  return {info->hosts,    info->paths,        info->hashed,          info->patterns,
          info->searches, info->always_tried, info->asks_for_context};
}

std::vector<Ruleset::ListSize> Ruleset::lists() const { return lists_in(*impl_->file); }

std::vector<Ruleset::ListSize> Ruleset::lists_in(const FileView& file) {
  std::map<std::string, std::uint64_t, std::less<>> sizes;
  for (const FileRecord& record : file.records<FileRecord>(Section::files)) {
    if (file.sound(record) && record.list.size != 0) sizes[std::string(file.text(record.list))] += record.taken;
  }
  std::vector<ListSize> lists;
  lists.reserve(sizes.size());
  for (const auto& [id, lines] : sizes) lists.push_back({id, lines});
  return lists;
}

}  // namespace fairlead::rules::match
