#include "tests/bench/rules/engines.hpp"

#ifdef FAIRLEAD_BENCH_HYPERSCAN
#include <hs/hs.h>

#include <array>

#include "tests/bench/rules/material.hpp"

namespace fairlead::bench {
namespace {

class Hyperscan final : public Engine {
 public:
  explicit Hyperscan(const std::vector<Expression>& expressions) {
    for (std::size_t where = 0; where < kSubjects; ++where) {
      compile(expressions, static_cast<rules::catalog::Where>(where));
    }
  }
  ~Hyperscan() override {
    for (hs_database_t* database : databases_) hs_free_database(database);
    hs_free_scratch(scratch_);
  }
  Hyperscan(const Hyperscan&) = delete;
  Hyperscan& operator=(const Hyperscan&) = delete;

  void match(const rules::url::CanonicalUrl& url, std::vector<std::uint32_t>& found) override {
    for (std::size_t where = 0; where < kSubjects; ++where) {
      if (databases_[where] == nullptr) continue;
      const std::string_view text = subject_of(url, static_cast<rules::catalog::Where>(where));
      const auto add = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* to) {
        static_cast<std::vector<std::uint32_t>*>(to)->push_back(id);
        return 0;
      };
      if (hs_scan(databases_[where], text.data(), static_cast<unsigned>(text.size()), 0, scratch_, add, &found) !=
          HS_SUCCESS) {
        ++failures_;
      }
    }
  }
  [[nodiscard]] std::size_t failures() const override { return failures_; }
  [[nodiscard]] std::size_t refused() const override { return refused_; }

 private:
  static constexpr unsigned kFlags = HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH;

  void compile(const std::vector<Expression>& all, rules::catalog::Where where) {
    std::vector<const Expression*> taken;
    for (const Expression& expression : all) {
      if (expression.where == where) taken.push_back(&expression);
    }
    // One expression that is not taken fails the whole: leave it out and compile again.
    while (!taken.empty()) {
      std::vector<const char*> texts;
      std::vector<unsigned> ids;
      for (const Expression* expression : taken) {
        texts.push_back(expression->re2.c_str());
        ids.push_back(expression->number);
      }
      const std::vector<unsigned> flags(taken.size(), kFlags);
      hs_compile_error_t* error = nullptr;
      const auto count = static_cast<unsigned>(taken.size());
      hs_database_t*& database = databases_[static_cast<std::size_t>(where)];
      if (hs_compile_multi(texts.data(), flags.data(), ids.data(), count, HS_MODE_BLOCK, nullptr, &database, &error) ==
          HS_SUCCESS) {
        if (hs_alloc_scratch(database, &scratch_) != HS_SUCCESS) give_up("Hyperscan has no memory");
        return;
      }
      const int wrong = error->expression;
      const std::string message = error->message;
      hs_free_compile_error(error);
      if (wrong < 0) give_up("Hyperscan: " + message);
      taken.erase(taken.begin() + wrong);
      ++refused_;
    }
  }

  std::array<hs_database_t*, kSubjects> databases_{};
  hs_scratch_t* scratch_ = nullptr;
  std::size_t failures_ = 0, refused_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_hyperscan(const std::vector<Expression>& expressions) {
  return std::make_unique<Hyperscan>(expressions);
}

}  // namespace fairlead::bench

#else

namespace fairlead::bench {
std::unique_ptr<Engine> make_hyperscan(const std::vector<Expression>& /*expressions*/) { return nullptr; }
}  // namespace fairlead::bench

#endif
