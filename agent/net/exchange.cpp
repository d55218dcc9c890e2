#include "agent/net/exchange.hpp"

#include <optional>

#include "agent/net/relay.hpp"

namespace fairlead::agent::net {
namespace {

using session::ResponsePlan;
using FramingKind = http::Framing::Kind;
using End = ExchangeEnd::Kind;

constexpr std::size_t kHeadRead = std::size_t{16} * 1024;
constexpr int kMostInterim = 16;

ExchangeEnd end_with(End kind, Error error = {}) { return ExchangeEnd{kind, false, false, std::move(error)}; }

class Exchange {
 public:
  Exchange(asio::io_context& context, session::Session& session, ExchangeEnds ends, bool reused)
      : context_(context), session_(session), ends_(ends), reused_(reused), upload_ended_(context) {
    upload_ended_.expires_at(Timer::time_point::max());
  }

  Task<ExchangeEnd> run() {
    auto sent = co_await send_request();
    ExchangeEnd end;
    if (sent) {
      end = co_await receive_answer();
    } else {
      end = before_answer(std::move(sent).error());
    }
    co_await end_upload(end);
    co_return end;
  }

 private:
  /// Head and body together where the body is here already; a longer one travels beside the answer.
  Task<Result<void>> send_request() {
    const http::Framing& framing = session_.request_framing();
    const std::string& head = session_.upstream_head();
    if (framing.kind == FramingKind::none) co_return co_await ends_.upstream.write(head, {}, {}, Limits::idle);
    if (framing.kind == FramingKind::length && ends_.client_inbox.size() >= framing.length) {
      const auto size = static_cast<std::size_t>(framing.length);
      auto sent = co_await ends_.upstream.write(head, ends_.client_inbox.view().substr(0, size), {}, Limits::idle);
      ends_.client_inbox.consume(size);
      co_return sent;
    }
    uploading_ = true;
    asio::co_spawn(context_.get_executor(), upload(), asio::detached);
    co_return Result<void>();
  }

  Task<void> upload() {
    const http::Framing framing = session_.request_framing();
    auto relayed = co_await relay_body(ends_.client, ends_.client_inbox, framing, ends_.upstream, framing,
                                       session_.upstream_head());
    if (!relayed) {
      // An origin may answer and stop reading; its answer is still wanted. A client that failed ends the exchange.
      upload_error_ = std::move(relayed).error();
      if (upload_error_->side == Side::client) ends_.upstream.close();
    }
    uploading_ = false;
    upload_ended_.cancel();
  }

  Task<ExchangeEnd> receive_answer() {
    http::ResponseHead head;
    std::string out;
    for (int interim = 0; interim <= kMostInterim; ++interim) {
      auto size = co_await read_head();
      if (!size) co_return before_answer(std::move(size).error());
      out.clear();
      auto parsed = http::parse_response_head(ends_.upstream_inbox.view().substr(0, *size), head);
      if (!parsed) co_return end_with(End::unanswered, std::move(parsed).error());
      auto plan = session_.response_head(head, out);
      if (!plan) co_return end_with(End::unanswered, std::move(plan).error());
      ends_.upstream_inbox.consume(*size);
      if (plan->kind == ResponsePlan::Kind::final) co_return co_await relay_answer(*plan, out);
      if (plan->send) {
        auto sent = co_await ends_.client.write(out, {}, {}, Limits::idle);
        if (!sent) co_return end_with(End::cut, std::move(sent).error());
      }
      if (plan->kind == ResponsePlan::Kind::upgrade) co_return end_with(End::upgraded);
    }
    co_return end_with(End::unanswered, Error{Errc::bad_message, Side::upstream, "too many interim answers"});
  }

  Task<Result<std::size_t>> read_head() {
    http::HeadScanner scanner;
    for (;;) {
      if (!ends_.upstream_inbox.empty()) {
        auto size = scanner.scan(ends_.upstream_inbox.view());
        if (!size) co_return fail(size.error().code, Side::upstream, size.error().context);
        if (*size > 0) co_return *size;
      }
      auto more = co_await ends_.upstream.read_some(ends_.upstream_inbox.prepare(kHeadRead), Limits::first_byte);
      if (!more && more.error().code == Errc::timed_out && uploading_) continue;  // the origin waits for the body
      if (!more) co_return tl::unexpected(std::move(more).error());
      if (*more == 0) co_return fail(Errc::closed, Side::upstream, "the origin ended without an answer");
      ends_.upstream_inbox.commit(*more);
    }
  }

  Task<ExchangeEnd> relay_answer(ResponsePlan plan, std::string_view head) {
    auto relayed = co_await relay_body(ends_.upstream, ends_.upstream_inbox, plan.from_upstream, ends_.client,
                                       plan.to_client, head);
    if (!relayed) {
      // A body that ends with the connection looks whole unless the connection ends with a reset.
      if (plan.to_client.kind == FramingKind::until_close) ends_.client.reset();
      co_return end_with(End::cut, std::move(relayed).error());
    }
    ExchangeEnd end;
    // Bytes behind the answer belong to nobody; such a connection is not used again.
    end.keep_upstream = plan.keep_upstream && ends_.upstream_inbox.empty() && !uploading_ && !upload_error_;
    co_return end;
  }

  ExchangeEnd before_answer(Error error) {
    if (upload_error_ && upload_error_->side == Side::client) return end_with(End::unanswered, *upload_error_);
    const bool silent_end = error.code == Errc::closed && ends_.upstream_inbox.empty();
    if (silent_end && reused_ && session_.may_retry()) return end_with(End::stale);
    return end_with(End::unanswered, std::move(error));
  }

  /// An upload that outlives its answer is given up, and with it both connections.
  Task<void> end_upload(ExchangeEnd& end) {
    end.keep_client = !uploading_ && !upload_error_;
    if (!uploading_) co_return;
    ends_.upstream.close();
    ends_.client.stop_reading();
    while (uploading_) co_await upload_ended_.async_wait(kAwait);
  }

  asio::io_context& context_;
  session::Session& session_;
  ExchangeEnds ends_;
  bool reused_;
  bool uploading_ = false;
  Timer upload_ended_;  // never runs out; cancelled when the upload has ended
  std::optional<Error> upload_error_;
};

}  // namespace

Task<ExchangeEnd> run_exchange(asio::io_context& context, session::Session& session, ExchangeEnds ends, bool reused) {
  Exchange exchange(context, session, ends, reused);
  co_return co_await exchange.run();
}

}  // namespace fairlead::agent::net
