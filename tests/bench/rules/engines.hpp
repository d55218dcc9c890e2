#pragma once
// The engines that rows 3, 4 and 9 compare, behind one face: which of the patterns match this URL. An engine other than
// Fairlead sees each text once, as it is forwarded. One thread.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::bench {

/// `number` names a pattern in every engine's answer: the line of an expression; of a filter kFirstFilter more.
struct Expression {
  std::string re2;
  rules::catalog::Where where = rules::catalog::Where::url;
  std::uint32_t number = 0;
};
inline constexpr std::uint32_t kFirstFilter = 1'000'000;

class Engine {
 public:
  virtual ~Engine() = default;
  /// Puts the numbers of the patterns that match into `found`, each once, in any order.
  virtual void match(const rules::url::CanonicalUrl& url, std::vector<std::uint32_t>& found) = 0;
  /// How many texts it could not judge so far, and how many patterns it refused.
  [[nodiscard]] virtual std::size_t failures() const { return 0; }
  [[nodiscard]] virtual std::size_t refused() const { return 0; }
};

[[nodiscard]] std::unique_ptr<Engine> make_re2(const std::vector<Expression>& expressions);
[[nodiscard]] std::unique_ptr<Engine> make_re2_set(const std::vector<Expression>& expressions, std::size_t most_bytes);
/// Null when this program was built without Hyperscan.
[[nodiscard]] std::unique_ptr<Engine> make_hyperscan(const std::vector<Expression>& expressions);

[[nodiscard]] inline std::string_view subject_of(const rules::url::CanonicalUrl& url, rules::catalog::Where where) {
  switch (where) {
    case rules::catalog::Where::host:
      return url.host();
    case rules::catalog::Where::path:
      return url.path();
    case rules::catalog::Where::query:
      return url.query();
    case rules::catalog::Where::url:
      break;
  }
  return url.href();
}
inline constexpr std::size_t kSubjects = 4;

}  // namespace fairlead::bench
