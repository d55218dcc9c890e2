// The load generator of the bench: one thread, loopback, closed loop (the next request goes when the last answer is
// there).
//   load origin HTTP HOLD SOURCE                       the web server, see origin.hpp
//   load keep|new|setup|down|hold TARGET PROXY CONNECTIONS MILLISECONDS [INTERVAL_US]
// TARGET and PROXY are ports on 127.0.0.1; PROXY 0 goes to TARGET directly. Prints one line of JSON.
//   keep   requests on kept connections; with INTERVAL_US each connection rests that long between the begins of two
//   requests new    a connection for each request setup  CONNECT, a ClientHello, one byte from the far end, close down
//   tunnels that take what the far end sends; the bytes are thrown away in the kernel hold   opens tunnels, prints the
//   line, holds them until its input ends
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/bench/origin.hpp"
#include "tests/bench/sockets.hpp"

namespace fairlead::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

enum class Mode : std::uint8_t { keep, fresh, setup, down, hold };

struct Plan {
  Mode mode = Mode::keep;
  std::uint16_t target = 0, proxy = 0;
  std::size_t connections = 1;
  milliseconds lasts{1000};
  microseconds interval{0};
};

struct Connection {
  enum class Wait : std::uint8_t { connect, tunnel, answer, stream, turn } wait = Wait::connect;
  bool used = false;        // has carried an answer: a close of the other side is then no error
  std::string in;           // what came of the head so far
  long body_left = -1;      // -1: the head is not whole
  bool last = false;        // the answer said close
  Clock::time_point begun;  // of this request or set-up
  Clock::time_point next;   // not before: for paced load
};

std::string vector_of(std::size_t width, const std::string& bytes) {
  std::string out;
  for (std::size_t i = width; i-- > 0;) out += static_cast<char>(bytes.size() >> (8 * i) & 0xff);
  return out + bytes;
}

// The least that a TLS 1.3 client says: one cipher, the name, the version.
std::string client_hello() {
  const std::string name = vector_of(2, std::string(1, '\0') + vector_of(2, "localhost"));
  const std::string extensions =
      std::string("\0\0", 2) + vector_of(2, name) + std::string("\0\x2b", 2) + vector_of(2, "\x02\x03\x04");
  const std::string body = "\x03\x03" + std::string(32, 'r') + vector_of(1, "") + vector_of(2, "\x13\x01") +
                           vector_of(1, std::string(1, '\0')) + vector_of(2, extensions);
  return "\x16\x03\x01" + vector_of(2, "\x01" + vector_of(3, body));
}

class Load {
 public:
  explicit Load(const Plan& plan) : plan_(plan), hello_(client_hello()) {
    const std::string authority = "localhost:" + std::to_string(plan.target);
    const bool direct = plan.proxy == 0;
    const std::string target = direct ? "/a/page.html" : "http://" + authority + "/a/page.html";
    request_ = "GET " + target + " HTTP/1.1\r\nHost: " + authority +
               "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0\r\n"
               "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-GB\r\n";
    if (plan.mode == Mode::fresh) request_ += "Connection: close\r\n";
    request_ += "\r\n";
    connect_ = direct ? "" : "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    latencies_.reserve(1 << 20);
  }

  int run() {
    for (std::size_t i = 0; i < plan_.connections; ++i) open();
    const auto warm_end = Clock::now() + (plan_.mode == Mode::hold ? milliseconds(0) : milliseconds(200));
    turn_until(warm_end);
    reset_counters();
    const auto begin = Clock::now();
    if (plan_.mode == Mode::hold) {
      while (open_tunnels_ + errors_ < plan_.connections && Clock::now() < begin + plan_.lasts) turn();
    } else {
      turn_until(begin + plan_.lasts);
    }
    report(std::chrono::duration<double>(Clock::now() - begin).count());
    if (plan_.mode == Mode::hold) {
      char byte = 0;
      while (read(STDIN_FILENO, &byte, 1) > 0) {
      }
    }
    return 0;
  }

 private:
  void open() {
    const int fd = begin_connect(plan_.proxy != 0 ? plan_.proxy : plan_.target);
    if (fd < 0) {
      ++errors_;
      return;
    }
    Connection& connection = connections_[fd];
    connection = {};
    connection.begun = Clock::now();
    connection.next = connection.begun + plan_.interval * opened_++ / plan_.connections;  // paced ones take turns
    loop_.add(fd, EPOLLOUT);
  }

  void turn_until(Clock::time_point end) {
    while (Clock::now() < end) turn();
  }

  void turn() {
    epoll_event events[256];
    const bool resting = !resting_.empty();
    const int count = epoll_wait(loop_.fd(), events, 256, resting ? 1 : 100);
    for (int i = 0; i < count; ++i) handle(events[i].data.fd);
    if (resting) wake_rested();
  }

  void handle(int fd) {
    Connection& connection = connections_.at(fd);
    if (connection.wait == Connection::Wait::connect) return begin(fd, connection);
    if (connection.wait == Connection::Wait::stream && plan_.mode == Mode::down) return drain(fd);
    char bytes[65536];
    const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return lost(fd, connection);
    take(fd, connection, {bytes, static_cast<std::size_t>(got)});
  }

  // The connection stands: the first bytes go.
  void begin(int fd, Connection& connection) {
    loop_.change(fd, EPOLLIN | EPOLLRDHUP);
    if (plan_.mode == Mode::keep || plan_.mode == Mode::fresh) {
      if (plan_.mode == Mode::keep) return rest_or_ask(fd, connection);
      return ask(fd, connection);
    }
    connection.wait = connect_.empty() ? Connection::Wait::stream : Connection::Wait::tunnel;
    put(fd, connect_.empty() ? hello_ : connect_);
  }

  void ask(int fd, Connection& connection) {
    connection.in.clear();
    connection.body_left = -1;
    connection.wait = Connection::Wait::answer;
    put(fd, request_);
  }

  static void put(int fd, const std::string& bytes) {
    if (send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET) die("send");
  }

  void take(int fd, Connection& connection, std::string_view bytes) {
    if (connection.wait == Connection::Wait::stream) return tunnel_is_open(fd, connection);
    if (connection.body_left >= 0) {
      connection.body_left -= static_cast<long>(bytes.size());
    } else {
      connection.in += bytes;
      const std::size_t end = connection.in.find("\r\n\r\n");
      if (end == std::string::npos) return;
      const std::string head = connection.in.substr(0, end);
      if (head.size() < 12 || head.compare(9, 3, "200") != 0) return failed(fd);
      if (connection.wait == Connection::Wait::tunnel) {
        connection.wait = Connection::Wait::stream;
        return put(fd, hello_);
      }
      connection.last = says_close(head);
      const long length = content_length(head);
      if (length < 0) return failed(fd);
      connection.body_left = length - static_cast<long>(connection.in.size() - end - 4);
    }
    if (connection.body_left <= 0) answered(fd, connection);
  }

  void answered(int fd, Connection& connection) {
    count(connection);
    if (plan_.mode == Mode::fresh) return renew(fd);
    connection.used = true;
    if (connection.last) {
      ++reconnects_;
      return renew(fd);
    }
    connection.next = connection.begun + plan_.interval;
    rest_or_ask(fd, connection);
  }

  void rest_or_ask(int fd, Connection& connection) {
    if (plan_.interval.count() > 0 && connection.next > Clock::now()) {
      connection.wait = Connection::Wait::turn;
      resting_.push_back(fd);
      return;
    }
    connection.begun = Clock::now();
    ask(fd, connection);
  }

  void wake_rested() {
    const auto now = Clock::now();
    std::erase_if(resting_, [&](int fd) {
      const auto found = connections_.find(fd);
      if (found == connections_.end() || found->second.wait != Connection::Wait::turn) return true;
      if (found->second.next > now) return false;
      found->second.begun = now;
      ask(fd, found->second);
      return true;
    });
  }

  void tunnel_is_open(int fd, Connection& connection) {
    count(connection);
    if (plan_.mode == Mode::setup) return renew(fd);
    ++open_tunnels_;
  }

  // MSG_TRUNC on TCP throws bytes away without copying them: the client must not be what limits the tunnels.
  void drain(int fd) {
    const ssize_t got = recv(fd, nullptr, std::size_t{1} << 20, MSG_TRUNC);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return failed(fd);
    bytes_ += static_cast<std::size_t>(got);
  }

  void count(const Connection& connection) {
    ++done_;
    latencies_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - connection.begun).count());
  }

  void lost(int fd, Connection& connection) {
    const bool between_answers = connection.used && connection.in.empty();
    if (!between_answers) return failed(fd);
    ++reconnects_;
    renew(fd);
  }

  void failed(int fd) {
    ++errors_;
    if (plan_.mode == Mode::hold || errors_ > 1000) return forget(fd);
    renew(fd);
  }

  void renew(int fd) {
    forget(fd);
    open();
  }

  void forget(int fd) {
    connections_.erase(fd);
    close_hard(fd);
  }

  void reset_counters() {
    done_ = errors_ = reconnects_ = bytes_ = 0;
    latencies_.clear();
  }

  void report(double seconds) {
    std::sort(latencies_.begin(), latencies_.end());
    const auto percentile = [this](double share) {
      if (latencies_.empty()) return 0.0;
      return latencies_[static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1))];
    };
    std::printf(
        "{\"done\": %zu, \"seconds\": %.4f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"bytes\": %zu, \"errors\": %zu, "
        "\"reconnects\": %zu, \"open\": %zu}\n",
        done_, seconds, percentile(0.5), percentile(0.99), bytes_, errors_, reconnects_, open_tunnels_);
    std::fflush(stdout);
  }

  Plan plan_;
  Loop loop_;
  std::string hello_, request_, connect_;
  std::unordered_map<int, Connection> connections_;
  std::vector<int> resting_;
  std::vector<double> latencies_;
  std::size_t done_ = 0, errors_ = 0, reconnects_ = 0, bytes_ = 0, open_tunnels_ = 0, opened_ = 0;
};

int usage() {
  std::fprintf(stderr,
               "load origin HTTP HOLD SOURCE\n"
               "load keep|new|setup|down|hold TARGET PROXY CONNECTIONS MILLISECONDS [INTERVAL_US]\n");
  return 2;
}

int run(const std::vector<std::string>& arguments) {
  const auto number = [&](std::size_t i) { return std::strtoul(arguments[i].c_str(), nullptr, 10); };
  const auto port = [&](std::size_t i) { return static_cast<std::uint16_t>(number(i)); };
  if (arguments.size() == 4 && arguments[0] == "origin") run_origin({port(1), port(2), port(3)});
  if (arguments.size() < 5) return usage();
  static const std::unordered_map<std::string, Mode> kModes = {
      {"keep", Mode::keep}, {"new", Mode::fresh}, {"setup", Mode::setup}, {"down", Mode::down}, {"hold", Mode::hold}};
  const auto mode = kModes.find(arguments[0]);
  if (mode == kModes.end()) return usage();
  const microseconds interval{arguments.size() > 5 ? number(5) : 0};
  return Load({mode->second, port(1), port(2), number(3), milliseconds(number(4)), interval}).run();
}

}  // namespace
}  // namespace fairlead::bench

int main(int argc, char** argv) { return fairlead::bench::run({argv + 1, argv + argc}); }
