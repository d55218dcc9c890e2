// Asio, its TLS and Beast stay in this file: it is the slow one to compile.
#include "agent/hub/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/file_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <unordered_map>
#include <utility>

#include "agent/exchange/batch.hpp"
#include "agent/hub/listening.hpp"
#include "agent/hub/signed_talk.hpp"
#include "agent/platform/platform.hpp"
#include "agent/tls/signing.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::hub {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kMaxHead = 8192;
constexpr std::uint64_t kMostOfStrangers = 16384;  // of a body: they have nothing to say but who they want to be
constexpr auto kDeadline = 30s;                    // for the handshake; for a whole request; for sending its answer
constexpr auto kIdle = 60s;                        // between two requests
constexpr auto kDrain = 2s;                        // after a refusal
constexpr std::size_t kMostDrained = std::size_t{4} * 1024 * 1024;
constexpr unsigned kNotModified = 304;
constexpr auto kAcceptPause = 100ms;  // when the system has no more sockets to give
constexpr auto kContextLasts = 24h;   // a certificate of the server is good for days, a hub runs for months
constexpr auto kSessionLasts = 2h;
constexpr long kMostSessions = 16384;  // two of a laptop; who finds none begins anew
constexpr std::size_t kMostBuckets = 65536;
constexpr auto kUse = asio::as_tuple(asio::use_awaitable);

using Steady = std::chrono::steady_clock;
using Stream = beast::ssl_stream<beast::tcp_stream>;
template <class T>
using Task = asio::awaitable<T>;

/// How many requests somebody may make: a bucket that fills with time.
class Buckets {
 public:
  explicit Buckets(std::uint32_t a_minute) : a_minute_(a_minute) {}

  /// Seconds until the next request is welcome; 0: this one is.
  std::uint32_t take(const std::string& who, Steady::time_point now) {
    if (buckets_.size() >= kMostBuckets)
      std::erase_if(buckets_, [&](const auto& one) { return filled(one.second, now) >= a_minute_; });
    auto [found, made] = buckets_.try_emplace(who, Bucket{static_cast<double>(a_minute_), now});
    Bucket& bucket = found->second;
    bucket.left = filled(bucket, now);
    bucket.at = now;
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    return static_cast<std::uint32_t>((1 - bucket.left) * 60 / a_minute_) + 1;
  }

  /// Whether the next request is not welcome.
  [[nodiscard]] bool is_empty(const std::string& who, Steady::time_point now) const {
    const auto found = buckets_.find(who);
    return found != buckets_.end() && filled(found->second, now) < 1;
  }

 private:
  struct Bucket {
    double left = 0;
    Steady::time_point at;
  };
  [[nodiscard]] double filled(const Bucket& bucket, Steady::time_point now) const {
    const double minutes = std::chrono::duration<double, std::ratio<60>>(now - bucket.at).count();
    return std::min<double>(a_minute_, bucket.left + minutes * a_minute_);
  }

  std::uint32_t a_minute_;
  std::unordered_map<std::string, Bucket> buckets_;
};

/// The name in the client's certificate, if OpenSSL found nothing to complain of in it.
struct Client {
  std::string device, fault;
};
Client client_of(SSL* session) {
  Client out;
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(session), &X509_free);
  if (!certificate) return out;
  long result = SSL_get_verify_result(session);
  // Of a session that was taken up again the result is of another time.
  if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) result = X509_V_ERR_CERT_HAS_EXPIRED;
  std::array<char, 65> name{};
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                                             static_cast<int>(name.size()));
  if (result != X509_V_OK) {
    out.fault = std::string("certificate refused: ") + X509_verify_cert_error_string(result);
  } else if (size > 0 && static_cast<std::size_t>(size) == std::string_view(name.data()).size()) {
    out.device = name.data();
  }
  return out;
}

/// A laptop that comes each quarter of an hour shows its certificate once in two hours at most. Sessions are kept here
/// and not by the laptop, which gets a number for one; none outlives its certificate (client_of) or this context, and
/// whether a device was revoked is asked with each request.
void keep_sessions(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(context, kMostSessions);
  SSL_CTX_set_timeout(context, std::chrono::seconds(kSessionLasts).count());
  SSL_CTX_set_num_tickets(context, 0);  // with the first answer, not in a packet of its own (serve)
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("hub"), 3);
}

/// OpenSSL forgets the session of a connection that ends without a word, as those of laptops do that go to sleep.
class EndWell {
 public:
  explicit EndWell(SSL* session) : session_(session) {}
  ~EndWell() { SSL_set_shutdown(session_, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }
  EndWell(const EndWell&) = delete;
  EndWell& operator=(const EndWell&) = delete;

 private:
  SSL* session_;  // of a stream that outlives this
};

constexpr auto kDigest = "Content-Digest", kCertificate = "Client-Cert", kInput = "Signature-Input",
               kSignature = "Signature";

exchange::SignedRequest signed_request_of(const http::request_header<>& head, const Request& request) {
  const auto text_at = [&](const char* name) { return std::string(head[name]); };
  return {request.method,        std::string(head[http::field::host]),
          request.path,          text_at(kDigest),
          text_at(kCertificate), request.encoding,
          request.if_none_match, text_at(kInput),
          text_at(kSignature)};
}

http::response<http::string_body> response_of(const Answer& answer, bool keep_alive) {
  http::response<http::string_body> out(static_cast<http::status>(answer.status), 11);
  if (answer.status != kNotModified) out.set(http::field::content_type, "application/json");
  out.set(http::field::cache_control, "no-store");
  if (!answer.etag.empty()) out.set(http::field::etag, answer.etag);
  if (answer.retry_after != 0) out.set(http::field::retry_after, std::to_string(answer.retry_after));
  for (const auto& [name, value] : answer.proof) out.set(name, value);
  out.body() = answer.body;
  out.keep_alive(keep_alive);
  out.prepare_payload();
  return out;
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& loop, ServerOptions wanted, const tls::Credential& signer, Handler handle)
      : context(loop),
        options(std::move(wanted)),
        authority(signer),
        handler(std::move(handle)),
        acceptor(loop),
        buckets(options.requests_a_minute),
        signed_talk(signer, platform::wall_clock) {}

  Result<void> make_context();
  Task<void> accept();
  Task<void> serve(tcp::socket socket, std::shared_ptr<ssl::context> of_tls);
  Task<Answer> ask(Request request);
  void judge_body(Request& request, SignedProof& proof, const exchange::SignedRequest& claimed);
  void prove(Answer& answer, const exchange::SignedRequest& to) const;
  static Task<void> drain(Stream& stream);
  static Task<bool> send(Stream& stream, const Answer& answer, bool keep);
  static Task<bool> send_file(Stream& stream, const Answer& answer, bool keep);
  Answer too_many(std::uint32_t seconds);

  asio::io_context& context;
  ServerOptions options;
  const tls::Credential& authority;
  Handler handler;
  tcp::acceptor acceptor;
  Buckets buckets;
  SignedTalk signed_talk;
  std::shared_ptr<ssl::context> tls;
  Steady::time_point made;
  std::size_t connections = 0;
  bool stopped = false;
};

Result<void> Server::Impl::make_context() {
  rules::url::CanonicalUrl url;
  if (!url.assign("https://" + options.host + "/"))
    return fail(Errc::bad_host, Side::local, "'" + options.host + "' is no host that laptops could ask for");
  const auto leaf = tls::make_leaf(authority, url.host(), url.host_kind(), nullptr,
                                   std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  if (!leaf) return tl::unexpected(leaf.error());
  auto made_now = std::make_shared<ssl::context>(ssl::context::tls_server);
  error_code failed;
  made_now->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, failed);
  keep_sessions(made_now->native_handle());
  const std::string certificate = leaf->certificate_pem(), key = leaf->key_pem(), issuer = authority.certificate_pem();
  if (!failed) made_now->use_certificate_chain(asio::buffer(certificate), failed);
  if (!failed) made_now->use_private_key(asio::buffer(key), ssl::context::pem, failed);
  if (!failed) made_now->add_certificate_authority(asio::buffer(issuer), failed);
  if (failed) return fail(Errc::internal, Side::local, "TLS cannot be set up: " + failed.message());
  // A certificate that is no good ends no handshake: whoever shows it is told so in an answer, and it is noted.
  made_now->set_verify_mode(ssl::verify_peer);
  made_now->set_verify_callback([](bool, ssl::verify_context&) { return true; });
  tls = std::move(made_now);
  made = Steady::now();
  return {};
}

Task<void> Server::Impl::accept() {
  const auto self = shared_from_this();
  asio::steady_timer pause(context);
  while (!stopped) {
    auto [failed, socket] = co_await acceptor.async_accept(kUse);
    if (stopped) co_return;
    if (failed) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(kUse);
      continue;
    }
    if (connections >= options.most_connections) continue;                        // closes it
    if (Steady::now() - made > kContextLasts) static_cast<void>(make_context());  // the one before lasts for days
    asio::co_spawn(context, serve(std::move(socket), tls), asio::detached);
  }
}

/// What is signed is the digest of the body; and it is good once.
void Server::Impl::judge_body(Request& request, SignedProof& proof, const exchange::SignedRequest& claimed) {
  if (exchange::content_digest(request.body) != claimed.digest) {
    request.fault = "signature refused: it is of another body";
    proof.is_signed = false;
  } else if (!request.device.empty() && !signed_talk.is_new(claimed)) {
    request.fault = "signature refused: it was there before";
    proof.is_signed = false;  // whoever repeats it gets no answer to hand on
  }
  if (!request.fault.empty()) request.device.clear();
}

Answer Server::Impl::too_many(std::uint32_t seconds) { return {429, R"({"error":"too many requests"})", seconds}; }

/// A file proves itself by its name.
void Server::Impl::prove(Answer& answer, const exchange::SignedRequest& to) const {
  if (!answer.file.empty()) return;
  exchange::SignedAnswer told;
  told.status = answer.status;
  told.etag = answer.etag;
  if (answer.retry_after != 0) told.retry_after = std::to_string(answer.retry_after);
  signed_talk.sign(told, answer.body, to);
  answer.proof = {{kDigest, told.digest}, {kInput, told.input}, {kSignature, told.signature}};
}

/// The handler answers from any thread; its answer comes back to this one.
Task<Answer> Server::Impl::ask(Request request) {
  struct Waiting {
    explicit Waiting(asio::io_context& loop) : answered(loop, Steady::time_point::max()) {}
    asio::steady_timer answered;
    std::optional<Answer> answer;
  };
  const auto waiting = std::make_shared<Waiting>(context);
  handler(std::move(request), [waiting, &loop = context](Answer answer) {
    asio::post(loop, [waiting, answer = std::move(answer)]() mutable {
      waiting->answer = std::move(answer);
      waiting->answered.cancel();
    });
  });
  while (!waiting->answer) co_await waiting->answered.async_wait(kUse);
  co_return *std::move(waiting->answer);
}

/// Whoever still sends does not read the answer, and a connection that ends before takes it away.
Task<void> Server::Impl::drain(Stream& stream) {
  beast::get_lowest_layer(stream).expires_after(kDrain);
  std::array<char, 16384> ignored{};
  for (std::size_t all = 0; all < kMostDrained;) {
    auto [failed, size] = co_await stream.async_read_some(asio::buffer(ignored), kUse);
    if (failed) co_return;
    all += size;
  }
}

/// True when all of it was sent.
Task<bool> Server::Impl::send(Stream& stream, const Answer& answer, bool keep) {
  beast::get_lowest_layer(stream).expires_after(kDeadline);
  http::response<http::string_body> response = response_of(answer, keep);
  auto [unsent, sent] = co_await http::async_write(stream, response, kUse);
  co_return !unsent;
}

/// Piece by piece: a slow line has time for each. What is named by its digest may be kept for ever.
Task<bool> Server::Impl::send_file(Stream& stream, const Answer& answer, bool keep) {
  http::response<http::file_body> response;
  error_code failed;
  response.body().open(answer.file.c_str(), beast::file_mode::scan, failed);
  if (failed) {
    const Answer gone{404, R"({"error":"there is nothing here"})", 0};
    const bool sent = co_await send(stream, gone, keep);
    co_return sent;
  }
  response.version(11);
  response.set(http::field::content_type, "application/octet-stream");
  response.set(http::field::cache_control, "public, max-age=31536000, immutable");
  response.keep_alive(keep);
  response.prepare_payload();
  http::serializer<false, http::file_body> serializer(response);
  while (!serializer.is_done()) {
    beast::get_lowest_layer(stream).expires_after(kDeadline);
    auto [unsent, sent] = co_await http::async_write_some(stream, serializer, kUse);
    if (unsent) co_return false;
  }
  co_return true;
}

Task<void> Server::Impl::serve(tcp::socket socket, std::shared_ptr<ssl::context> of_tls) {
  const auto self = shared_from_this();
  struct Count {
    explicit Count(std::size_t& of) : count(of) { ++count; }
    ~Count() { --count; }
    Count(const Count&) = delete;
    Count& operator=(const Count&) = delete;
    std::size_t& count;
  };
  const Count counted(connections);
  error_code ignored;
  const tcp::endpoint peer = socket.remote_endpoint(ignored);
  Stream stream(std::move(socket), *of_tls);
  const EndWell end(stream.native_handle());
  beast::get_lowest_layer(stream).expires_after(kDeadline);
  auto [refused] = co_await stream.async_handshake(ssl::stream_base::server, kUse);
  if (refused) co_return;
  const Client client = client_of(stream.native_handle());
  bool is_first = true;
  beast::flat_buffer buffer;
  while (!stopped) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMaxHead);
    parser.body_limit(exchange::kMostBytes);
    beast::get_lowest_layer(stream).expires_after(kIdle);
    auto [no_head, head_size] = co_await http::async_read_header(stream, buffer, parser, kUse);
    if (no_head && no_head != http::error::body_limit) co_return;
    beast::get_lowest_layer(stream).expires_after(kDeadline);
    Request request;
    const auto& head = parser.get();
    request.method = std::string(head.method_string());
    request.path = std::string(head.target().substr(0, head.target().find('?')));
    request.encoding = std::string(head[http::field::content_encoding]);
    request.if_none_match = std::string(head[http::field::if_none_match]);
    request.device = client.device;
    request.fault = client.fault;
    request.address = peer.address().to_string();
    const exchange::SignedRequest claimed = signed_request_of(head, request);
    SignedProof proof;
    const bool claims = options.accept_signatures && client.device.empty() && !claimed.signature.empty();
    // Proofs cost more than other requests: who has asked too much is not even listened to.
    if (claims && !buckets.is_empty(request.address, Steady::now())) {
      proof = signed_talk.prove(claimed);
      request.device = proof.device;
      request.fault = proof.fault;
    }
    const std::uint64_t most = request.device.empty() ? kMostOfStrangers : exchange::kMostBytes;
    error_code no_body = no_head;
    if (!no_body && parser.content_length().value_or(0) > most) no_body = http::error::body_limit;
    if (!no_body) {
      parser.body_limit(most);
      auto [failed, size] = co_await http::async_read(stream, buffer, parser, kUse);
      no_body = failed;
    }
    if (no_body && no_body != http::error::body_limit) co_return;
    const bool keep = head.keep_alive() && !no_body && proof.fault.empty();
    Answer answer;
    const std::string path = request.path;
    const auto begun = Steady::now();
    // What is signed can be repeated by whoever saw it: that costs the device nothing where TLS is whole.
    const std::string who = request.device.empty() ? request.address
                            : proof.device.empty() ? request.device
                                                   : "signed " + request.device;
    const std::uint32_t wait = buckets.take(who, Steady::now());
    if (wait != 0) {
      answer = too_many(wait);
    } else if (no_body) {
      request.too_large = true;
      proof.is_signed = false;  // whoever passed it on may have made it longer
      answer = co_await ask(std::move(request));
    } else {
      request.body = std::move(parser.get().body());
      if (proof.is_signed) judge_body(request, proof, claimed);
      answer = co_await ask(std::move(request));
    }
    if (proof.is_signed && (wait == 0 || !proof.device.empty())) prove(answer, claimed);
    if (options.answered) options.answered(path, answer, Steady::now() - begun);
    // A number is good for one connection (RFC 8446, C.4).
    if (std::exchange(is_first, false)) SSL_new_session_ticket(stream.native_handle());
    bool sent = false;
    if (answer.file.empty()) {
      sent = co_await send(stream, answer, keep);
    } else {
      sent = co_await send_file(stream, answer, keep);
    }
    if (no_body && sent) co_await drain(stream);
    if (!sent || !keep) break;
  }
  beast::get_lowest_layer(stream).expires_after(kDeadline);
  co_await stream.async_shutdown(kUse);
}

Server::Server(asio::io_context& context, ServerOptions options, const tls::Credential& authority, Handler handler)
    : impl_(std::make_shared<Impl>(context, std::move(options), authority, std::move(handler))) {}
Server::~Server() { stop(); }

Result<void> Server::start() {
  const auto endpoint = parse_endpoint(impl_->options.endpoint, "0.0.0.0:8443");
  if (!endpoint) return tl::unexpected(endpoint.error());
  if (auto made = impl_->make_context(); !made) return made;
  if (auto listens = listen_on(impl_->acceptor, *endpoint); !listens) return listens;
  asio::co_spawn(impl_->context, impl_->accept(), asio::detached);
  return {};
}

void Server::stop() {
  impl_->stopped = true;
  error_code ignored;
  impl_->acceptor.close(ignored);
}

std::uint16_t Server::port() const { return port_of(impl_->acceptor); }

}  // namespace fairlead::agent::hub
