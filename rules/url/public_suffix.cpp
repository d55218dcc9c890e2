#include "rules/url/public_suffix.hpp"

#include <libpsl.h>

#include <array>
#include <cstddef>
#include <cstring>

#include "rules/base/text.hpp"

namespace fairlead::rules::url {
namespace {

constexpr std::size_t kLongestName = 253;

/// libpsl reads up to a zero byte; a view has none.
class ZeroEnded {
 public:
  explicit ZeroEnded(std::string_view name) { std::memcpy(bytes_.data(), name.data(), name.size()); }
  [[nodiscard]] const char* data() const { return bytes_.data(); }

 private:
  std::array<char, kLongestName + 1> bytes_{};
};

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= kLongestName && host.find(':') == std::string_view::npos &&
         !text::is_digit(host.back());
}

}  // namespace

std::string_view registrable_domain(std::string_view canonical_host) {
  if (!is_name(canonical_host)) return canonical_host;
  const ZeroEnded name(canonical_host);
  const char* domain = psl_registrable_domain(psl_builtin(), name.data());
  return domain == nullptr ? canonical_host : canonical_host.substr(static_cast<std::size_t>(domain - name.data()));
}

bool is_public_suffix(std::string_view canonical_host) {
  // Without the rule that every unknown last label is one: "localhost" is nobody's registry.
  constexpr int kListed = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE;
  return is_name(canonical_host) &&
         psl_is_public_suffix2(psl_builtin(), ZeroEnded(canonical_host).data(), kListed) != 0;
}

}  // namespace fairlead::rules::url
