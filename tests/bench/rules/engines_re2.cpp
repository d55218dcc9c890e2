#include <re2/re2.h>
#include <re2/set.h>

#include <array>

#include "tests/bench/rules/engines.hpp"

namespace fairlead::bench {
namespace {

RE2::Options options() {
  RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return options;
}

re2::StringPiece piece_of(std::string_view text) { return {text.data(), text.size()}; }

class OneByOne final : public Engine {
 public:
  explicit OneByOne(const std::vector<Expression>& expressions) {
    for (const Expression& expression : expressions) {
      auto regex = std::make_unique<RE2>(expression.re2, options());
      if (regex->ok()) {
        all_.push_back({std::move(regex), expression.where, expression.number});
      } else {
        ++refused_;
      }
    }
  }
  void match(const rules::url::CanonicalUrl& url, std::vector<std::uint32_t>& found) override {
    for (const One& one : all_) {
      if (RE2::PartialMatch(piece_of(subject_of(url, one.where)), *one.regex)) found.push_back(one.number);
    }
  }
  [[nodiscard]] std::size_t refused() const override { return refused_; }

 private:
  struct One {
    std::unique_ptr<RE2> regex;
    rules::catalog::Where where;
    std::uint32_t number;
  };
  std::vector<One> all_;
  std::size_t refused_ = 0;
};

class Sets final : public Engine {
 public:
  Sets(const std::vector<Expression>& expressions, std::size_t most_bytes) {
    RE2::Options limited = options();
    limited.set_max_mem(static_cast<std::int64_t>(most_bytes));
    for (const Expression& expression : expressions) {
      Part& part = parts_[static_cast<std::size_t>(expression.where)];
      if (!part.set) part.set = std::make_unique<RE2::Set>(limited, RE2::UNANCHORED);
      if (part.set->Add(expression.re2, nullptr) < 0) {
        ++refused_;
      } else {
        part.numbers.push_back(expression.number);
      }
    }
    for (Part& part : parts_) {
      if (part.set && !part.set->Compile()) refused_ += part.numbers.size(), part.set.reset();
    }
  }
  void match(const rules::url::CanonicalUrl& url, std::vector<std::uint32_t>& found) override {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (!parts_[i].set) continue;
      RE2::Set::ErrorInfo error{RE2::Set::kNoError};
      hits_.clear();
      parts_[i].set->Match(piece_of(subject_of(url, static_cast<rules::catalog::Where>(i))), &hits_, &error);
      if (error.kind != RE2::Set::kNoError) ++failures_;
      for (const int hit : hits_) found.push_back(parts_[i].numbers[static_cast<std::size_t>(hit)]);
    }
  }
  [[nodiscard]] std::size_t failures() const override { return failures_; }
  [[nodiscard]] std::size_t refused() const override { return refused_; }

 private:
  struct Part {
    std::unique_ptr<RE2::Set> set;
    std::vector<std::uint32_t> numbers;
  };
  std::array<Part, kSubjects> parts_;
  std::vector<int> hits_;
  std::size_t failures_ = 0, refused_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_re2(const std::vector<Expression>& expressions) {
  return std::make_unique<OneByOne>(expressions);
}
std::unique_ptr<Engine> make_re2_set(const std::vector<Expression>& expressions, std::size_t most_bytes) {
  return std::make_unique<Sets>(expressions, most_bytes);
}

}  // namespace fairlead::bench
