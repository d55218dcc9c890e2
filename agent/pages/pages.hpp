#pragma once
// The pages a learner sees when something is stopped or fails: values in, HTML (or JSON, or an empty image) out.
// Without I/O. Everything that came from outside goes through one escaper (escape.hpp).

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/policy/rules.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::pages {

/// What the client asks for, told by its Accept and Sec-Fetch-Dest fields.
enum class Form : std::uint8_t { html, json, image, script, style, nothing };
[[nodiscard]] Form choose_form(std::string_view accept, std::string_view sec_fetch_dest);

/// A field of an answer beside those that every answer has: Set-Cookie, Location, Content-Disposition.
struct Field {
  std::string name, value;
};

/// A whole answer, ready to be sent: status, fields without framing, body.
struct Answer {
  int status = 403;
  std::string content_type;
  std::string body;
  std::vector<Field> fields = {};
  std::string content_security_policy = {};  // empty: that of shell.hpp, which fits pages with its style sheet alone
};

struct BlockFacts {
  const rules::policy::Rules& rules;
  const rules::policy::Decision& decision;
  const rules::url::CanonicalUrl& url;
  std::string_view decision_id;
  bool recorded = true;            // false: counted only
  std::chrono::sys_seconds now{};  // for "today" and "tomorrow"
};

/// The block page (403): what was stopped, why in one sentence, where help is, the id, the two buttons, what is
/// recorded. The buttons post to kReportPath on the same (blocked) host, so that they work wherever the page does.
[[nodiscard]] Answer block_page(const BlockFacts& facts, Form form);

/// Posted by the page's forms: "id", "kind" (accident | wrong | concern), "words".
inline constexpr std::string_view kReportPath = "/.well-known/fairlead/report";
struct ReportForm {
  std::string id, kind, words;
};
/// Reads application/x-www-form-urlencoded, up to 4 KiB. An unknown kind or id leaves the field empty.
[[nodiscard]] ReportForm parse_report_form(std::string_view body);
/// "Thank you, it is stored": 200; or why not: 404 / 503.
[[nodiscard]] Answer report_page(int status, std::string_view kind);

/// "Please read this first" (511, RFC 6585 section 6): nothing opens before the person has answered, at
/// `local_pages`/agreement. local_pages: "http://127.0.0.1:3129"; may be empty.
[[nodiscard]] Answer waiting_page(const rules::catalog::PolicyFile& policy, std::string_view local_pages, Form form);

/// What failed, in plain words, with the same design.
enum class Trouble : std::uint8_t {
  bad_request,
  too_large,
  not_supported,
  no_such_site,
  cannot_connect,
  upstream_broken,
  timed_out,
  port_refused,
  not_tls,
  local_target,
  untrusted_site,
  ip_literal,
  expectation,
  safe_search,
  upstream_proxy,
  internal
};
/// The status that goes with it: 400, 431, 501, 502, 504, 403, 500.
[[nodiscard]] int status_of(Trouble trouble);
/// `host` may be empty. `detail` is for IT (one line, no personal data), shown small. `sign_in` is the URL at which
/// this network lets people sign in first, where it does; else empty.
[[nodiscard]] Answer error_page(Trouble trouble, std::string_view host, std::string_view detail, Form form,
                                std::string_view sign_in = {});

/// The wire form: status line, fields (Content-Length, Cache-Control: no-store, CSP, Connection) and body; the body is
/// left out for HEAD. Error and block answers close the connection. A field of the answer that holds anything but
/// printable ASCII is left out whole: no byte of it can end its line and begin another.
[[nodiscard]] std::string to_wire(const Answer& answer, bool head_only, bool keep_alive);

}  // namespace fairlead::agent::pages
