#include "agent/net/portal.hpp"

#include <algorithm>
#include <utility>

#include "agent/http/framing.hpp"
#include "agent/net/buffer.hpp"
#include "agent/net/dialer.hpp"
#include "agent/net/response_head.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::agent::net {
namespace {

using rules::url::CanonicalUrl;
using session::Probed;

constexpr std::size_t kMostBody = 512;  // "success", or else it does not matter what

/// Of what the probe's name leads to: never this machine or its link.
bool may_be_dialled(const asio::ip::address& address) {
  const std::string text = address.to_string();
  return !rules::url::is_local_address(text) || rules::url::is_private_network(text);
}

/// One answer, read to the end of what is wanted of it.
class Asking {
 public:
  Asking(std::unique_ptr<Stream> stream, Watchdog::Clock::time_point deadline)
      : stream_(std::move(stream)), deadline_(deadline) {}

  Task<Result<Probed>> run(CanonicalUrl& sign_in) {
    const CanonicalUrl url = session::probe_url();
    std::string request("GET ");
    request.append(url.path_and_query()).append(" HTTP/1.1\r\nHost: ").append(url.authority());
    request.append("\r\nAccept: */*\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n");
    auto sent = co_await stream_->write(request, {}, {}, Portal::kForItsAnswer);
    if (!sent) co_return tl::unexpected(std::move(sent).error());
    const auto size = co_await read_response_head(*stream_, inbox_, deadline_);
    if (!size) co_return tl::unexpected(size.error());
    const std::string bytes(inbox_.view().substr(0, *size));
    http::ResponseHead head;
    const auto parsed = http::parse_response_head(bytes, head);
    if (!parsed) co_return tl::unexpected(parsed.error());
    const auto framing = http::response_framing("GET", head);
    if (!framing) co_return tl::unexpected(framing.error());
    inbox_.consume(*size);
    const bool wants_body = head.status == 200;
    std::string body;
    if (wants_body) {
      auto taken = co_await read_body(*framing);
      if (!taken) co_return tl::unexpected(std::move(taken).error());
      body = std::move(*taken);
    }
    co_return session::read_probe(head, body, sign_in);
  }

 private:
  /// No more than kMostBody and a byte of it.
  Task<Result<std::string>> read_body(http::Framing framing) {
    using Kind = http::Framing::Kind;
    http::ChunkedDecoder decoder;
    std::string body;
    bool done = framing.kind == Kind::none;
    for (;;) {
      while (!done && !inbox_.empty() && body.size() <= kMostBody) {
        std::string_view data = inbox_.view();
        std::size_t consumed = data.size();
        if (framing.kind == Kind::chunked) {
          const auto step = decoder.next(data);
          if (!step) co_return tl::unexpected(step.error());
          data = step->data;
          consumed = step->consumed;
          done = step->done;
        }
        body.append(data);
        inbox_.consume(consumed);
        if (framing.kind == Kind::length) done = body.size() >= framing.length;
      }
      if (done || body.size() > kMostBody) co_return body;
      const auto more = co_await read_until(*stream_, inbox_, deadline_);
      if (!more) co_return tl::unexpected(more.error());
      if (*more > 0) continue;
      if (framing.kind == Kind::until_close) co_return body;
      co_return fail(Errc::closed, Side::upstream, "the answer was cut short");
    }
  }

  std::unique_ptr<Stream> stream_;
  Buffer inbox_;
  Watchdog::Clock::time_point deadline_;
};

}  // namespace

void Portal::look() {
  const auto now = std::chrono::steady_clock::now();
  const bool by_proxy = keeper_.current()->policy().network.upstream_proxy.is_set();
  if (looking_ || now < next_look_ || by_proxy) return;
  next_look_ = now + kBetweenLooks;
  looking_ = true;
  asio::co_spawn(
      context_, [this] { return ask(); }, asio::detached);
}

void Portal::forget() {
  ++network_;
  next_look_ = {};
  hosts_.close();
  until_.cancel();
}

Task<void> Portal::ask() {
  const std::uint64_t network = network_;
  CanonicalUrl sign_in;
  const Probed answer = co_await probe(sign_in);
  looking_ = false;
  if (network == network_) take(answer, sign_in);
}

Task<Probed> Portal::probe(CanonicalUrl& sign_in) {
  const auto deadline = Watchdog::Clock::now() + kForItsAnswer;
  const CanonicalUrl url = session::probe_url();
  auto found = co_await resolver_.resolve(std::string(url.host()), Aliases::skip);
  if (!found) co_return Probed::unclear;
  auto& addresses = found->addresses;
  std::erase_if(addresses, [](const auto& address) { return !may_be_dialled(address); });
  if (addresses.empty()) co_return Probed::unclear;
  const bool leads_inside = std::any_of(addresses.begin(), addresses.end(), [](const auto& address) {
    return rules::url::is_private_network(address.to_string());
  });
  auto dialled = co_await dial(context_, watchdog_, std::move(addresses), url.port());
  Result<Probed> answer = Probed::unclear;
  if (dialled) {
    Asking asking(std::move(*dialled), deadline);
    answer = co_await asking.run(sign_in);
  }
  if (answer && *answer == Probed::portal) co_return Probed::portal;
  if (leads_inside) {
    sign_in = url;  // no name server of the world says so: whoever answers there shows the page
    co_return Probed::portal;
  }
  co_return answer ? *answer : Probed::unclear;
}

void Portal::take(Probed answer, const CanonicalUrl& sign_in) {
  if (answer == Probed::unclear) return;
  until_.cancel();
  if (answer == Probed::open) {
    hosts_.close();
    return;
  }
  hosts_.open(sign_in);
  until_.expires_after(kKnownFor);
  until_.async_wait([this](ErrorCode cancelled) {
    if (!cancelled && until_.expiry() <= std::chrono::steady_clock::now()) hosts_.close();
  });
}

bool may_be_portals_doing(session::Refusal refusal) {
  using session::Refusal;
  return refusal == Refusal::local_target || refusal == Refusal::ip_literal || refusal == Refusal::cannot_connect ||
         refusal == Refusal::timed_out || refusal == Refusal::untrusted_site;
}

}  // namespace fairlead::agent::net
