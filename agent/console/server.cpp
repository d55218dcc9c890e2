// Asio and Beast stay in this file: it is the slow one to compile.
#include "agent/console/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

#include "agent/tls/client_hello.hpp"
#include "rules/base/address_and_port.hpp"
#include "rules/base/text.hpp"

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
constexpr std::size_t kMaxFar = 32;   // of them: whoever is elsewhere cannot keep out who sits here
constexpr auto kDeadline = 10s;       // for a whole request, for its answer, and for sending that
constexpr auto kDrainDeadline = 1s;   // after a refusal
constexpr auto kAcceptPause = 100ms;  // when the system has no more sockets to give

class PageConnection;

/// What connections share; lives as long as the last of them.
struct Shared {
  Handler handler;
  BodyLimit body_limit;
  Far far;
  std::set<PageConnection*> connections;  // each takes itself out when it ends
  std::size_t far_connections = 0;        // of them
};

pages::Answer refusal(int status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text)};
}

Result<tcp::endpoint> parse_endpoint(std::string_view text, bool beyond) {
  const auto parts = text::address_and_port(text);
  error_code failed;
  const auto address = asio::ip::make_address(parts ? parts->address : std::string_view(), failed);
  if (failed) {
    return fail(Errc::bad_host, Side::local,
                "console address '" + std::string(text) + "': write an address and port, such as 127.0.0.1:3129");
  }
  if (!address.is_loopback() && !beyond) {
    return fail(Errc::bad_host, Side::local,
                "console address '" + std::string(text) +
                    "' is not of this machine alone: others are answered over TLS, which needs `fairlead ca create`");
  }
  return tcp::endpoint(address, parts->port);
}

/// One browser connection. Alive as long as a read, a write or the deadline of an answer waits for it.
class PageConnection : public std::enable_shared_from_this<PageConnection> {
 public:
  PageConnection(tcp::socket socket, const tcp::endpoint& peer, const tcp::endpoint& local,
                 std::shared_ptr<Shared> shared)
      : stream_(std::move(socket)),
        answer_deadline_(stream_.get_executor()),
        peer_(peer),
        local_(local),
        shared_(std::move(shared)) {
    shared_->connections.insert(this);
    if (is_far()) ++shared_->far_connections;
  }
  ~PageConnection() {
    shared_->connections.erase(this);
    if (is_far()) --shared_->far_connections;
  }
  PageConnection(const PageConnection&) = delete;
  PageConnection& operator=(const PageConnection&) = delete;

  void read() {
    head_only_ = false;
    parser_.emplace();
    parser_->header_limit(kMaxHead);
    parser_->body_limit(kMaxBody);
    stream_.expires_after(kDeadline);
    if (is_far()) return parse_plain();
    http::async_read_header(stream_, buffer_, *parser_,
                            beast::bind_front_handler(&PageConnection::head_read, shared_from_this()));
  }

  void close() {
    answer_deadline_.cancel();
    stream_.close();
  }

 private:
  /// Not on this machine: everything goes through TLS.
  [[nodiscard]] bool is_far() const { return !peer_.address().is_loopback(); }

  /// Is this a name that leads here, for the connection that it came by?
  [[nodiscard]] bool is_our_name(std::string_view host) const {
    if (!is_far()) return is_local_host_field(host);
    const std::size_t bracket = host.rfind(']');
    const std::size_t colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    if (has_port) host = host.substr(0, colon);
    const std::string address = local_.address().to_string();
    if (host == (local_.address().is_v6() ? "[" + address + "]" : address)) return true;
    return std::any_of(shared_->far.names.begin(), shared_->far.names.end(),
                       [&](const std::string& name) { return text::equals_ignoring_case(host, name); });
  }

  void head_read(error_code failed, std::size_t size) {
    if (failed || !admit_body()) return read_done(failed ? failed : error_code(http::error::body_limit), size);
    http::async_read(stream_, buffer_, *parser_,
                     beast::bind_front_handler(&PageConnection::read_done, shared_from_this()));
  }

  /// Once the head is read: is its body small enough for the address?
  bool admit_body() {
    const auto& message = parser_->get();
    const std::string_view target = message.target();
    const std::uint64_t most = shared_->body_limit ? shared_->body_limit(std::string_view(message.method_string()),
                                                                         target.substr(0, target.find('?')))
                                                   : kUsualBody;
    if (parser_->content_length().value_or(0) > most) return false;
    parser_->body_limit(most);
    return true;
  }

  /// Goes on with what TLS has given so far, and asks for more where that is no whole request.
  void parse_plain() {
    error_code failed;
    if (!parser_->is_header_done()) {
      if (plain_.empty()) return receive();
      plain_.erase(0, parser_->put(asio::buffer(plain_), failed));
      if (failed == http::error::need_more) return receive();
      if (!failed && !admit_body()) failed = http::error::body_limit;
      if (failed) return read_done(failed, 0);
    }
    parser_->eager(true);
    if (!parser_->is_done()) {
      if (plain_.empty()) return receive();
      plain_.erase(0, parser_->put(asio::buffer(plain_), failed));
      if (failed == http::error::need_more) return receive();
    }
    if (!failed && !parser_->is_done()) return receive();
    read_done(failed, 0);
  }

  void receive() {
    stream_.async_read_some(asio::buffer(scratch_), [self = shared_from_this()](error_code failed, std::size_t size) {
      if (failed) return self->close();
      self->take(std::string_view(self->scratch_.data(), size));
    });
  }

  void take(std::string_view bytes) {
    std::string wire;
    if (!tls_) {
      hello_ += bytes;
      const auto whole = hello_reader_.feed(hello_);
      if (!whole) return close();
      if (!*whole) return receive();
      tls_ = session_for(hello_reader_.hello().server_name);
      if (!tls_) return close();
      bytes = hello_;
    }
    const bool good = tls_->take(bytes, plain_, wire).has_value();
    if (wire.empty() && !good) return close();
    if (wire.empty()) return parse_plain();
    out_ = std::move(wire);
    asio::async_write(stream_, asio::buffer(out_), [self = shared_from_this(), good](error_code failed, std::size_t) {
      if (failed || !good) return self->close();
      self->parse_plain();
    });
  }

  /// For the name that was asked for, when it is ours; else for the address that was connected to.
  std::optional<tls::Endpoint> session_for(std::string_view name) const {
    const Far& far = shared_->far;
    if (!far.endpoint_for) return std::nullopt;
    const bool ours = std::any_of(far.names.begin(), far.names.end(),
                                  [&](const std::string& known) { return text::equals_ignoring_case(name, known); });
    return far.endpoint_for(ours ? text::lower(name) : local_.address().to_string());
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
    if (!is_our_name(message[http::field::host])) {
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
    request.local_address = local_.address().to_string();
    request.secure = is_far();
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
    if (tls_) {
      const std::string plain = std::exchange(out_, {});
      if (!tls_->say(plain, out_)) return close();
      if (!keep_alive_) tls_->end(out_);
    }
    stream_.expires_after(kDeadline);
    asio::async_write(stream_, asio::buffer(out_),
                      beast::bind_front_handler(&PageConnection::sent, shared_from_this()));
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
  tcp::endpoint peer_, local_;
  std::shared_ptr<Shared> shared_;
  beast::flat_buffer buffer_{kBuffer};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string out_;
  std::array<char, 4096> scratch_{};
  std::optional<tls::Endpoint> tls_;  // once a far peer has said hello
  tls::ClientHelloReader hello_reader_;
  std::string hello_, plain_;  // what came before TLS began; what TLS has given and nobody has read
  std::uint64_t turn_ = 0;
  bool head_only_ = false;
  bool keep_alive_ = false;
};

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(asio::io_context& context, std::string endpoint, Handler handler, BodyLimit body_limit, Far far)
      : endpoint_text(std::move(endpoint)),
        shared(std::make_shared<Shared>(Shared{std::move(handler), std::move(body_limit), std::move(far), {}})),
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
    const tcp::endpoint local = socket.local_endpoint(failed);
    const bool near = peer.address().is_loopback();
    const bool welcome_here = near || (shared->far.endpoint_for != nullptr && shared->far_connections < kMaxFar);
    if (failed || !welcome_here || shared->connections.size() >= kMaxConnections) return;
    std::make_shared<PageConnection>(std::move(socket), peer, local, shared)->read();
  }

  std::string endpoint_text;
  std::shared_ptr<Shared> shared;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
};

Server::Server(asio::io_context& context, std::string endpoint, Handler handler, BodyLimit body_limit, Far far)
    : impl_(std::make_shared<Impl>(context, std::move(endpoint), std::move(handler), std::move(body_limit),
                                   std::move(far))) {}

Server::~Server() { stop(); }

Result<void> Server::start() {
  const auto endpoint = parse_endpoint(impl_->endpoint_text, impl_->shared->far.endpoint_for != nullptr);
  if (!endpoint) return tl::unexpected(endpoint.error());
  error_code failed;
  tcp::acceptor& acceptor = impl_->acceptor;
  acceptor.open(endpoint->protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed && endpoint->address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), failed);
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
  for (PageConnection* connection : impl_->shared->connections) connection->close();
}

std::uint16_t Server::port() const {
  error_code failed;
  const auto endpoint = impl_->acceptor.local_endpoint(failed);
  return failed ? std::uint16_t{0} : endpoint.port();
}

}  // namespace fairlead::agent::console
