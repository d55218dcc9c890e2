#include "agent/net/upstream_proxy.hpp"

#include <utility>

#include "agent/http/forward.hpp"
#include "agent/net/dialer.hpp"
#include "agent/net/response_head.hpp"
#include "agent/session/route.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::chrono::seconds kForItsAnswer{10};

/// The same failure, told of the proxy.
Error of_proxy(const Error& error, const char* what) {
  return {error.code, Side::upstream, std::string("the upstream proxy ") + what + ": " + error.context};
}

}  // namespace

void UpstreamProxy::use(lists::ProxyAccess access) {
  authorization_ = access.authorization();
  if (!access.proxy.is_set()) trouble_.clear();
  const std::lock_guard lock(mutex_);
  access_ = std::move(access);
}

std::string UpstreamProxy::trouble() const {
  if (access_.trouble.empty()) return trouble_;
  return "the credentials for the upstream proxy cannot be used: " + access_.trouble;
}

lists::ProxyAccess UpstreamProxy::access() const {
  const std::lock_guard lock(mutex_);
  return access_;
}

Task<Result<std::unique_ptr<Stream>>> UpstreamProxy::dial_it() {
  const auto port = access_.proxy.port;
  auto found = co_await resolver_.resolve(access_.proxy.host, Aliases::skip);
  if (!found) co_return tl::unexpected(of_proxy(found.error(), "cannot be found"));
  auto dialled = co_await dial(context_, watchdog_, std::move(found->addresses), port);
  if (!dialled) co_return tl::unexpected(of_proxy(dialled.error(), "cannot be reached"));
  co_return dialled;
}

Task<Result<void>> UpstreamProxy::open_tunnel(Stream& stream, std::string tunnel, Buffer& inbox) {
  std::string head;
  http::write_tunnel_request(tunnel, authorization_, head);
  const auto sent = co_await stream.write(head, {}, {}, kForItsAnswer);
  if (!sent) co_return tl::unexpected(of_proxy(sent.error(), "ended"));
  const auto size = co_await read_response_head(stream, inbox, Watchdog::Clock::now() + kForItsAnswer);
  if (!size) co_return tl::unexpected(of_proxy(size.error(), "gave no answer that can be read"));
  http::ResponseHead answer;
  const auto parsed = http::parse_response_head(inbox.view().substr(0, *size), answer);
  if (!parsed) co_return tl::unexpected(of_proxy(parsed.error(), "gave no answer that can be read"));
  auto judged = session::judge_tunnel_answer(answer);
  inbox.consume(*size);
  co_return judged;
}

Task<Result<std::unique_ptr<Stream>>> UpstreamProxy::reach(rules::catalog::UpstreamProxy proxy, std::string tunnel,
                                                           Buffer& inbox) {
  // What it is told must not be told to another, as it could be between two sets of rules.
  const bool is_same = proxy.host == access_.proxy.host && proxy.port == access_.proxy.port &&
                       proxy.credentials_file == access_.proxy.credentials_file;
  if (!is_same) co_return fail(Errc::refused, Side::local, "the policy has just changed");
  if (!access_.trouble.empty()) {
    co_return fail(Errc::denied, Side::local, "the credentials for the upstream proxy cannot be read");
  }
  auto stream = co_await dial_it();
  if (stream && !tunnel.empty()) {
    auto opened = co_await open_tunnel(**stream, std::move(tunnel), inbox);
    if (opened) worked();
    if (!opened) stream = tl::unexpected(std::move(opened).error());
  }
  if (!stream) failed(stream.error());
  co_return stream;
}

}  // namespace fairlead::agent::net
