// Asio and Beast stay in this file: it is the slow one to compile.
#include "agent/console/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

namespace fairlead::agent::console {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kMaxHead = 8192;
constexpr std::uint64_t kUsualBody = 8192;
constexpr std::uint64_t kMaxBody = 1048576;  // whatever an address says
constexpr std::size_t kBuffer = 16384;
constexpr std::size_t kMaxConnections = 64;
constexpr auto kDeadline = 10s;       // for a whole request, for its answer, and for sending that
constexpr auto kDrainDeadline = 1s;   // after a refusal
constexpr auto kAcceptPause = 100ms;  // when the system has no more sockets to give

class Connection;

/// What connections share; lives as long as the last of them.
struct Shared {
  Handler handler;
  BodyLimit body_limit;
  std::set<Connection*> connections;  // each takes itself out when it ends
};

pages::Answer refusal(int status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text)};
}

Result<tcp::endpoint> parse_loopback(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  std::string_view address = text.substr(0, std::min(colon, text.size()));
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  error_code failed;
  const auto parsed = asio::ip::make_address(address, failed);
  std::uint16_t port = 0;
  const std::string_view digits = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed || digits.empty() || wrong != std::errc() || end != digits.data() + digits.size() ||
      !parsed.is_loopback()) {
    return fail(
        Errc::bad_host, Side::local,
        "console address '" + std::string(text) + "': write a loopback address and port, such as 127.0.0.1:3129");
  }
  return tcp::endpoint(parsed, port);
}

/// One browser connection. Alive as long as a read, a write or the deadline of an answer waits for it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const tcp::endpoint& peer, std::shared_ptr<Shared> shared)
      : stream_(std::move(socket)), answer_deadline_(stream_.get_executor()), peer_(peer), shared_(std::move(shared)) {
    shared_->connections.insert(this);
  }
  ~Connection() { shared_->connections.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read() {
    head_only_ = false;
    parser_.emplace();
    parser_->header_limit(kMaxHead);
    parser_->body_limit(kMaxBody);
    stream_.expires_after(kDeadline);
    http::async_read_header(stream_, buffer_, *parser_,
                            beast::bind_front_handler(&Connection::head_read, shared_from_this()));
  }

  void close() {
    answer_deadline_.cancel();
    stream_.close();
  }

 private:
  void head_read(error_code failed, std::size_t size) {
    if (failed) return read_done(failed, size);
    const auto& message = parser_->get();
    const std::string_view target = message.target();
    const std::uint64_t most = shared_->body_limit ? shared_->body_limit(std::string_view(message.method_string()),
                                                                         target.substr(0, target.find('?')))
                                                   : kUsualBody;
    if (parser_->content_length().value_or(0) > most) return read_done(http::error::body_limit, size);
    parser_->body_limit(most);
    http::async_read(stream_, buffer_, *parser_, beast::bind_front_handler(&Connection::read_done, shared_from_this()));
  }

  void read_done(error_code failed, std::size_t) {
    if (!failed) return take_request();
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow) {
      return send(refusal(431, "The head of this request is too large.\n"), false);
    }
    if (failed == http::error::body_limit) return send(refusal(413, "This request is too large.\n"), false);
    // What belongs to no message at all (the browser went away, the deadline passed) gets no answer.
    if (failed.category() != http::make_error_code(http::error::bad_target).category() ||
        failed == http::error::end_of_stream || failed == http::error::partial_message) {
      return close();
    }
    send(refusal(400, "This request could not be read.\n"), false);
  }

  void take_request() {
    const auto& message = parser_->get();
    head_only_ = message.method() == http::verb::head;
    keep_alive_ = message.keep_alive();
    if (message.count(http::field::host) != 1 || message.count(http::field::transfer_encoding) != 0 ||
        !message.target().starts_with('/')) {
      return send(refusal(400, "This request could not be read.\n"), false);
    }
    if (!is_local_host_field(message[http::field::host])) {
      return send(refusal(421, "This name does not lead here.\n"), false);
    }
    if (!head_only_ && message.method() != http::verb::get && message.method() != http::verb::post) {
      return send(refusal(501, "This method is not supported.\n"), false);
    }
    handle(make_request());
  }

  Request make_request() {
    auto& message = parser_->get();
    const std::string_view target = message.target();
    const std::size_t question = std::min(target.find('?'), target.size());
    Request request;
    request.method = message.method_string();
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    request.host = message[http::field::host];
    request.cookie = message[http::field::cookie];
    request.origin = message[http::field::origin];
    request.sec_fetch_site = message["Sec-Fetch-Site"];
    request.peer_address = peer_.address().to_string();
    request.peer_port = peer_.port();
    request.body = std::move(message.body());
    return request;
  }

  void handle(Request request) {
    stream_.expires_never();
    const std::uint64_t turn = ++turn_;
    answer_deadline_.expires_after(kDeadline);
    answer_deadline_.async_wait([self = shared_from_this(), turn](error_code cancelled) {
      if (!cancelled) self->answer(turn, refusal(503, "The answer took too long. Please try again.\n"));
    });
    // The answer may come from another thread, late or twice: only the loop's thread touches the connection, once a
    // turn.
    shared_->handler(std::move(request),
                     [weak = weak_from_this(), turn, executor = stream_.get_executor()](pages::Answer given) {
                       asio::post(executor, [weak, turn, given = std::move(given)] {
                         if (const auto self = weak.lock()) self->answer(turn, given);
                       });
                     });
  }

  void answer(std::uint64_t turn, const pages::Answer& given) {
    if (turn != turn_) return;
    ++turn_;
    answer_deadline_.cancel();
    send(given, keep_alive_);
  }

  void send(const pages::Answer& given, bool keep_alive) {
    keep_alive_ = keep_alive && given.status < 400;
    out_ = pages::to_wire(given, head_only_, keep_alive_);
    stream_.expires_after(kDeadline);
    asio::async_write(stream_, asio::buffer(out_), beast::bind_front_handler(&Connection::sent, shared_from_this()));
  }

  void sent(error_code failed, std::size_t) {
    if (failed) return close();
    if (keep_alive_) return read();
    stream_.socket().shutdown(tcp::socket::shutdown_send, failed);
    stream_.expires_after(kDrainDeadline);
    drain();
  }

  /// Closing over unread bytes would make the system throw away the answer that was just sent.
  void drain() {
    stream_.async_read_some(asio::buffer(scratch_), [self = shared_from_this()](error_code failed, std::size_t) {
      if (failed) return self->close();
      self->drain();
    });
  }

  beast::tcp_stream stream_;
  asio::steady_timer answer_deadline_;
  tcp::endpoint peer_;
  std::shared_ptr<Shared> shared_;
  beast::flat_buffer buffer_{kBuffer};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string out_;
  std::array<char, 1024> scratch_{};
  std::uint64_t turn_ = 0;
  bool head_only_ = false;
  bool keep_alive_ = false;
};

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(asio::io_context& context, std::string endpoint, Handler handler, BodyLimit body_limit)
      : endpoint_text(std::move(endpoint)),
        shared(std::make_shared<Shared>(Shared{std::move(handler), std::move(body_limit), {}})),
        acceptor(context),
        pause(context) {}

  void accept() {
    acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted || !self->acceptor.is_open()) return;
      if (failed) return self->accept_later();
      self->welcome(std::move(socket));
      self->accept();
    });
  }

  void accept_later() {
    pause.expires_after(kAcceptPause);
    pause.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->accept();
    });
  }

  void welcome(tcp::socket socket) const {
    error_code failed;
    const tcp::endpoint peer = socket.remote_endpoint(failed);
    if (failed || !peer.address().is_loopback() || shared->connections.size() >= kMaxConnections) return;
    std::make_shared<Connection>(std::move(socket), peer, shared)->read();
  }

  std::string endpoint_text;
  std::shared_ptr<Shared> shared;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
};

Server::Server(asio::io_context& context, std::string endpoint, Handler handler, BodyLimit body_limit)
    : impl_(std::make_shared<Impl>(context, std::move(endpoint), std::move(handler), std::move(body_limit))) {}

Server::~Server() { stop(); }

Result<void> Server::start() {
  const auto endpoint = parse_loopback(impl_->endpoint_text);
  if (!endpoint) return tl::unexpected(endpoint.error());
  error_code failed;
  tcp::acceptor& acceptor = impl_->acceptor;
  acceptor.open(endpoint->protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(*endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    error_code ignored;
    acceptor.close(ignored);
    const Errc code = failed == asio::error::access_denied ? Errc::denied : Errc::refused;
    return fail(code, Side::local, "console on " + impl_->endpoint_text + ": " + failed.message());
  }
  impl_->accept();
  return {};
}

void Server::stop() {
  error_code ignored;
  impl_->acceptor.close(ignored);
  impl_->pause.cancel();
  for (Connection* connection : impl_->shared->connections) connection->close();
}

std::uint16_t Server::port() const {
  error_code failed;
  const auto endpoint = impl_->acceptor.local_endpoint(failed);
  return failed ? std::uint16_t{0} : endpoint.port();
}

}  // namespace fairlead::agent::console
