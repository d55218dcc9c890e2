#include "agent/net/control.hpp"

#include <optional>

#include <boost/asio/connect.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <nlohmann/json.hpp>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::net {
namespace {

using Local = asio::local::stream_protocol;
using LocalSocket = asio::basic_stream_socket<Local, Executor>;
using LocalAcceptor = asio::basic_socket_acceptor<Local, Executor>;
using nlohmann::json;

constexpr std::size_t kMostRequestBytes = std::size_t{64} * 1024;
constexpr std::size_t kMostAnswerBytes = std::size_t{16} * 1024 * 1024;
constexpr std::chrono::seconds kAnswerLimit{60};

}  // namespace

struct ControlServer::Impl {
  Impl(Services& s, std::filesystem::path p, Handler h)
      : services(s), path(std::move(p)), handler(std::move(h)), acceptor(s.context.get_executor()) {}

  Task<void> accept_all() {
    for (;;) {
      LocalSocket socket(services.context.get_executor());
      const auto [error] = co_await acceptor.async_accept(socket, kAwait);
      if (error) co_return;
      asio::co_spawn(
          services.context.get_executor(),
          [this, socket = std::move(socket)]() mutable { return serve(std::move(socket)); }, asio::detached);
    }
  }

  Task<void> serve(LocalSocket socket) {
    std::string line;
    const auto buffer = asio::dynamic_buffer(line, kMostRequestBytes);
    const auto [error, size] = co_await asio::async_read_until(socket, buffer, '\n', kAwait);
    if (error) co_return;
    json request = json::parse(line.substr(0, size), nullptr, false);
    json answer;
    if (request.is_discarded() || !request.is_object()) {
      answer = {{"error", "not a JSON object"}};
    } else if (!may_ask(socket, request)) {
      answer = {{"error", "only root and the agent's own account may ask for this"}};
    } else {
      auto start = [this, request = std::move(request)](std::function<void(json)> done) mutable {
        handler(std::move(request), std::move(done));
      };
      answer = co_await await_callback<json>(services.context, std::move(start));
    }
    const std::string text = answer.dump() + "\n";
    const auto reply = asio::buffer(text);
    co_await asio::async_write(socket, reply, kAwait);
  }

  static bool may_ask(LocalSocket& socket, const json& request) {
    if (request.value("do", "") == "status") return true;
    const auto peer = platform::peer_of_local_socket(static_cast<int>(socket.native_handle()));
    return peer && (*peer == platform::UserId{0} || *peer == platform::own_account());
  }

  Services& services;
  std::filesystem::path path;
  Handler handler;
  LocalAcceptor acceptor;
};

ControlServer::ControlServer(Services& services, std::filesystem::path socket, Handler handler)
    : impl_(std::make_unique<Impl>(services, std::move(socket), std::move(handler))) {}

ControlServer::~ControlServer() = default;

Result<void> ControlServer::start() {
  ErrorCode error;
  const Local::endpoint endpoint(impl_->path.string());
  // A socket file that nobody answers on was left by an agent that was killed; one that answers is a second agent.
  asio::io_context probing;
  Local::socket probe(probing);
  probe.connect(endpoint, error);
  if (!error)
    return fail(Errc::refused, Side::local, "another agent runs with this state folder (" + impl_->path.string() + ")");
  std::error_code ignored;
  std::filesystem::remove(impl_->path, ignored);
  impl_->acceptor.open(endpoint.protocol(), error);
  if (!error) impl_->acceptor.bind(endpoint, error);
  if (!error) impl_->acceptor.listen(16, error);
  if (error)
    return fail(Errc::denied, Side::local, "cannot listen on " + impl_->path.string() + ": " + error.message());
  asio::co_spawn(
      impl_->services.context.get_executor(), [this] { return impl_->accept_all(); }, asio::detached);
  return {};
}

void ControlServer::stop() {
  ErrorCode ignored;
  impl_->acceptor.close(ignored);
  std::error_code gone;
  std::filesystem::remove(impl_->path, gone);
}

Result<json> ask_agent(const std::filesystem::path& path, const json& request) {
  asio::io_context context;
  Local::socket socket(context);
  ErrorCode error;
  socket.connect(Local::endpoint(path.string()), error);
  if (error) {
    return fail(Errc::not_found, Side::local, "no agent answers on " + path.string() + ": " + error.message());
  }
  const std::string text = request.dump() + "\n";
  asio::write(socket, asio::buffer(text), error);
  if (error) return fail(Errc::closed, Side::local, error.message());
  std::string line;
  std::optional<ErrorCode> read;
  asio::async_read_until(socket, asio::dynamic_buffer(line, kMostAnswerBytes), '\n',
                         [&read](ErrorCode ended, std::size_t) { read = ended; });
  context.run_for(kAnswerLimit);
  if (!read) return fail(Errc::timed_out, Side::local, "the agent did not answer in time");
  if (*read) return fail(Errc::closed, Side::local, read->message());
  json answer = json::parse(line, nullptr, false);
  if (answer.is_discarded()) return fail(Errc::bad_message, Side::local, "the agent's answer is no JSON");
  return answer;
}

}  // namespace fairlead::agent::net
