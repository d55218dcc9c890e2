// A head that is accepted and rewritten is accepted again, with the same meaning and the same framing; the scanner
// measures it alike however it arrives; an answer's head survives its rewriting too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/http/forward.hpp"

namespace {

using namespace fairlead::agent::http;

void require(bool holds) {
  if (!holds) std::abort();
}

// A rewritten head may have a few fields more: a head at the limit goes out, and would be refused coming in.
bool has_room(const Fields& fields) {
  constexpr std::size_t kAdded = 4;  // Host, Connection, Upgrade, one of framing
  return fields.all.size() + kAdded <= kMaxFields;
}

// The size of the head at the front of `bytes`, or 0; the same when the bytes arrive in two pieces.
std::size_t measure(std::string_view bytes, std::size_t cut) {
  HeadScanner whole;
  const auto size = whole.scan(bytes);
  HeadScanner pieces;
  auto again = pieces.scan(bytes.substr(0, cut % (bytes.size() + 1)));
  if (again && *again == 0) again = pieces.scan(bytes);
  require(size.has_value() == again.has_value());
  if (!size) return 0;
  require(*size == *again);
  return *size;
}

void check_request(std::string_view bytes) {
  RequestHead head;
  if (!parse_request_head(bytes, head) || !has_room(head.fields)) return;
  fairlead::rules::url::CanonicalUrl url;
  if (!url.assign(head.target)) return;
  // Browsers accept hosts such as "a,b" in a URL; a Host field with them is refused, and no such name resolves.
  constexpr std::string_view kHostBytes = "abcdefghijklmnopqrstuvwxyz0123456789-._~%:[]";
  if (url.authority().find_first_not_of(kHostBytes) != std::string_view::npos) return;
  const auto framing = request_framing(head);
  if (!framing) return;
  const bool websocket = is_websocket_upgrade(head);
  std::string out;
  write_request(head, url, *framing, websocket, out);

  require(measure(out, out.size() / 2) == out.size());
  RequestHead again;
  require(parse_request_head(out, again).has_value());
  require(again.method == head.method && again.target == url.path_and_query() && again.minor_version == 1);
  require(again.fields.count("host") == 1 && again.fields.find("host")->value == url.authority());
  const auto reframed = request_framing(again);
  require(reframed && reframed->kind == framing->kind && reframed->length == framing->length);
  require(is_websocket_upgrade(again) == websocket || websocket);
  require(again.fields.find("proxy-connection") == nullptr && again.fields.find("te") == nullptr);
}

void check_response(std::string_view bytes) {
  ResponseHead head;
  if (!parse_response_head(bytes, head) || !has_room(head.fields)) return;
  for (const std::string_view method : {"GET", "HEAD"}) {
    const auto framing = response_framing(method, head);
    if (!framing) continue;
    std::string out;
    write_response(head, *framing, 1, allows_keep_alive(head), out);
    require(measure(out, out.size() / 2) == out.size());
    ResponseHead again;
    require(parse_response_head(out, again).has_value());
    require(again.status == head.status && again.reason == head.reason);
    const auto reframed = response_framing(method, again);
    require(reframed && reframed->kind == framing->kind && reframed->length == framing->length);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 8192) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t head = measure(bytes, data[0]);
  if (head == 0) return 0;
  check_request(bytes.substr(0, head));
  check_response(bytes.substr(0, head));
  return 0;
}
