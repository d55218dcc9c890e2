#include "agent/net/control.hpp"

#include <algorithm>
#include <iterator>
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
constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kMostStrangers = 32;  // at once: descriptors are for connections to the web

/// An agent that was started by hand finds no folder of its service manager's.
void make_folder(const std::filesystem::path& folder) {
  using std::filesystem::perms;
  std::error_code ignored;
  if (!std::filesystem::create_directory(folder, ignored)) return;
  std::filesystem::permissions(
      folder, perms::owner_all | perms::group_read | perms::group_exec | perms::others_read | perms::others_exec,
      ignored);
}

/// Who may enter the folder may ask.
void open_to_everyone(const std::filesystem::path& socket) {
  using std::filesystem::perms;
  std::error_code ignored;
  std::filesystem::permissions(socket,
                               perms::owner_read | perms::owner_write | perms::group_read | perms::group_write |
                                   perms::others_read | perms::others_write,
                               ignored);
}

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
          [this, socket = std::make_shared<LocalSocket>(std::move(socket))] { return serve(socket); }, asio::detached);
    }
  }

  Task<void> serve(std::shared_ptr<LocalSocket> socket) {
    const Asker asker{platform::peer_of_local_socket(static_cast<int>(socket->native_handle()))};
    if (asker.is_trusted()) {
      co_await answer(std::move(socket), asker);
    } else if (strangers < kMostStrangers) {
      ++strangers;
      co_await answer(std::move(socket), asker);
      --strangers;
    }
  }

  Task<void> answer(std::shared_ptr<LocalSocket> socket, Asker asker) {
    std::string line;
    const auto buffer = asio::dynamic_buffer(line, kMostRequestBytes);
    Timer patience(services.context);
    end_after(patience, socket);
    const auto [error, size] = co_await asio::async_read_until(*socket, buffer, '\n', kAwait);
    patience.cancel();
    if (error) co_return;
    const json request = json::parse(line.substr(0, size), nullptr, false);
    json answer;
    if (request.is_discarded() || !request.is_object()) {
      answer = {{"error", "not a JSON object"}};
    } else if (!may_ask(asker, request)) {
      answer = {{"error", "only root and the agent's own account may ask for this"}};
    } else {
      auto start = [this, asker, &request](std::function<void(json)> done) {
        handler(request, asker, std::move(done));
      };
      answer = co_await await_callback<json>(services.context, std::move(start));
    }
    const std::string text = answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    const auto reply = asio::buffer(text);
    end_after(patience, socket);
    co_await asio::async_write(*socket, reply, kAwait);
    patience.cancel();
  }

  /// Who says nothing, or takes nothing, holds no descriptor for long.
  static void end_after(Timer& patience, const std::shared_ptr<LocalSocket>& socket) {
    patience.expires_after(kPatience);
    patience.async_wait([socket](ErrorCode cancelled) {
      ErrorCode ignored;
      if (!cancelled) socket->close(ignored);
    });
  }

  static bool may_ask(const Asker& asker, const json& request) {
    const auto what = request.find("do");
    if (what == request.end() || !what->is_string()) return false;
    const auto& open = ControlServer::kForEveryone;
    return asker.is_trusted() ||
           std::find(std::begin(open), std::end(open), what->get<std::string>()) != std::end(open);
  }

  Services& services;
  std::filesystem::path path;
  Handler handler;
  LocalAcceptor acceptor;
  std::size_t strangers = 0;
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
  make_folder(impl_->path.parent_path());
  std::filesystem::remove(impl_->path, ignored);
  impl_->acceptor.open(endpoint.protocol(), error);
  if (!error) impl_->acceptor.bind(endpoint, error);
  if (!error) open_to_everyone(impl_->path);
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
