#include "rules/catalog/imports/adblock_options.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

struct TypeName {
  std::string_view name;
  ResourceType type;
};
constexpr auto kTypeNames = std::to_array<TypeName>({
    {"document", ResourceType::document},
    {"doc", ResourceType::document},
    {"subdocument", ResourceType::subdocument},
    {"frame", ResourceType::subdocument},
    {"script", ResourceType::script},
    {"image", ResourceType::image},
    {"background", ResourceType::image},
    {"stylesheet", ResourceType::stylesheet},
    {"css", ResourceType::stylesheet},
    {"font", ResourceType::font},
    {"media", ResourceType::media},
    {"object", ResourceType::object},
    {"object-subrequest", ResourceType::object},
    {"xmlhttprequest", ResourceType::xmlhttprequest},
    {"xhr", ResourceType::xmlhttprequest},
    {"websocket", ResourceType::websocket},
    {"ping", ResourceType::ping},
    {"beacon", ResourceType::ping},
    {"other", ResourceType::other},
});

/// Windows that a page opens: no request of their own kind. Beside other types they add nothing.
constexpr auto kUnseenTypes = std::to_array<std::string_view>({"popup", "popunder"});

/// Options that turn the filter into something else than "block this request" or "leave this request alone": they
/// hide elements, change answers or pages, or only say how a block by another filter is to look.
constexpr auto kNotRequests = std::to_array<std::string_view>({
    "csp",          "removeparam",    "queryprune",   "replace",       "permissions",    "header",
    "removeheader", "responseheader", "generichide",  "ghide",         "specifichide",   "shide",
    "elemhide",     "ehide",          "genericblock", "inline-script", "inline-font",    "redirect-rule",
    "cookie",       "jsinject",       "content",      "extension",     "stealth",        "hls",
    "jsonprune",    "xmlprune",       "uritransform", "urlskip",       "referrerpolicy", "cname",
    "webrtc",       "dnsrewrite",
});

/// Options that say what is served in place of a blocked request; it is blocked all the same. `collapse` is about the
/// hole in the page.
constexpr auto kStillBlocks = std::to_array<std::string_view>({"redirect", "rewrite", "empty", "mp4", "collapse"});

template <class Words>
bool is_one_of(std::string_view word, const Words& all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

class OptionReader {
 public:
  explicit OptionReader(Filter& filter) : filter_(filter) {}

  /// Why the filter must be left out.
  std::optional<Skipped> take(std::string_view option) {
    const std::size_t equals = std::min(option.find('='), option.size());
    std::string_view name = option.substr(0, equals);
    const std::string_view value = option.substr(std::min(equals + 1, option.size()));
    const bool negated = name.starts_with('~');
    if (negated) name.remove_prefix(1);
    if (name == "badfilter") return Skipped::cancelled;
    if (name == "domain" || name == "from") return take_domains(value);
    if (is_one_of(name, kNotRequests)) return Skipped::not_a_request;
    if (is_one_of(name, kStillBlocks)) return std::nullopt;
    if (name == "important" || name == "match-case") return take_flag(name, negated);
    if (take_type(name, negated) || take_party(name, negated)) return std::nullopt;
    return Skipped::unknown_option;
  }

  /// The types and the party, once every option was seen.
  std::optional<Skipped> finish() {
    if (only_ == 0 && saw_unseen_) return Skipped::not_a_request;
    const auto only = only_ == 0 ? kEveryType : only_;
    filter_.types = static_cast<std::uint16_t>(only & ~without_);
    if (filter_.types == 0) return Skipped::bad_syntax;
    if (third_ != first_) filter_.party = third_ ? Party::third : Party::first;
    for (auto* domains : {&filter_.domains, &filter_.not_domains}) {
      std::sort(domains->begin(), domains->end());
      domains->erase(std::unique(domains->begin(), domains->end()), domains->end());
    }
    return std::nullopt;
  }

 private:
  std::optional<Skipped> take_flag(std::string_view name, bool negated) {
    if (negated) return Skipped::unknown_option;
    (name == "important" ? filter_.important : filter_.match_case) = true;
    return std::nullopt;
  }

  bool take_type(std::string_view name, bool negated) {
    if (name == "all" && !negated) {
      only_ = kEveryType;
      return true;
    }
    if (is_one_of(name, kUnseenTypes)) {
      saw_unseen_ = saw_unseen_ || !negated;
      return true;
    }
    const auto type = type_named(name);
    if (!type) return false;
    auto& types = negated ? without_ : only_;
    types = static_cast<std::uint16_t>(types | bit_of(*type));
    return true;
  }

  /// uBlock Origin's strict1p and strict3p compare whole host names; no list of the large ones uses them, so that they
  /// stay unknown.
  bool take_party(std::string_view name, bool negated) {
    const bool is_third = name == "third-party" || name == "3p";
    const bool is_first = name == "first-party" || name == "1p";
    if (!is_third && !is_first) return false;
    (is_third != negated ? third_ : first_) = true;
    return true;
  }

  /// "example.org|~shop.example.org". An entity ("example.*") or an expression stands for hosts that cannot be listed:
  /// EasyList has none, EasyPrivacy one line, uBlock's own lists a few; such a filter is left out as a whole, since
  /// without a part of its domains it would mean something else.
  std::optional<Skipped> take_domains(std::string_view value) {
    for (std::size_t begin = 0; begin <= value.size();) {
      const std::size_t end = std::min(value.find('|', begin), value.size());
      std::string_view domain = value.substr(begin, end - begin);
      begin = end + 1;
      const bool negated = domain.starts_with('~');
      if (negated) domain.remove_prefix(1);
      if (domain.ends_with(".*") || domain.starts_with('/')) return Skipped::unknown_option;
      std::string host;
      if (!url::canonical_host(domain, host)) return Skipped::bad_syntax;
      (negated ? filter_.not_domains : filter_.domains).push_back(std::move(host));
    }
    return std::nullopt;
  }

  Filter& filter_;
  std::uint16_t only_ = 0, without_ = 0;
  bool saw_unseen_ = false, third_ = false, first_ = false;
};

}  // namespace

std::optional<ResourceType> type_named(std::string_view name) {
  const auto* const found =
      std::find_if(kTypeNames.begin(), kTypeNames.end(), [&](const TypeName& known) { return known.name == name; });
  return found == kTypeNames.end() ? std::nullopt : std::optional(found->type);
}

std::optional<Skipped> read_options(const std::vector<std::string_view>& options, Filter& filter) {
  OptionReader reader(filter);
  for (const std::string_view option : options) {
    if (auto reason = reader.take(option)) return reason;
  }
  return reader.finish();
}

}  // namespace fairlead::rules::catalog
