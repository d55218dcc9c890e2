#include "rules/url/inner_url.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/url/bytes.hpp"

namespace fairlead::rules::url {
namespace {

constexpr int kMostDecodings = 2;
constexpr std::string_view kHttp = "http";

bool is_slash(char c) { return c == '/' || c == '\\'; }
// WHATWG: a URL parser drops these wherever they stand, so "ht\ntp:" is a scheme.
bool is_dropped(char c) { return c == '\t' || c == '\r' || c == '\n'; }
bool ends_address(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>'; }
bool is_host_byte(char c) {
  return text::is_alnum(c) || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// The size of "http:" or "https:" at `at`, in any case of letters; 0 when there is none, or when it ends a longer
/// word.
std::size_t scheme_size(std::string_view text, std::size_t at) {
  if (text::to_lower(text[at]) != 'h' || (at > 0 && text::is_alpha(text[at - 1]))) return 0;
  std::size_t size = kHttp.size();
  if (!text::equals_ignoring_case(text.substr(at, size), kHttp)) return 0;
  if (at + size < text.size() && text::to_lower(text[at + size]) == 's') ++size;
  return at + size < text.size() && text[at + size] == ':' ? size + 1 : 0;
}

std::size_t slashes_at(std::string_view text, std::size_t at) {
  std::size_t size = 0;
  while (at + size < text.size() && is_slash(text[at + size])) ++size;
  return size;
}

/// The host that `text` begins with, where it looks like one that can be asked: labels with a dot between them, or a
/// dotted quad. Bytes, without port.
std::size_t bare_host_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_host_byte(text[size])) ++size;
  std::string_view host = text.substr(0, size);
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == host.size()) return 0;
  const std::string_view last = host.substr(dot + 1);
  const bool number = std::all_of(last.begin(), last.end(), text::is_digit);
  if (number && std::count(host.begin(), host.end(), '.') != 3) return 0;
  return number || last.size() > 1 ? size : 0;
}

/// Reads a text as it is after two decodings, a byte at a time and without memory.
class TwiceDecoded {
 public:
  explicit TwiceDecoded(std::string_view text) : text_(text) {}
  [[nodiscard]] bool done() const { return at_ >= text_.size(); }

  char next() {
    const Byte first = once(at_);
    at_ = first.end;
    if (first.value != '%' || at_ >= text_.size()) return first.value;
    const Byte high = once(at_);
    if (high.end >= text_.size()) return first.value;
    const Byte low = once(high.end);
    if (text::hex_value(high.value) < 0 || text::hex_value(low.value) < 0) return first.value;
    at_ = low.end;
    return static_cast<char>(text::hex_value(high.value) * 16 + text::hex_value(low.value));
  }

 private:
  struct Byte {
    char value;
    std::size_t end;
  };
  [[nodiscard]] Byte once(std::size_t at) const {
    const int byte = escaped_byte(text_, at);
    return byte < 0 ? Byte{text_[at], at + 1} : Byte{static_cast<char>(byte), at + 3};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Whether "//" or "http:" is in it after at most two decodings. None of those bytes can be a part of an escape, so
/// what is there before a decoding is there after it.
bool may_hold(std::string_view text) {
  const auto has = [text](auto what) { return text.find(what) != std::string_view::npos; };
  if (!has('%') && !has(':') && !has('\\') && !has("//")) return false;  // most texts; four quick searches
  std::size_t matched = 0;                                               // bytes of "http", then one more for 's'
  bool slash = false;
  for (TwiceDecoded bytes(text); !bytes.done();) {
    const char c = text::to_lower(bytes.next());
    if (is_dropped(c)) continue;
    if (is_slash(c) && slash) return true;
    slash = is_slash(c);
    if (matched >= kHttp.size() && c == ':') return true;
    const bool goes_on = matched < kHttp.size() ? c == kHttp[matched] : matched == kHttp.size() && c == 's';
    if (goes_on) {
      ++matched;
    } else {
      matched = c == 'h' ? 1 : 0;
    }
  }
  return false;
}

class Finder {
 public:
  explicit Finder(const InnerPlaces& places) : places_(places) {}

  void read_path(const CanonicalUrl& url) {
    const std::string_view path = url.path();
    if (places_.carried_path.empty() && !may_hold(path)) return;
    query_ = url.query();
    in_path_ = true;
    read_levels(path, false);
    read_levels(places_.carried_path, true);
    in_path_ = false;
    query_ = {};
  }

  void read_query(std::string_view query) {
    while (!query.empty()) {
      const std::size_t end = std::min(query.find('&'), query.size());
      read_parameter(query.substr(0, end));
      query.remove_prefix(std::min(end + 1, query.size()));
    }
  }

  [[nodiscard]] InnerUrls take() { return std::move(result_); }

 private:
  void read_parameter(std::string_view pair) {
    const std::size_t equals = pair.find('=');
    std::string_view name = pair.substr(0, equals);
    std::string_view value = equals == std::string_view::npos ? pair : pair.substr(equals + 1);
    // "?http://host/?a=b": what stands in front of the '=' is no name.
    if (equals == std::string_view::npos || name.find_first_of("/:\\") != std::string_view::npos || may_hold(name)) {
      name = {};
      value = pair;
    }
    std::string plain;
    append_decoded(name, plain);
    const auto is_one = [&plain](const std::vector<std::string_view>& names) {
      return std::find(names.begin(), names.end(), plain) != names.end();
    };
    const bool carrying = is_one(places_.carrying);
    if (!carrying && (is_one(places_.silent) || !may_hold(value))) return;
    read_levels(value, carrying);
  }

  /// Looks at a text as it is, after one and after two decodings.
  void read_levels(std::string_view raw, bool carried) {
    if (raw.empty()) return;
    std::string text(raw), decoded;
    for (int level = 0;; ++level) {
      std::erase_if(text, is_dropped);
      scan(text, carried);
      if (carried) in_path_ ? scan_bare_path(text) : scan_bare_value(text);
      if (level == kMostDecodings || text.find('%') == std::string::npos) return;
      decoded.clear();
      append_decoded(text, decoded);
      text.swap(decoded);
    }
  }

  /// Everything with a scheme, and "//host".
  void scan(std::string_view text, bool carried) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (const std::size_t scheme = scheme_size(text, i); scheme > 0) {
        // Browsers take "http:host" too; in the midst of a text it is too little to be an address.
        if (slashes_at(text, i + scheme) > 0 || (i == 0 && !in_path_)) add("", text.substr(i), carried);
        i += scheme - 1;
        continue;
      }
      const std::size_t slashes = slashes_at(text, i);
      if (slashes == 0) continue;
      const bool begins = i == 0 || (in_path_ && text[i - 1] != ':');
      if (slashes > 1 && begins && bare_host_size(text.substr(i + slashes)) > 0) add("http:", text.substr(i), carried);
      i += slashes - 1;
    }
  }

  /// "blocked.example/x", "ssl:blocked.example", "cache:some-id:blocked.example words".
  void scan_bare_value(std::string_view text) {
    while (!text.empty() && (ends_address(text.front()) || text.front() == '+')) text.remove_prefix(1);
    for (std::size_t i = 0; i < text.size();) {
      if (const std::size_t size = bare_host_size(text.substr(i)); size > 0) {
        add_bare(text.substr(i), size);
        return;
      }
      const std::size_t colon = text.find(':', i);
      if (colon == std::string_view::npos) return;
      i = colon + 1;
    }
  }

  /// "s/blocked.example/x", "2020/blocked.example": the first part of the path that is a host.
  void scan_bare_path(std::string_view text) {
    constexpr int kMostInFront = 4;
    for (int i = 0; i <= kMostInFront && !text.empty(); ++i) {
      const std::size_t end = std::min(text.find('/'), text.size());
      if (const std::size_t size = bare_host_size(text.substr(0, end)); size > 0) {
        add_bare(text, size);
        return;
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }

  void add_bare(std::string_view text, std::size_t host_size) {
    constexpr std::string_view kAfterHost = "/\\:?#";
    const bool goes_on = host_size < text.size() && kAfterHost.find(text[host_size]) != std::string_view::npos;
    add("http://", goes_on ? text : text.substr(0, host_size), true);
  }

  void add(std::string_view scheme, std::string_view text, bool carried) {
    const auto* const end = std::find_if(text.begin(), text.end(), ends_address);
    InnerUrl inner;
    inner.carried = carried;
    inner.text.append(scheme).append(text.begin(), end);
    if (in_path_ && end == text.end() && !query_.empty()) (inner.text += '?') += query_;
    if (inner.text.size() > kMostInnerBytes) inner.text.resize(kMostInnerBytes);
    auto& found = result_.found;
    const auto same =
        std::find_if(found.begin(), found.end(), [&](const InnerUrl& one) { return one.text == inner.text; });
    if (same != found.end()) {
      same->carried = same->carried || carried;
    } else if (found.size() == kMostInnerUrls) {
      result_.too_many = true;
    } else {
      found.push_back(std::move(inner));
    }
  }

  const InnerPlaces& places_;  // the caller's, who keeps it while this object lives
  InnerUrls result_;
  std::string_view query_;  // belongs to an address that begins in the path
  bool in_path_ = false;
};

}  // namespace

bool may_hold_inner_url(const CanonicalUrl& url) { return may_hold(url.path()) || may_hold(url.query()); }

InnerUrls find_inner_urls(const CanonicalUrl& url, const InnerPlaces& places) {
  Finder finder(places);
  finder.read_path(url);
  finder.read_query(url.query());
  return finder.take();
}

bool read_inner_url(const InnerUrl& inner, CanonicalUrl& out) {
  if (out.assign(inner.text)) return true;
  const std::string_view text = inner.text;
  const std::size_t colon = std::min(text.find(':'), text.size());
  std::size_t begin = std::min(colon + 1, text.size());
  begin += slashes_at(text, begin);
  const std::string_view authority = text.substr(begin, text.find_first_of("/\\?#", begin) - begin);
  const std::string_view host = authority.substr(authority.rfind('@') + 1);  // npos + 1 is 0
  return out.assign("http://" + std::string(host.substr(0, bare_host_size(host)))).has_value();
}

}  // namespace fairlead::rules::url
