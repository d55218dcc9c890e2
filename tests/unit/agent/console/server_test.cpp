#include "agent/console/server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

using namespace fairlead;
using namespace fairlead::agent::console;
namespace asio = boost::asio;
using agent::pages::Answer;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// A running server whose handler keeps what it was asked and answers with the path.
class Running {
 public:
  explicit Running(Handler handler = nullptr)
      : server_(context_, "127.0.0.1:0", handler ? std::move(handler) : echo()) {
    REQUIRE(server_.start());
    loop_ = std::thread([this] { context_.run(); });
  }
  ~Running() {
    stop();
    work_.reset();
    loop_.join();
  }
  void stop() {
    std::promise<void> stopped;
    asio::post(context_, [&] {
      server_.stop();
      stopped.set_value();
    });
    stopped.get_future().wait();
  }
  std::uint16_t port() const { return server_.port(); }
  std::vector<Request> asked() {
    const std::lock_guard hold(mutex_);
    return asked_;
  }

 private:
  Handler echo() {
    return [this](Request request, const Respond& respond) {
      const std::string path = request.path;
      {
        const std::lock_guard hold(mutex_);
        asked_.push_back(std::move(request));
      }
      respond({200, "text/plain; charset=utf-8", path});
    };
  }

  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  std::mutex mutex_;
  std::vector<Request> asked_;
  Server server_;
  std::thread loop_;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(context_) {
    socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
  }
  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  /// Everything until the server closes.
  std::string rest() {
    error_code failed;
    std::string all;
    asio::read(socket_, asio::dynamic_buffer(all), failed);
    return all;
  }
  /// One head.
  std::string head() {
    error_code failed;
    const std::size_t size = asio::read_until(socket_, asio::dynamic_buffer(buffer_), "\r\n\r\n", failed);
    std::string text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }
  void skip(std::size_t size) {
    if (buffer_.size() < size)
      asio::read(socket_, asio::dynamic_buffer(buffer_), asio::transfer_exactly(size - buffer_.size()));
    buffer_.erase(0, size);
  }
  std::uint16_t port() const { return socket_.local_endpoint().port(); }

 private:
  asio::io_context context_;
  tcp::socket socket_;
  std::string buffer_;
};

std::string answer_to(std::uint16_t port, std::string_view request) {
  Client client(port);
  client.send(request);
  return client.rest();
}

std::string get(std::string_view target, std::string_view host) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\nConnection: close\r\n\r\n";
}

}  // namespace

TEST_CASE("is_local_host_field: names of this machine alone") {
  for (const char* host : {"127.0.0.1", "127.0.0.1:3129", "localhost", "LocalHost:80", "[::1]", "[::1]:3129"}) {
    CAPTURE(host);
    CHECK(is_local_host_field(host));
  }
  for (const char* host :
       {"", ":3129", "evil.example", "evil.example:3129", "127.0.0.1.evil.example", "localhost.evil.example",
        "127.0.0.1:evil", "127.0.0.1:", "127.0.0.1:123456", "::1", "[::1", "[::1]x", "[::1]:", "127.1", "0.0.0.0",
        "localhost.", "127.0.0.1@evil.example", "192.168.0.1"}) {
    CAPTURE(host);
    CHECK_FALSE(is_local_host_field(host));
  }
}

TEST_CASE("console server: a request reaches the handler whole, its answer the browser") {
  Running running;
  Client client(running.port());
  client.send(
      "POST /report?a=1?b HTTP/1.1\r\nHost: localhost:3129\r\nOrigin: null\r\nSec-Fetch-Site: same-origin\r\n"
      "Content-Length: 4\r\nConnection: close\r\n\r\nid=7");
  const std::string answer = client.rest();
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.ends_with("\r\n\r\n/report"));
  const auto asked = running.asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].method == "POST");
  CHECK(asked[0].path == "/report");
  CHECK(asked[0].query == "a=1?b");
  CHECK(asked[0].body == "id=7");
  CHECK(asked[0].host == "localhost:3129");
  CHECK(asked[0].origin == "null");
  CHECK(asked[0].sec_fetch_site == "same-origin");
  CHECK(asked[0].peer_address == "127.0.0.1");
  CHECK(asked[0].peer_port != 0);
}

TEST_CASE("console server: HEAD gets the length and no body") {
  Running running;
  const std::string answer =
      answer_to(running.port(), "HEAD /why HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(answer.find("\r\nContent-Length: 4\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("console server: a page of another name that leads here learns nothing") {
  Running running;
  for (const char* host : {"evil.example", "evil.example:3129", "127.0.0.1.evil.example"}) {
    CHECK(answer_to(running.port(), get("/why", host)).starts_with("HTTP/1.1 421 "));
  }
  CHECK(answer_to(running.port(), "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 400 "));
  CHECK(answer_to(running.port(), "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
            .starts_with("HTTP/1.1 400 "));
  CHECK(answer_to(running.port(), get("http://evil.example/", "localhost")).starts_with("HTTP/1.1 400 "));
  CHECK(running.asked().empty());
}

TEST_CASE("console server: what it does not do is refused, and the answer arrives") {
  Running running;
  const auto status = [&](const std::string& request) { return answer_to(running.port(), request).substr(9, 3); };
  CHECK(status("DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "501");
  CHECK(status("nonsense\r\n\r\n") == "400");
  CHECK(status("POST /report HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == "400");
  CHECK(status("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(9000, 'a') + "\r\n\r\n") == "431");
  CHECK(status("POST /report HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n" + std::string(9000, 'a')) ==
        "413");
  CHECK(running.asked().empty());
}

TEST_CASE("console server: a connection serves one request after another") {
  Running running;
  Client client(running.port());
  for (const char* path : {"/one", "/two"}) {
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(client.head().find("\r\nConnection: keep-alive\r\n") != std::string::npos);
    client.skip(4);
  }
  CHECK(running.asked().size() == 2);
}

TEST_CASE("console server: an answer may come from another thread, and only the first counts") {
  std::thread worker;
  {
    Running running([&](Request, Respond respond) {
      worker = std::thread([respond = std::move(respond)] {
        respond({200, "text/plain", "first"});
        respond({200, "text/plain", "second"});
      });
    });
    CHECK(answer_to(running.port(), get("/", "localhost")).ends_with("\r\n\r\nfirst"));
    worker.join();
  }
}

TEST_CASE("console server: connections are bounded") {
  Running running;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 64; ++i) {
    clients.push_back(std::make_unique<Client>(running.port()));
    clients.back()->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    REQUIRE(clients.back()->head().starts_with("HTTP/1.1 200"));
  }
  Client one_too_many(running.port());
  CHECK(one_too_many.rest().empty());
}

TEST_CASE("console server: stop ends every connection and drops what is answered later") {
  std::promise<Respond> asked;
  Running running([&](Request, Respond respond) { asked.set_value(std::move(respond)); });
  Client waiting(running.port());
  waiting.send(get("/", "localhost"));
  Respond late = asked.get_future().get();
  running.stop();
  CHECK(waiting.rest().empty());
  late({200, "text/plain", "late"});
}

TEST_CASE("console server: listens on this machine only, and says what is wrong") {
  asio::io_context context;
  for (const char* endpoint : {"0.0.0.0:0", "192.168.1.1:80", "[::]:0", "localhost:0", "127.0.0.1",
                               "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", ""}) {
    CAPTURE(endpoint);
    Server server(context, endpoint, nullptr);
    const auto started = server.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().code == Errc::bad_host);
    CHECK(server.port() == 0);
  }
  Server first(context, "127.0.0.1:0", nullptr);
  REQUIRE(first.start());
  Server second(context, "127.0.0.1:" + std::to_string(first.port()), nullptr);
  const auto taken = second.start();
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == Errc::refused);
}
