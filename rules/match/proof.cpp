#include "rules/match/proof.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

#include "rules/match/match.hpp"
#include "rules/match/names/hashed_names.hpp"
#include "rules/match/names/host_suffixes.hpp"
#include "rules/match/names/name_key.hpp"
#include "rules/match/names/name_store.hpp"
#include "rules/match/path_key.hpp"
#include "rules/match/patterns/pattern_records.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kNamed = 20;

/// What a ruleset file holds, without the categories' catalog: the proof shares nothing with the compiler but the keys.
class Contents {
 public:
  explicit Contents(const FileView& file)
      : file_(file), hosts_(file, Section::hosts), paths_(file, Section::paths), hashed_(file) {
    for (const PatternRecord& pattern :
         file.records<PatternRecord>(section_at(Section::url_patterns, PatternSection::patterns))) {
      if (file.sound(pattern)) patterns_.insert(std::uint64_t{pattern.at.file} << 32U | pattern.at.place);
    }
  }

  [[nodiscard]] std::uint32_t file_named(std::string_view name) const {
    const auto files = file_.records<FileRecord>(Section::files);
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files[i].list.size != 0 && file_.text(files[i].name) == name) return static_cast<std::uint32_t>(i);
    }
    return kNone;
  }

  enum class Answer : std::uint8_t { found, folded, missing };

  [[nodiscard]] Answer host(std::string_view host, Posting wanted) {
    const url::HostKind kind = is_address(host) ? url::HostKind::ipv4 : url::HostKind::name;
    const HostSuffixes suffixes(host, kind);
    for (std::size_t i = 0; i < suffixes.size(); ++i) {
      if (!hosts_.filter().may_hold(suffixes[i].hash)) continue;
      key_.clear();
      append_host_key(suffixes[i].text, key_);
      postings_.clear();
      hosts_.find(key_, postings_);
      if (i == 0) {
        if (std::find(postings_.begin(), postings_.end(), wanted) != postings_.end()) return Answer::found;
        if (names(wanted.file)) return Answer::folded;
      } else if (says_as_much_as(wanted.file)) {
        return Answer::folded;
      }
    }
    return Answer::missing;
  }

  [[nodiscard]] Answer path(std::string_view host, std::string_view path, Posting wanted) {
    if (path == "/") return this->host(host, wanted);
    key_ = path_keys(host, path, Part::block).front();
    postings_.clear();
    paths_.find(key_, postings_);
    if (std::find(postings_.begin(), postings_.end(), wanted) != postings_.end()) return Answer::found;
    return names(wanted.file) ? Answer::folded : Answer::missing;
  }

  [[nodiscard]] Answer pattern(Posting wanted) const {
    return patterns_.contains(std::uint64_t{wanted.file} << 32U | wanted.place) ? Answer::found : Answer::missing;
  }

  [[nodiscard]] Answer hashed(std::string_view hex, Posting wanted) const {
    const auto digest = digest_of_hex(hex);
    if (!digest) return Answer::missing;
    bool same_list = false;
    for (const HashedRecord& record : hashed_.records_of(*digest)) {
      if (record.file != wanted.file) continue;
      if (record.place == wanted.place) return Answer::found;
      same_list = true;
    }
    return same_list ? Answer::folded : Answer::missing;
  }

 private:
  [[nodiscard]] bool names(std::uint32_t file) const {
    return std::any_of(postings_.begin(), postings_.end(),
                       [&](const Posting& posting) { return posting.file == file; });
  }

  /// Whether the postings block, together, every category that this list feeds.
  [[nodiscard]] bool says_as_much_as(std::uint32_t file) const {
    std::set<std::uint32_t> open;
    for (const std::uint32_t category : categories_of(file)) open.insert(category);
    for (const Posting& posting : postings_) {
      const FileRecord* record = file_.at(file_.records<FileRecord>(Section::files), posting.file);
      if (record == nullptr) continue;
      if (record->list.size != 0) {
        for (const std::uint32_t category : categories_of(posting.file)) open.erase(category);
        continue;
      }
      const OwnRule* own = file_.at(file_.records<OwnRule>(Section::own_rules), posting.place);
      if (own != nullptr && own->part == static_cast<std::uint8_t>(Part::block)) open.erase(own->category);
    }
    return open.empty();
  }
  [[nodiscard]] std::span<const std::uint32_t> categories_of(std::uint32_t file) const {
    const FileRecord* record = file_.at(file_.records<FileRecord>(Section::files), file);
    if (record == nullptr) return {};
    return file_.part(file_.records<std::uint32_t>(Section::set_members), record->categories_begin,
                      record->categories_size);
  }

  const FileView& file_;
  NameStore hosts_, paths_;
  HashedNames hashed_;
  std::unordered_set<std::uint64_t> patterns_;
  std::string key_;
  std::vector<Posting> postings_;
};

class Prover final : public catalog::ListSink {
 public:
  Prover(Contents& contents, std::string list, const ListReport* report, Proof& proof)
      : contents_(contents), list_(std::move(list)), report_(report), proof_(proof) {}

  void begin_file(std::string_view name) override {
    member_ = name;
    name_ = name.empty() ? list_ : list_ + "/" + std::string(name);
    file_ = contents_.file_named(name_);
  }
  void host(std::string_view host, std::uint32_t line) override {
    count(contents_.host(host, {file_, line}), host, line);
  }
  void path(std::string_view host, std::string_view path, std::uint32_t line) override {
    count(contents_.path(host, path, {file_, line}), host, line);
  }
  void pattern(std::string_view re2, catalog::Where, std::uint32_t line) override {
    count(contents_.pattern({file_, line}), re2, line);
  }
  void filter(catalog::Filter filter, std::uint32_t line) override {
    count(contents_.pattern({file_, line}), filter.pattern, line);
  }
  void hashed(std::string_view sha256, std::uint32_t line) override {
    count(contents_.hashed(sha256, {file_, line}), sha256, line);
  }
  void skipped(catalog::Skipped, std::string_view, std::uint32_t) override {}

 private:
  void count(Contents::Answer answer, std::string_view what, std::uint32_t line) {
    if (answer == Contents::Answer::found) ++proof_.found;
    if (answer == Contents::Answer::folded) ++proof_.folded;
    if (answer != Contents::Answer::missing || was_refused(line)) return;
    ++proof_.missing;
    if (proof_.first.size() < kNamed) {
      proof_.first.push_back(name_ + ":" + std::to_string(line) + ": " + std::string(what.substr(0, 80)));
    }
  }

  [[nodiscard]] bool was_refused(std::uint32_t line) const {
    return report_ != nullptr &&
           std::any_of(report_->refused.begin(), report_->refused.end(),
                       [&](const auto& refused) { return refused.line == line && refused.file == member_; });
  }

  Contents& contents_;
  std::string list_, member_, name_;
  const ListReport* report_;
  Proof& proof_;
  std::uint32_t file_ = kNone;
};

}  // namespace

Proof prove(const FileView& file, const catalog::Catalog& catalog, const std::vector<ListInput>& lists,
            const std::vector<ListReport>& reports) {
  Proof proof;
  Contents contents(file);
  for (const ListInput& list : lists) {
    if (catalog::categories_fed_by(catalog, list.source->id).empty()) continue;
    const auto report = std::find_if(reports.begin(), reports.end(),
                                     [&](const ListReport& other) { return other.id == list.source->id; });
    Prover prover(contents, list.source->id, report == reports.end() ? nullptr : &*report, proof);
    if (const auto read = catalog::import_list(list.path, list.source->format, list.source->member, prover); !read) {
      ++proof.missing;
      proof.first.push_back(list.source->id + ": " + read.error().context);
    }
  }
  if (!file.verify()) {
    ++proof.missing;
    proof.first.emplace_back("the compiled file does not hold what was written");
  }
  return proof;
}

}  // namespace fairlead::rules::match
