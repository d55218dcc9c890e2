#include "rules/match/names/name_sorter.hpp"

#include <algorithm>
#include <memory>
#include <tuple>

#include "rules/match/names/name_key.hpp"
#include "rules/match/names/varint.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kBatchRecords = std::size_t{512} * 1024;  // with the texts about 24 MiB
constexpr std::size_t kBatchTexts = std::size_t{16} << 20U;
constexpr std::size_t kPieceSize = std::size_t{256} * 1024;

}  // namespace

void NameSorter::add(std::string_view key, Posting posting) {
  records_.push_back(
      {prefix_of_key(key), static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(key.size()), posting});
  texts_ += key;
  ++added_;
  if (records_.size() == kBatchRecords || texts_.size() > kBatchTexts) pack();
}

void NameSorter::pack() {
  std::sort(records_.begin(), records_.end(), [&](const Record& a, const Record& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    const int order = text_of(a).compare(text_of(b));
    return order != 0 ? order < 0 : a.posting < b.posting;
  });
  Run run;
  std::string_view before;
  for (const Record& record : records_) {
    if (run.empty() || run.back().size() > kPieceSize) {
      if (!run.empty()) run.back().shrink_to_fit();
      run.emplace_back().reserve(kPieceSize + 1024);
    }
    const std::string_view text = text_of(record);
    const auto shared = static_cast<std::size_t>(
        std::mismatch(before.begin(), before.end(), text.begin(), text.end()).first - before.begin());
    append_varint(shared, run.back());
    append_varint(text.size() - shared, run.back());
    run.back() += text.substr(shared);
    append_varint(record.posting.file, run.back());
    append_varint(record.posting.place, run.back());
    before = text;
  }
  runs_.push_back(std::move(run));
  records_.clear();
  texts_.clear();
}

/// Unpacks one run and frees each piece behind it.
class NameSorter::RunReader {
 public:
  explicit RunReader(Run run) : run_(std::move(run)), reader_({}) {
    if (!run_.empty()) reader_ = ByteReader(std::as_bytes(std::span(run_.front())));
  }
  /// False at the end.
  bool next() {
    while (reader_.at_end()) {
      if (run_.empty()) return false;
      run_.pop_front();
      if (run_.empty()) return false;
      reader_ = ByteReader(std::as_bytes(std::span(run_.front())));
    }
    shared_ = reader_.varint();
    key_.resize(shared_);
    const auto tail = reader_.take(reader_.varint());
    key_.append(reinterpret_cast<const char*>(tail.data()), tail.size());
    posting_.file = static_cast<std::uint32_t>(reader_.varint());
    posting_.place = static_cast<std::uint32_t>(reader_.varint());
    prefix_ = prefix_of_key(key_);
    return true;
  }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] std::string_view tail() const { return std::string_view(key_).substr(shared_); }
  [[nodiscard]] Posting posting() const { return posting_; }
  [[nodiscard]] bool before(const RunReader& other) const {
    if (prefix_ != other.prefix_) return prefix_ < other.prefix_;
    const int order = key_.compare(other.key_);
    return order != 0 ? order < 0 : posting_ < other.posting_;
  }

 private:
  Run run_;
  ByteReader reader_;
  std::string key_;
  std::size_t shared_ = 0;  // with the key before
  std::uint64_t prefix_ = 0;
  Posting posting_;
};

std::vector<std::string> NameSorter::sample_tails() {
  constexpr std::size_t kWanted = 16384;
  if (!records_.empty()) pack();
  std::vector<std::string> tails;
  for (const Run& run : runs_) {
    RunReader reader(Run{run[run.size() / 2]});
    for (std::size_t i = 0; i <= kWanted / runs_.size() && reader.next(); ++i) tails.emplace_back(reader.tail());
  }
  return tails;
}

void NameSorter::merge(const Each& each) {
  if (!records_.empty()) pack();
  records_ = {};
  texts_ = {};
  std::vector<std::unique_ptr<RunReader>> heap;
  for (Run& run : runs_) {
    auto reader = std::make_unique<RunReader>(std::move(run));
    if (reader->next()) heap.push_back(std::move(reader));
  }
  runs_ = {};
  const auto later = [](const auto& a, const auto& b) { return b->before(*a); };
  std::make_heap(heap.begin(), heap.end(), later);
  std::string key;
  std::vector<Posting> postings;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    RunReader& first = *heap.back();
    if (postings.empty() || first.key() != key) {
      if (!postings.empty()) each(key, postings);
      key = first.key();
      postings.clear();
    }
    postings.push_back(first.posting());
    if (first.next()) {
      std::push_heap(heap.begin(), heap.end(), later);
    } else {
      heap.pop_back();
    }
  }
  if (!postings.empty()) each(key, postings);
}

}  // namespace fairlead::rules::match
