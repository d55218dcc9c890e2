#include "rules/match/compile.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/match/match.hpp"
#include "rules/match/names/folding.hpp"
#include "rules/match/names/hashed_names.hpp"
#include "rules/match/names/name_hash.hpp"
#include "rules/match/names/name_key.hpp"
#include "rules/match/names/name_sorter.hpp"
#include "rules/match/names/name_writer.hpp"
#include "rules/match/names/path_prefixes.hpp"
#include "rules/match/path_key.hpp"
#include "rules/match/patterns/gram_share.hpp"
#include "rules/match/patterns/pattern_writer.hpp"

namespace fairlead::rules::match {
namespace {

using Problems = std::vector<catalog::Problem>;

constexpr std::size_t kFoldedNamed = 20;  // lines of a list that a report names

Subject subject_of(catalog::Where where) {
  switch (where) {
    case catalog::Where::host:
      return Subject::host;
    case catalog::Where::path:
      return Subject::path;
    case catalog::Where::query:
      return Subject::query;
    case catalog::Where::url:
      return Subject::url;
  }
  return Subject::url;
}

}  // namespace

struct Compiler::Impl {
  explicit Impl(const catalog::Catalog& from) : catalog(from), urls(shares, out), words(shares, out) {
    for (const std::string& name : catalog.files) files.push_back({out.keep(name), {}, 0, 0, 0, 0, 0});
    for (const catalog::Category& category : catalog.categories) categories.push_back({out.keep(category.id)});
  }

  void add_part(std::uint16_t category, Part part, const catalog::RuleLists& lists, Problems& problems);
  Posting add_own(std::uint16_t category, Part part, RuleKind kind, const std::string& name, std::string_view pattern,
                  std::string_view because, const catalog::Position& at);
  void add_host(std::string_view host, Posting at);
  void add_path(std::string_view host, std::string_view path, Part part, Posting at);
  void add_hashed(std::string_view hex, Posting at);
  [[nodiscard]] std::uint32_t add_list_file(const std::string& list, std::string_view name,
                                            const std::vector<std::uint16_t>& fed, catalog::ListFormat format);

  void write_names(NameSorter& sorter, Section base, bool paths);
  [[nodiscard]] std::uint32_t set_of(const std::vector<std::uint32_t>& members);
  void note_folded(const Posting& posting);
  [[nodiscard]] bool is_list(std::uint32_t file) const { return files[file].list.size != 0; }

  const catalog::Catalog& catalog;
  GramShares shares;
  FileWriter out;
  PatternWriter urls, words;
  NameSorter hosts, paths;
  std::vector<HashedRecord> hashed;
  std::vector<OwnRule> own;
  std::vector<CategoryRecord> categories;
  std::vector<FileRecord> files;
  std::vector<std::uint32_t> report_of;            // by file, from catalog.files.size() on
  std::vector<std::string> file_names;             // the same
  std::vector<std::vector<std::uint16_t>> fed_by;  // categories, by file; empty for category files
  std::vector<std::uint32_t> set_members;
  std::vector<SetRecord> sets;
  std::map<std::vector<std::uint32_t>, std::uint32_t> known_sets;
  std::vector<ListReport> reports;
  std::string key;
  std::set<std::uint32_t> url_categories, word_categories;  // those with patterns that block
  Info info{};
};

// ---- taking rules in

Posting Compiler::Impl::add_own(std::uint16_t category, Part part, RuleKind kind, const std::string& name,
                                std::string_view pattern, std::string_view because, const catalog::Position& at) {
  own.push_back({out.keep(name), out.keep(pattern), out.keep(because), at.line, at.column, at.file, category,
                 static_cast<std::uint8_t>(part), static_cast<std::uint8_t>(kind)});
  return {at.file, static_cast<std::uint32_t>(own.size() - 1)};
}

void Compiler::Impl::add_host(std::string_view host, Posting at) {
  key.clear();
  append_host_key(host, key);
  hosts.add(key, at);
  ++info.hosts;
}

void Compiler::Impl::add_path(std::string_view host, std::string_view path, Part part, Posting at) {
  ++info.paths;
  for (const std::string& reading : path_keys(host, path, part)) paths.add(reading, at);
}

void Compiler::Impl::add_hashed(std::string_view hex, Posting at) {
  const auto digest = digest_of_hex(hex);
  if (!digest) return;  // the loader has said so
  hashed.push_back({*digest, at.file, at.place});
  ++info.hashed;
}

void Compiler::Impl::add_part(std::uint16_t category, Part part, const catalog::RuleLists& lists, Problems& problems) {
  for (const catalog::HostRule& host : lists.hosts) {
    add_host(host.host, add_own(category, part, RuleKind::host, host.host, {}, {}, host.at));
  }
  for (const catalog::HashedHostRule& host : lists.hashed_hosts) {
    add_hashed(host.sha256, add_own(category, part, RuleKind::hashed_host, host.sha256, {}, {}, host.at));
  }
  for (const catalog::PathRule& path : lists.paths) {
    add_path(path.host, path.path, part,
             add_own(category, part, RuleKind::path, path.host + path.path, {}, {}, path.at));
  }
  if (part == Part::block && !lists.patterns.empty()) url_categories.insert(category);
  if (part == Part::block && !lists.searches.empty()) word_categories.insert(category);
  const auto add_pattern = [&](PatternWriter& writer, Subject subject, const std::string& id, const std::string& re2,
                               Posting posting, const catalog::Position& at) {
    const auto added = writer.add_regex(re2, subject, part, posting);
    if (added) return;
    problems.push_back(
        problem_at(catalog, at, catalog::Problem::Kind::error, "pattern '" + id + "': " + added.error()));
  };
  for (const catalog::PatternRule& rule : lists.patterns) {
    add_pattern(urls, subject_of(rule.where), rule.id, rule.re2,
                add_own(category, part, RuleKind::pattern, rule.id, rule.re2, rule.because, rule.at), rule.at);
  }
  for (const catalog::SearchRule& rule : lists.searches) {
    add_pattern(words, Subject::words, rule.id, rule.re2,
                add_own(category, part, RuleKind::search, rule.id, rule.re2, {}, rule.at), rule.at);
  }
}

std::uint32_t Compiler::Impl::add_list_file(const std::string& list, std::string_view name,
                                            const std::vector<std::uint16_t>& fed, catalog::ListFormat format) {
  FileRecord record{};
  record.name = out.keep(name.empty() ? list : list + "/" + std::string(name));
  record.list = out.keep(list);
  record.categories_begin = static_cast<std::uint32_t>(set_members.size());
  record.categories_size = static_cast<std::uint32_t>(fed.size());
  record.format = static_cast<std::uint32_t>(format);
  set_members.insert(set_members.end(), fed.begin(), fed.end());
  files.push_back(record);
  file_names.emplace_back(name);
  fed_by.push_back(fed);
  report_of.push_back(static_cast<std::uint32_t>(reports.size() - 1));
  return static_cast<std::uint32_t>(files.size() - 1);
}

/// Takes the lines of one list into the compiler.
class Compiler::Taker : public catalog::ListSink {
 public:
  Taker(Impl& impl, const catalog::ListSource& source, std::vector<std::uint16_t> fed)
      : impl_(impl), source_(source), fed_(std::move(fed)) {}

  void begin_file(std::string_view name) override {
    file_ = impl_.add_list_file(source_.id, name, fed_, source_.format);
  }
  void host(std::string_view host, std::uint32_t line) override { impl_.add_host(host, take(line)); }
  void path(std::string_view host, std::string_view path, std::uint32_t line) override {
    path == "/" ? impl_.add_host(host, take(line)) : impl_.add_path(host, path, Part::block, take(line));
  }
  void pattern(std::string_view re2, catalog::Where where, std::uint32_t line) override {
    const auto added = impl_.urls.add_regex(re2, subject_of(where), Part::block, {file_, line});
    impl_.url_categories.insert(fed_.begin(), fed_.end());
    added ? void(take(line)) : refuse(line, added.error());
  }
  void filter(catalog::Filter filter, std::uint32_t line) override {
    const auto added = impl_.urls.add_filter(filter, {file_, line});
    impl_.url_categories.insert(fed_.begin(), fed_.end());
    added ? void(take(line)) : refuse(line, added.error());
  }
  void hashed(std::string_view sha256, std::uint32_t line) override { impl_.add_hashed(sha256, take(line)); }
  void skipped(catalog::Skipped, std::string_view, std::uint32_t) override {}

 private:
  Posting take(std::uint32_t line) {
    ++impl_.files[file_].taken;
    return {file_, line};
  }
  void refuse(std::uint32_t line, std::string why) {
    impl_.reports.back().refused.push_back({impl_.file_names.back(), line, std::move(why)});
  }

  Impl& impl_;
  const catalog::ListSource& source_;
  std::vector<std::uint16_t> fed_;
  std::uint32_t file_ = 0;
};

// ---- writing

void Compiler::Impl::note_folded(const Posting& posting) {
  ListReport& report = reports[report_of[posting.file - catalog.files.size()]];
  ++report.folded;
  if (report.folded_where.size() == kFoldedNamed) return;
  const std::string& name = file_names[posting.file - catalog.files.size()];
  report.folded_where.push_back((name.empty() ? "line " : name + ":") + std::to_string(posting.place));
}

std::uint32_t Compiler::Impl::set_of(const std::vector<std::uint32_t>& members) {
  if (members.size() == 1) return members[0];
  const auto [known, is_new] = known_sets.emplace(members, static_cast<std::uint32_t>(files.size() + sets.size()));
  if (is_new) {
    sets.push_back({static_cast<std::uint32_t>(set_members.size()), static_cast<std::uint32_t>(members.size())});
    set_members.insert(set_members.end(), members.begin(), members.end());
  }
  return known->second;
}

void Compiler::Impl::write_names(NameSorter& sorter, Section base, bool with_paths) {
  NameWriter writer(train_symbols(sorter.sample_tails()), sorter.size());
  Folding folding;
  std::vector<std::uint32_t> members, places;
  std::string marked;  // the host whose paths the filter knows of
  const auto speaks_for = [&](const Posting& posting) {
    Folding::Voices voices;
    if (is_list(posting.file)) {
      for (const std::uint16_t category : fed_by[posting.file - catalog.files.size()])
        voices.push_back({category, Part::block});
    } else {
      voices.push_back({own[posting.place].category, static_cast<Part>(own[posting.place].part)});
    }
    return voices;
  };
  sorter.merge([&](std::string_view name, std::span<const Posting> postings) {
    members.clear();
    places.clear();
    folding.enter(name);
    for (const Posting& posting : postings) {
      const bool again = !members.empty() && members.back() == posting.file;
      const auto voices = speaks_for(posting);
      if (is_list(posting.file) && (again || (!with_paths && folding.covers(voices)))) {
        note_folded(posting);
        continue;
      }
      members.push_back(posting.file);
      places.push_back(posting.place);
      folding.hear(voices);
    }
    if (members.empty()) return;
    std::uint64_t hash = 0;
    if (with_paths) {
      const std::size_t mark = end_of_host(name);
      const std::string host = name_of_key(name.substr(0, mark));
      const std::uint64_t begin = hash_of_paths(hash_name(host), name[mark]);
      if (marked != name.substr(0, mark + 1)) {
        marked = name.substr(0, mark + 1);
        writer.add_mark(begin);
      }
      const std::string_view path = name.substr(mark + 1);
      each_path_prefix(path, begin, [&](std::string_view, std::uint64_t prefix_hash) {
        hash = prefix_hash;
        return true;
      });
    } else {
      hash = hash_name(name_of_key(name));
    }
    writer.add(name, hash, set_of(members), members, places);
  });
  writer.finish(base, out);
}

Compiler::Compiler(const catalog::Catalog& catalog) : impl_(std::make_unique<Impl>(catalog)) {}
Compiler::~Compiler() = default;

void Compiler::add_category(std::uint16_t number, Problems& problems) {
  impl_->add_part(number, Part::block, impl_->catalog.categories[number].block, problems);
  impl_->add_part(number, Part::allow, impl_->catalog.categories[number].allow, problems);
}

void Compiler::add_list(const ListInput& input, Problems& problems) {
  std::vector<std::uint16_t> fed = catalog::categories_fed_by(impl_->catalog, input.source->id);
  if (fed.empty()) return;
  impl_->reports.push_back({input.source->id, {}, 0, {}, {}});
  Taker taker(*impl_, *input.source, std::move(fed));
  catalog::ReportingSink sink(taker);
  const auto read = catalog::import_list(input.path, input.source->format, input.source->member, sink);
  impl_->reports.back().lines = sink.report();
  if (read) return;
  problems.push_back(problem_at(impl_->catalog, input.source->at, catalog::Problem::Kind::error,
                                "list '" + input.source->id + "': " + read.error().context));
}

FileWriter Compiler::finish(std::string_view name, const catalog::Texts& edited) {
  Impl& impl = *impl_;
  impl.write_names(impl.hosts, Section::hosts, false);
  impl.write_names(impl.paths, Section::paths, true);
  std::sort(impl.hashed.begin(), impl.hashed.end(), [](const HashedRecord& a, const HashedRecord& b) {
    return std::tie(a.digest, a.file, a.place) < std::tie(b.digest, b.file, b.place);
  });
  impl.info.patterns = impl.urls.size();
  impl.info.searches = impl.words.size();
  impl.info.asks_for_context = impl.urls.asking_for_context();
  impl.info.always_tried = impl.urls.always_tried() + impl.words.always_tried();
  std::copy_n(name.begin(), std::min(name.size(), impl.info.name.size()), impl.info.name.begin());
  impl.urls.finish(Section::url_patterns);
  impl.words.finish(Section::word_patterns);
  FileWriter& out = impl.out;
  const auto add_categories = [&](Section base, const std::set<std::uint32_t>& of) {
    const std::vector<std::uint32_t> numbers(of.begin(), of.end());
    out.add_records(section_at(base, PatternSection::categories), std::span(numbers));
  };
  add_categories(Section::url_patterns, impl.url_categories);
  add_categories(Section::word_patterns, impl.word_categories);
  out.add_records(Section::hashed, std::span<const HashedRecord>(impl.hashed));
  out.add_records(Section::info, std::span<const Info>(&impl.info, 1));
  out.add_records(Section::categories, std::span<const CategoryRecord>(impl.categories));
  out.add_records(Section::files, std::span<const FileRecord>(impl.files));
  out.add_records(Section::own_rules, std::span<const OwnRule>(impl.own));
  std::vector<EditedFile> sources;
  for (const auto& [file, text] : edited) sources.push_back({out.keep(file), out.keep(text)});
  out.add_records(Section::edited, std::span<const EditedFile>(sources));
  out.add_records(Section::set_members, std::span<const std::uint32_t>(impl.set_members));
  out.add_records(Section::sets, std::span<const SetRecord>(impl.sets));
  out.seal();
  return std::move(out);
}

const std::vector<ListReport>& Compiler::reports() const { return impl_->reports; }

}  // namespace fairlead::rules::match
