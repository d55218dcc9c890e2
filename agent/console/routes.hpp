#pragma once
// The one table of the console: every address, who may open it, what answers. The router finds the route, signs the
// visitor in by the cookie, refuses who may not, and refuses each post that was not sent by one of our own forms,
// before a page is asked. Blocks as its pages do; usable from any thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/visit.hpp"

namespace fairlead::agent::console {

inline constexpr std::size_t kSmallBody = 8192;
inline constexpr std::size_t kEditedFile = std::size_t{256} * 1024;

struct Route {
  std::string_view method;  // GET (HEAD too) | POST
  std::string_view path;    // "/incidents/{number}": a part in braces is any one piece, decoded, never empty
  Roles roles;              // one address may have several routes for different roles
  pages::Answer (*answer)(const Visit&);
  std::string_view menu = {};  // the name in the menu; empty: not in it
  std::size_t most_body = kSmallBody;
};

class Router {
 public:
  /// The routes of several rooms, in the order of the menu. The routes outlive the router.
  explicit Router(std::vector<Route> routes) : routes_(std::move(routes)) {}

  /// person  of the operating system, on the other end; empty: not known.
  [[nodiscard]] pages::Answer answer(const Request& request, Desk& desk, std::string_view person) const;
  /// The same for who was found out before, because what `desk` shows depends on it.
  [[nodiscard]] pages::Answer answer(const Request& request, Desk& desk, Visitor visitor) const;

  /// How large the body of a request may be; that of any other address is small.
  [[nodiscard]] std::size_t most_body(std::string_view method, std::string_view path) const;

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

/// Who is signed in, as the account is now: a removed account or a changed password ends its sessions.
/// person  as for Router::answer()
[[nodiscard]] Visitor visitor_of(const Request& request, Accounts& accounts, Sessions& sessions, Moment now,
                                 std::string_view person);

/// Did a page of this console send the request? Browsers say so in Sec-Fetch-Site, older ones in Origin; without either
/// the answer is no.
[[nodiscard]] bool is_from_our_page(const Request& request);

/// An address of this console to go on to, whatever was asked for: with anything else than a path here, "/".
[[nodiscard]] std::string local_address(std::string_view wanted);

/// Go on there (303). `address` comes from this program or from local_address().
[[nodiscard]] pages::Answer go_to(std::string_view address);

}  // namespace fairlead::agent::console
