#include "agent/console/sessions.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "agent/events/digest.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console {

namespace {

std::string random_token() {
  std::array<char, 32> bytes{};
  events::fill_random(bytes);
  return text::hex(std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::string digest_of(std::string_view token) {
  events::Hasher hasher;
  return std::string(hasher.add(token).finish().view());
}

bool over(const Session& session, Moment now) {
  // A clock that was set back ends it as well: nobody can tell how long it has lasted.
  return now < session.began || now - session.began >= kLongest || now - session.used >= kIdleFor;
}

// With "__Host-" a browser takes the cookie over TLS alone, for this host and every path.
std::string_view name_of(bool secure) { return secure ? "__Host-fairlead" : "fairlead"; }

std::string cookie(std::string_view value, bool secure) {
  std::string text(name_of(secure));
  text.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict");
  if (secure) text += "; Secure";
  return text;
}

}  // namespace

std::string Sessions::begin(const Account& account, std::string_view person, Moment now) {
  std::string token = random_token();
  const std::lock_guard hold(mutex_);
  std::erase_if(by_digest_, [&](const auto& entry) { return over(entry.second, now); });
  if (by_digest_.size() >= kMostSessions) {
    by_digest_.erase(std::min_element(by_digest_.begin(), by_digest_.end(),
                                      [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
  }
  by_digest_[digest_of(token)] = {account.name, account.generation, std::string(person), random_token(), now,
                                  now,          account.seen};
  return token;
}

std::optional<Session> Sessions::find(std::string_view token, Moment now) {
  if (token.empty()) return std::nullopt;
  const std::string digest = digest_of(token);
  const std::lock_guard hold(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return std::nullopt;
  if (over(found->second, now)) {
    by_digest_.erase(found);
    return std::nullopt;
  }
  found->second.used = std::max(found->second.used, now);
  return found->second;
}

void Sessions::end(std::string_view token) {
  const std::string digest = digest_of(token);
  const std::lock_guard hold(mutex_);
  by_digest_.erase(digest);
}

std::string session_cookie(std::string_view token, bool secure) { return cookie(token, secure); }

std::string ended_cookie(bool secure) { return cookie("", secure) + "; Max-Age=0"; }

std::string_view token_in(std::string_view cookie_field, bool secure) {
  while (!cookie_field.empty()) {
    const std::size_t end = std::min(cookie_field.find(';'), cookie_field.size());
    const std::string_view pair = text::trim(cookie_field.substr(0, end));
    cookie_field.remove_prefix(std::min(end + 1, cookie_field.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name_of(secure)) return pair.substr(equals + 1);
  }
  return {};
}

}  // namespace fairlead::agent::console
